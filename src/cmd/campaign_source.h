/* campaign_source.h - the campaign's configuration, for main(): read with the
 * rights that the program was started with, which are given up then.
 */
#ifndef CMD_CAMPAIGN_SOURCE_H
#define CMD_CAMPAIGN_SOURCE_H

#include <stdbool.h>

#include "cmd/options.h"
#include "conf/campaign_conf.h"
#include "conf/run_place.h"

struct campaign_source {
	const struct options *common;
	const struct program_words *words;
	const struct text_list *globs; /* -d */
	struct run_place place;
	bool only;       /* --check and the like: nothing is written */
	bool check;      /* ... and what overrides what is told, and the host
			    looked at as the owner of campaign.output */
	bool last_first; /* devices are to be found again: the last list of
			    devices_command will do */
};

/* NULL, all is said, and *status is what to end with.  Root is the owner of
 * campaign.output from then on, with CAP_NET_RAW for ICMP, so that the next
 * night's service can write to all that is left there; one that only looks is
 * it for devices_command, or to check as it. */
struct campaign_conf *campaign_source_load(
    const struct campaign_source *s, int *status);
/* The same of a configuration that was read otherwise; false: it was said why
 * that cannot be. */
bool campaign_source_settle(
    const struct campaign_source *s, const struct campaign_conf *conf);

#endif
