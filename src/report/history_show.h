/* history_show.h - the history of nights for people at a terminal
 * (traffic-capture --history).
 */
#ifndef REPORT_HISTORY_SHOW_H
#define REPORT_HISTORY_SHOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/database.h"
#include "base/str.h"

struct history_wish {
	const char *campaign;
	const char *const *globs; /* by address or name; none: all devices */
	size_t n_globs;
	int64_t since; /* wall ms, runs that began then or later; 0: all */
	/* Set if one of them matches no device: that one. */
	const char *unmatched;
};

/* Which devices lost how often, when, in which direction, and which together;
 * of devices that are asked for also each event.  Lines of 80 columns, times
 * local (TZ).  False: see database_state(). */
bool history_show(
    struct database *db, struct history_wish *wish, struct strbuf *to);

#endif
