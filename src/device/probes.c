/* probes.c - the verifying state: the agent's traffic and our own.
 *
 * Both run side by side, each to its end; only then are the captures stopped.
 */
#include "device/device_private.h"

#include "base/str.h"

static const enum task task_of_kind[VERIFY_KINDS] = {
    [VERIFY_ICMP] = TASK_ICMP,
    [VERIFY_SNMP] = TASK_SNMP,
    [VERIFY_TCP] = TASK_TCP,
};

/* Lost probes are what the campaign is there to see: a finding, no failure of
 * the tool. */
static enum task_status
kind_status(const struct verify_count *c)
{
	if (c->impossible)
		return TASK_SKIPPED;
	return c->answered == c->sent && c->sent > 0 ? TASK_SUCCESS
						     : TASK_FAILURE;
}

static void
row_of_kind(struct device *d, enum verify_kind k, const struct verify_count *c)
{
	struct strbuf text = STRBUF_INIT;
	enum task_status s = kind_status(c);

	verify_describe(c, &text);
	device_row_since(d, &d->probes_began, task_of_kind[k], s,
	    s == TASK_SUCCESS ? SEVERITY_NORMAL : SEVERITY_MINOR,
	    strbuf_text(&text))
	    ->duration = c->took_ms;
	strbuf_free(&text);
}

static void
rows(struct device *d, const struct verify_result *r)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (r->kind[k].on)
			row_of_kind(d, (enum verify_kind)k, &r->kind[k]);
}

void
device_verified(struct device *d)
{
	if (d->round->verified && d->round->probed)
		device_goto(d, DEVICE_STOPPING);
}

static void
on_probes(void *arg, const struct verify_result *r)
{
	struct device *d = arg;

	d->probes = NULL;
	gate_leave(&d->verify_ticket);
	device_fact(d, FACT_PROBED);
	rows(d, r);
	device_verified(d);
}

/* Few descriptors: others are sent their probes first. */
static void
on_place(void *arg)
{
	struct device *d = arg;

	d->probes_began = device_now(d);
	d->probes = verify_start(
	    d->env->verifier, &d->addrs[0], &d->env->plan, on_probes, d);
}

void
device_verifying(struct device *d)
{
	const struct verify_plan *plan = &d->env->plan;
	struct gate *gate = d->env->verify_gate;

	device_ask_verify(d);
	if (!plan->on[VERIFY_ICMP] && !plan->on[VERIFY_SNMP] &&
	    !plan->on[VERIFY_TCP])
		device_fact(d, FACT_PROBED);
	else if (gate_try(gate, &d->verify_ticket))
		on_place(d);
	else
		gate_enter(gate, &d->verify_ticket, false, on_place, d);
}

void
device_probes_cancel(struct device *d)
{
	verify_cancel(d->probes);
	d->probes = NULL;
	gate_leave(&d->verify_ticket);
}

void
device_probes_stop(struct device *d)
{
	if (d->probes != NULL)
		rows(d, verify_so_far(d->probes));
	device_probes_cancel(d);
}
