/* certain_pair.h - packets of both captures that can only be the same one.
 *
 * Its key occurs in one flow of each side, at most four times within half a
 * second (retransmissions, copies that the network made).  All that is learned
 * of clocks and addresses is learned from these.
 */
#ifndef COMPARE_CERTAIN_PAIR_H
#define COMPARE_CERTAIN_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/record_order.h"
#include "compare/trace.h"

struct certain_pair {
	uint32_t record[SIDE_COUNT];
};

/* More teach no more. */
#define CERTAIN_PAIRS_MAX 32768

/* May this group be one packet, and the flows those of one conversation? */
bool certain_pair_is(
    struct trace *const trace[SIDE_COUNT], const struct key_group *g);

/* Find which flow of one side is which of the other, and which host: by those
 * hosts that are known to be the same first, then by such groups; at last whom
 * one side knows by two addresses, of which only one is translated (what comes
 * from outside, say, is masqueraded).  `alone`
 * (TRACE_NONE: nobody) is a host of the device's side that the server's cannot
 * have. */
void certain_pair_learn(struct trace *const trace[SIDE_COUNT], uint32_t alone);

/* Up to CERTAIN_PAIRS_MAX pairs, spread evenly, of flows that are partners and
 * of keys that are there once in each side; in order of the server's time.
 * free(3) `*pairs`. */
uint32_t certain_pair_collect(
    struct trace *const trace[SIDE_COUNT], struct certain_pair **pairs);

#endif
