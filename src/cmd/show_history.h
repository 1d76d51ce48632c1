/* show_history.h - `traffic-capture --history`. */
#ifndef CMD_SHOW_HISTORY_H
#define CMD_SHOW_HISTORY_H

#include "cmd/options.h"
#include "conf/run_place.h"

struct history_options {
	struct run_place place;
	const struct text_list *globs; /* -d */
	const char *since;             /* a time; NULL: all runs */
};

/* Print what the nights have in common; returns the exit status: 0, 2 (no such
 * time or device), 3 (the configuration), 7 (there is none, or it cannot be
 * read). */
int show_history(const struct options *o, const struct program_words *p,
    const struct history_options *h);

#endif
