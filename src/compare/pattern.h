/* pattern.h - which packets were lost, when some were. */
#ifndef COMPARE_PATTERN_H
#define COMPARE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/finding.h"

/* One packet of a kind of traffic in one direction, in order of time. */
struct pattern_packet {
	int64_t time;
	int64_t delay; /* of those that arrived with a mate; -1: not known */
	uint32_t size; /* bytes of IP */
	uint32_t talk; /* its conversation */
	bool lost;
};

/* `n` packets, some lost; `of` is what the pattern's n is. */
enum pattern pattern_find(
    const struct pattern_packet *p, uint32_t n, uint32_t *of);

/* The same over all kinds of traffic in one direction: what passes without
 * regard to what it is.  PATTERN_NONE: nothing of that sort. */
enum pattern pattern_of_all(
    const struct pattern_packet *p, uint32_t n, uint32_t *of);

#endif
