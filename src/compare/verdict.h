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

struct verdict_case {
	uint32_t sent, lost, run;
	uint32_t pieces; /* of `sent`: the second and further ones of packets */
	/* Of the lost: for which the capture shows other packets shortly before
	 * and behind; and in how many different silences of it they fall. */
	uint32_t witnessed, silences;
	bool brief; /* ... and none of these is longer than usual */
	bool doubt; /* the sender's capture misses packets */
	bool asks;  /* questions: a capture that is blind would miss answers */
};

/* The probability of `n` or more where `mean` are expected (Poisson). */
double verdict_tail(double mean, uint32_t n);
enum grade verdict_grade(
    const struct verdict_case *c, const struct blindness *receiver);
/* So many were lost at the least, if the capture misses as many as it may. */
uint32_t verdict_at_least(
    const struct verdict_case *c, const struct blindness *receiver);

#endif
