/* ping.h - ICMP echo, one socket a family for all devices.
 *
 * A ping socket (icmp(7), net.ipv4.ping_group_range) where allowed, else a raw
 * socket (CAP_NET_RAW).  Sends are paced so that a burst does not overflow the
 * receive buffer.
 */
#ifndef IO_PING_H
#define IO_PING_H

#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

struct ping; /* the sockets: one a process */
struct echo; /* one echo under way */

struct ping *ping_new(struct loop *lp);
/* Echoes under way are forgotten. */
void ping_free(struct ping *p);

/* PING_IMPOSSIBLE: this host may not send echoes, nothing was sent; `reason`
 * says what to do.  PING_UNREACHABLE: a router or our own host says so. */
enum ping_verdict {
	PING_ANSWERED,
	PING_SILENT,
	PING_UNREACHABLE,
	PING_IMPOSSIBLE
};
typedef void ping_done(void *arg, enum ping_verdict v, const char *reason);

/* One echo request.  `done` runs once, from the loop, within `timeout_ms` of
 * the sending, never inside this call; the handle is gone then. */
struct echo *ping_send(struct ping *p, const struct addr *to, uint16_t seq,
    int timeout_ms, ping_done *done, void *arg);
/* The identifier in the echoes to this address; 0: not known. */
uint16_t ping_identifier(const struct ping *p, const struct addr *to);
/* `done` will not run.  NULL is accepted. */
void ping_cancel(struct echo *e);

#endif
