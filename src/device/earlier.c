/* earlier.c - finishes what an earlier run left of a device.
 *
 * It is a round like any other, begun in its middle, with the earlier run's
 * books open: REGISTER, so that the agent takes a STOP; stop what is on; fetch
 * what is there; STOP.  Then the device takes part in this run, and what could
 * not be stopped is this run's to stop.
 */
#include "device/device_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

static void
open_books(struct device *d, const struct device_books *b)
{
	d->result = b->result;
	d->journal = b->journal;
	d->captures = b->captures;
	d->round = &b->result->round;
}

enum device_state
device_first_state(const struct device *d)
{
	if (!STAILQ_EMPTY(&d->recoveries))
		return DEVICE_RECOVERING;
	return d->env->recover_only ? DEVICE_DONE : DEVICE_REGISTERING;
}

void
device_recovering(struct device *d)
{
	if (d->recovery == NULL) {
		d->recovery = STAILQ_FIRST(&d->recoveries);
		STAILQ_REMOVE_HEAD(&d->recoveries, next);
		open_books(d, &d->recovery->books);
		d->left_shown = false;
		device_fact(d, FACT_TAKEN);
	}
	device_registering(d);
}

void
device_recover_registered(struct device *d, bool known)
{
	/* A STOP that nobody expects would end an agent of version 1.0.6; ours
	 * may be capturing, though it cannot see to its rules. */
	d->bears_stop =
	    (known || agent_link_is_ours(d->link)) && !d->round->closed;
	if (!d->bears_stop && d->round->asked)
		device_row_not_told(d);
	if (device_may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else if (device_wants_file(d))
		device_goto(d, DEVICE_RETRIEVING);
	else
		device_goto(d, DEVICE_CLOSING);
}

/* Where the books that are open have to tell it. */
static void
row_of_recovery(struct device *d, const struct round *left,
    enum severity failed, const char *done)
{
	bool ok = d->failure.kind == FAIL_NONE;
	char *text =
	    ok ? xstrdup(done)
	       : xasprintf("%s%s",
		     round_may_be_on(left) ? "capture may be on: " : "",
		     d->failure.text);

	device_row_at_once(d, TASK_RECOVER, ok ? TASK_SUCCESS : TASK_FAILURE,
	    ok ? SEVERITY_NORMAL : failed, text);
	free(text);
}

/* How bad it is that the earlier run's books cannot be closed well. */
static enum severity
severity_of_failure(const struct round *left)
{
	return round_may_be_on(left) ? SEVERITY_CRITICAL : SEVERITY_MAJOR;
}

/* This host's trouble (a full disk): the file is still on the device, where a
 * new start would overwrite it.  The next run tries again. */
static bool
is_put_off(const struct device *d, const struct round *left)
{
	return d->failure.kind == FAIL_LOCAL || left->no_room;
}

/* A refused login and a changed key are so for this run as well. */
static bool
is_lasting(const struct device *d, const struct round *left)
{
	return is_put_off(d, left) || d->failure.kind == FAIL_AUTH ||
	       d->failure.kind == FAIL_IDENTITY;
}

/* In this run's books: a run that had ended has its reports already, and what
 * fails here is of this night. */
static void
row_of_now(struct device *d, const struct recovery *r, const struct round *left)
{
	char *done = xasprintf("what run %s left on is off", r->run);

	if (r->ended || d->failure.kind != FAIL_NONE)
		row_of_recovery(d, left,
		    is_lasting(d, left) || d->env->recover_only
			? severity_of_failure(left)
			: SEVERITY_MINOR,
		    done);
	free(done);
}

/* Nothing else of the earlier run's round is true of this run.  The next run
 * must know of a start from one journal or the other at any moment. */
static void
close_books(struct device *d, const struct recovery *r, bool put_off)
{
	struct device_result *earlier = d->result;

	d->recovery = NULL;
	open_books(d, &d->own);
	/* Its journal may stay open for another device. */
	row_of_now(d, r, &earlier->round);
	if (round_may_be_on(&earlier->round) && !d->env->recover_only &&
	    !put_off) {
		device_fact(d, FACT_INHERITED);
		journal_flush(d->journal);
		/* As far as the earlier run is asked. */
		journal_fact(r->books.journal, earlier, FACT_OFF);
	}
	if (!put_off)
		journal_fact(r->books.journal, earlier, FACT_RECOVERED);
	if (!is_lasting(d, &earlier->round)) {
		if (d->env->recover_only && d->unrecovered.kind == FAIL_NONE)
			d->unrecovered = d->failure;
		fail_clear(&d->failure);
	}
	retry_reset(&d->retry);
}

static void
describe(struct device *d)
{
	struct device_result *r = d->result;

	if (r->outcome == OUTCOME_NONE && d->failure.kind != FAIL_NONE)
		r->outcome = result_failed_outcome(r);
	else if (r->outcome == OUTCOME_NONE)
		r->outcome = OUTCOME_INTERRUPTED;
	result_describe(r, d->failure.kind == FAIL_NONE
			       ? "the run was killed; finished later"
			       : d->failure.text);
	journal_outcome(d->journal, r);
}

/* Does this run end for the device, too? */
static bool
ends_now(struct device *d)
{
	bool more = !STAILQ_EMPTY(&d->recoveries);

	if (d->failure.kind == FAIL_NONE && (d->interrupted || !more))
		d->failure = d->unrecovered;
	if (d->failure.kind != FAIL_NONE || d->interrupted)
		return true;
	if (!d->window_over || more)
		return false;
	if (!d->env->recover_only)
		device_never_captured(d, "finishing an earlier run");
	return true;
}

void
device_recovered(struct device *d)
{
	struct recovery *r = d->recovery;
	/* The earlier run stays unfinished, for the next one to try again. */
	bool put_off = is_put_off(d, d->round);

	row_of_recovery(d, d->round, severity_of_failure(d->round),
	    r->ended ? "what the run left on is off"
		     : "what the killed run left is finished");
	if (!put_off)
		describe(d);
	close_books(d, r, put_off);
	if (!put_off)
		r->done(r->arg);
	if (ends_now(d))
		device_ends(d);
	else
		device_goto(d, device_first_state(d));
}

void
device_recovery_drop(struct device *d)
{
	struct round *left = d->round;

	if (d->recovery == NULL)
		return;
	d->recovery = NULL;
	open_books(d, &d->own);
	d->round = left; /* what is on there is said in this run's books */
}
