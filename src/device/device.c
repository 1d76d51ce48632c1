/* device.c - the states of a device: what comes next, and when it ends.
 *
 * A round is one event: REGISTER, start, wait, verify, stop, fetch, STOP.  The
 * activities report here, and here alone the next state is chosen.  A failed
 * device still does what is left to do: stop its capture, fetch what is there,
 * tell the agent.
 */
#include "device/device.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "device/ending.h"
#include "device/standing.h"
#include "device/work.h"

struct device {
	const struct device_env *env;
	enum device_state state;
	enum device_state next; /* to be entered; DEVICE_STATES: none */
	bool entering;

	struct ledger own;
	struct earlier_runs earlier;
	struct ledger *ledger; /* the one that is open: own, or an earlier's */

	struct standing standing;
	bool leaving; /* winds down behind the answer to a start in flight */
	struct work work;
};

static void enter_states(struct device *d);
static void earlier_ends(struct device *d);

/* --- what is true --- */

static const struct round *
round_of(const struct device *d)
{
	return ledger_round(d->ledger);
}

static bool
has_ended(const struct device *d)
{
	return d->state == DEVICE_DONE || d->state == DEVICE_FAILED;
}

static bool
is_earlier(const struct device *d)
{
	return d->earlier.now != NULL;
}

/* Is the capture, or the SNMP user, perhaps still on the device? */
static bool
may_be_on(const struct device *d)
{
	return round_may_be_on(round_of(d)) ||
	       round_may_be_on(ledger_round(&d->own)) ||
	       earlier_left_on(&d->earlier);
}

/* Where a device begins, and goes on behind an earlier run. */
static enum device_state
first_state(const struct device *d)
{
	if (earlier_has_more(&d->earlier))
		return DEVICE_RECOVERING;
	return d->standing.recover_only ? DEVICE_DONE : DEVICE_REGISTERING;
}

/* --- what comes next --- */

static void
device_goto(struct device *d, enum device_state to)
{
	assert(!has_ended(d));
	d->next = to;
	if (!d->entering)
		enter_states(d);
}

/* No next state in this round. */
static void
device_ends(struct device *d)
{
	if (is_earlier(d))
		earlier_ends(d);
	else
		device_goto(d, standing_is_well(&d->standing) ? DEVICE_DONE
							      : DEVICE_FAILED);
}

/* It cannot be helped: go on to what is left to do, and end as failed. */
static void
device_fail(struct device *d, const struct fail *why)
{
	struct device_result *r = ledger_result(d->ledger);
	enum device_state at = d->state;
	bool may_speak;

	standing_fail(&d->standing, why);
	if (r->severity < SEVERITY_MAJOR)
		r->severity = SEVERITY_MAJOR;
	if (why->kind == FAIL_LOCAL)
		d->env->trouble(d->env->arg, why->text);
	work_wait_no_more(&d->work, d->state);
	may_speak = !fail_is_refusal(&d->standing.failure);
	if (may_speak && at < DEVICE_STOPPING && may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else if (may_speak && at == DEVICE_STOPPING &&
		 round_has_file(round_of(d)))
		device_goto(d, DEVICE_RETRIEVING);
	else if (at < DEVICE_CLOSING && round_of(d)->asked)
		device_goto(d, DEVICE_CLOSING);
	else
		device_ends(d);
}

/* Nothing more comes of the round in these books. */
static void
round_is_over(struct device *d, struct ledger *l)
{
	if (ledger_ended(l))
		d->env->event_over(d->env->arg, &l->books, ledger_round(l));
}

static void
round_has_ended(void *arg)
{
	struct device *d = arg;
	int next = standing_next_event(&d->standing, round_of(d));

	round_is_over(d, d->ledger);
	if (is_earlier(d) || next == 0) {
		device_ends(d);
		return;
	}
	ledger_next_round(d->ledger, next);
	device_goto(d, DEVICE_REGISTERING);
}

static void
round_ends(struct device *d)
{
	if (!ledger_syncs_record(d->ledger, round_has_ended, d))
		round_has_ended(d);
}

/* The capture is off, or was never on: what is left of the round? */
static void
fetch_or_close(struct device *d)
{
	if (standing_wants_file(&d->standing, round_of(d), is_earlier(d)))
		device_goto(d, DEVICE_RETRIEVING);
	else
		device_goto(d, DEVICE_CLOSING);
}

static void
event_begins(struct device *d)
{
	work_wait_no_more(&d->work, d->state);
	ledger_fact(d->ledger, FACT_EVENT);
	device_goto(d, DEVICE_VERIFYING);
}

/* No more waiting and arming: stop what may be on, and end. */
static void
wind_down(struct device *d)
{
	work_wait_no_more(&d->work, d->state);
	d->leaving = switching_leave(&d->work.switching);
	if (d->leaving)
		return;
	/* Its answer would go on to the start. */
	if (d->state == DEVICE_REGISTERING)
		talk_cancel(&d->work.talk);
	if (may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else
		device_ends(d);
}

/* --- resolving, registering --- */

static void
on_reach(void *arg, const struct fail *why)
{
	struct device *d = arg;

	if (why->kind != FAIL_NONE) {
		device_fail(d, why);
		return;
	}
	d->env->resolved(d->env->arg, d);
	device_goto(d, first_state(d));
}

static void
look_up(struct device *d)
{
	if (reach_is_literal(&d->work.reach))
		on_reach(d, &d->standing.failure); /* none yet */
	else
		reach_look_up(&d->work.reach, d->ledger, on_reach, d);
}

static void
on_registered(struct device *d, const struct fail *why)
{
	if (why->kind != FAIL_NONE) {
		device_fail(d, why);
		return;
	}
	ledger_fact(d->ledger, FACT_REGISTERED);
	device_goto(d, DEVICE_STARTING);
}

/* --- arming, capturing, verifying --- */

/* The alarm came between start and confirmation: this is the event; VERIFY
 * follows once the CAPTURE is answered. */
static void
see_to_held(struct device *d)
{
	if (round_of(d)->held && !waiting_holds(&d->work.waiting))
		event_begins(d);
}

static void
on_waited(void *arg, enum waited what)
{
	struct device *d = arg;

	if (what == WAITED_EVENT)
		switching_settle(&d->work.switching);
	if (d->state != DEVICE_ARMING && d->state != DEVICE_CAPTURING)
		return; /* the confirmation of the start is the event */
	if (what == WAITED_EVENT)
		event_begins(d);
	else if (what == WAITED_CHECK)
		switching_check(&d->work.switching, d->ledger);
	else if (!talk_busy(&d->work.talk))
		talk_ask(&d->work.talk, d->ledger, REQUEST_CAPTURE);
}

/* Both sides have sent what they had to: stop the captures. */
static void
see_to_verified(void *arg)
{
	struct device *d = arg;

	if (round_of(d)->verified && round_of(d)->probed)
		device_goto(d, DEVICE_STOPPING);
}

/* --- stopping, retrieving, closing --- */

static void
on_switched(void *arg, enum switched how, const struct fail *why)
{
	struct device *d = arg;

	switch (how) {
	case SWITCHED_ON:
		d->standing.ever_on = true;
		waiting_timed(&d->work.waiting);
		device_goto(d, DEVICE_ARMING);
		return;
	case SWITCHED_OFF:
		earlier_is_off(&d->earlier, &d->own);
		fetch_or_close(d);
		return;
	case SWITCHED_AS_WAS:
		waiting_check_later(&d->work.waiting);
		return;
	case SWITCHED_BY_ITSELF:
		work_wait_no_more(&d->work, d->state);
		device_goto(d, DEVICE_STOPPING);
		return;
	case SWITCHED_LEFT:
	case SWITCHED_FAILED:
		if (d->leaving && (why == NULL || !fail_is_refusal(why)))
			wind_down(d);
		else
			device_fail(d, why);
		return;
	}
}

/* Without its file a triggered device has failed; one whose capture vanished
 * is armed again, for a restart takes the file with it. */
static void
on_fetched(void *arg, const struct fail *why)
{
	struct device *d = arg;
	bool answers = why->kind == FAIL_FINAL || why->kind == FAIL_TRANSIENT;

	if (why->kind == FAIL_NONE || (round_of(d)->vanished && answers))
		device_goto(d, DEVICE_CLOSING);
	else
		device_fail(d, why);
}

static void
close_round(struct device *d)
{
	if (!round_of(d)->asked) {
		round_ends(d);
		return;
	}
	ledger_name_file(d->ledger);
	if (!talk_busy(&d->work.talk))
		talk_ask(&d->work.talk, d->ledger, REQUEST_STOP);
}

/* --- recovering --- */

static void
on_earlier_registered(struct device *d, bool known)
{
	const struct talk *t = &d->work.talk;

	earlier_registered(
	    &d->earlier, talk_takes_stop(t, known), talk_untold(t));
	if (may_be_on(d))
		device_goto(d, DEVICE_STOPPING);
	else
		fetch_or_close(d);
}

/* Back to this run's books; the earlier run's hold what became of it. */
static void
earlier_ends(struct device *d)
{
	struct standing *s = &d->standing;
	bool lasting = earlier_is_lasting(&d->earlier, &s->failure);

	round_is_over(d, d->ledger);
	earlier_close(&d->earlier, &d->own, &s->failure, s->recover_only);
	d->ledger = &d->own;
	retry_reset(&d->work.reach.retry);
	standing_forgive(s, lasting);
	if (!standing_ends(s, earlier_has_more(&d->earlier))) {
		device_goto(d, first_state(d));
		return;
	}
	if (standing_is_well(s) && !s->interrupted && !s->recover_only)
		ending_never_captured(
		    &d->own, d->state, "finishing an earlier run", &s->failure);
	device_ends(d);
}

/* --- the agent --- */

/* What a request was for may be over when it is answered. */
static void
on_talk(void *arg, enum agent_request r, const struct fail *why)
{
	struct device *d = arg;

	if (r == REQUEST_REGISTER && d->state == DEVICE_RECOVERING)
		on_earlier_registered(d, why->kind == FAIL_NONE);
	else if (r == REQUEST_REGISTER)
		on_registered(d, why);
	else if (r == REQUEST_STOP)
		round_ends(d);
	else if (d->state == DEVICE_ARMING)
		device_goto(d, DEVICE_CAPTURING);
	else if (d->state == DEVICE_CAPTURING)
		waiting_renew_later(&d->work.waiting);
	else if (d->state == DEVICE_VERIFYING && r == REQUEST_CAPTURE)
		talk_ask(&d->work.talk, d->ledger, REQUEST_VERIFY);
	else if (d->state == DEVICE_VERIFYING)
		see_to_verified(d);
	else if (d->state == DEVICE_CLOSING)
		close_round(d);
}

/* --- the end --- */

static void
end(struct device *d)
{
	bool untold = round_of(d)->asked || earlier_untold(&d->earlier);

	round_is_over(d, &d->own);
	work_clear(&d->work);
	ending_write(&d->own, &d->standing, may_be_on(d),
	    untold ? talk_untold(&d->work.talk) : NULL);
}

/* --- from state to state --- */

static void
begin_work(struct device *d)
{
	if (d->state == DEVICE_RECOVERING)
		d->ledger = earlier_open(&d->earlier, &d->env->tools);
	work_begin(&d->work, d->ledger, d->state, &d->earlier);
	if (d->state == DEVICE_ARMING)
		see_to_held(d);
}

static void
enter(struct device *d)
{
	if (d->state == DEVICE_RESOLVING)
		look_up(d);
	else if (d->state == DEVICE_CLOSING)
		close_round(d);
	else if (has_ended(d))
		end(d);
	else
		begin_work(d);
}

/* The only place where a state is entered: one that is chosen while another is
 * entered comes behind it. */
static void
enter_states(struct device *d)
{
	enum device_state from;

	d->entering = true;
	while (d->next != DEVICE_STATES) {
		from = d->state;
		d->state = d->next;
		d->next = DEVICE_STATES;
		ledger_state(d->ledger, from, d->state);
		d->env->moved(d->env->arg, d, from);
		enter(d);
	}
	d->entering = false;
}

/* --- public --- */

struct device *
device_new(const struct device_env *env, const struct device_books *books,
    struct agent_link *link)
{
	static const struct work_events events = {
	    .switched = on_switched,
	    .talked = on_talk,
	    .waited = on_waited,
	    .probed = see_to_verified,
	    .fetched = on_fetched,
	};
	struct device *d = xcalloc(1, sizeof(*d));

	d->env = env;
	d->next = DEVICE_STATES;
	d->standing.conf = env->tools.conf;
	d->standing.recover_only = env->recover_only;
	ledger_open(&d->own, &env->tools, books);
	d->ledger = &d->own;
	earlier_init(&d->earlier);
	work_init(&d->work, &d->own, link, &events, d);
	return d;
}

void
device_free(struct device *d)
{
	if (d == NULL)
		return;
	work_clear(&d->work);
	free(d);
}

void
device_finish_first(struct device *d, struct earlier *e)
{
	STAILQ_INSERT_TAIL(&d->earlier.waiting, e, next);
}

void
device_start(struct device *d)
{
	if (first_state(d) == DEVICE_DONE) {
		device_goto(d, DEVICE_DONE);
		return;
	}
	d->entering = true;
	look_up(d);
	enter_states(d);
}

void
device_window_end(struct device *d)
{
	d->standing.window_over = true;
	switching_settle(&d->work.switching);
	/* What an earlier run left is no waiting: it goes on to its end. */
	if (d->state >= DEVICE_VERIFYING || is_earlier(d) ||
	    earlier_has_more(&d->earlier))
		return;
	/* An alarm that is held is an event, unless it clears. */
	if (waiting_holds(&d->work.waiting) || round_of(d)->held)
		return;
	if (!d->standing.ever_on)
		ending_never_captured(&d->own, d->state,
		    device_state_name(d->state), &d->standing.failure);
	wind_down(d);
}

void
device_interrupt(struct device *d)
{
	if (has_ended(d))
		return;
	d->standing.interrupted = true;
	switching_settle(&d->work.switching);
	if (d->state >= DEVICE_STOPPING || is_earlier(d)) {
		work_hurry(&d->work);
		return;
	}
	if (d->state < DEVICE_ARMING &&
	    !cli_start_in_flight(&d->work.switching.cli))
		work_cut_short(&d->work, "interrupted", d->state);
	probes_stop(&d->work.probes, "interrupted");
	wind_down(d);
}

void
device_abandon(struct device *d, const char *why)
{
	if (has_ended(d))
		return;
	ledger_log(d->ledger, LOGGING_WARNING, "device", "%s", why);
	switching_settle(&d->work.switching);
	work_abandon(&d->work, why, d->state);
	standing_abandon(&d->standing, why, device_state_name(d->state));
	earlier_give_up(&d->earlier);
	d->ledger = &d->own;
	device_ends(d);
}

void
device_alarm(struct device *d, const struct alarm *a)
{
	struct alarm_scene at = {.recovering = is_earlier(d)};
	enum waited what;

	switching_settle(&d->work.switching);
	at.state = d->state;
	at.round = round_of(d);
	what = waiting_alarm(&d->work.waiting, at, a);
	if (what == WAITED_EVENT)
		event_begins(d);
	else if (what == WAITED_CLEARED && d->standing.window_over)
		device_window_end(d);
}

void
device_trigger(struct device *d)
{
	switching_settle(&d->work.switching);
	if (d->state == DEVICE_ARMING || d->state == DEVICE_CAPTURING)
		waiting_trigger(
		    &d->work.waiting, "triggered by hand (SIGUSR2)");
}

enum device_state
device_state(const struct device *d)
{
	return d->state;
}

bool
device_is_unreachable(const struct device *d)
{
	return !has_ended(d) && d->work.reach.retry.unreachable_since != 0;
}

const struct device_entry *
device_conf(const struct device *d)
{
	return d->own.books.result->conf;
}

struct agent_link *
device_link(const struct device *d)
{
	return d->work.talk.link;
}

const struct addr *
device_addrs(const struct device *d, size_t *n)
{
	*n = d->work.reach.n_addrs;
	return d->work.reach.addrs;
}
