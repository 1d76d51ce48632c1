/* probes.c - the host's own probes of one event.
 */
#include "device/probes.h"

#include "base/str.h"
#include "device/event_notes.h"

/* Lost probes are what the campaign is there to see: a finding, no failure of
 * the tool. */
static enum task_status
kind_status(const struct verify_count *c)
{
	if (c->impossible || c->sent == 0)
		return TASK_SKIPPED;
	return c->answered == c->sent ? TASK_SUCCESS : TASK_FAILURE;
}

/* `cut`: why the rest was not sent; NULL: there is none. */
static void
describe(
    const struct verify_count *c, int rest, const char *cut, struct strbuf *to)
{
	bool some = c->impossible || cut == NULL || c->sent > 0;

	if (some)
		verify_describe(c, to);
	if (!c->impossible && cut != NULL)
		strbuf_addf(to, "%s%d %s not sent: %s", some ? "; " : "", rest,
		    rest == 1 ? "was" : "were", cut);
}

static void
row_of_kind(struct probes *p, enum verify_kind k, const struct verify_count *c,
    const char *why)
{
	struct strbuf text = STRBUF_INIT;
	enum task_status s = kind_status(c);
	int rest = p->tools->plan.count - c->sent;
	const char *cut = rest > 0 ? why : NULL;

	if (k == VERIFY_TCP)
		strbuf_addf(&text, "port %u: ", p->tools->plan.tcp_port);
	describe(c, rest, cut, &text);
	p->begun.task = task_of_probe(k);
	ledger_row(p->ledger, &p->begun, s,
	    s == TASK_SUCCESS && cut == NULL ? SEVERITY_NORMAL : SEVERITY_MINOR,
	    strbuf_text(&text))
	    ->duration = c->took_ms;
	strbuf_free(&text);
}

/* `why` they are cut short; NULL: they are not. */
static void
rows(struct probes *p, const struct verify_result *r, const char *why)
{
	if (p->ledger->notes != NULL)
		event_notes_probes(p->ledger->notes, r);
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (r->kind[k].on)
			row_of_kind(p, (enum verify_kind)k, &r->kind[k], why);
}

static void
on_result(void *arg, const struct verify_result *r)
{
	struct probes *p = arg;

	p->verify = NULL;
	gate_leave(&p->ticket);
	rows(p, r, NULL);
	ledger_fact(p->ledger, FACT_PROBED);
	p->done(p->arg);
}

static void
on_place(void *arg)
{
	struct probes *p = arg;

	p->begun = ledger_begin(p->ledger, TASK_ICMP, 1);
	p->verify = verify_start(
	    p->tools->verifier, &p->to, &p->tools->plan, on_result, p);
}

void
probes_init(
    struct probes *p, const struct tools *t, probes_done *done, void *arg)
{
	p->tools = t;
	p->done = done;
	p->arg = arg;
}

void
probes_start(struct probes *p, struct ledger *l, const struct addr *to)
{
	struct gate *gate = p->tools->verify_gate;

	p->ledger = l;
	p->to = *to;
	/* Few descriptors: others are sent their probes first. */
	if (gate_try(gate, &p->ticket))
		on_place(p);
	else
		gate_enter(gate, &p->ticket, false, on_place, p);
}

/* A probe that is cut short has no fate: it does not count as sent. */
static struct verify_result
without_open(const struct verify_result *so_far)
{
	struct verify_result r = *so_far;

	for (int k = 0; k < VERIFY_KINDS; k++) {
		struct verify_count *c = &r.kind[k];

		c->sent = 0;
		for (int i = 0; i < c->n; i++)
			c->sent += c->probe[i].fate != VERIFY_NOT_SENT;
	}
	return r;
}

void
probes_stop(struct probes *p, const char *why)
{
	struct verify_result r;

	if (p->verify != NULL) {
		r = without_open(verify_so_far(p->verify));
		rows(p, &r, why);
	}
	probes_cancel(p);
}

void
probes_cancel(struct probes *p)
{
	verify_cancel(p->verify);
	p->verify = NULL;
	gate_leave(&p->ticket);
}

bool
probes_are_on(const struct tools *t)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (t->plan.on[k])
			return true;
	return false;
}
