/* question.h - questions and their answers over both captures.
 *
 * An exchange is a question (with its repetitions that are the same) and its
 * answers, found by what they share: SNMP ids, echo sequence, TCP SYN.
 */
#ifndef COMPARE_QUESTION_H
#define COMPARE_QUESTION_H

#include <stdint.h>

#include "compare/common_time.h"
#include "compare/delay.h"
#include "compare/finding.h"
#include "compare/trace.h"

/* Times are the server's; 0: not seen there.  Of repetitions the first. */
struct exchange {
	int64_t asked[SIDE_COUNT], answered[SIDE_COUNT];
	uint32_t question; /* a record of `of`, the first to have it */
	uint32_t answer;   /* the first in the device's capture; TRACE_NONE */
	uint32_t repeated; /* questions, less one */
	uint8_t of;        /* enum side */
	uint8_t way;       /* enum way of the question; WAY_COUNT: not known */
	uint8_t kind;      /* enum ask_kind; ASK_KIND_COUNT: an inform */
	uint8_t report;    /* the answer was a Report PDU, or a TCP reset */
};

struct exchanges {
	struct exchange *e; /* in order of time */
	uint32_t n;
};

/* All exchanges of SNMP, echo and TCP; gives TRACE_PROVED to questions that
 * have an answer which can only be theirs.  question_free(). */
void question_find(struct exchanges *x, const struct path *p,
    struct trace *const trace[SIDE_COUNT]);
void question_free(struct exchanges *x);

/* What became of it by what was seen, if no capture misses anything; `patience`
 * ns is how long the asker waits. */
enum letter question_letter(const struct exchange *e, int64_t patience);

/* The same by who saw what: 8 the question at the asker's, 4 there, 2 the
 * answer there, 1 at the asker's. */
enum letter question_seen(unsigned seen);

#endif
