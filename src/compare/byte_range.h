/* byte_range.h - TCP's bytes, where packets are not the same on both sides.
 *
 * A host that leaves cutting and joining to its card sees super-packets of many
 * segments; a firewall may join, too.  So data without a mate, or with one of
 * another length, is looked for by its bytes among such packets of the other
 * side.  And what was sent once and acknowledged has arrived.
 */
#ifndef COMPARE_BYTE_RANGE_H
#define COMPARE_BYTE_RANGE_H

#include "compare/delay.h"
#include "compare/trace.h"

/* Bytes of a packet, with or without a mate, that did not arrive. */
struct byte_gap {
	uint32_t record; /* of the sender's trace */
	uint32_t bytes;
	uint32_t pieces; /* at least so many segments */
};

struct byte_gaps {
	struct byte_gap *gap; /* by record; of packets with a mate only */
	uint32_t n, room;
	/* In connections of which packets are missing: of so many with a mate
	 * it is known whether they were acknowledged, and so many were. */
	uint32_t tried, would;
};

/* Gives TRACE_BYTES to data without a mate that the other side has in other
 * pieces, TRACE_PROVED to what was acknowledged; `gaps` of what each side sent
 * are what a mate, or other pieces, have only in part.  byte_range_free(). */
void byte_range_run(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct byte_gaps gaps[SIDE_COUNT]);
void byte_range_free(struct byte_gaps gaps[SIDE_COUNT]);
/* That of a record; NULL: it has none. */
const struct byte_gap *byte_range_gap(
    const struct byte_gaps *g, uint32_t record);

#endif
