/* turn_time.h - how long a turn of the loop takes, and what takes it.
 *
 * Whatever is ready meanwhile waits for its end: an alarm, too.
 */
#ifndef LOOP_TURN_TIME_H
#define LOOP_TURN_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/loop.h"

#define TURN_KINDS 16

/* The turn that took longest, from one poll(2) to the next: of the time, that
 * on the processor, and what took most of it.  Virtual clocks: 0 and NULL. */
struct loop_turn {
	int64_t took_us, cpu_us;
	const char *what;
};
struct loop_turn loop_longest_turn(const struct loop *lp);
/* Is the part of the turn over that is under way, or has something urgent come?
 * Who goes on with many asks this behind each, and leaves the rest to a later
 * turn. */
bool loop_part_is_over(struct loop *lp);
/* Say it in the log of who wants more. */
void loop_tell_longest_turn(struct loop *lp);

struct turn_time { /* zero-initialised; us */
	struct loop_turn longest;
	int64_t began, began_cpu; /* the turn; 0: none is under way */
	int64_t part_end;         /* 0: it does not end */
	int64_t since;            /* what is being done now */
	const char *doing;
	struct {
		const char *what;
		int64_t took;
	} kinds[TURN_KINDS]; /* of this turn */
	unsigned n;
};

void turn_time_begin(struct turn_time *t);
/* `what` is static.  Without effect between turns. */
void turn_time_doing(struct turn_time *t, const char *what);
void turn_time_end(struct turn_time *t);

/* A part of a turn that must not take long, least of all in a hurry: begin it,
 * and ask before each that it consists of, but the first, whether it is over.
 * Between turns, and where clocks are virtual, it never is. */
#define TURN_PART_MS       3
#define TURN_PART_HURRY_MS 1
void turn_part_begin(struct turn_time *t, bool hurry);
bool turn_part_is_over(const struct turn_time *t);

#endif
