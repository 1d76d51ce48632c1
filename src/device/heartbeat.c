/* heartbeat.c - see heartbeat.h.  Its owner decides what silence means.
 */
#include "device/heartbeat.h"

#include <string.h>

static const struct tools *
tools(const struct heartbeat *h)
{
	return h->ledger->tools;
}

static void
wait_for_next(struct heartbeat *h)
{
	timer_set(&h->next, h->due - loop_now(tools(h)->lp));
}

/* --- a beat's end --- */

static bool
was_sent(const struct verify_result *r)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (r->kind[k].sent > 0)
			return true;
	return false;
}

static bool
was_answered(const struct verify_result *r)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (r->kind[k].answered > 0)
			return true;
	return false;
}

static void
on_beat(void *arg, const struct verify_result *r)
{
	struct heartbeat *h = arg;
	const struct agent_entry *agent = ledger_result(h->ledger)->conf->agent;
	bool alone = true;

	h->verify = NULL;
	gate_leave(&h->ticket);
	/* This host could send none: that says nothing of the device. */
	if (!was_sent(r))
		return;
	beats_keep(&h->kept, r);
	if (was_answered(r)) {
		h->silent = 0;
		pulse_heard(tools(h)->pulse, &h->mark, agent);
	} else {
		h->silent++;
		alone = pulse_silent(tools(h)->pulse, &h->mark, agent);
	}
	h->done(h->arg, h->silent, alone);
}

/* --- sending --- */

/* An event's own probes go before: without a place the beat is left out. */
static void
on_due(void *arg)
{
	struct heartbeat *h = arg;
	const struct tools *t = tools(h);
	struct verify_plan plan = verify_plan_beat(&t->plan, h->number);

	h->due = pulse_next(t->pulse, h->due);
	wait_for_next(h);
	if (h->verify != NULL || !gate_try(t->verify_gate, &h->ticket))
		return;
	h->number++;
	h->verify = verify_start(t->verifier, &h->to, &plan, on_beat, h);
}

void
heartbeat_init(
    struct heartbeat *h, struct ledger *own, heartbeat_done *done, void *arg)
{
	memset(h, 0, sizeof(*h));
	h->ledger = own;
	h->done = done;
	h->arg = arg;
	timer_init(&h->next, own->tools->lp, on_due, h);
}

void
heartbeat_start(struct heartbeat *h, const struct addr *to)
{
	struct pulse *p = tools(h)->pulse;

	heartbeat_stop(h);
	if (p == NULL)
		return;
	h->to = *to;
	h->silent = 0;
	beats_forget(&h->kept);
	h->due = pulse_first(p);
	wait_for_next(h);
}

void
heartbeat_stop(struct heartbeat *h)
{
	timer_clear(&h->next);
	verify_cancel(h->verify);
	h->verify = NULL;
	gate_leave(&h->ticket);
	if (h->mark.counted)
		pulse_leave(tools(h)->pulse, &h->mark);
}

void
heartbeat_clear(struct heartbeat *h)
{
	heartbeat_stop(h);
	beats_free(&h->kept);
}
