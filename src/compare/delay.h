/* delay.h - how long packets are on the way.
 *
 * By the fitted clocks: with an unknown constant in them, the other sign for
 * the other way.  Differences and spreads are true.
 */
#ifndef COMPARE_DELAY_H
#define COMPARE_DELAY_H

#include <stdint.h>

#include "compare/certain_pair.h"
#include "compare/clock_map.h"
#include "compare/trace.h"

/* Of one way, ns. */
struct delay_range {
	int64_t least; /* 99 of 100 are not shorter */
	int64_t usual; /* ... and not longer */
	int64_t most;  /* but for those that are no delay */
	uint32_t n;    /* pairs that it is made from */
};

/* Of a tie: the IP id, which no two packets share that are near each other.  (A
 * window and options are the same for many.) */
#define TIE_ID 0xffff0000u

/* What a comparison knows of the path once it knows the clocks. */
struct path {
	struct clock_map clock;
	struct delay_range delay[WAY_COUNT];
	/* Masks of record.tie: what no packet loses on the way. */
	uint32_t tie[WAY_COUNT];
};

/* Fit the clocks to the pairs, then learn the rest.  Flows are marked. */
void delay_learn(struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n);

/* A time of that side as the server's clock (as its trace goes on) has it. */
int64_t delay_common_time(const struct path *p, enum side s, int64_t time);
/* From `sent` at its sender's to `seen` at the other end. */
int64_t delay_of(const struct path *p, enum way w, int64_t sent, int64_t seen);
/* How much later than the clocks say a packet may usually come. */
int64_t delay_narrow(const struct path *p, enum way w);
/* ... and how much earlier: the clocks are not exact. */
int64_t delay_early(const struct path *p, enum way w);
/* The median of `n` delays, which it puts in another order, at least 0; -1:
 * there are none. */
int64_t delay_median(int64_t *value, uint32_t n);
/* The same of delays that are to be compared only: below 0, too, where clocks
 * err; 0: there are none. */
int64_t delay_median_of(int64_t *value, uint32_t n);

#endif
