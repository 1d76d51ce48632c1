/* talk.c - REGISTER, CAPTURE, VERIFY and STOP of one device.
 *
 * A missing server side is never the end of a device, but for the first
 * REGISTER: without an agent nobody forwards its alarms.  A 404 (the agent was
 * restarted) is answered by a REGISTER and the same request again, once.
 */
#include "device/device_private.h"

#include <stdlib.h>

#include "base/xmem.h"

/* A refused or silent agent of ours is asked for its CAPTURE again after this
 * long. */
#define REASK_MS (5 * 60 * 1000)
/* One that captures is told so often that it is still wanted: it ends captures
 * that nobody renews (agent.max_capture). */
#define RENEW_MS (60 * 60 * 1000)

static void ask(struct device *d, enum agent_request r);

/* --- how an answer reads --- */

/* Where the reader has to look on. */
static const char *
answer_hint(const struct device *d, const struct ask_end *e)
{
	bool snmp = d->env->conf->verify.snmp;

	if (e->code == AGENT_UNAVAILABLE)
		return ": the agent's log says why";
	if (e->code != AGENT_FLOW_FAILED)
		return e->why;
	return snmp && !agent_link_is_ours(d->link)
		   ? ": an agent of version 1.0.6 sends SNMP requests with "
		     "keys of its own, which fail"
		   : ": not all of its probes were answered, the agent's log "
		     "says which";
}

static char *
end_text(const struct device *d, const struct ask_end *e, enum agent_request r)
{
	switch (e->outcome) {
	case ASK_ANSWERED:
		return xasprintf("%d %s%s", e->code, agent_code_reason(e->code),
		    answer_hint(d, e));
	case ASK_SILENT:
		return xasprintf("no answer to %s from the agent: is it "
				 "running, and does its `allow` name this "
				 "host?%s",
		    agent_request_name(r), e->why);
	case ASK_UNCONFIRMED:
		return xasprintf("%s unconfirmed: the agent is at work on it, "
				 "but did not say how it ended",
		    agent_request_name(r));
	case ASK_NO_ADDRESS:
		return xasprintf("the agent has no address: %s", e->why);
	}
	abort();
}

static bool
answered(const struct ask_end *e, int code)
{
	return e->outcome == ASK_ANSWERED && e->code == code;
}

static void
agent_row(struct device *d, enum task task, enum agent_request r,
    const struct ask_end *e, bool failed_severely)
{
	bool ok = answered(e, AGENT_OK);
	char *text = end_text(d, e, r);
	struct row *row = device_row_since(d, &d->ask_began, task,
	    ok ? TASK_SUCCESS : TASK_FAILURE,
	    ok                ? SEVERITY_NORMAL
	    : failed_severely ? SEVERITY_MAJOR
			      : SEVERITY_MINOR,
	    text);

	row->code = e->code;
	if (r != REQUEST_REGISTER)
		row->attempt = 1;
	free(text);
}

/* --- REGISTER --- */

static void
register_failed(struct device *d, const struct ask_end *e, bool last)
{
	struct fail again = {.kind = FAIL_TRANSIENT};
	struct fail f;
	int64_t pause;

	if (last) {
		char *text = end_text(d, e, REQUEST_REGISTER);

		fail_set(&f, FAIL_FINAL, "registration: aborted (%s)", text);
		free(text);
		d->result->registration = REGISTRATION_ABORTED;
		device_fail(d, &f);
		return;
	}
	pause = device_retry_after(d, &again);
	d->retry.tries++;
	timer_set(&d->pause,
	    pause == RETRY_NEVER ? d->env->conf->timeouts.retry_pause : pause);
}

static void
registered(struct device *d, const struct ask_end *e)
{
	int most = d->env->conf->campaign.register_attempts;
	bool last = d->retry.tries + 1 >= most;

	d->result->register_attempts++;
	agent_row(d, TASK_REGISTER, REQUEST_REGISTER, e, last);
	if (d->state == DEVICE_RECOVERING && (last || answered(e, AGENT_OK))) {
		device_recover_registered(d, answered(e, AGENT_OK));
		return;
	}
	if (!answered(e, AGENT_OK)) {
		register_failed(d, e, last);
		return;
	}
	d->result->registration = REGISTRATION_ACTIVE;
	retry_reset(&d->retry);
	device_fact(d, FACT_REGISTERED);
	device_goto(d, DEVICE_STARTING);
}

void
device_registering(struct device *d)
{
	ask(d, REQUEST_REGISTER);
}

/* --- CAPTURE --- */

static void
capture_ended(struct device *d, const struct ask_end *e)
{
	bool on = answered(e, AGENT_OK) || e->outcome == ASK_UNCONFIRMED;

	/* A renewal that changes nothing is no row. */
	if (!on || !d->round->agent_on)
		agent_row(d, TASK_OVOC_CAPTURE, REQUEST_CAPTURE, e, false);
	device_fact(d, on ? FACT_AGENT_ON : FACT_AGENT_OFF);
	if (d->state == DEVICE_ARMING)
		device_goto(d, DEVICE_CAPTURING);
	else if (d->state == DEVICE_CAPTURING)
		device_ask_capture_later(d);
	else if (d->state == DEVICE_VERIFYING)
		device_ask_verify(d);
	else if (d->state == DEVICE_CLOSING)
		device_closing(d);
}

static void
ask_capture(struct device *d)
{
	device_fact(d, FACT_ASKED);
	ask(d, REQUEST_CAPTURE);
}

void
device_arming(struct device *d)
{
	ask_capture(d);
	/* The alarm came between start and confirmation: this is the event;
	 * VERIFY follows once the CAPTURE is answered. */
	if (d->round->held && !timer_is_set(&d->hold))
		device_event_begins(d);
}

void
device_on_reask(void *arg)
{
	struct device *d = arg;

	if (d->state == DEVICE_CAPTURING && !ask_busy(&d->ask))
		ask_capture(d);
}

void
device_ask_capture_later(struct device *d)
{
	if (agent_link_is_ours(d->link))
		timer_set(&d->reask, d->round->agent_on ? RENEW_MS : REASK_MS);
}

/* --- VERIFY --- */

void
device_ask_verify(struct device *d)
{
	if (!ask_busy(&d->ask))
		ask(d, REQUEST_VERIFY);
}

static void
verify_ended(struct device *d, const struct ask_end *e)
{
	agent_row(d, TASK_OVOC_VERIFY, REQUEST_VERIFY, e, false);
	device_fact(d, FACT_VERIFIED);
	if (d->state == DEVICE_VERIFYING)
		device_verified(d);
	else if (d->state == DEVICE_CLOSING)
		device_closing(d);
}

/* --- STOP --- */

static void
stop_ended(struct device *d, const struct ask_end *e)
{
	agent_row(d, TASK_OVOC_STOP, REQUEST_STOP, e, false);
	if (e->outcome == ASK_ANSWERED)
		device_fact(d, FACT_AGENT_OFF);
	device_fact(d, FACT_CLOSED);
	device_round_ends(d);
}

void
device_closing(struct device *d)
{
	if (!d->round->asked) {
		device_round_ends(d);
		return;
	}
	device_name_file(d);
	if (!ask_busy(&d->ask))
		ask(d, REQUEST_STOP);
}

/* --- every request --- */

static void
finish(struct device *d, enum agent_request r, const struct ask_end *e)
{
	switch (r) {
	case REQUEST_REGISTER:
		registered(d, e);
		return;
	case REQUEST_CAPTURE:
		capture_ended(d, e);
		return;
	case REQUEST_VERIFY:
		verify_ended(d, e);
		return;
	case REQUEST_STOP:
		stop_ended(d, e);
		return;
	case REQUEST_NONE:
		break;
	}
	abort();
}

static enum task
task_of(enum agent_request r)
{
	switch (r) {
	case REQUEST_REGISTER:
		return TASK_REGISTER;
	case REQUEST_CAPTURE:
		return TASK_OVOC_CAPTURE;
	case REQUEST_VERIFY:
		return TASK_OVOC_VERIFY;
	case REQUEST_STOP:
		return TASK_OVOC_STOP;
	case REQUEST_NONE:
		break;
	}
	abort();
}

void
device_ask_cut_short(struct device *d, const char *text)
{
	enum agent_request r = d->ask.message.request;

	if (!ask_busy(&d->ask))
		return;
	device_row_since(
	    d, &d->ask_began, task_of(r), TASK_SKIPPED, SEVERITY_MINOR, text)
	    ->attempt = 1;
	/* What became of it is told, as far as it can be. */
	if (r == REQUEST_STOP)
		device_fact(d, FACT_UNTOLD);
}

/* The agent does not know the device: it was restarted.  Register, then ask the
 * same again; a second 404 counts. */
static void
register_first(struct device *d, enum agent_request r, const struct ask_end *e)
{
	agent_row(d, task_of(r), r, e, false);
	d->after_register = r;
	ask(d, REQUEST_REGISTER);
}

static void
registered_again(struct device *d, const struct ask_end *e)
{
	enum agent_request r = d->after_register;
	struct ask_end end;

	d->after_register = REQUEST_NONE;
	d->result->register_attempts++;
	agent_row(d, TASK_REGISTER, REQUEST_REGISTER, e, false);
	if (answered(e, AGENT_OK)) {
		d->registered_again = true;
		ask(d, r);
		return;
	}
	/* Whatever became of the REGISTER, the request itself was not sent. */
	end = *e;
	if (end.outcome == ASK_UNCONFIRMED)
		end.outcome = ASK_SILENT;
	finish(d, r, &end);
}

static void
on_end(void *arg, const struct ask_end *e)
{
	struct device *d = arg;
	enum agent_request r = d->ask.message.request;
	bool again = d->registered_again;

	d->registered_again = false;
	d->result->awaiting_response = false;
	free(d->result->last_response);
	d->result->last_response =
	    e->outcome == ASK_ANSWERED
		? xasprintf("%d %s", e->code, agent_code_reason(e->code))
		: NULL;
	if (d->after_register != REQUEST_NONE)
		registered_again(d, e);
	else if (answered(e, AGENT_NOT_FOUND) && !again &&
		 r != REQUEST_REGISTER)
		register_first(d, r, e);
	else
		finish(d, r, e);
}

static void
ask(struct device *d, enum agent_request r)
{
	d->ask_began = device_now(d);
	d->result->awaiting_response = true;
	d->result->last_request = agent_request_name(r);
	free(d->result->last_response);
	d->result->last_response = NULL;
	agent_link_ask(d->link, &d->ask, r, d->conf->told,
	    r == REQUEST_STOP ? d->round->file : NULL, on_end, d);
}
