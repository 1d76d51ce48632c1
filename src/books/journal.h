/* journal.h - what a run did, line by line, so that a killed one can be
 * finished by the next.
 *
 * `journal.ndjson` in the run's folder: one JSON object a line.  A change on a
 * device is asked for only when the line that says so is on the disk.  A run
 * that ended in order has a closing line.  The next run: see journal_read.h.
 */
#ifndef BOOKS_JOURNAL_H
#define BOOKS_JOURNAL_H

#include "base/fail.h"
#include "books/line_file.h"
#include "books/result.h"
#include "loop/loop.h"

struct journal;

#define JOURNAL_SCHEMA 1

/* Begin the journal of a new run: who takes part.  NULL and `why` if it cannot
 * be created.  `trouble` runs at the first line that cannot be written; it and
 * what follows is held and tried again, so that no line is missing. */
typedef void journal_trouble(void *arg, const char *text);
struct journal *journal_create(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why);
/* Go on with the journal of an earlier run. */
struct journal *journal_reopen(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why);
/* The closing line, and the end.  It counts the devices that may be on: the
 * next run sees to them. */
void journal_end(struct journal *j, int exit_status);
/* Have every line so far on the disk, now.  It blocks: for what is rare. */
void journal_flush(struct journal *j);
/* Close without a closing line.  NULL is accepted. */
void journal_free(struct journal *j);

/* Lines from now on rely on names in this folder: it is synced before they are
 * written, once a turn of the loop; with `j` NULL at once. */
void journal_relies_on(struct journal *j, const char *folder);

/* It is true of the result's round as well; with `j` NULL only there.  Changes
 * on a device are brought to the disk as well, others are only written. */
void journal_fact(struct journal *j, struct device_result *d, enum fact f);
/* With `j` NULL nothing is done. */
void journal_state(
    struct journal *j, const struct device_result *d, const char *state);
void journal_outcome(struct journal *j, const struct device_result *d);
/* Add a row to the result as well; with `j` NULL only there.  What is added to
 * the row in this turn of the loop is written, too. */
struct row *journal_row(
    struct journal *j, struct device_result *d, const struct row *what);

/* The row has changed since: write it again, for the later one counts. */
void journal_row_again(
    struct journal *j, const struct device_result *d, const struct row *row);

/* Embedded in who waits; zero-initialised.  The field is the journal's. */
struct journal_wait {
	struct line_wait line;
};
/* `done` runs once, from the loop, when every line so far is on the disk (or
 * cannot be: stopping a capture matters more).  One sync a turn serves all. */
void journal_sync(struct journal *j, struct journal_wait *w,
    void (*done)(void *arg), void *arg);
/* Harmless when it does not wait. */
void journal_sync_cancel(struct journal_wait *w);

#endif
