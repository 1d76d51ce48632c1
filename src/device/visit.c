/* visit.c - see visit.h.
 *
 * REST comes first: what it refuses, or a certificate that is not the right
 * one, keeps the password from SSH.  Three failures lock an address out.
 */
#include "device/visit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/xmem.h"

/* Clocks that are as far apart are told of: a capture's times are shifted by as
 * much. */
#define CLOCKS_APART_MS 60000

static void
fails(struct visit *v, const char *text)
{
	v->failed = true;
	result_describe(ledger_result(&v->ledger), text);
}

static void
fails_for(struct visit *v, const struct fail *why)
{
	fails(v, why->text);
	if (why->kind == FAIL_LOCAL)
		v->local = *why;
}

/* --- its end --- */

static void
add_clock(struct strbuf *to, const char *whose, int64_t ahead)
{
	char text[CLOCK_AHEAD_MAX];

	strbuf_addf(to, "%s%s is %s this host's", to->len > 0 ? ", " : "",
	    whose, clock_ahead(ahead, text));
}

static bool
is_apart(bool known, int64_t ahead)
{
	return known && (ahead > CLOCKS_APART_MS || ahead < -CLOCKS_APART_MS);
}

static void
compare_clocks(struct visit *v)
{
	const struct device_result *r = ledger_result(&v->ledger);
	const struct agent_about *agent = agent_link_about(v->talk.link);
	bool told = agent->version[0] != '\0';
	struct begun begun = ledger_begin(&v->ledger, TASK_CLOCKS, 1);
	struct strbuf text = STRBUF_INIT;
	bool apart =
	    is_apart(r->clock_known, r->clock) || is_apart(told, agent->ahead);
	struct row *row;

	if (r->clock_known)
		add_clock(&text, "the device's", r->clock);
	if (told)
		add_clock(&text, "the agent's", agent->ahead);
	if (text.len > 0) {
		row = ledger_row(&v->ledger, &begun, TASK_SUCCESS,
		    apart ? SEVERITY_MINOR : SEVERITY_NORMAL, text.s);
		row->note = apart
				? xstrdup("set them by NTP: times in captures "
					  "and certificates go by them")
				: NULL;
	}
	strbuf_free(&text);
}

static void
over(struct visit *v)
{
	struct device_result *r = ledger_result(&v->ledger);

	compare_clocks(v);
	r->outcome = v->failed ? OUTCOME_FAILED
		     : v->lost ? OUTCOME_PARTIAL
			       : OUTCOME_SUCCESS;
	if (r->outcome == OUTCOME_SUCCESS)
		result_describe(r, "all that was tried went well");
}

static void
part_ends(struct visit *v, enum visit_part part)
{
	v->open &= ~(unsigned)part;
	if (v->open == 0)
		over(v);
	v->ended(v->arg, v, part);
}

/* --- REST, SSH --- */

static void
row_of_login(
    struct visit *v, int code, const struct fail *f, const char *welcome)
{
	bool ok = f->kind == FAIL_NONE;

	ledger_row(&v->ledger, &v->begun, ok ? TASK_SUCCESS : TASK_FAILURE,
	    ok ? SEVERITY_NORMAL : SEVERITY_MAJOR, ok ? welcome : f->text)
	    ->code = code;
	if (!ok)
		fails_for(v, f);
}

static void
try_ssh(struct visit *v)
{
	v->begun = ledger_begin(&v->ledger, TASK_LOGIN_SSH, 1);
	login_try(&v->login);
}

static void
on_login(void *arg, const struct fail *why)
{
	struct visit *v = arg;

	if (why->kind == FAIL_UNREACHABLE && reach_elsewhere(&v->reach)) {
		try_ssh(v);
		return;
	}
	row_of_login(v, 0, why, "logged in, SFTP answers");
	part_ends(v, VISIT_DEVICE);
}

/* What it showed at REST is no reason to show it the password once more. */
static void
spare_ssh(struct visit *v)
{
	ledger_skip(&v->ledger, TASK_LOGIN_SSH, 1,
	    "not tried: REST was refused, or has the wrong certificate, and "
	    "three failed logins lock this host out of the device");
	part_ends(v, VISIT_DEVICE);
}

/* One that has no such page has not looked at the login. */
static bool
row_of_rest(struct visit *v, const struct device_status *told)
{
	const struct status *s = &v->status;
	char welcome[CLOCK_TEXT_MAX + 32] = "logged in", up[CLOCK_TEXT_MAX];

	if (s->code == 404) {
		ledger_row(&v->ledger, &v->begun, TASK_SKIPPED, SEVERITY_MINOR,
		    "it answers, but has no " DEVICE_STATUS_PATH
		    " (HTTP 404): the login was not tried")
		    ->code = s->code;
		return true;
	}
	if (told->up >= 0)
		snprintf(welcome, sizeof(welcome), "logged in; up for %s",
		    clock_span(told->up, up));
	row_of_login(v, s->code, &s->fail, welcome);
	return !fail_is_refusal(&s->fail);
}

static void
try_probes(struct visit *v)
{
	if (probes_are_on(v->tools))
		probes_start(&v->probes, &v->ledger, &v->reach.addrs[0]);
	else
		part_ends(v, VISIT_PROBES);
}

/* Its Date is UTC; the time that it tells of itself may be local. */
static void
take_clock(struct visit *v, const struct device_status *told)
{
	int64_t shown = v->status.date != 0 ? v->status.date : told->clock;

	if (shown != 0)
		ledger_clock(&v->ledger, shown);
}

static void
on_status(void *arg, const struct device_status *told)
{
	struct visit *v = arg;
	bool goes_on;

	if (v->status.fail.kind == FAIL_UNREACHABLE &&
	    reach_elsewhere(&v->reach)) {
		status_ask(&v->status);
		return;
	}
	take_clock(v, told);
	goes_on = row_of_rest(v, told);
	if (goes_on)
		try_ssh(v);
	try_probes(v);
	if (!goes_on)
		spare_ssh(v);
}

static void
on_reach(void *arg, const struct fail *why)
{
	struct visit *v = arg;

	if (why->kind == FAIL_NONE) {
		v->begun = ledger_begin(&v->ledger, TASK_LOGIN_REST, 1);
		status_ask(&v->status);
		return;
	}
	fails_for(v, why);
	v->open &= ~(unsigned)VISIT_PROBES;
	part_ends(v, VISIT_DEVICE);
}

/* --- probes --- */

static const char *
advice(enum verify_kind k)
{
	static const char *const texts[VERIFY_KINDS] = {
	    [VERIFY_ICMP] = "let ICMP echoes pass from this host, or set "
			    "verify.icmp = false",
	    [VERIFY_SNMP] = "let its UDP port pass from this host, see that "
			    "SNMP is on, or set verify.snmp = false",
	    [VERIFY_TCP] = "let its TCP port pass from this host, or set "
			   "verify.tcp = false",
	};

	return texts[k];
}

static void
on_probes(void *arg)
{
	struct visit *v = arg;
	struct device_result *r = ledger_result(&v->ledger);

	for (int k = 0; k < VERIFY_KINDS; k++) {
		struct row *row = result_last(
		    r, task_of_probe((enum verify_kind)k), r->round.event);

		if (row == NULL || row->status != TASK_FAILURE)
			continue;
		v->lost = true;
		row->note = xstrdup(advice((enum verify_kind)k));
	}
	if (v->lost)
		result_describe(r, "a kind of probe was not answered");
	part_ends(v, VISIT_PROBES);
}

/* --- the agent --- */

static void
on_talk(void *arg, enum agent_request r, const struct fail *why)
{
	struct visit *v = arg;

	(void)r;
	if (why->kind != FAIL_NONE)
		fails_for(v, why);
	part_ends(v, VISIT_AGENT);
}

void
visit_register(struct visit *v)
{
	talk_ask(&v->talk, &v->ledger, REQUEST_REGISTER);
}

void
visit_spare_agent(struct visit *v, enum task_status s, const char *why)
{
	bool failed = s == TASK_FAILURE;

	ledger_note(&v->ledger, TASK_REGISTER, s,
	    failed ? SEVERITY_MAJOR : SEVERITY_NORMAL, why);
	if (failed)
		fails(v, why);
	part_ends(v, VISIT_AGENT);
}

const struct row *
visit_agent_row(const struct visit *v)
{
	const struct device_result *r = v->ledger.books.result;

	return result_last(r, TASK_REGISTER, r->round.event);
}

/* --- life --- */

void
visit_limit(struct campaign_conf *conf)
{
	conf->campaign.register_attempts = 1;
	conf->campaign.rest_attempts = 1;
	conf->timeouts.unreachable_limit = 0;
	conf->verify.count = 1;
	conf->verify.heartbeat = 0;
}

void
visit_init(struct visit *v, const struct tools *t,
    const struct device_books *books, struct agent_link *link,
    visit_ended *ended, void *arg)
{
	const struct device_entry *conf = books->result->conf;

	v->tools = t;
	v->ended = ended;
	v->arg = arg;
	ledger_open(&v->ledger, t, books);
	reach_init(&v->reach, t, conf);
	status_init(&v->status, &v->reach, on_status, v);
	login_init(&v->login, &v->reach, on_login, v);
	talk_init(&v->talk, t, link, conf->told, on_talk, v);
	probes_init(&v->probes, t, on_probes, v);
	v->open = VISIT_DEVICE | VISIT_PROBES | VISIT_AGENT;
}

void
visit_clear(struct visit *v)
{
	status_cancel(&v->status);
	login_cancel(&v->login);
	talk_cancel(&v->talk);
	probes_cancel(&v->probes);
	reach_clear(&v->reach);
}

void
visit_start(struct visit *v)
{
	const struct fail none = {.kind = FAIL_NONE};

	if (reach_is_literal(&v->reach))
		on_reach(v, &none);
	else
		reach_look_up(&v->reach, &v->ledger, on_reach, v);
}

void
visit_interrupt(struct visit *v)
{
	static const char why[] = "interrupted";

	if (visit_is_over(v))
		return;
	reach_cut_short(&v->reach, why);
	if ((v->open & VISIT_DEVICE) != 0 && v->reach.n_addrs > 0)
		ledger_row(
		    &v->ledger, &v->begun, TASK_SKIPPED, SEVERITY_MINOR, why);
	talk_cut_short(&v->talk, why);
	probes_stop(&v->probes, why);
	visit_clear(v);
	v->open = 0;
	ledger_result(&v->ledger)->outcome = OUTCOME_INTERRUPTED;
	result_describe(ledger_result(&v->ledger), why);
}

bool
visit_is_over(const struct visit *v)
{
	return v->open == 0;
}

const char *
visit_trouble(const struct visit *v)
{
	return v->local.kind == FAIL_LOCAL ? v->local.text : NULL;
}
