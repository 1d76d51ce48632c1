/* merge_run.h - `traffic-capture --merge DIR...`. */
#ifndef CMD_MERGE_RUN_H
#define CMD_MERGE_RUN_H

#include "base/log.h"
#include "cmd/options.h"
#include "conf/campaign_conf.h"

struct merge_options {
	const struct text_list *folders; /* of shards */
	const char *since;               /* a time; NULL: the last night */
	const char *metrics;             /* a file, or NULL: as configured */
};

/* One run of those of all shards: reports, history, metrics, hook, summary;
 * returns the exit status: a run's, or 2 (no such folder or time), 6 (one of
 * them is running). */
int merge_run(const struct campaign_conf *conf, struct log *lg,
    const struct merge_options *o);

#endif
