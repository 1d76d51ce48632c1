/* urgent.h - what is urgent: whether it has come, and whether it has the loop
 * for itself.
 *
 * A burst of alarms has it until it is over.  Of a flood from anybody, which is
 * not over after URGENT_ALONE_MS, the others have most of the time.
 */
#ifndef LOOP_URGENT_H
#define LOOP_URGENT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "loop/turn_time.h"

/* Descriptors of one loop: each program has one socket. */
#define URGENT_MAX 4
/* How often it is looked for while others have their turn: a look costs what a
 * short callback does. */
#define URGENT_LOOK_US 200
/* So long is it alone; of the time that others have, a tenth is given back. */
#define URGENT_ALONE_MS 200
#define URGENT_GIVEN    10

struct urgent { /* zero-initialised; us, monotonic */
	struct pollfd fd[URGENT_MAX];
	nfds_t n;
	int64_t look_at;
	int64_t used;  /* of URGENT_ALONE_MS */
	int64_t since; /* then `used` was counted */
	bool alone;    /* since then */
	bool used_up;  /* and it has more */
};

/* Look for these events of a descriptor from now on; 0: not any more. */
void urgent_set(struct urgent *u, int fd, short events);
/* Has something urgent come?  False between two looks, and when it has more
 * than it may have alone. */
bool urgent_has_come(struct urgent *u, int64_t now);
/* Is the part of this turn over: by its time, or because something has? */
bool urgent_or_over(struct urgent *u, const struct turn_time *t);
/* May it have what follows for itself?  `more`: it knows that it is not done
 * yet. */
bool urgent_alone(struct urgent *u, int64_t now, bool more);

#endif
