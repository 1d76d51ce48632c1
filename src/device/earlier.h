/* earlier.h - what an earlier run left of a device, and its ledger.
 *
 * The device finishes it as a round like any other: REGISTER, stop what is on,
 * fetch what is there, STOP.  Here stands only how its books are closed.
 */
#ifndef DEVICE_EARLIER_H
#define DEVICE_EARLIER_H

#include <sys/queue.h>

#include "device/ledger.h"

struct earlier { /* made by campaign/recovery; outlives the device */
	STAILQ_ENTRY(earlier) next;
	struct device_books books;
	const char *run;         /* its name */
	bool ended;              /* in order, but for this device's capture */
	void (*done)(void *arg); /* finished, or given up: see the books */
	void *arg;
};

/* Those of one device, finished one after the other; zero-initialised but for
 * earlier_init(). */
struct earlier_runs {
	STAILQ_HEAD(, earlier) waiting;
	struct earlier *now; /* the one whose ledger is open, or NULL */
	struct ledger ledger;
	bool bears_stop;              /* its agent takes a STOP */
	const struct round *given_up; /* by the end of this run, or NULL */
};
void earlier_init(struct earlier_runs *r);
bool earlier_has_more(const struct earlier_runs *r);
/* Open the next one's ledger: it is taken up.  There is one. */
struct ledger *earlier_open(struct earlier_runs *r, const struct tools *t);
/* The agent was asked.  `takes_stop`: it bears one; else it is `untold`. */
void earlier_registered(
    struct earlier_runs *r, bool takes_stop, const char *untold);
/* The device's capture is off: so is, by this run's `own`, what was left to
 * it.  Without effect where no earlier one is open. */
void earlier_is_off(const struct earlier_runs *r, struct ledger *own);

/* This host's trouble (a full disk): the file is still on the device, where a
 * new start would overwrite it.  The next run tries again. */
bool earlier_is_put_off(const struct earlier_runs *r, const struct fail *why);
/* Is what failed so for this run as well: that, a refused login, a changed
 * key? */
bool earlier_is_lasting(const struct earlier_runs *r, const struct fail *why);
/* Close its ledger with what became of it (`why`: FAIL_NONE or the failure),
 * and tell this run's, `own`, what matters tonight.  What could not be stopped
 * is this run's to stop, unless that is put off or `recover_only`. */
void earlier_close(struct earlier_runs *r, struct ledger *own,
    const struct fail *why, bool recover_only);
/* Of one that was given up: may its capture be on, its agent go on? */
bool earlier_left_on(const struct earlier_runs *r);
bool earlier_untold(const struct earlier_runs *r);
/* This run ends first: the ledger stays as it is, for the next one. */
void earlier_give_up(struct earlier_runs *r);

#endif
