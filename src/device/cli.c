/* cli.c - one CLI script on a device.
 *
 * A try waits for its place (limits.rest), for the disk if it changes the
 * device, and for the answer; what is worth a further try has it after a pause.
 */
#include "device/cli.h"

#include <assert.h>
#include <stdio.h>

#include "base/secret.h"
#include "device/answer_fail.h"
#include "device/device_script_of.h"
#include "device/exchange.h"

/* --- what an answer means --- */

static void
judge_script(const struct told_secrets *s, const struct rest_answer *r,
    struct script_answer *a, struct fail *f)
{
	char said[ANSWER_WORDS_MAX];

	device_script_answer(r->body, r->len, s->all, a);
	switch (a->result) {
	case SCRIPT_SUCCESS:
		return;
	case SCRIPT_FAILURE:
		fail_set(f, FAIL_SCRIPT,
		    "the device says the script failed: %s",
		    a->output[0] != '\0' ? a->output : a->description);
		break;
	case SCRIPT_GARBLED:
		answer_words(s, r, said);
		fail_set(f, FAIL_TRANSIENT,
		    "HTTP %d with something else than a JSON object%s",
		    r->status, said);
		break;
	}
	f->code = r->status;
}

static void
judge_answer(const struct cli *c, const struct rest_answer *r,
    struct script_answer *a, struct fail *f)
{
	struct told_secrets s;

	*a = (struct script_answer){.result = SCRIPT_GARBLED};
	*f = r->fail;
	if (f->kind != FAIL_NONE)
		return;
	s = told_secrets_of(&c->tools->conf->snmp, c->conf);
	if (r->status >= 200 && r->status < 300)
		judge_script(&s, r, a, f);
	else
		answer_fail(&s, c->conf, r, f);
	told_secrets_clear(&s);
}

/* A request that changes something may have been carried out although its
 * answer is missing or broken; a busy device (409, 429) says that it was not.
 */
static void
doubt(const struct cli_script *s, bool sent, struct fail *f)
{
	if (s->changes && sent && f->kind == FAIL_TRANSIENT && f->code != 409 &&
	    f->code != 429)
		f->kind = FAIL_UNCLEAR;
}

/* A start that was refused or never arrived has left nothing on the device,
 * unless an earlier one may have. */
static void
start_did_nothing(struct cli *c, const struct fail *f)
{
	if (!c->script->starts || ledger_round(c->ledger)->unclear)
		return;
	switch (f->kind) {
	case FAIL_UNCLEAR:
	case FAIL_SCRIPT:
	case FAIL_FINAL: /* it may have run the first lines */
		return;
	case FAIL_NONE:
	case FAIL_UNREACHABLE:
	case FAIL_TRANSIENT:
	case FAIL_AUTH:
	case FAIL_IDENTITY:
	case FAIL_LOCAL:
		ledger_fact(c->ledger, FACT_NOTHING);
		return;
	}
}

/* --- the end of a try --- */

static void
finish(struct cli *c, const struct cli_end *end)
{
	c->script = NULL;
	c->last = false;
	c->done(c->arg, end);
}

static void
row_of_failure(struct cli *c, const struct fail *f, bool again)
{
	bool minor = again || (c->last && !fail_is_refusal(f));
	bool on = round_may_be_on(ledger_round(c->ledger));
	enum severity severity = minor ? SEVERITY_MINOR : SEVERITY_MAJOR;

	if (!minor && f->kind == FAIL_AUTH && on)
		severity = SEVERITY_CRITICAL;
	c->begun.failed = f->kind;
	ledger_row(c->ledger, &c->begun, TASK_FAILURE, severity, f->text)
	    ->code = f->code;
}

static void
failed(struct cli *c, const struct fail *f)
{
	const struct cli_script *s = c->script;
	bool doubtful =
	    s->changes && (f->kind == FAIL_UNCLEAR || f->kind == FAIL_SCRIPT);
	struct cli_end end = {.outcome = CLI_FAILED, .why = f};

	end.pause = c->last || s->once ? RETRY_NEVER : reach_again(c->reach, f);
	start_did_nothing(c, f);
	if (!s->once || fail_is_refusal(f))
		row_of_failure(c, f, end.pause != RETRY_NEVER);
	if (end.pause == RETRY_NEVER) {
		finish(c, &end);
		return;
	}
	if (doubtful) {
		ledger_fact(c->ledger, FACT_DOUBT);
		end.outcome = CLI_DOUBT;
		finish(c, &end);
	} else {
		timer_set(&c->pause, end.pause);
	}
}

static void
on_answer(void *arg, const struct rest_answer *r)
{
	struct cli *c = arg;
	struct script_answer a;
	struct cli_end end = {.outcome = CLI_DONE, .answer = &a};
	struct fail f;

	gate_leave(&c->ticket);
	exchange_answered(c->reach, r);
	judge_answer(c, r, &a, &f);
	doubt(c->script, r->sent, &f);
	c->sent = false;
	if (r->status != 0)
		reach_logged_in(c->reach);
	if (r->date != 0)
		ledger_clock(c->ledger, r->date);
	if (f.kind != FAIL_NONE) {
		failed(c, &f);
		return;
	}
	c->reach->retry.unreachable_since = 0;
	finish(c, &end);
}

/* --- a try --- */

static void
send_script(void *arg)
{
	struct cli *c = arg;
	const struct campaign_conf *conf = c->tools->conf;
	char *text = c->script->text(&c->words);
	struct rest_request q = {
	    .method = "PUT",
	    .path = DEVICE_SCRIPT_PATH,
	    .script = text,
	    .connect_ms = (int)conf->timeouts.connect,
	    .total_ms = (int)conf->timeouts.rest,
	};

	c->begun =
	    ledger_begin(c->ledger, c->script->task, c->reach->retry.tries + 1);
	c->sent = true;
	exchange_sent(c->reach, "script", text);
	rest_send(c->reach->peer, &q, on_answer, c);
	secret_free(text);
}

/* Our turn.  What changes something on the device is first written down. */
static void
on_place(void *arg)
{
	struct cli *c = arg;

	if (c->script->starts)
		ledger_fact(c->ledger, FACT_START);
	if (c->script->changes)
		ledger_sync(c->ledger, &c->wait, send_script, c);
	else
		send_script(c);
}

static void
on_pause(void *arg)
{
	struct cli *c = arg;

	gate_enter(c->tools->rest_gate, &c->ticket, reach_needs_login(c->reach),
	    on_place, c);
}

/* --- public --- */

void
cli_init(struct cli *c, struct reach *reach, cli_done *done, void *arg)
{
	c->tools = reach->tools;
	c->conf = reach->conf;
	c->reach = reach;
	c->words = device_script_of(c->tools->conf, c->conf);
	c->done = done;
	c->arg = arg;
	timer_init(&c->pause, c->tools->lp, on_pause, c);
}

void
cli_run(
    struct cli *c, struct ledger *l, const struct cli_script *s, int64_t pause)
{
	assert(c->script == NULL);
	c->ledger = l;
	c->script = s;
	if (pause > 0)
		timer_set(&c->pause, pause);
	else
		on_pause(c);
}

bool
cli_run_again(struct cli *c, const struct cli_script *s, const struct fail *why)
{
	int64_t pause = reach_again(c->reach, why);

	if (pause == RETRY_NEVER)
		return false;
	cli_run(c, c->ledger, s, pause);
	return true;
}

void
cli_cancel(struct cli *c)
{
	gate_leave(&c->ticket);
	journal_sync_cancel(&c->wait);
	if (c->script != NULL && c->reach->peer != NULL)
		rest_cancel(c->reach->peer);
	timer_clear(&c->pause);
	c->sent = false;
	c->last = false;
	c->script = NULL;
}

void
cli_hurry(struct cli *c)
{
	timer_hurry(&c->pause);
}

bool
cli_start_in_flight(const struct cli *c)
{
	return c->sent && c->script->starts;
}

void
cli_last_try(struct cli *c)
{
	c->last = true;
}

void
cli_cut_short(struct cli *c, const char *text)
{
	if (c->script != NULL)
		ledger_skip(c->ledger, c->script->task,
		    c->reach->retry.tries + 1, text);
}
