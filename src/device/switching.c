/* switching.c - the CLI scripts of starting, rechecking and stopping.
 *
 * starting:   show, start, show until active
 * capturing:  show every `recheck`
 * stopping:   stop, show until not active
 * A start or stop whose outcome is in doubt is settled by the show.
 */
#include "device/device_private.h"

#include <stdlib.h>

#include "books/run_folder.h"

static void shown_first(struct device *d, const struct script_answer *a);
static void started(struct device *d, const struct script_answer *a);
static void shown_started(struct device *d, const struct script_answer *a);
static void shown_again(struct device *d, const struct script_answer *a);
static bool recheck_failed(struct device *d, const struct fail *why);
static void shown_left(struct device *d, const struct script_answer *a);
static void stopped(struct device *d, const struct script_answer *a);
static void shown_stopped(struct device *d, const struct script_answer *a);

static const struct rest_step show_first = {
    .task = TASK_SHOW,
    .script = device_script_show,
    .done = shown_first,
};
static const struct rest_step show_started = {
    .task = TASK_VERIFY_STARTED,
    .script = device_script_show,
    .done = shown_started,
};
static const struct rest_step start = {
    .task = TASK_START,
    .script = device_script_start,
    .done = started,
    .in_doubt = &show_started,
};
static const struct rest_step show_again = {
    .task = TASK_SHOW,
    .script = device_script_show,
    .done = shown_again,
    .failed = recheck_failed,
};
static const struct rest_step show_left = {
    .task = TASK_SHOW,
    .script = device_script_show,
    .done = shown_left,
};
static const struct rest_step show_stopped = {
    .task = TASK_VERIFY_STOPPED,
    .script = device_script_show,
    .done = shown_stopped,
};
static const struct rest_step stop = {
    .task = TASK_STOP,
    .script = device_script_stop,
    .done = stopped,
    .in_doubt = &show_stopped,
};

/* The answer to a show, in words; empty output has none of its own. */
static const char *
shown_text(const struct script_answer *a)
{
	switch (device_script_shown(a)) {
	case CAPTURE_ACTIVE:
		return "the capture is active";
	case CAPTURE_NOT_ACTIVE:
		return "the capture is not active";
	case CAPTURE_UNKNOWN:
		return "the output of show says neither active nor not active";
	}
	abort();
}

/* The device did as it was told, or is as it should be. */
static void
row_of_success(struct device *d, enum task task, const char *text)
{
	device_row(d, task, TASK_SUCCESS, SEVERITY_NORMAL, text)->code = 200;
}

/* The show is not what it should be: a row, and `next` after a pause. */
static void
shown_wrong(struct device *d, enum task task, const struct rest_step *next,
    const struct script_answer *a)
{
	struct fail f;
	struct row *row;

	fail_set(&f, FAIL_TRANSIENT, "%s", shown_text(a));
	row = device_row(d, task, TASK_FAILURE, SEVERITY_MINOR, f.text);
	if (device_run_again(d, next, &f))
		return;
	row->severity = SEVERITY_MAJOR;
	device_fail(d, &f);
}

/* The show settles a doubt: what was asked for did not happen.  That attempt is
 * counted and was paused for already. */
static void
not_done(struct device *d, enum task task, const struct rest_step *again,
    const struct script_answer *a)
{
	device_row(d, task, TASK_FAILURE, SEVERITY_MINOR, shown_text(a));
	device_run(d, again);
}

/* --- starting --- */

static void
shown_first(struct device *d, const struct script_answer *a)
{
	struct fail f;

	switch (device_script_shown(a)) {
	case CAPTURE_NOT_ACTIVE:
		break;
	case CAPTURE_UNKNOWN:
		shown_wrong(d, TASK_SHOW, &show_first, a);
		return;
	case CAPTURE_ACTIVE:
		if (d->env->conf->campaign.take_over ||
		    round_may_be_on(&d->own.result->round))
			break;
		fail_set(&f, FAIL_FINAL,
		    "another capture is running; stop it, or set "
		    "campaign.take_over");
		device_row(d, TASK_SHOW, TASK_FAILURE, SEVERITY_MAJOR, f.text);
		device_fail(d, &f);
		return;
	}
	row_of_success(d, TASK_SHOW, shown_text(a));
	retry_reset(&d->retry);
	if (!run_folder_has_room(
		d->captures, d->env->conf->campaign.min_free, &f)) {
		device_task_begins(d);
		device_row(d, TASK_START, TASK_FAILURE, SEVERITY_MAJOR, f.text);
		device_fail(d, &f);
		return;
	}
	device_run(d, &start);
}

static void
started(struct device *d, const struct script_answer *a)
{
	(void)a;
	row_of_success(d, TASK_START, "the device took the start script");
	device_fact(d, FACT_SURE);
	retry_reset(&d->retry);
	device_run(d, &show_started);
}

static void
shown_started(struct device *d, const struct script_answer *a)
{
	if (d->round->unclear && device_script_shown(a) == CAPTURE_NOT_ACTIVE) {
		not_done(d, TASK_VERIFY_STARTED, &start, a);
		return;
	}
	if (device_script_shown(a) != CAPTURE_ACTIVE) {
		shown_wrong(d, TASK_VERIFY_STARTED, &show_started, a);
		return;
	}
	row_of_success(d, TASK_VERIFY_STARTED, shown_text(a));
	d->ever_on = true;
	device_fact(d, FACT_ON);
	if (d->env->conf->campaign.capture_for > 0)
		timer_set(&d->timed, d->env->conf->campaign.capture_for);
	device_goto(d, DEVICE_ARMING);
}

void
device_starting(struct device *d)
{
	device_run(d, &show_first);
}

/* --- capturing --- */

static void
vanished(struct device *d)
{
	device_row(d, TASK_SHOW, TASK_FAILURE, SEVERITY_MAJOR,
	    "capture vanished (the device restarted, or somebody stopped it); "
	    "fetching what is there");
	device_fact(d, FACT_VANISHED);
	timer_clear(&d->timed);
	timer_clear(&d->hold);
	device_recheck_stop(d);
	device_goto(d, DEVICE_STOPPING);
}

static void
shown_again(struct device *d, const struct script_answer *a)
{
	retry_reset(&d->retry);
	d->recheck_failed = false;
	if (device_script_shown(a) == CAPTURE_NOT_ACTIVE)
		vanished(d);
	else
		timer_set(&d->recheck, d->env->conf->campaign.recheck);
}

/* A device that cannot be asked just now is what this campaign waits for: it
 * is no reason to give the capture up.  One row says since when. */
static bool
recheck_failed(struct device *d, const struct fail *why)
{
	if (why->kind == FAIL_AUTH || why->kind == FAIL_IDENTITY)
		return false;
	if (!d->recheck_failed)
		device_row(
		    d, TASK_SHOW, TASK_FAILURE, SEVERITY_MINOR, why->text);
	d->recheck_failed = true;
	timer_set(&d->recheck, d->env->conf->campaign.recheck);
	return true;
}

void
device_on_recheck(void *arg)
{
	device_run(arg, &show_again);
}

void
device_capturing(struct device *d)
{
	if (d->env->conf->campaign.recheck > 0)
		timer_set(&d->recheck, d->env->conf->campaign.recheck);
	device_ask_capture_later(d);
}

void
device_recheck_stop(struct device *d)
{
	timer_clear(&d->recheck);
	timer_clear(&d->reask);
	if (d->state == DEVICE_CAPTURING)
		device_rest_cancel(d);
}

/* --- stopping --- */

static void
stopped(struct device *d, const struct script_answer *a)
{
	(void)a;
	row_of_success(d, TASK_STOP, "the device took the stop script");
	device_fact(d, FACT_SURE);
	retry_next_step(&d->retry);
	device_run(d, &show_stopped);
}

bool
device_wants_file(const struct device *d)
{
	struct round_wish w = {
	    .failure = d->failure.kind,
	    .interrupted = d->interrupted,
	    .earlier = d->recovery != NULL,
	    .keep_quiet = d->env->conf->campaign.keep_quiet_captures,
	};

	return round_wants_file(d->round, &w);
}

static void
shown_stopped(struct device *d, const struct script_answer *a)
{
	if (d->round->unclear && device_script_shown(a) == CAPTURE_ACTIVE) {
		not_done(d, TASK_VERIFY_STOPPED, &stop, a);
		return;
	}
	if (device_script_shown(a) != CAPTURE_NOT_ACTIVE) {
		shown_wrong(d, TASK_VERIFY_STOPPED, &stop, a);
		return;
	}
	row_of_success(d, TASK_VERIFY_STOPPED, shown_text(a));
	device_fact(d, FACT_OFF);
	if (d->recovery != NULL && round_may_be_on(&d->own.result->round))
		journal_fact(d->own.journal, d->own.result, FACT_OFF);
	retry_reset(&d->retry);
	if (device_wants_file(d))
		device_goto(d, DEVICE_RETRIEVING);
	else
		device_goto(d, DEVICE_CLOSING);
}

/* Recovering: a capture that is still on, or may be, has a file.  One that is
 * not may have left its SNMP user: it is stopped as well. */
static void
shown_left(struct device *d, const struct script_answer *a)
{
	row_of_success(d, TASK_SHOW, shown_text(a));
	d->left_shown = true;
	if (device_script_shown(a) != CAPTURE_NOT_ACTIVE) {
		device_fact(d, FACT_ON);
		device_name_file(d);
		/* The run may have asked the agent in its last moment. */
		if (d->bears_stop)
			device_fact(d, FACT_ASKED);
	}
	retry_reset(&d->retry);
	device_run(d, &stop);
}

void
device_stopping(struct device *d)
{
	device_name_file(d);
	if (d->recovery != NULL && !d->left_shown)
		device_run(d, &show_left);
	else
		device_run(d, &stop);
}
