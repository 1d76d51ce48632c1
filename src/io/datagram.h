/* datagram.h - one bound UDP socket that answers from the address it was asked
 * at (IP_PKTINFO, ip(7)) and tells what the kernel dropped (SO_MEMINFO of
 * socket(7): unlike SO_RXQ_OVFL it needs no further datagram to show a drop).
 */
#ifndef IO_DATAGRAM_H
#define IO_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

struct datagram;

/* Longer ones arrive cut to DATAGRAM_MAX + 1 bytes, and are to be refused. */
#define DATAGRAM_MAX 8192

struct datagram_from {
	struct addr addr;
	uint16_t port;
	struct addr local; /* our address that it was sent to */
};
/* `len` may be 0.  Everything that has arrived is handed over in one turn, up
 * to a named number, so that a flood cannot hold the loop.  May free the
 * socket. */
typedef void datagram_received(
    void *arg, const void *data, size_t len, const struct datagram_from *from);
/* May this one wait until what came behind it has been handed over? */
typedef bool datagram_can_wait(const void *data, size_t len);

/* Bind to address and port ("::" takes IPv6 and IPv4; port 0: any).  NULL and
 * FAIL_LOCAL in `why` otherwise; the sentence says what to do. */
struct datagram *datagram_new(struct loop *lp, const struct addr *at,
    uint16_t port, datagram_received *received, void *arg, struct fail *why);
/* Those that can wait are handed over in their order, like a timer that is due,
 * and the others at once.  Set before the first turn. */
void datagram_sort(struct datagram *d, datagram_can_wait *can_wait);
/* NULL is accepted. */
void datagram_free(struct datagram *d);
uint16_t datagram_port(const struct datagram *d);

/* Send at once, from `local` (AF_UNSPEC: as the route says).  False if the
 * kernel would not take it, as errno says: as good as lost on the way.  The log
 * has the first one. */
bool datagram_send(struct datagram *d, const void *data, size_t len,
    const struct addr *to, uint16_t port, const struct addr *local);

/* Datagrams that the kernel dropped for want of buffer space. */
uint64_t datagram_dropped(const struct datagram *d);

#endif
