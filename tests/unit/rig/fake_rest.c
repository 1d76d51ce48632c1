/* fake_rest.c - io/rest.h in front of the fake devices.
 *
 * What a request does is done when it is sent, so that one that is cancelled
 * may have been carried out.
 */
#include "io/rest.h"

#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "fake_device.h"
#include "loop/timer.h"
#include "../unit.h"

#define ANSWER_MS 20
#define REFUSE_MS 5

struct rest {
	struct loop *lp;
	int peers;
};

struct rest_peer {
	struct rest *rest;
	struct fake_device *device;
	struct timer timer;
	struct fake_fault fault;
	enum fake_step step;
	bool of_itself; /* it was asked for its status */
	struct strbuf quoted;
	char *login;     /* what it sends as basic authentication */
	rest_done *done; /* NULL: idle */
	void *arg;
};

struct rest *
rest_new(struct loop *lp, size_t keep, size_t busy)
{
	struct rest *r = xcalloc(1, sizeof(*r));

	(void)keep;
	(void)busy;
	r->lp = lp;
	return r;
}

void
rest_free(struct rest *r)
{
	if (r == NULL)
		return;
	ck_assert_int_eq(r->peers, 0);
	free(r);
}

/* A failure, with the lines of the script that it did not like. */
static const char *
quote(struct rest_peer *p)
{
	struct json *o = json_object();
	char *all = xasprintf("Authorization: Basic %s\r\n%s", p->login,
	    p->device->scripts[p->step]);

	json_set_text(o, "status", "failure");
	json_set_text(o, "output", all);
	free(all);
	strbuf_clear(&p->quoted);
	json_write(o, 0, &p->quoted);
	json_free(o);
	return strbuf_text(&p->quoted);
}

static const char *
body_of(struct rest_peer *p)
{
	const struct fake_device *d = p->device;

	if (p->fault.kind == FAULT_QUOTES)
		return quote(p);
	if (p->fault.kind == FAULT_GARBLED)
		return "<html>busy</html>";
	if (p->fault.kind == FAULT_BLANK)
		return "{\"status\":\"success\",\"output\":\"\"}";
	if (p->fault.kind == FAULT_SAYS_FAILURE ||
	    p->fault.kind == FAULT_SAYS_FAILURE_DONE)
		return "{\"status\":\"failure\",\"output\":\"Invalid\"}";
	if (p->step != STEP_SHOW)
		return "{\"status\":\"Success\",\"output\":\"\"}";
	if (d->dots)
		return d->on ? "{\"output\":\". Debug capture physical is "
			       "active. \"}"
			     : "{\"output\":\". Debug capture physical is not "
			       "active. \"}";
	return d->on ? "{\"status\":\"success\",\"output\":\"Debug capture "
		       "physical is active\\n\"}"
		     : "{\"status\":\"success\",\"output\":\"Debug capture "
		       "physical is not active\\n\"}";
}

static void
fill_answer(struct rest_peer *p, struct rest_answer *a)
{
	a->sent = true;
	if (!p->device->no_date)
		a->date = loop_wall(p->rest->lp) + p->device->clock;
	switch (p->fault.kind) {
	case FAULT_UNREACHABLE:
		a->sent = false;
		fail_set(&a->fail, FAIL_UNREACHABLE, "connection refused");
		return;
	case FAULT_IDENTITY:
		a->sent = false;
		fail_set(&a->fail, FAIL_IDENTITY, "another certificate");
		return;
	case FAULT_CUT:
	case FAULT_CUT_DONE:
		fail_set(&a->fail, FAIL_TRANSIENT, "connection cut");
		return;
	case FAULT_HANG:
		fail_set(&a->fail, FAIL_TRANSIENT, "no answer in time");
		return;
	case FAULT_STATUS:
	case FAULT_STATUS_DONE:
		a->status = p->fault.n;
		a->body = "{\"output\":\"Invalid command\\r\\nauth-key "
			  "auth-secret\",\"description\":\"x\"}";
		a->len = strlen(a->body);
		return;
	case FAULT_NONE:
	case FAULT_GARBLED:
	case FAULT_SAYS_FAILURE:
	case FAULT_SAYS_FAILURE_DONE:
	case FAULT_QUOTES:
	case FAULT_NOT_DONE:
	case FAULT_BLANK:
	case FAULT_AUTH:
	case FAULT_MISSING:
	case FAULT_ENDS_EARLY:
	case FAULT_SLOW:
	case FAULT_NO_SPACE:
		a->status = 200;
		a->body = body_of(p);
		a->len = strlen(a->body);
		return;
	}
}

/* The device's own words of itself. */
static void
fill_status(const struct fake_device *d, struct rest_answer *a)
{
	a->sent = true;
	a->status = d->status == NULL ? 404 : 200;
	a->body = d->status == NULL ? "" : d->status;
	a->len = strlen(a->body);
}

static void
on_timer(void *arg)
{
	struct rest_peer *p = arg;
	struct rest_answer a = {.body = ""};
	rest_done *done = p->done;

	if (p->of_itself && p->fault.kind == FAULT_NONE)
		fill_status(p->device, &a);
	else
		fill_answer(p, &a);
	p->done = NULL;
	p->device->busy = false;
	done(p->arg, &a);
}

struct rest_peer *
rest_peer_new(struct rest *r, const struct rest_peer_spec *spec)
{
	struct rest_peer *p = xcalloc(1, sizeof(*p));

	p->rest = r;
	p->device = fake_device_at(&spec->addr);
	p->login = secret_basic(spec->username, spec->password);
	timer_init(&p->timer, r->lp, on_timer, p);
	r->peers++;
	return p;
}

void
rest_peer_free(struct rest_peer *p)
{
	if (p == NULL)
		return;
	rest_cancel(p);
	p->rest->peers--;
	strbuf_free(&p->quoted);
	secret_free(p->login);
	free(p);
}

static bool
is_done(enum fault f)
{
	return f == FAULT_NONE || f == FAULT_STATUS_DONE ||
	       f == FAULT_CUT_DONE || f == FAULT_GARBLED ||
	       f == FAULT_SAYS_FAILURE_DONE || f == FAULT_BLANK;
}

static void
carry_out(const struct rest_peer *p, const char *script)
{
	struct fake_device *d = p->device;

	if (p->step == STEP_START) {
		ck_assert_msg(!d->unfetched,
		    "%s starts again before its file was asked for", d->text);
		d->on = true;
		d->user = strstr(script, "snmp v3-users new") != NULL;
	} else if (p->step == STEP_STOP) {
		if (d->on)
			if (!d->same_file)
				fake_fill(
				    d, 3, loop_wall(p->rest->lp) + d->clock);
		d->unfetched = d->on;
		d->on = false;
		d->user = false;
	}
}

static enum fake_step
step_of(const char *script)
{
	if (strstr(script, "physical show\n") != NULL)
		return STEP_SHOW;
	return strstr(script, "physical start\n") != NULL ? STEP_START
							  : STEP_STOP;
}

/* Returns the ms until its answer. */
static int64_t
take_script(struct rest_peer *p, const struct rest_request *q)
{
	struct fake_device *d = p->device;

	unit_must(strcmp(q->method, "PUT") == 0, "%s", q->method);
	p->step = step_of(q->script);
	p->fault = fake_hit(d, p->step, p->rest->lp);
	str_copy(d->scripts[p->step], sizeof(d->scripts[p->step]), q->script);
	if (d->sent != NULL)
		d->sent(d->sent_arg, p->step);
	if (is_done(p->fault.kind))
		carry_out(p, q->script);
	if (p->fault.kind == FAULT_HANG)
		return q->total_ms;
	return p->fault.kind == FAULT_UNREACHABLE ? REFUSE_MS : ANSWER_MS;
}

void
rest_send(struct rest_peer *p, const struct rest_request *q, rest_done *done,
    void *arg)
{
	struct fake_device *d = p->device;
	int64_t ms = ANSWER_MS;

	unit_must(p->done == NULL, "two requests at once");
	unit_must(!d->busy && d->sessions == 0, "%s is busy", d->text);
	p->of_itself = q->script == NULL;
	if (p->of_itself) {
		unit_must(strcmp(q->method, "GET") == 0, "%s", q->method);
		unit_must(
		    strcmp(q->path, "/api/v1/status") == 0, "%s", q->path);
		d->status_hits++;
		p->fault = fake_hit(d, STEP_STATUS, p->rest->lp);
		ms = d->status_hangs ? q->total_ms : ANSWER_MS;
	} else {
		ms = take_script(p, q);
	}
	p->done = done;
	p->arg = arg;
	d->busy = true;
	timer_set(&p->timer, ms);
}

void
rest_cancel(struct rest_peer *p)
{
	if (p->done == NULL)
		return;
	p->done = NULL;
	p->device->busy = false;
	timer_clear(&p->timer);
}
