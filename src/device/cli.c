/* cli.c - one CLI script on a device: a place, the request, a verdict,
 * and what follows.
 *
 * Steps (device_steps.c) say which script and what comes after a success; what
 * an HTTP status or a broken connection means is decided here, once for all.
 */
#include "device/device_private.h"

#include <stdlib.h>

#include "base/secret.h"

/* A connection is kept for its next request about this long (libcurl's
 * CURLOPT_MAXAGE_CONN is 118 s); after it, a request is a new login. */
#define LOGIN_FRESH_MS 100000

/* Success, or what is wrong with this HTTP answer. */
static void
judge_status(const struct device *d, int status, struct fail *f)
{
	if (status >= 200 && status < 300)
		return;
	if (status == 401 || status == 403 || status == 405)
		fail_set(f, FAIL_AUTH,
		    "HTTP %d: user \"%s\" refused: wrong password, too little "
		    "privilege, or locked out after earlier failures; check "
		    "username and password_file",
		    status, d->conf->username);
	else if (status == 409 || status == 429 || status >= 500)
		fail_set(f, FAIL_TRANSIENT, "HTTP %d", status);
	else if (status == 400)
		fail_set(f, FAIL_FINAL,
		    "HTTP 400: the device does not accept the script");
	else
		fail_set(f, FAIL_FINAL, "HTTP %d", status);
	f->code = status;
}

/* A device may quote the line that it did not like. */
static void
mask(const struct device *d, char *text)
{
	secret_mask(text, d->script.snmp_auth);
	secret_mask(text, d->script.snmp_priv);
	secret_mask(text, d->conf->password);
}

static void
judge_answer(const struct device *d, const struct rest_answer *r,
    struct script_answer *a, struct fail *f)
{
	*a = (struct script_answer){.result = SCRIPT_GARBLED};
	*f = r->fail;
	if (f->kind != FAIL_NONE)
		return;
	judge_status(d, r->status, f);
	if (f->kind != FAIL_NONE)
		return;
	device_script_answer(r->body, r->len, a);
	mask(d, a->output);
	mask(d, a->description);
	switch (a->result) {
	case SCRIPT_SUCCESS:
		return;
	case SCRIPT_FAILURE:
		fail_set(f, FAIL_SCRIPT,
		    "the device says the script failed: %s",
		    a->output[0] != '\0' ? a->output : a->description);
		break;
	case SCRIPT_GARBLED:
		fail_set(f, FAIL_TRANSIENT,
		    "HTTP %d with something else than a JSON object",
		    r->status);
		break;
	}
	f->code = r->status;
}

/* A request that changes something may have been carried out although its
 * answer is missing or broken; a busy device (409, 429) says that it was not.
 */
static void
doubt(const struct rest_step *step, bool sent, struct fail *f)
{
	if (step->in_doubt != NULL && sent && f->kind == FAIL_TRANSIENT &&
	    f->code != 409 && f->code != 429)
		f->kind = FAIL_UNCLEAR;
}

/* A start that was refused or never arrived has left nothing on the device,
 * unless an earlier one may have. */
static void
start_did_nothing(struct device *d, const struct fail *f)
{
	if (d->step->task != TASK_START || d->round->unclear)
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
		device_fact(d, FACT_NOTHING);
		return;
	}
}

static void
row_of_failure(struct device *d, const struct fail *f, bool again)
{
	struct row *row = device_row(d, d->step->task, TASK_FAILURE,
	    again ? SEVERITY_MINOR : SEVERITY_MAJOR, f->text);

	row->code = f->code;
	if (!again && f->kind == FAIL_AUTH && device_may_be_on(d)) {
		row->severity = SEVERITY_CRITICAL;
		d->result->severity = SEVERITY_CRITICAL;
	}
}

static void
step_failed(struct device *d, const struct fail *f)
{
	const struct rest_step *step = d->step;
	const struct rest_step *next = step;
	int64_t pause = device_retry_after(d, f);

	pause = device_next_address(d, f, pause);
	start_did_nothing(d, f);
	row_of_failure(d, f, pause != RETRY_NEVER);
	d->retry.tries++;
	if (pause == RETRY_NEVER) {
		d->step = NULL;
		device_fail(d, f);
		return;
	}
	if (f->kind == FAIL_UNCLEAR || f->kind == FAIL_SCRIPT) {
		device_fact(d, FACT_DOUBT);
		if (step->in_doubt != NULL)
			next = step->in_doubt;
	}
	d->step = next;
	timer_set(&d->pause, pause);
}

static void
on_answer(void *arg, const struct rest_answer *r)
{
	struct device *d = arg;
	const struct rest_step *step = d->step;
	struct script_answer a;
	struct fail f;

	d->sent = false;
	gate_leave(&d->rest_ticket);
	judge_answer(d, r, &a, &f);
	doubt(step, r->sent, &f);
	if (r->status != 0)
		d->last_login = loop_now(d->env->lp);
	if (d->leaving && f.kind != FAIL_AUTH && f.kind != FAIL_IDENTITY) {
		if (f.kind != FAIL_NONE)
			start_did_nothing(d, &f);
		device_row(d, step->task,
		    f.kind == FAIL_NONE ? TASK_SUCCESS : TASK_FAILURE,
		    f.kind == FAIL_NONE ? SEVERITY_NORMAL : SEVERITY_MINOR,
		    f.kind == FAIL_NONE ? "the device took the start script"
					: f.text)
		    ->code = r->status;
		device_wind_down(d);
		return;
	}
	if (f.kind != FAIL_NONE) {
		if (step->failed == NULL || !step->failed(d, &f))
			step_failed(d, &f);
		return;
	}
	d->step = NULL;
	d->retry.unreachable_since = 0;
	step->done(d, &a);
}

static void
send_step(void *arg)
{
	struct device *d = arg;
	const struct campaign_conf *conf = d->env->conf;
	char *script = d->step->script(&d->script);
	struct rest_request q = {
	    .method = "PUT",
	    .path = DEVICE_SCRIPT_PATH,
	    .script = script,
	    .connect_ms = (int)conf->timeouts.connect,
	    .total_ms = (int)conf->timeouts.rest,
	};

	device_task_begins(d);
	d->sent = true;
	rest_send(d->peer, &q, on_answer, d);
	secret_free(script);
}

/* Our turn.  What changes something on the device is first written down. */
static void
on_place(void *arg)
{
	struct device *d = arg;

	if (d->step->task == TASK_START)
		device_fact(d, FACT_START);
	if (d->step->in_doubt != NULL && d->journal != NULL)
		journal_sync(d->journal, &d->wait, send_step, d);
	else
		send_step(d);
}

void
device_run(struct device *d, const struct rest_step *step)
{
	bool login = d->last_login == 0 ||
		     loop_now(d->env->lp) - d->last_login > LOGIN_FRESH_MS;

	d->step = step;
	gate_enter(d->env->rest_gate, &d->rest_ticket, login, on_place, d);
}

bool
device_run_again(
    struct device *d, const struct rest_step *step, const struct fail *why)
{
	int64_t pause = device_retry_after(d, why);

	d->retry.tries++;
	if (pause == RETRY_NEVER)
		return false;
	d->step = step;
	timer_set(&d->pause, pause);
	return true;
}

bool
device_start_in_flight(const struct device *d)
{
	return d->sent && d->step->task == TASK_START;
}

void
device_rest_cancel(struct device *d)
{
	d->sent = false;
	gate_leave(&d->rest_ticket);
	journal_sync_cancel(&d->wait);
	if (d->peer != NULL)
		rest_cancel(d->peer);
	timer_clear(&d->pause);
	d->step = NULL;
}
