/* device.c - the states of a device, its rounds, its failure and its end.
 *
 * A round is one event: REGISTER, start, wait, verify, stop, fetch, STOP.  The
 * states are entered here and nowhere else; what happens in them stands in the
 * other device_*.c files.  A failed device still does what is left to do: stop
 * its capture, fetch what is there, tell the agent.
 */
#include "device/device_private.h"
#include "device/device_script_of.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

static void enter_end(struct device *d);

static const struct {
	const char *name;
	void (*enter)(struct device *d);
} states[DEVICE_STATES] = {
    [DEVICE_RESOLVING] = {"resolving", device_resolving},
    [DEVICE_RECOVERING] = {"recovering", device_recovering},
    [DEVICE_REGISTERING] = {"registering", device_registering},
    [DEVICE_STARTING] = {"starting", device_starting},
    [DEVICE_ARMING] = {"arming", device_arming},
    [DEVICE_CAPTURING] = {"capturing", device_capturing},
    [DEVICE_VERIFYING] = {"verifying", device_verifying},
    [DEVICE_STOPPING] = {"stopping", device_stopping},
    [DEVICE_RETRIEVING] = {"retrieving", device_retrieving},
    [DEVICE_CLOSING] = {"closing", device_closing},
    [DEVICE_DONE] = {"done", enter_end},
    [DEVICE_FAILED] = {"failed", enter_end},
};

/* --- for the other device_*.c files --- */

void
device_log(struct device *d, enum log_level level, const char *subsystem,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(
	    loop_log(d->env->lp), level, d->conf->address, subsystem, fmt, ap);
	va_end(ap);
}

static bool
has_ended(const struct device *d)
{
	return d->state == DEVICE_DONE || d->state == DEVICE_FAILED;
}

void
device_goto(struct device *d, enum device_state to)
{
	enum device_state from = d->state;

	assert(!has_ended(d));
	device_log(d, LOGGING_INFO, "device", "%s -> %s", states[from].name,
	    states[to].name);
	timer_clear(&d->pause);
	d->state = to;
	journal_state(d->journal, d->result, states[to].name);
	retry_next_step(&d->retry);
	d->env->moved(d->env->arg, d, from);
	states[to].enter(d);
}

bool
device_may_be_on(const struct device *d)
{
	return round_may_be_on(d->round) ||
	       round_may_be_on(&d->own.result->round);
}

int64_t
device_retry_after(struct device *d, const struct fail *why)
{
	return retry_after(&d->retry, why, d->env->conf, loop_now(d->env->lp));
}

/* --- the end --- */

static void
clear_all(struct device *d)
{
	resolve_cancel(d->resolving);
	d->resolving = NULL;
	device_rest_cancel(d);
	device_fetch_cancel(d);
	ask_cancel(&d->ask);
	device_probes_cancel(d);
	timer_clear(&d->pause);
	timer_clear(&d->hold);
	timer_clear(&d->timed);
	timer_clear(&d->recheck);
	timer_clear(&d->reask);
	rest_peer_free(d->peer);
	d->peer = NULL;
}

static void
describe_end(struct device *d, const char *how)
{
	char *text = xasprintf(
	    "%s%s", device_may_be_on(d) ? "capture may be on; " : "", how);

	result_describe(d->result, text);
	free(text);
}

static void
enter_end(struct device *d)
{
	struct device_result *r = d->result;
	int wanted = d->env->conf->campaign.events_per_device;
	bool on = device_may_be_on(d);
	char *text;

	if (on)
		device_row_may_be_on(d);
	if (d->round->asked)
		device_row_not_told(d);
	clear_all(d);
	if (d->failure.kind != FAIL_NONE)
		r->outcome = result_failed_outcome(r);
	else if (!on && (r->events >= wanted || d->env->recover_only))
		r->outcome = OUTCOME_SUCCESS;
	else if (d->interrupted)
		r->outcome = OUTCOME_INTERRUPTED;
	else
		r->outcome = on ? result_failed_outcome(r) : OUTCOME_QUIET;
	if (d->failure.kind != FAIL_NONE)
		text = xstrdup(d->failure.text);
	else
		text = xasprintf("%d of %d event%s captured", r->events, wanted,
		    wanted == 1 ? "" : "s");
	describe_end(d, text);
	free(text);
	journal_outcome(d->journal, r);
}

void
device_ends(struct device *d)
{
	if (d->recovery != NULL) {
		device_recovered(d);
		return;
	}
	device_goto(
	    d, d->failure.kind == FAIL_NONE ? DEVICE_DONE : DEVICE_FAILED);
}

/* What is under way, or waits for its next try, has no end of its own: a row
 * says so, for no device is given up without. */
static void
cut_short(struct device *d, const char *why)
{
	struct moment now = device_now(d);
	char *text = xasprintf("%s, while %s", why, states[d->state].name);
	bool asks = ask_busy(&d->ask);

	device_ask_cut_short(d, text);
	if (d->step != NULL)
		device_row_since(
		    d, &now, d->step->task, TASK_SKIPPED, SEVERITY_MINOR, text);
	else if (d->state == DEVICE_RESOLVING)
		device_row_since(
		    d, &now, TASK_RESOLVE, TASK_SKIPPED, SEVERITY_MINOR, text);
	else if (d->state == DEVICE_REGISTERING && !asks)
		device_row_since(
		    d, &now, TASK_REGISTER, TASK_SKIPPED, SEVERITY_MINOR, text);
	free(text);
}

void
device_abandon(struct device *d, const char *why)
{
	if (has_ended(d))
		return;
	cut_short(d, why);
	if (d->failure.kind == FAIL_NONE &&
	    (!d->interrupted || d->env->recover_only))
		fail_set(&d->failure, FAIL_FINAL, "%s, while %s", why,
		    states[d->state].name);
	device_log(d, LOGGING_WARNING, "device", "%s", why);
	device_probes_stop(d);
	device_fetch_abandon(d, why);
	device_recovery_drop(d);
	device_ends(d);
}

/* --- failure, rounds --- */

/* May this device still be spoken to?  After a refused login or a changed key
 * nothing more is sent, by either protocol. */
static bool
may_speak(const struct device *d)
{
	return d->failure.kind != FAIL_AUTH && d->failure.kind != FAIL_IDENTITY;
}

void
device_fail(struct device *d, const struct fail *why)
{
	enum device_state at = d->state;

	if (d->failure.kind == FAIL_NONE)
		d->failure = *why;
	if (why->kind == FAIL_AUTH || why->kind == FAIL_IDENTITY)
		d->failure = *why;
	if (d->result->severity < SEVERITY_MAJOR)
		d->result->severity = SEVERITY_MAJOR;
	if (why->kind == FAIL_LOCAL)
		d->env->trouble(d->env->arg, why->text);
	timer_clear(&d->hold);
	timer_clear(&d->timed);
	device_recheck_stop(d);
	if (may_speak(d) && at < DEVICE_STOPPING && device_may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else if (may_speak(d) && at == DEVICE_STOPPING &&
		 round_has_file(d->round))
		device_goto(d, DEVICE_RETRIEVING);
	else if (at < DEVICE_CLOSING && d->round->asked)
		device_goto(d, DEVICE_CLOSING);
	else
		device_ends(d);
}

void
device_round_ends(struct device *d)
{
	int wanted = d->env->conf->campaign.events_per_device;
	/* A capture that vanished was no event: it is armed for again. */
	int next = d->round->event + !d->round->vanished;

	if (d->recovery != NULL) {
		device_recovered(d);
		return;
	}
	if (d->failure.kind != FAIL_NONE || d->interrupted || d->window_over ||
	    next > wanted) {
		device_ends(d);
		return;
	}
	round_begin(d->round, next);
	device_goto(d, DEVICE_REGISTERING);
}

void
device_event_begins(struct device *d)
{
	assert(d->state == DEVICE_ARMING || d->state == DEVICE_CAPTURING);
	timer_clear(&d->hold);
	timer_clear(&d->timed);
	device_recheck_stop(d);
	device_fact(d, FACT_EVENT);
	device_goto(d, DEVICE_VERIFYING);
}

/* --- public --- */

/* The pause is over: do again what this state does.  Steps set their own. */
static void
on_pause(void *arg)
{
	struct device *d = arg;

	if (d->step != NULL)
		device_run(d, d->step);
	else
		states[d->state].enter(d);
}

static void
on_hold(void *arg)
{
	struct device *d = arg;

	/* Before the capture is confirmed, the confirmation is the trigger. */
	if (d->state == DEVICE_ARMING || d->state == DEVICE_CAPTURING)
		device_event_begins(d);
}

static void
on_timed(void *arg)
{
	struct device *d = arg;

	if (d->state != DEVICE_ARMING && d->state != DEVICE_CAPTURING)
		return;
	device_task_begins(d);
	device_row(d, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL,
	    "capture_for is over: the event begins");
	device_event_begins(d);
}

struct device *
device_new(const struct device_env *env, const struct device_books *books,
    struct agent_link *link)
{
	struct device *d = xcalloc(1, sizeof(*d));

	d->env = env;
	d->conf = books->result->conf;
	d->own = *books;
	d->result = books->result;
	d->journal = books->journal;
	d->captures = books->captures;
	STAILQ_INIT(&d->recoveries);
	d->script = device_script_of(env->conf, d->conf);
	d->link = link;
	d->round = &d->result->round;
	timer_init(&d->pause, env->lp, on_pause, d);
	timer_init(&d->hold, env->lp, on_hold, d);
	timer_init(&d->timed, env->lp, on_timed, d);
	timer_init(&d->recheck, env->lp, device_on_recheck, d);
	timer_init(&d->reask, env->lp, device_on_reask, d);
	return d;
}

void
device_free(struct device *d)
{
	if (d == NULL)
		return;
	clear_all(d);
	retrieval_free(d->retrieval);
	free(d);
}

void
device_recover_first(struct device *d, struct recovery *r)
{
	STAILQ_INSERT_TAIL(&d->recoveries, r, next);
}

void
device_start(struct device *d)
{
	if (device_first_state(d) == DEVICE_DONE)
		device_goto(d, DEVICE_DONE);
	else
		states[d->state].enter(d);
}

void
device_trigger(struct device *d)
{
	if (d->state != DEVICE_ARMING && d->state != DEVICE_CAPTURING)
		return;
	device_task_begins(d);
	device_row(d, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL,
	    "triggered by hand (SIGUSR2)");
	device_event_begins(d);
}

/* Leave the waiting states in an orderly way.  A start that the device may just
 * be carrying out is first waited for: a stop that overtook it would leave the
 * capture on. */
void
device_wind_down(struct device *d)
{
	timer_clear(&d->hold);
	timer_clear(&d->timed);
	device_recheck_stop(d);
	d->leaving = device_start_in_flight(d);
	if (d->leaving)
		return;
	device_rest_cancel(d);
	/* Its answer would go on to the start. */
	if (d->state == DEVICE_REGISTERING)
		ask_cancel(&d->ask);
	if (device_may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else
		device_ends(d);
}

static enum task
task_at(enum device_state s)
{
	if (s == DEVICE_RESOLVING)
		return TASK_RESOLVE;
	return s == DEVICE_REGISTERING ? TASK_REGISTER : TASK_START;
}

void
device_never_captured(struct device *d, const char *doing)
{
	const struct row *last = TAILQ_LAST(&d->result->rows, row_list);
	const char *reason = d->state == DEVICE_REGISTERING
				 ? "no answer to REGISTER from the agent"
				 : "no answer yet";

	if (last != NULL && last->status == TASK_FAILURE)
		reason = last->description;
	fail_set(&d->failure, FAIL_FINAL,
	    "the window ended before the capture was on, while %s: %s", doing,
	    reason);
	device_task_begins(d);
	device_row(d, task_at(d->state), TASK_FAILURE, SEVERITY_MAJOR,
	    d->failure.text);
}

void
device_window_end(struct device *d)
{
	d->window_over = true;
	/* What an earlier run left is no waiting: it goes on to its end. */
	if (d->state >= DEVICE_VERIFYING || d->recovery != NULL ||
	    !STAILQ_EMPTY(&d->recoveries))
		return;
	/* An alarm that is held is an event, unless it clears. */
	if (timer_is_set(&d->hold) || d->round->held)
		return;
	if (!d->ever_on)
		device_never_captured(d, states[d->state].name);
	device_wind_down(d);
}

void
device_interrupt(struct device *d)
{
	if (has_ended(d))
		return;
	d->interrupted = true;
	if (d->state < DEVICE_STOPPING && d->recovery == NULL) {
		if (d->state < DEVICE_ARMING && !device_start_in_flight(d))
			cut_short(d, "interrupted");
		device_probes_stop(d);
		device_wind_down(d);
	} else if (timer_is_set(&d->pause)) {
		timer_set(&d->pause, 0); /* one more try, at once */
	}
}

enum device_state
device_state(const struct device *d)
{
	return d->state;
}

const char *
device_state_name(enum device_state s)
{
	return states[s].name;
}

const char *
device_name(const struct device *d)
{
	return d->conf->address;
}

const struct device_entry *
device_conf(const struct device *d)
{
	return d->conf;
}

struct agent_link *
device_link(const struct device *d)
{
	return d->link;
}

const struct addr *
device_addrs(const struct device *d, size_t *n)
{
	*n = d->n_addrs;
	return d->addrs;
}
