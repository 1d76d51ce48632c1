/* counts.h - how a run's devices add up, for the summary, the reports and who
 * is told of the run.
 */
#ifndef REPORT_COUNTS_H
#define REPORT_COUNTS_H

#include "books/result.h"

/* What became of the comparison of an event, by its last row. */
enum verdict_kind {
	VERDICT_LOST,    /* something was lost */
	VERDICT_NOTHING, /* nothing was */
	VERDICT_UNCLEAR, /* it cannot be said */
	VERDICT_NONE,    /* they were not compared: trouble, or no file */
	VERDICT_KINDS
};

struct report_counts {
	size_t outcomes[OUTCOME_COUNT]; /* devices, by enum outcome */
	size_t events;                  /* that ended with the device's file */
	uint64_t bytes;                 /* of all files */
	size_t triggers, one_sided, near_misses;
	size_t verdicts[VERDICT_KINDS]; /* events */
};

struct report_counts report_count(const struct run_result *r);

const char *verdict_kind_name(enum verdict_kind k);

#endif
