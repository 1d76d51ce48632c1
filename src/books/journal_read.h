/* journal_read.h - an earlier run, as its journal tells it.
 *
 * Hostile input as all files are: a cut last line is ignored, so are kinds of
 * lines that are not known here; memory is bounded by the file's size.
 */
#ifndef BOOKS_JOURNAL_READ_H
#define BOOKS_JOURNAL_READ_H

#include <stdbool.h>

#include "base/fail.h"
#include "books/journal.h"
#include "books/result.h"

#define JOURNAL_SIZE_MAX (1LL << 30) /* a longer one is not believed */

/* An event that was over, its device's file home; the device went on. */
struct past_round {
	size_t device;
	struct round round;
};

struct earlier_run {
	struct run_result *result; /* rows, rounds and outcomes so far */
	size_t n_devices;
	bool *configured; /* the i-th device takes part in the present one */
	bool *gone;       /* it is no longer configured */
	/* The present configuration's, and made from the journal for devices
	 * that are no longer configured. */
	const struct device_entry **entries;
	struct past_round *past; /* in the order they ended */
	size_t n_past;
};

enum journal_verdict {
	JOURNAL_ENDED,     /* it has its closing line, and nothing is on */
	JOURNAL_LEFT_ON,   /* the same, but for captures; `*k` is set */
	JOURNAL_KILLED,    /* `*k` is set */
	JOURNAL_EMPTY,     /* killed before it did anything; `*k` is set */
	JOURNAL_NONE,      /* there is no such file */
	JOURNAL_NEWER,     /* a newer version's: to be left alone */
	JOURNAL_UNREADABLE /* `why` */
};
/* Read `<parent>/<run>/journal.ndjson`. */
enum journal_verdict journal_read(const struct campaign_conf *conf,
    const char *parent, const char *run, struct earlier_run **k,
    struct fail *why);
/* The same, but that `*k` is set for JOURNAL_ENDED, too: for who writes its
 * reports anew. */
enum journal_verdict journal_read_all(const struct campaign_conf *conf,
    const char *parent, const char *run, struct earlier_run **k,
    struct fail *why);
void earlier_run_free(struct earlier_run *k);

/* Decode from memory: what journal_read() does after reading. */
enum journal_verdict journal_decode(const struct campaign_conf *conf,
    const char *parent, const char *run, const char *text, size_t len,
    struct earlier_run **k);

#endif
