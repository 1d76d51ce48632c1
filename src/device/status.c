/* status.c - GET /api/v1/status, once.
 */
#include "device/status.h"

#include "device/answer_fail.h"
#include "device/exchange.h"

static void
judge(struct status *s, const struct rest_answer *r)
{
	const struct reach *to = s->reach;
	struct told_secrets secrets;

	s->code = r->status;
	s->date = r->date;
	s->fail = r->fail;
	if (r->fail.kind != FAIL_NONE || (r->status >= 200 && r->status < 300))
		return;
	secrets = told_secrets_of(&to->tools->conf->snmp, to->conf);
	answer_fail(&secrets, to->conf, r, &s->fail);
	told_secrets_clear(&secrets);
}

static void
on_answer(void *arg, const struct rest_answer *r)
{
	struct status *s = arg;
	struct device_status told = {.up = -1};

	gate_leave(&s->ticket);
	s->asking = false;
	exchange_answered(s->reach, r);
	if (r->status != 0)
		reach_logged_in(s->reach);
	judge(s, r);
	if (r->status == 200)
		device_status_read(r->body, r->len, &told);
	else
		s->refused = r->status != 0;
	s->done(s->arg, &told);
}

static void
on_place(void *arg)
{
	struct status *s = arg;
	const struct campaign_conf *conf = s->reach->tools->conf;
	const struct rest_request q = {
	    .method = "GET",
	    .path = DEVICE_STATUS_PATH,
	    .connect_ms = (int)conf->timeouts.connect,
	    .total_ms = (int)conf->timeouts.rest,
	};

	exchange_sent(s->reach, "GET", DEVICE_STATUS_PATH);
	rest_send(s->reach->peer, &q, on_answer, s);
}

void
status_init(struct status *s, struct reach *reach, status_done *done, void *arg)
{
	s->reach = reach;
	s->done = done;
	s->arg = arg;
}

bool
status_ask(struct status *s)
{
	if (s->refused)
		return false;
	s->asking = true;
	gate_enter(s->reach->tools->rest_gate, &s->ticket,
	    reach_needs_login(s->reach), on_place, s);
	return true;
}

void
status_cancel(struct status *s)
{
	gate_leave(&s->ticket);
	if (s->asking && s->reach->peer != NULL)
		rest_cancel(s->reach->peer);
	s->asking = false;
}
