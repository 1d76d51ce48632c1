/* ledger.h - the books that are open for a device, and what is written there.
 *
 * Activities write rows and facts through it, and do not know whether the books
 * are this run's or those of an earlier one that is being finished.
 */
#ifndef DEVICE_LEDGER_H
#define DEVICE_LEDGER_H

#include "base/log.h"
#include "books/journal.h"
#include "device/device_state.h"
#include "device/tools.h"

/* Where what a device finds is kept. */
struct device_books {
	struct device_result *result;
	struct journal *journal; /* NULL: none is kept */
	const char *captures;    /* folder */
};
struct event_notes;
struct ledger {
	const struct tools *tools;
	struct device_books books;
	struct row *repeating;     /* a failure that came again; NULL: none */
	enum fail_kind failing;    /* its kind */
	struct event_notes *notes; /* for who compares; NULL: none are kept */
};

/* A task under way: its row tells the time since. */
struct begun {
	enum task task;
	int attempt;           /* from 1 */
	enum fail_kind failed; /* for the log, where somebody knows it */
	int64_t wall;          /* for people */
	int64_t mono;          /* for the order and the length of things */
};

void ledger_open(
    struct ledger *l, const struct tools *t, const struct device_books *books);
const struct round *ledger_round(const struct ledger *l);
struct device_result *ledger_result(struct ledger *l);
struct begun ledger_begin(const struct ledger *l, enum task t, int attempt);
/* More may be put into the row in this turn.  The same failure as the last of
 * its task is no row of its own: that one counts it. */
struct row *ledger_row(struct ledger *l, const struct begun *b,
    enum task_status s, enum severity severity, const char *description);
/* The row of something that takes no time and has no tries. */
void ledger_note(struct ledger *l, enum task t, enum task_status s,
    enum severity severity, const char *description);
/* The row of an attempt that is cut short. */
void ledger_skip(struct ledger *l, enum task t, int attempt, const char *why);
/* What failed works again: a failure later is a row of its own. */
void ledger_over(struct ledger *l, enum task t);
void ledger_fact(struct ledger *l, enum fact f); /* is true of the round */
/* From one state to another: logged, and in the journal. */
void ledger_state(struct ledger *l, enum device_state a, enum device_state b);
/* Before that: `synced` runs, from the loop, when its record is on the disk.
 * False: there is nothing to wait for. */
bool ledger_syncs_record(struct ledger *l, void (*synced)(void *), void *arg);
/* The round is over, its record complete.  True once, if it was an event. */
bool ledger_ended(struct ledger *l);
void ledger_next_round(struct ledger *l, int event); /* for this event */
/* Captures that go on: the device's, and the server's (talk_untold()). */
void ledger_may_be_on(struct ledger *l);
void ledger_untold(struct ledger *l, const char *why);
void ledger_clock(struct ledger *l, int64_t shown); /* the device's, wall ms */
/* Fix the name that this round's files get on both sides, once. */
void ledger_name_file(struct ledger *l);
char *ledger_path(const struct ledger *l); /* of the device's; free(3) */
/* Is there campaign.min_free for it?  Else FAIL_LOCAL. */
bool ledger_has_room(const struct ledger *l, struct fail *why);
/* `done` runs when all that was written so far is on the disk; at once, inside
 * this call, where no journal is kept. */
void ledger_sync(struct ledger *l, struct journal_wait *w,
    void (*done)(void *arg), void *arg);
void ledger_log(const struct ledger *l, enum log_level level,
    const char *subsystem, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
