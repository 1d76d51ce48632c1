/* state_clock.h - the times of a state, from one clock to the other.
 *
 * In memory they are of the monotonic clock, in the file of the wall clock,
 * since the other one does not survive a reboot.  All in milliseconds.
 */
#ifndef AGENT_STATE_CLOCK_H
#define AGENT_STATE_CLOCK_H

#include <stdint.h>

#include "agent/state.h"

/* By what both clocks say now.  None lies before 1970, though the wall clock
 * may have been set back. */
void agent_state_to_wall(struct agent_state *s, int64_t now, int64_t wall);
/* One that lies ahead becomes `now`. */
void agent_state_to_mono(struct agent_state *s, int64_t now, int64_t wall);

#endif
