/* talk.c - REGISTER, CAPTURE, VERIFY and STOP of one device.
 */
#include "device/talk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "device/told.h"

static const enum task tasks[] = {
    [REQUEST_REGISTER] = TASK_REGISTER,
    [REQUEST_CAPTURE] = TASK_OVOC_CAPTURE,
    [REQUEST_VERIFY] = TASK_OVOC_VERIFY,
    [REQUEST_STOP] = TASK_OVOC_STOP,
};

/* Of REGISTER for an earlier run. */
#define HASTY_ATTEMPTS 2

static void ask(struct talk *t, enum agent_request r);

/* --- how an answer reads --- */

/* Did a probe of our own fail, in this event? */
static bool
own_probe_failed(struct talk *t)
{
	int event = ledger_round(t->ledger)->event;

	for (int k = 0; k < VERIFY_KINDS; k++) {
		const struct row *row = result_last(ledger_result(t->ledger),
		    task_of_probe((enum verify_kind)k), event);

		if (row != NULL && row->status == TASK_FAILURE)
			return true;
	}
	return false;
}

/* May it be that an agent of 1.0.6 has other SNMP keys than the device? */
static bool
has_other_keys(const struct talk *t)
{
	const struct campaign_conf *conf = t->tools->conf;
	const struct snmp_section *s = &conf->snmp;

	return agent_link_is_old(t->link) &&
	       (!conf->verify.on[VERIFY_SNMP] ||
		   strcmp(s->user, OLD_SNMP_USER) != 0 ||
		   strcmp(s->auth_password, OLD_SNMP_KEY) != 0 ||
		   strcmp(s->priv_password, OLD_SNMP_KEY) != 0);
}

/* What the agent said beside its code, else where the reader has to look on. */
static const char *
answer_hint(struct talk *t, const struct ask_end *e, const struct told *told)
{
	if (told->text[0] != '\0')
		return told->text;
	if (e->code == AGENT_UNAVAILABLE)
		return ": the agent's log says why";
	if (e->code != AGENT_FLOW_FAILED)
		return e->why;
	return has_other_keys(t) && !own_probe_failed(t)
		   ? ": not all of its probes were answered; those by SNMP may "
		     "have failed for their keys, which version 1.0.6 has in "
		     "its source, see section snmp"
		   : ": not all of its probes were answered, the agent's log "
		     "says which";
}

/* An agent of 1.0.6 has no `allow`, and one that has answered names us. */
static char *
silence_text(const struct talk *t, const struct ask_end *e, const char *request)
{
	int64_t last = agent_link_counts(t->link)->answered;
	const char *hint =
	    "is it running, and does its `allow` name this host?";
	char when[CLOCK_TEXT_MAX];

	if (agent_link_is_old(t->link))
		hint = "it is of version 1.0.6: is it running?  When it ends, "
		       "its tcpdump may go on, and its tmp_device_ files stay";
	else if (last != 0)
		return xasprintf("no answer to %s from the agent: it answered "
				 "until %s%s%s",
		    request, clock_rfc3339(last, when),
		    e->why[0] != '\0' ? "." : "", e->why);
	return xasprintf(
	    "no answer to %s from the agent: %s%s", request, hint, e->why);
}

static char *
end_text(struct talk *t, const struct ask_end *e, enum agent_request r,
    const struct told *told)
{
	switch (e->outcome) {
	case ASK_ANSWERED:
		return xasprintf("%d %s%s", e->code, agent_code_reason(e->code),
		    answer_hint(t, e, told));
	case ASK_SILENT:
		return silence_text(t, e, agent_request_name(r));
	case ASK_UNCONFIRMED:
		return xasprintf("%s unconfirmed: the agent is at work on it, "
				 "but did not say how it ended",
		    agent_request_name(r));
	case ASK_LOST:
		return xasprintf("%s unconfirmed: the agent is there, but this "
				 "or its answer was lost on the way",
		    agent_request_name(r));
	case ASK_NO_ADDRESS:
		return xasprintf("the agent has no address: %s", e->why);
	case ASK_UNREGISTERED:
		return xasprintf("%s was not sent: the agent answered %d %s to "
				 "the REGISTER that goes before it",
		    agent_request_name(r), e->code, agent_code_reason(e->code));
	case ASK_WITHHELD:
		return xasprintf(
		    "%s was not sent: %s", agent_request_name(r), e->why);
	}
	abort();
}

/* What it said beside its code, without what only we and it may know. */
static struct told
told_by(struct talk *t, const struct ask_end *e)
{
	const struct snmp_section *snmp = &t->tools->conf->snmp;
	const char *secrets[] = {ledger_result(t->ledger)->conf->password,
	    snmp->auth_password, snmp->priv_password, NULL};

	return told_of(e->info, secrets, ledger_round(t->ledger)->answered);
}

static bool
answered(const struct ask_end *e, int code)
{
	return e->outcome == ASK_ANSWERED && e->code == code;
}

/* Had the server's capture ended before it was to be stopped?  A reason beside
 * the 200 OK says so. */
static bool
ended_before(enum agent_request r, const struct ask_end *e)
{
	bool of_capture = r == REQUEST_VERIFY || r == REQUEST_STOP;

	return of_capture && answered(e, AGENT_OK) && e->info != NULL &&
	       e->info->reason[0] != '\0';
}

static char *
note_of(const char *reason, const char *lost)
{
	bool both = reason[0] != '\0' && lost[0] != '\0';

	return xasprintf("%s%s%s", reason, both ? "; " : "", lost);
}

/* For the log: does the agent answer at all? */
static enum fail_kind
kind_of(const struct ask_end *e)
{
	switch (e->outcome) {
	case ASK_SILENT:
	case ASK_NO_ADDRESS:
		return FAIL_UNREACHABLE;
	case ASK_UNCONFIRMED:
	case ASK_LOST:
		return FAIL_UNCLEAR;
	case ASK_ANSWERED:
	case ASK_UNREGISTERED:
	case ASK_WITHHELD:
		return FAIL_TRANSIENT;
	}
	abort();
}

static void
agent_row(struct talk *t, enum agent_request r, const struct ask_end *e,
    enum severity failed)
{
	bool ok = answered(e, AGENT_OK);
	struct told told = told_by(t, e);
	bool cut = ended_before(r, e);
	char *text = end_text(t, e, r, &told);
	enum severity fine =
	    cut || told.note[0] != '\0' ? SEVERITY_MINOR : SEVERITY_NORMAL;
	enum task_status failure =
	    e->outcome == ASK_WITHHELD ? TASK_SKIPPED : TASK_FAILURE;
	struct row *row;

	t->begun.task = tasks[r];
	t->begun.failed = kind_of(e);
	row = ledger_row(t->ledger, &t->begun, ok ? TASK_SUCCESS : failure,
	    ok ? fine : failed, text);
	row->code = e->code;
	if (cut || told.note[0] != '\0') {
		free(row->note); /* of the row that it repeats */
		row->note = note_of(cut ? told.reason : "", told.note);
	}
	free(text);
}

/* --- the end of each request --- */

static void
finish(struct talk *t, enum agent_request r, const struct fail *why)
{
	const struct fail none = {.kind = FAIL_NONE};

	t->done(t->arg, r, why != NULL ? why : &none);
}

/* Has it been tried for long enough?  An agent that is at work on it is there:
 * its first attempt may take longer than one that is not would be given. */
static bool
register_time_is_over(const struct talk *t, const struct ask_end *e)
{
	int64_t passed = loop_now(t->tools->lp) - t->register_since;
	int64_t limit = t->tools->conf->timeouts.unreachable_limit;

	if (e->outcome == ASK_UNCONFIRMED && t->tries == 0 && limit > 0)
		return false;
	return passed >= limit;
}

/* Was this the last attempt?  An agent that is silent must not keep what an
 * earlier run left from being stopped. */
static bool
register_was_last(const struct talk *t, const struct ask_end *e)
{
	int most = t->tools->conf->campaign.register_attempts;

	if (t->hasty && (most == 0 || most > HASTY_ATTEMPTS))
		most = HASTY_ATTEMPTS;
	return register_time_is_over(t, e) ||
	       (most > 0 && t->tries + 1 >= most);
}

static void
register_ended(struct talk *t, const struct ask_end *e)
{
	const struct campaign_conf *conf = t->tools->conf;
	struct device_result *result = ledger_result(t->ledger);
	bool last = register_was_last(t, e);
	struct told told;
	struct fail f;
	char *text;

	result->register_attempts++;
	agent_row(
	    t, REQUEST_REGISTER, e, last ? SEVERITY_MAJOR : SEVERITY_MINOR);
	if (answered(e, AGENT_OK)) {
		result->registration = REGISTRATION_ACTIVE;
		finish(t, REQUEST_REGISTER, NULL);
	} else if (last) {
		result->registration = REGISTRATION_ABORTED;
		told = told_by(t, e);
		text = end_text(t, e, REQUEST_REGISTER, &told);
		fail_set(&f, FAIL_FINAL, "registration: aborted (%s)", text);
		free(text);
		finish(t, REQUEST_REGISTER, &f);
	} else {
		t->tries++;
		timer_set(&t->pause, t->hasty ? conf->timeouts.retry_pause
					      : conf->timeouts.register_pause);
	}
}

static void
capture_ended(struct talk *t, const struct ask_end *e)
{
	bool on = answered(e, AGENT_OK);

	/* A renewal that changes nothing is no row. */
	if (!on || !ledger_round(t->ledger)->agent_on)
		agent_row(t, REQUEST_CAPTURE, e, SEVERITY_MINOR);
	ledger_fact(t->ledger, on ? FACT_AGENT_ON : FACT_AGENT_OFF);
}

static void
verify_ended(struct talk *t, const struct ask_end *e)
{
	agent_row(t, REQUEST_VERIFY, e, SEVERITY_MINOR);
	if (answered(e, AGENT_OK) || answered(e, AGENT_FLOW_FAILED))
		ledger_fact(t->ledger, FACT_ANSWERED);
	if (ended_before(REQUEST_VERIFY, e))
		ledger_fact(t->ledger, FACT_CUT);
	ledger_fact(t->ledger, FACT_VERIFIED);
}

static void
stop_ended(struct talk *t, const struct ask_end *e)
{
	agent_row(t, REQUEST_STOP, e, SEVERITY_MINOR);
	if (e->outcome == ASK_ANSWERED)
		ledger_fact(t->ledger, FACT_AGENT_OFF);
	if (answered(e, AGENT_OK))
		ledger_fact(t->ledger, FACT_KEPT);
	if (ended_before(REQUEST_STOP, e))
		ledger_fact(t->ledger, FACT_CUT);
	ledger_fact(t->ledger, FACT_CLOSED);
}

static void
ended(struct talk *t, enum agent_request r, const struct ask_end *e)
{
	switch (r) {
	case REQUEST_REGISTER:
		register_ended(t, e);
		return;
	case REQUEST_CAPTURE:
		capture_ended(t, e);
		break;
	case REQUEST_VERIFY:
		verify_ended(t, e);
		break;
	case REQUEST_STOP:
		stop_ended(t, e);
		break;
	case REQUEST_NONE:
		abort();
	}
	finish(t, r, NULL);
}

/* --- asking --- */

/* The agent does not know the device: it was restarted.  Register, then ask the
 * same again; a second 404 counts. */
static void
register_first(struct talk *t, enum agent_request r, const struct ask_end *e)
{
	agent_row(t, r, e, SEVERITY_MINOR);
	t->after_register = r;
	ask(t, REQUEST_REGISTER);
}

static void
registered_again(struct talk *t, const struct ask_end *e)
{
	enum agent_request r = t->after_register;
	struct ask_end end;

	t->after_register = REQUEST_NONE;
	ledger_result(t->ledger)->register_attempts++;
	agent_row(t, REQUEST_REGISTER, e, SEVERITY_MINOR);
	if (answered(e, AGENT_OK)) {
		t->registered_again = true;
		ask(t, r);
		return;
	}
	/* Whatever became of the REGISTER, the request itself was not sent. */
	end = *e;
	if (end.outcome == ASK_UNCONFIRMED)
		end.outcome = ASK_SILENT;
	ended(t, r, &end);
}

/* An agent of 1.0.6 that was restarted has no capture to be stopped. */
static bool
registering_helps(const struct talk *t, enum agent_request r)
{
	return r != REQUEST_REGISTER &&
	       (r != REQUEST_STOP || agent_link_is_ours(t->link));
}

static void
on_end(void *arg, const struct ask_end *e)
{
	struct talk *t = arg;
	struct device_result *result = ledger_result(t->ledger);
	enum agent_request r = t->ask.message.request;
	bool again = t->registered_again;

	t->registered_again = false;
	result->awaiting_response = false;
	free(result->last_response);
	result->last_response =
	    e->outcome == ASK_ANSWERED
		? xasprintf("%d %s", e->code, agent_code_reason(e->code))
		: NULL;
	if (t->after_register != REQUEST_NONE)
		registered_again(t, e);
	else if (answered(e, AGENT_NOT_FOUND) && !again &&
		 registering_helps(t, r))
		register_first(t, r, e);
	else
		ended(t, r, e);
}

static void
ask(struct talk *t, enum agent_request r)
{
	struct device_result *result = ledger_result(t->ledger);

	t->begun = ledger_begin(
	    t->ledger, tasks[r], r == REQUEST_REGISTER ? t->tries + 1 : 1);
	result->awaiting_response = true;
	result->last_request = agent_request_name(r);
	free(result->last_response);
	result->last_response = NULL;
	agent_link_ask(t->link, &t->ask, r, t->told,
	    r == REQUEST_STOP ? ledger_round(t->ledger)->file : NULL, on_end,
	    t);
}

static void
on_pause(void *arg)
{
	ask(arg, REQUEST_REGISTER);
}

/* --- public --- */

void
talk_init(struct talk *t, const struct tools *tools, struct agent_link *link,
    const char *told, talk_done *done, void *arg)
{
	t->tools = tools;
	t->link = link;
	t->told = told;
	t->done = done;
	t->arg = arg;
	timer_init(&t->pause, tools->lp, on_pause, t);
}

void
talk_ask(struct talk *t, struct ledger *l, enum agent_request r)
{
	assert(!talk_busy(t));
	t->ledger = l;
	t->tries = 0;
	t->register_since = loop_now(t->tools->lp);
	t->hasty = false;
	if (r == REQUEST_CAPTURE)
		ledger_fact(l, FACT_ASKED);
	ask(t, r);
}

void
talk_register_hastily(struct talk *t, struct ledger *l)
{
	talk_ask(t, l, REQUEST_REGISTER);
	t->hasty = true;
}

bool
talk_busy(const struct talk *t)
{
	return ask_busy(&t->ask);
}

void
talk_cancel(struct talk *t)
{
	ask_cancel(&t->ask);
	timer_clear(&t->pause);
	t->after_register = REQUEST_NONE;
	t->registered_again = false;
}

bool
talk_takes_stop(const struct talk *t, bool known)
{
	/* Ours may be capturing, though it cannot see to its rules. */
	return agent_link_takes_stop(t->link, t->told) &&
	       (known || agent_link_is_ours(t->link));
}

const char *
talk_untold(const struct talk *t)
{
	return agent_link_is_old(t->link)
		   ? "the agent was not told: version 1.0.6 captures until the "
		     "next CAPTURE of this device, and its tcpdump may go on "
		     "when it ends: look for it on the server"
		   : "the agent was not told: it captures until "
		     "agent.max_capture";
}

void
talk_hurry(struct talk *t)
{
	timer_hurry(&t->pause);
}

void
talk_cut_short(struct talk *t, const char *text)
{
	enum agent_request r = t->ask.message.request;

	if (talk_busy(t)) {
		t->begun.task = tasks[r];
		ledger_row(
		    t->ledger, &t->begun, TASK_SKIPPED, SEVERITY_MINOR, text);
		/* What became of it is told, as far as it can be. */
		if (r == REQUEST_STOP)
			ledger_fact(t->ledger, FACT_UNTOLD);
	} else if (timer_is_set(&t->pause)) {
		ledger_skip(t->ledger, TASK_REGISTER, t->tries + 1, text);
	}
}
