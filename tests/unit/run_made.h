/* run_made.h - a run made by hand, with as many devices as wanted and the files
 * of its comparisons, for what makes pages of it.
 */
#ifndef UNIT_RUN_MADE_H
#define UNIT_RUN_MADE_H

#include "books/result.h"
#include "compare/compare_result.h"
#include "event_made.h"

#define RUN_MADE_AGENTS 3
/* 2026-11-23T01:00:00Z, wall ms; each event is somewhere in eight hours. */
#define RUN_MADE_AT INT64_C(1795395600000)

struct run_made {
	struct campaign_conf conf;
	struct device_type type;
	struct agent_entry agent[RUN_MADE_AGENTS];
	struct agent_entry *agents[RUN_MADE_AGENTS];
	struct device_entry *device;
	struct device_entry **devices;
	struct run_result *r;
};

/* Below the folder `output`, which is there. */
struct run_made *run_made_new(const char *output, size_t n_devices);
void run_made_free(struct run_made *m);

/* An event of the i-th device: its file came home. */
void run_made_event(struct run_made *m, size_t i, int event);
/* ... and was compared; `r` is freed. */
void run_made_compared(
    struct run_made *m, size_t i, int event, struct compare_result *r);
/* ... or was not, as the server's files are not here. */
void run_made_skipped(struct run_made *m, size_t i, int event);
/* So many runs before it, a day apart, in the history of its campaign: the i-th
 * device failed in each 11th, was not there in one of 13, lost something in one
 * of 2 to 8, and was quiet in the others. */
void run_made_history(struct run_made *m, int runs);
/* When the event was, ns. */
int64_t run_made_time(size_t i, int event);

#endif
