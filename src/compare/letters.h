/* letters.h - what became of the questions: rows of letters, and a ladder. */
#ifndef COMPARE_LETTERS_H
#define COMPARE_LETTERS_H

#include "compare/compare_result.h"
#include "compare/question.h"
#include "compare/fate.h"
#include "wire/event_record.h"

struct letters_wish {
	int64_t from, to;  /* what was asked or answered then; server's clock */
	int64_t patience;  /* ns */
	uint32_t campaign; /* host of the device's trace; TRACE_NONE */
	/* What the agent and the campaign tell of their probes; NULL. */
	const struct event_record *sidecar, *record;
};

/* The time from the first question that was not answered to the last, if there
 * are some; else `wish` stays. */
void letters_unanswered(const struct scene *sc, const struct exchanges *x,
    struct letters_wish *wish);
/* Fills in `letter` and `ladder` for that time, `polls` for all of it. */
void letters_fill(struct compare_result *r, const struct scene *sc,
    const struct exchanges *x, const struct letters_wish *wish);
/* Where the clocks are not known: the campaign host's letters, by its record,
 * which there is.  Of the scene that needs traces and who shows one way. */
void letters_of_witness(struct compare_result *r, const struct scene *sc,
    const struct letters_wish *wish);

#endif
