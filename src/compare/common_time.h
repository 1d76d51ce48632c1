/* common_time.h - when both captures ran, so that a packet of one has to be in
 * the other.
 */
#ifndef COMPARE_COMMON_TIME_H
#define COMPARE_COMMON_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/delay.h"
#include "compare/trace.h"

struct common_time {
	struct trace_span *span; /* server's clock, as its trace goes on */
	uint32_t n;
	/* Near the ends nothing is judged.  Before the end, twice the longest
	 * delay and more; behind the beginning only what clocks may err. */
	int64_t guard, begin_guard;
	int64_t from, to; /* what is wanted of it */
	/* Cut out of it: one of the captures had nothing then. */
	struct trace_span *blind;
	uint32_t n_blind, blind_room;
};

/* Where the spans of both meet, with `from` and `to` of the server's clock
 * (INT64_MIN, INT64_MAX: all).  common_time_free(). */
void common_time_find(struct common_time *c, const struct path *p,
    struct trace *const trace[SIDE_COUNT], int64_t from, int64_t to);
void common_time_free(struct common_time *c);
/* Not then. */
void common_time_cut(struct common_time *c, struct trace_span blind);
/* Is it near what was cut out? */
bool common_time_blind(const struct common_time *c, int64_t at);
/* Can a packet that was sent then be judged?  And one for whose answer there
 * are `wait` ns more? */
bool common_time_has(const struct common_time *c, int64_t at, int64_t wait);
/* Can one that arrived then be judged, whenever it was sent? */
bool common_time_arrived(const struct common_time *c, int64_t at);

#endif
