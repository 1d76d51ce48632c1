/* old_turn.h - whose turn it is at an agent of version 1.0.6.
 *
 * It does one thing at a time, so what costs it milliseconds goes first: STOP
 * and CAPTURE, then VERIFY, then REGISTER.
 */
#ifndef LINK_OLD_TURN_H
#define LINK_OLD_TURN_H

#include "link/ask_queue.h"
#include "link/old_devices.h"

/* NULL: nobody's, or nobody's for `*wait` ms. */
struct ask *old_turn(
    const struct ask_queue *q, struct old_devices *o, int64_t *wait);
/* One that is never to be sent, and why; NULL: none. */
struct ask *old_turn_never(
    const struct ask_queue *q, struct old_devices *o, const char **why);

#endif
