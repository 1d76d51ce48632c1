/* show.h - what report.json of a run has to say, for people at a terminal. */
#ifndef REPORT_SHOW_H
#define REPORT_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"

struct show_wish {
	const char *const *globs; /* devices, by address or name (fnmatch(3)) */
	size_t n_globs;           /* 0: those that did not go as they should */
	/* Set: the first pattern that no device matched, or NULL. */
	const char *unmatched;
};

/* Add what the report, which may be anything, says: the run, what devices lost
 * together, the devices that are wished for, how many others there are.  Times
 * are local (TZ).  False, `why` and nothing added, if it is no whole report. */
bool show_report(const char *text, size_t len, struct show_wish *wish,
    struct strbuf *to, struct fail *why);

#endif
