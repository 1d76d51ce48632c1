/* record_order.h - the packets of both sides by their keys.
 *
 * All that has one key is a group: in each side in order of time.  Packets that
 * were cut so that their key means nothing are in no group.
 */
#ifndef COMPARE_RECORD_ORDER_H
#define COMPARE_RECORD_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/trace.h"

/* Fills in `order`, `key` and `flow_of`.  Linear, as keys are hashes; n log n
 * where somebody chose them.  Takes 16 bytes a record more meanwhile. */
void record_order(struct trace *t);

/* One key: record numbers in each side; n may be 0 in one of them. */
struct key_group {
	const uint32_t *of[SIDE_COUNT];
	const uint32_t *flow[SIDE_COUNT]; /* of each */
	uint32_t n[SIDE_COUNT];
};

/* Where a walk over all groups is; zero first. */
struct key_walk {
	uint32_t at[SIDE_COUNT];
	bool by_flow; /* flows are looked at, not mates: fetch those of soon */
};
/* The next group; false: that was all. */
bool key_walk_next(struct key_walk *w, struct trace *const trace[SIDE_COUNT],
    struct key_group *g);

#endif
