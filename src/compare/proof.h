/* proof.h - what tells of packets that they came, by what may tell.
 *
 * A packet that the receiver's capture lacks was lost, or that capture missed
 * it.  An answer to it, or an acknowledgment, tells.  Of those that both
 * captures have it is known how often something would have told; so many of the
 * missed are told of, and the others look like lost ones.
 */
#ifndef COMPARE_PROOF_H
#define COMPARE_PROOF_H

#include <stdint.h>

#include "compare/byte_range.h"
#include "compare/fate.h"
#include "compare/trace.h"

enum proof_by { PROOF_ANSWER, PROOF_ACK, PROOF_NOTHING, PROOF_COUNT };

/* Packets of which the same may tell. */
struct proof {
	uint32_t n;
	uint32_t missing; /* the receiver's capture lacks it, nothing tells, */
	uint32_t blind;   /* the same, and it was blind just then, */
	uint32_t told;    /* or something tells */
	/* Of so many that both captures have it is known whether something
	 * would have told, and of so many it would. */
	uint32_t tried, would;
};

/* Record `i` of this trace was sent and had this fate. */
void proof_take(struct proof p[PROOF_COUNT], const struct trace *t, uint32_t i,
    enum fate fate);
void proof_add(
    struct proof p[PROOF_COUNT], const struct proof more[PROOF_COUNT]);
/* All are taken: acknowledgments are looked for where packets are missing only,
 * and this is what was found there.  Where none is, they may tell of all. */
void proof_acks(struct proof p[PROOF_COUNT], const struct byte_gaps *gaps);

/* Of the first `n` kinds of proof: of so many packets nothing would tell, if
 * the receiver's capture missed them all.  As it is expected; and at the most,
 * if it is a share of `least` (0..1) in any case. */
double proof_silent(const struct proof p[PROOF_COUNT], int n);
double proof_silent_most(
    const struct proof p[PROOF_COUNT], int n, double least);

#endif
