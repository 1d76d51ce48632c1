/* tcp_end.h - what one end of a TCP connection knows.  Pure functions.
 *
 * Offsets count from the SYN, which is 0; data begins at 1; the FIN, if there
 * is one, is at `limit`.
 */
#ifndef PAIRS_TCP_END_H
#define PAIRS_TCP_END_H

#include <stdbool.h>
#include <stdint.h>

#define TCP_END_MSS    1448
#define TCP_END_WINDOW (16 * TCP_END_MSS)
#define TCP_END_KEPT   64

struct tcp_end {
	uint32_t iss;
	uint32_t una, nxt;         /* not yet acknowledged, not yet sent */
	uint32_t limit, old_limit; /* end of what is there to be sent */
	uint32_t rcv;              /* what is expected next */
	uint32_t kept[TCP_END_KEPT], kept_len[TCP_END_KEPT];
	unsigned n_kept, repeats, tries, timer;
	bool fin;
};

/* How long a segment at `off` is, its SYN or FIN counted; 0: none. */
uint32_t tcp_end_segment(const struct tcp_end *e, uint32_t off);
/* Something came; was it all that was missing before it? */
bool tcp_end_take(struct tcp_end *e, uint32_t off, uint32_t len);
/* The other one expects `ack` next; true if `una` is to be sent again. */
bool tcp_end_acknowledged(struct tcp_end *e, uint32_t ack, bool bare);

#endif
