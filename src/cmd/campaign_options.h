/* campaign_options.h - what traffic-capture is asked for. */
#ifndef CMD_CAMPAIGN_OPTIONS_H
#define CMD_CAMPAIGN_OPTIONS_H

#include "cmd/options.h"
#include "conf/run_place.h"

struct campaign_options {
	struct options common;
	struct text_list globs; /* -d */
	struct run_place place; /* -o, --shard */
	const char *metrics;    /* --metrics */
	bool dry;
	bool probe;
	bool enroll;
	bool recover;
	bool show;
	bool init;
	bool history;
	bool rebuild;
	const char *run;        /* that --show is asked for, or NULL */
	const char *compare;    /* a run, for --compare */
	struct text_list merge; /* folders of shards */
	const char *since;      /* a time, for --history and --merge */
};

extern const struct program_words campaign_words;

/* The texts are the command line's.  One that is wrong ends the process. */
void campaign_options_take(struct campaign_options *o, int argc, char **argv);
void campaign_options_free(struct campaign_options *o);

#endif
