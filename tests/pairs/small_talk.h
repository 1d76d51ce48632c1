/* small_talk.h - pings, the time, messages of the log, and what others have
 * to do with the device. */
#ifndef PAIRS_SMALL_TALK_H
#define PAIRS_SMALL_TALK_H

#include "world.h"

/* An echo each `every`; of the campaign host if `third`. */
void small_talk_pings(struct world *w, int64_t every, bool third);
/* The device asks OVOC for the time, and sends lines of its log. */
void small_talk_udp(struct world *w);
/* Speech and names, with others. */
void small_talk_noise(struct world *w);

#endif
