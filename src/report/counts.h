/* counts.h - how a run's devices add up, for the summary and the reports. */
#ifndef REPORT_COUNTS_H
#define REPORT_COUNTS_H

#include "books/result.h"

struct report_counts {
	size_t outcomes[OUTCOME_COUNT]; /* devices, by enum outcome */
	size_t events;                  /* that ended with the device's file */
	uint64_t bytes;                 /* of all files */
};

struct report_counts report_count(const struct run_result *r);

#endif
