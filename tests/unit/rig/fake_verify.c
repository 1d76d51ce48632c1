/* fake_verify.c - verify/verify.h: probes that need time and no network. */
#include "verify/verify.h"

#include "base/str.h"
#include "base/xmem.h"
#include "fake_device.h"
#include "loop/timer.h"
#include "../unit.h"

struct verifier {
	struct loop *lp;
};

struct verify {
	struct verifier *verifier;
	struct fake_device *device;
	struct verify_plan plan;
	struct verify_result result;
	int64_t began;
	struct timer timer;
	verify_done *done;
	void *arg;
};

struct verifier *
verifier_new(struct loop *lp, const char *snmp_user, const char *snmp_auth,
    const char *snmp_priv, struct fail *why)
{
	struct verifier *v = xcalloc(1, sizeof(*v));

	(void)snmp_auth;
	(void)snmp_priv;
	if (snmp_user != NULL && snmp_user[0] == '!') {
		fail_set(why, FAIL_LOCAL, "no keys");
		free(v);
		return NULL;
	}
	v->lp = lp;
	return v;
}

void
verifier_free(struct verifier *v)
{
	free(v);
}

static void
fate(const struct verify *f, struct verify_count *c, int i)
{
	bool answered = i < c->answered;

	c->probe[i] =
	    (struct verify_probe){.sent_us = i * f->plan.interval_ms * 1000,
		.took_us = answered ? 1000 : -1,
		.id = 1,
		.seq = (uint16_t)(f->plan.first + i + 1),
		.port = 40000,
		.fate = f->device->probes_open ? VERIFY_NOT_SENT
			: answered             ? VERIFY_ANSWERED
					       : VERIFY_LOST};
}

static void
score(struct verify *f, int sent)
{
	for (int k = 0; k < VERIFY_KINDS; k++) {
		struct verify_count *c = &f->result.kind[k];
		int lost = f->plan.light ? f->device->beats_silent
					 : f->device->probes_lost;

		c->on = f->plan.on[k];
		c->impossible = k == VERIFY_ICMP && f->device->no_icmp;
		c->sent = c->on && !c->impossible ? sent : 0;
		c->answered = c->sent > lost ? c->sent - lost : 0;
		if (f->device->probes_open)
			c->answered = 0;
		for (int i = 0; i < c->sent; i++)
			fate(f, c, i);
		if (k == VERIFY_SNMP && f->plan.reports && c->answered > 0)
			str_copy(
			    c->reason, sizeof(c->reason), "unknown user name");
		if (c->impossible)
			str_copy(c->reason, sizeof(c->reason), "no privilege");
		c->took_ms = loop_now(f->verifier->lp) - f->began;
	}
}

static void
on_timer(void *arg)
{
	struct verify *f = arg;

	score(f, f->plan.count);
	f->done(f->arg, &f->result);
	verify_result_clear(&f->result);
	free(f);
}

struct verify *
verify_start(struct verifier *v, const struct addr *to,
    const struct verify_plan *plan, verify_done *done, void *arg)
{
	struct verify *f = xcalloc(1, sizeof(*f));

	f->verifier = v;
	f->device = fake_device_at(to);
	f->plan = *plan;
	f->began = loop_now(v->lp);
	f->done = done;
	f->arg = arg;
	f->result.began_us = loop_wall(v->lp) * 1000;
	if (plan->light)
		f->device->beats++;
	else
		f->device->probes_at = unit_elapsed(v->lp);
	for (int k = 0; k < VERIFY_KINDS; k++)
		verify_count_plan(
		    &f->result.kind[k], plan->on[k] ? plan->count : 0);
	timer_init(&f->timer, v->lp, on_timer, f);
	timer_set(&f->timer, plan->count * plan->interval_ms);
	return f;
}

const struct verify_result *
verify_so_far(const struct verify *f)
{
	int64_t gone = loop_now(f->verifier->lp) - f->began;

	/* The result is this object's own cache. */
	score((struct verify *)f, (int)(gone / f->plan.interval_ms) + 1);
	return &f->result;
}

void
verify_cancel(struct verify *f)
{
	if (f == NULL)
		return;
	timer_clear(&f->timer);
	verify_result_clear(&f->result);
	free(f);
}
