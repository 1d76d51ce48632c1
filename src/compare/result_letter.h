/* result_letter.h - what became of requests and their answers:
 * the part of compare_result.h that speaks of exchanges.
 */
#ifndef COMPARE_RESULT_LETTER_H
#define COMPARE_RESULT_LETTER_H

#include <stdint.h>

#include "compare/finding.h"

/* The letters of one asker and kind of probe; n 0: nobody asked. */
struct letter_row {
	enum letter letter;
	uint32_t n, agree; /* requests; how many of them have this letter */
	uint32_t by[LETTER_COUNT];
	int64_t first, last; /* requests */
	int64_t late;        /* median time to the answer of LETTER_LATE */
	enum grade grade;
};

/* One request and its answer, for a picture; in order of time. */
struct ladder_row {
	enum asker asker;
	enum ask_kind kind;
	enum letter letter;
	int64_t s1, d1, d2, s2; /* seen there then; 0: not seen */
};

#endif
