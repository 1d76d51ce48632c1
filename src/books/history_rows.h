/* history_rows.h - what the history of nights keeps of a run: its report, read
 * into rows.
 *
 * The report may have been written by anybody: what is missing or of another
 * kind is 0 or "".
 */
#ifndef BOOKS_HISTORY_ROWS_H
#define BOOKS_HISTORY_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* What a comparison found, the worst first.  A name is that of the database: it
 * does not change. */
enum found {
	FOUND_LOST,
	FOUND_UNREAD,  /* a file could not be read */
	FOUND_UNKNOWN, /* it cannot be said */
	FOUND_NOTHING, /* nothing was lost */
	FOUND_NO_VERDICT,
	FOUND_COUNT
};
const char *found_name(enum found f);       /* NULL: there is no verdict */
enum found found_by_name(const char *name); /* FOUND_NO_VERDICT: none */

/* Times are wall ms, 0: not known.  Texts are gone behind the call. */
struct history_run {
	const char *name, *version, *note;
	int64_t started, ended, exit_status;
};
struct history_night {
	const char *address, *name, *type, *agent;
	const char *outcome, *severity, *description;
	int64_t events, triggers, on_ms, off_ms;
	enum found found; /* of its events, the worst */
};
struct history_event {
	int64_t number; /* of the device's events, from 1 */
	int64_t at;
	const char *alarm, *icmp, *snmp, *tcp; /* "": there was none */
	enum found found;
	const char *grade, *sentence;
	const char *direction; /* there, back, both */
	const char *protocol;  /* snmp,icmp; what lost most is first */
	int64_t lost;
	int64_t lost_from, lost_to; /* by the server's clock */
};

/* False: that will do. */
typedef bool history_take(void *arg, const struct history_night *n,
    const struct history_event *events, size_t n_events);

/* Each device that took part, in the order of the report, then the run; false
 * and `why`: it is no report, or `take` said so. */
bool history_rows_read(const char *report, size_t len, history_take *take,
    void (*run)(void *arg, const struct history_run *r), void *arg,
    struct fail *why);

#endif
