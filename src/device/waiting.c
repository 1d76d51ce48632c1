/* waiting.c - a device waits for its event.
 */
#include "device/waiting.h"

#include <stdlib.h>

#include "base/xmem.h"

/* A refused or silent agent of ours is asked for its CAPTURE again after this
 * long. */
#define REASK_MS (5 * 60 * 1000)
/* One that captures is told so often that it is still wanted: it ends captures
 * that nobody renews (agent.max_capture). */
#define RENEW_MS (60 * 60 * 1000)

static void
on_hold(void *arg)
{
	struct waiting *w = arg;

	w->done(w->arg, WAITED_EVENT);
}

void
waiting_trigger(struct waiting *w, const char *why)
{
	ledger_note(w->ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, why);
	w->done(w->arg, WAITED_EVENT);
}

static void
on_timed(void *arg)
{
	waiting_trigger(arg, "capture_for is over: the event begins");
}

static void
on_check(void *arg)
{
	struct waiting *w = arg;

	w->done(w->arg, WAITED_CHECK);
}

static void
on_renew(void *arg)
{
	struct waiting *w = arg;

	w->done(w->arg, WAITED_RENEW);
}

/* --- beats --- */

static void
beats_are_no_event(struct waiting *w, const char *why)
{
	if (!w->held_by_beats)
		return;
	w->held_by_beats = false;
	timer_clear(&w->hold);
	ledger_fact(w->ledger, FACT_CLEARED);
	ledger_note(w->ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, why);
}

static void
beats_are_lost(struct waiting *w, int silent)
{
	char *text = xasprintf("heartbeat lost, %d in a row were silent: %s",
	    silent,
	    w->conf->trigger.hold_down > 0 ? "held down" : "the event begins");

	if (w->conf->trigger.hold_down > 0) {
		w->held_by_beats = true;
		ledger_fact(w->ledger, FACT_LOST);
		ledger_note(
		    w->ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, text);
		timer_set(&w->hold, w->conf->trigger.hold_down);
	} else {
		waiting_trigger(w, text);
	}
	free(text);
}

static void
on_beat(void *arg, int silent, bool alone)
{
	struct waiting *w = arg;
	int limit = w->conf->trigger.heartbeat_lost;

	if (silent == 0)
		beats_are_no_event(w, "heartbeat heard again: no event");
	else if (!alone)
		beats_are_no_event(w, "others are silent as well: no event");
	else if (limit > 0 && silent >= limit && !waiting_holds(w))
		beats_are_lost(w, silent);
}

void
waiting_beats(struct waiting *w, const struct addr *to)
{
	heartbeat_start(&w->heartbeat, to);
}

void
waiting_init(
    struct waiting *w, struct ledger *own, waiting_done *done, void *arg)
{
	struct loop *lp = own->tools->lp;

	w->conf = own->tools->conf;
	w->ledger = own;
	w->done = done;
	w->arg = arg;
	timer_init(&w->hold, lp, on_hold, w);
	timer_init(&w->timed, lp, on_timed, w);
	timer_init(&w->check, lp, on_check, w);
	timer_init(&w->renew, lp, on_renew, w);
	heartbeat_init(&w->heartbeat, own, on_beat, w);
}

/* --- alarms --- */

static void
hold(struct waiting *w)
{
	ledger_fact(w->ledger, FACT_LOST);
	if (w->conf->trigger.hold_down > 0)
		timer_set(&w->hold, w->conf->trigger.hold_down);
}

static enum waited
act_on(struct waiting *w, enum alarm_meaning m)
{
	switch (m) {
	case MEANS_EVENT:
		return WAITED_EVENT;
	case MEANS_LOST_HOLD:
		hold(w);
		return WAITED_NOTHING;
	case MEANS_LOST_STARTED:
		if (!ledger_round(w->ledger)->held)
			hold(w);
		ledger_fact(w->ledger, FACT_HELD);
		return WAITED_NOTHING;
	case MEANS_CLEARED:
		timer_clear(&w->hold);
		w->held_by_beats = false;
		ledger_fact(w->ledger, FACT_CLEARED);
		return WAITED_CLEARED;
	case MEANS_LOST_HELD:
		w->held_by_beats = false; /* only a clear cancels it now */
		return WAITED_NOTHING;
	case MEANS_LOST_EARLY:
	case MEANS_LOST_AGAIN:
	case MEANS_LOST_OFF:
	case MEANS_LOST_LATE:
	case MEANS_NEAR:
	case MEANS_NOTHING:
	case MEANS_OTHER:
		return WAITED_NOTHING;
	case MEANS_COUNT:
		break;
	}
	abort();
}

enum waited
waiting_alarm(struct waiting *w, struct alarm_scene at, const struct alarm *a)
{
	struct device_result *r = ledger_result(w->ledger);
	enum alarm_meaning m;

	if (alarms_repeated(&w->alarms, a, loop_now(w->ledger->tools->lp))) {
		ledger_log(
		    w->ledger, LOGGING_DEBUG, "alarm", "again: %s", a->text);
		return WAITED_NOTHING;
	}
	free(r->last_event);
	r->last_event = xstrdup(a->text);
	at.holding = waiting_holds(w);
	m = alarm_meaning(&at, &w->conf->trigger, a);
	alarms_row(&w->alarms, w->ledger, a, m);
	return act_on(w, m);
}

/* --- the times --- */

void
waiting_timed(struct waiting *w)
{
	if (w->conf->campaign.capture_for > 0)
		timer_set(&w->timed, w->conf->campaign.capture_for);
}

void
waiting_check_later(struct waiting *w)
{
	if (w->conf->campaign.recheck > 0)
		timer_set(&w->check, w->conf->campaign.recheck);
}

void
waiting_renew_later(struct waiting *w)
{
	timer_set(
	    &w->renew, ledger_round(w->ledger)->agent_on ? RENEW_MS : REASK_MS);
}

bool
waiting_holds(const struct waiting *w)
{
	return timer_is_set(&w->hold);
}

void
waiting_stop(struct waiting *w)
{
	timer_clear(&w->hold);
	timer_clear(&w->timed);
	timer_clear(&w->check);
	timer_clear(&w->renew);
	heartbeat_stop(&w->heartbeat);
	w->held_by_beats = false;
}

void
waiting_clear(struct waiting *w)
{
	waiting_stop(w);
	heartbeat_clear(&w->heartbeat);
}
