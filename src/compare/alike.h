/* alike.h - of packets of one connection that are all alike, which one of one
 * capture is which of the other.
 *
 * In order of time: first what has the same IP id, where ids survive; then what
 * took as long as others do, what came in time, and what came late.  Each has
 * one mate, so their number is right even where nothing tells them apart.
 */
#ifndef COMPARE_ALIKE_H
#define COMPARE_ALIKE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/delay.h"
#include "compare/trace.h"

/* One of them; `flow` is the server's number of it. */
struct alike_item {
	int64_t
	    time; /* of a sent one: when it should arrive, receiver's clock */
	uint32_t flow, record, tie;
	bool taken, again; /* of what was seen: as the network doubled it */
	bool by_time;      /* taken, and not for its IP id */
};

/* Those of the server's capture and of the device's, in order of their records;
 * fills in `mate`, and TRACE_BYTES, TRACE_ALIKE and TRACE_OTHER. */
void alike_match(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct alike_item *a, uint32_t n_a, struct alike_item *b, uint32_t n_b);

#endif
