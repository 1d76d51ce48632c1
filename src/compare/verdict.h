/* verdict.h - how sure it is that packets were lost.
 *
 * Three grades and no percentage.  Measured is how often a capture misses
 * packets that were there; what is lost has to be more than it misses.
 */
#ifndef COMPARE_VERDICT_H
#define COMPARE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/blindness.h"
#include "compare/finding.h"
#include "compare/proof.h"

struct verdict_case {
	uint32_t sent, lost, run;
	uint32_t pieces; /* of `sent`: the second and further ones of packets */
	/* Of the lost: for which the capture shows other packets shortly before
	 * and behind; and in how many different silences of it they fall. */
	uint32_t witnessed, silences;
	bool brief; /* ... and none of these is longer than usual */
	/* What tells of them that they came; NULL: not known. */
	const struct proof *proof;
	bool doubt; /* the sender's capture misses packets */
	bool asks;  /* questions: a capture that is blind would miss answers */
};

/* Packets of one kind and way, of which it could not be said that any were
 * lost. */
struct verdict_missing {
	uint32_t sent, run;
	uint32_t missing; /* the receiver's capture lacks, and nothing tells */
	bool talks;       /* questions, or their answers */
	/* What tells of them; and of all kinds that way. */
	const struct proof *own, *way;
};

enum grade verdict_grade(
    const struct verdict_case *c, const struct blindness *receiver);
/* So many were lost at the least, if the capture misses as many as it may. */
uint32_t verdict_at_least(
    const struct verdict_case *c, const struct blindness *receiver);
/* Did all of them arrive, in all likelihood?  No more are missing than that
 * capture misses, nor in another way; and of those of which something tells
 * that they came, whether of this kind or, where nothing ever tells of it, of
 * the others, so many came that losses would be among them. */
bool verdict_only_missed(
    const struct verdict_missing *c, const struct blindness *receiver);

#endif
