/* host_end.h - who is at which end, and so which way each flow goes.
 *
 * A packet has fewer hops left where it arrives (TTL); where nothing counts
 * hops, it was seen later where it arrives, compared with one that went the
 * other way just then.  Who met nobody is at the end where its packets are
 * fresh from the host.
 */
#ifndef COMPARE_HOST_END_H
#define COMPARE_HOST_END_H

#include "compare/certain_pair.h"
#include "compare/trace.h"

/* Who is known beforehand: hosts of each side, TRACE_NONE where not. */
struct host_known {
	uint32_t device[SIDE_COUNT], ovoc[SIDE_COUNT];
};

/* Fills in `at` of all hosts, then FLOW_THERE, FLOW_BACK and FLOW_SHARED in the
 * marks of all flows.  What cannot be known stays without. */
void host_end_learn(struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n,
    const struct host_known *known);

#endif
