/* device_recover.c - finishes what a killed run left of a device.
 *
 * It is a round like any other, begun in its middle, with the killed run's
 * books open: REGISTER, so that the agent takes a STOP; stop what is on; fetch
 * what is there; STOP.  Then the device takes part in this run.
 */
#include "campaign/device_private.h"

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
}

/* The round, as far as the killed run got. */
static void
restore_round(struct device *d, const struct killed_device *left)
{
	const bool *was = left->facts;

	d->event = left->event;
	d->round = (struct round){
	    .start_sent = was[JOURNAL_START] && !was[JOURNAL_OFF],
	    .was_on = was[JOURNAL_ON] && !was[JOURNAL_FILE],
	    .capture_asked = was[JOURNAL_ASKED] && !was[JOURNAL_CLOSED],
	    .triggered = was[JOURNAL_EVENT],
	};
	str_copy(d->round.file, sizeof(d->round.file), left->file);
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
		restore_round(d, d->recovery->left);
	}
	device_registering(d);
}

void
device_recover_registered(struct device *d, bool known)
{
	/* A STOP that nobody expects would end an agent of version 1.0.6; ours
	 * may be capturing, though it cannot see to its rules. */
	d->round.bears_stop = known || agent_link_is_ours(d->link);
	if (!d->round.bears_stop)
		d->round.capture_asked = false;
	if (device_may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else if (device_wants_file(d))
		device_goto(d, DEVICE_RETRIEVING);
	else
		device_goto(d, DEVICE_CLOSING);
}

static void
row_of_recovery(struct device *d)
{
	bool failed = d->failure.kind != FAIL_NONE;
	char *text;

	device_task_begins(d);
	d->retry.tries = 0;
	if (!failed)
		text = xstrdup("what the killed run left is finished");
	else
		text = xasprintf("%s%s",
		    device_may_be_on(d) ? "capture may be on: " : "",
		    d->failure.text);
	device_row(d, TASK_RECOVER, failed ? TASK_FAILURE : TASK_SUCCESS,
	    !failed               ? SEVERITY_NORMAL
	    : device_may_be_on(d) ? SEVERITY_CRITICAL
				  : SEVERITY_MAJOR,
	    text);
	free(text);
}

/* A refused login and a changed key are so for this run as well. */
static bool
is_lasting(const struct device *d)
{
	return d->env->recover_only || d->failure.kind == FAIL_AUTH ||
	       d->failure.kind == FAIL_IDENTITY;
}

/* Nothing else of the killed run's round is true of this run. */
static void
close_books(struct device *d)
{
	d->recovery = NULL;
	d->event = 1;
	open_books(d, &d->own);
	if (d->failure.kind != FAIL_NONE && is_lasting(d))
		row_of_recovery(d);
	else
		fail_clear(&d->failure);
	memset(&d->round, 0, sizeof(d->round));
	retry_reset(&d->retry);
}

void
device_recovered(struct device *d)
{
	struct recovery *r = d->recovery;

	row_of_recovery(d);
	d->result->outcome = d->failure.kind == FAIL_NONE ? OUTCOME_INTERRUPTED
			     : d->result->events > 0      ? OUTCOME_PARTIAL
							  : OUTCOME_FAILED;
	result_describe(d->result, d->failure.kind == FAIL_NONE
				       ? "the run was killed; finished later"
				       : d->failure.text);
	journal_outcome(d->journal, d->result);
	d->ours = device_may_be_on(d);
	close_books(d);
	r->done(r->arg);
	if (d->failure.kind != FAIL_NONE || d->interrupted ||
	    (d->window_over && STAILQ_EMPTY(&d->recoveries)))
		device_ends(d);
	else
		device_goto(d, device_first_state(d));
}

void
device_recovery_drop(struct device *d)
{
	if (d->recovery == NULL)
		return;
	d->recovery = NULL;
	open_books(d, &d->own);
}
