/* tcp_probe.h - does a TCP port answer?  One probe, one verdict, bounded time.
 *
 * The connection is closed as soon as the handshake is done.
 */
#ifndef IO_TCP_PROBE_H
#define IO_TCP_PROBE_H

#include <stdint.h>

#include "base/addr.h"
#include "loop/crowd.h"

struct tcp_probe;

/* A refused connection is an answer of the device. */
enum probe_verdict { PROBE_ANSWERED, PROBE_REFUSED, PROBE_SILENT, PROBE_ERROR };
typedef void tcp_probe_done(
    void *arg, enum probe_verdict v, const char *reason);

/* `done` runs exactly once, from the loop, never inside this call; the probe
 * then frees itself.  Local trouble (no descriptor, no route) is
 * PROBE_ERROR. */
struct tcp_probe *tcp_probe_start(struct crowd *crowd, const struct addr *to,
    uint16_t port, int timeout_ms, tcp_probe_done *done, void *arg);
/* Our port; 0: it has none (yet). */
uint16_t tcp_probe_port(const struct tcp_probe *p);
/* Forget the probe: `done` will not run.  NULL is accepted. */
void tcp_probe_cancel(struct tcp_probe *p);

#endif
