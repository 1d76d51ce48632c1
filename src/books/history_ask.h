/* history_ask.h - what the history of nights is asked.
 *
 * Each question is answered in steps of one look-up a run, or of the rows that
 * it is about: a year of ten thousand devices makes none of them slow.
 */
#ifndef BOOKS_HISTORY_ASK_H
#define BOOKS_HISTORY_ASK_H

#include "base/database.h"

enum history_question {
	/* (since): how many runs that were a night; started, of the first and
	 * the last. */
	ASK_RUNS,
	/* (): id, address, name; in the order of the first. */
	ASK_DEVICES,
	/* (since): device, run, lost_from, direction; of what was lost, in the
	 * order of time. */
	ASK_LOSSES,
	/* (since, device): outcome, how many; the most often first. */
	ASK_OUTCOMES,
	/* (since, device): run, at, verdict, grade, direction, protocol,
	 * lost_from, sentence; the newest first. */
	ASK_EVENTS,
	/* (run, lost_from, device): others that lost within a minute. */
	ASK_NEAR,
	/* (started, n): the ids of such runs before it, the newest
	 * first. */
	ASK_BEFORE,
	/* (run): address, outcome, verdict; of all devices. */
	ASK_NIGHT,
	ASK_COUNT
};

struct query *history_ask(struct database *db, enum history_question q);
/* The n-th value of a row as a time, wall ms; 0: it is none. */
int64_t history_time(struct query *q, int n);
/* For who looks at how it is answered. */
const char *history_question_sql(enum history_question q);

/* What is lost by two devices within this time is lost together, ms. */
#define HISTORY_TOGETHER 60000

#endif
