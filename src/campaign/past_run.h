/* past_run.h - a run that has ended, whose events are compared now
 * (--compare).
 *
 * Its journal goes on, its reports can be written anew: all that they tell is
 * in the journal.  No campaign need be silent meanwhile.
 */
#ifndef CAMPAIGN_PAST_RUN_H
#define CAMPAIGN_PAST_RUN_H

#include "books/result.h"
#include "loop/loop.h"

struct past_run;

enum past_run_opened {
	PAST_RUN_OPEN,
	PAST_RUN_NONE,      /* there is no such run */
	PAST_RUN_UNDER_WAY, /* ... or somebody else is at it */
	PAST_RUN_TROUBLE    /* it was killed, or cannot be read or written */
};

/* The run of this name, or `latest`.  `*p` is set for PAST_RUN_OPEN alone,
 * `why` for the others.  `conf` outlives it. */
enum past_run_opened past_run_open(struct past_run **p, struct loop *lp,
    const struct campaign_conf *conf, const char *name, struct fail *why);
/* Compare what has no verdict, by the program of comparisons_new(); `done` runs
 * once, from the loop, when all of it has its row. */
void past_run_compare(struct past_run *p, const char *program,
    void (*done)(void *arg), void *arg);
/* What is not compared yet gets a row that says so. */
void past_run_interrupt(struct past_run *p);
/* Its rows are numbered: for the reports. */
const struct run_result *past_run_result(const struct past_run *p);
/* Events that got a row now; of these, and of all others, without a verdict. */
size_t past_run_compared(const struct past_run *p);
size_t past_run_unjudged(const struct past_run *p);
/* The reports are written: the journal is closed.  Free. */
void past_run_close(struct past_run *p);
/* NULL is accepted. */
void past_run_free(struct past_run *p);

#endif
