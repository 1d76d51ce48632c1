/* pairing.h - which packet of one capture is which of the other.
 *
 * Within a key and a conversation, in order of time: first what arrived when it
 * had to and has the same tie, then any tie, then what came late.  Of packets
 * that are all alike each has one mate, so their number is right.
 */
#ifndef COMPARE_PAIRING_H
#define COMPARE_PAIRING_H

#include <stdint.h>

#include "compare/delay.h"
#include "compare/trace.h"

/* What comes later than this is another packet. */
#define PAIRING_WIDE_NS INT64_C(10000000000)

/* How much later than the clocks say a packet may usually come. */
int64_t pairing_narrow(const struct path *p, enum way w);
/* ... and how much earlier: the clocks are not exact. */
int64_t pairing_early(const struct path *p, enum way w);
/* Fills in `mate` of all records, FLOW_MATCHED and FLOW_CHANGED. */
void pairing_run(const struct path *p, struct trace *const trace[SIDE_COUNT]);

#endif
