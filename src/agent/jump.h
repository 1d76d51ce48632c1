/* jump.h - has the wall clock jumped since the last look at a folder?
 *
 * Between two looks of one agent the monotonic clock tells; for the time in
 * which no agent ran, the time of a file in the folder does.  So that time
 * counts as a jump, too: who asks this takes age for the time of agents.
 */
#ifndef AGENT_JUMP_H
#define AGENT_JUMP_H

#include <stdint.h>

struct jump {                    /* zero-initialise */
	int64_t looked_at, wall; /* of the last look; 0: none yet */
};

/* By so many milliseconds; 0: by no more than some minutes.  `expected`: what
 * the wall clock would say now if it had not. */
int64_t jump_look(
    struct jump *j, int folder, int64_t now, int64_t wall, int64_t *expected);

#endif
