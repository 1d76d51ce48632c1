/* show_run.h - `traffic-capture --show [RUN]`. */
#ifndef CMD_SHOW_RUN_H
#define CMD_SHOW_RUN_H

#include "cmd/options.h"
#include "conf/run_place.h"

struct show_options {
	const char *run; /* a run's name, a link's, or a path; NULL: latest */
	struct run_place place;
	const struct text_list *globs; /* -d */
};

/* Print what the report of that run has to say; returns the exit status: 0, 2
 * (no such run or device), 3 (the configuration), 7 (it cannot be read). */
int show_run(const struct options *o, const struct program_words *p,
    const struct show_options *show);

#endif
