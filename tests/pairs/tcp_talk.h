/* tcp_talk.h - HTTPS between OVOC and the device, and handshakes that probe.
 *
 * Enough of RFC 9293 for a conversation that survives loss: segments in a
 * window, acknowledgements, what came out of order is kept, three equal
 * acknowledgements or a timer send again, five tries.
 */
#ifndef PAIRS_TCP_TALK_H
#define PAIRS_TCP_TALK_H

#include "world.h"

/* Conversations with data, by either side, one each 5 s or so. */
void tcp_talk_https(struct world *w);
/* A handshake with port 443 each `every`; of the campaign host if `third`. */
void tcp_talk_probes(struct world *w, int64_t every, bool third);

#endif
