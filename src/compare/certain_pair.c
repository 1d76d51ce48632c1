/* certain_pair.c - packets of both captures that can only be the same one.
 */
#include "compare/certain_pair.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/flow_index.h"
#include "compare/host_moved.h"

#define COMPACT_MAX 4
#define GROUP_MAX   64 /* more equal packets tell nothing */
#define COMPACT_NS  INT64_C(500000000)
#define PORTS_MIN   8 /* fewer connections tell nothing of all */
#define SECOND_MIN  3 /* fewer packets are no proof of a second address */

/* Whose flows are looked for. */
enum who {
	WHO_ANYBODY, /* of hosts that are no other's */
	WHO_KNOWN,   /* both hosts are known */
	WHO_SECOND   /* one host is known by another address already */
};

/* Who has the majority, if anybody has (Boyer and Moore): one pass. */
struct vote {
	uint32_t whom, lead;
};

struct election {
	struct vote *flow[SIDE_COUNT], *host[SIDE_COUNT];
	uint32_t alone;
};

static void
vote(struct vote *v, uint32_t whom, uint32_t n)
{
	if (v->whom == whom)
		v->lead += n;
	else if (v->lead >= n)
		v->lead -= n;
	else
		*v = (struct vote){whom, n - v->lead};
}

static const struct record *
first(struct trace *const trace[SIDE_COUNT], const struct key_group *g, int s)
{
	return &trace[s]->rec[g->of[s][0]];
}

bool
certain_pair_is(
    struct trace *const trace[SIDE_COUNT], const struct key_group *g)
{
	const struct record *r;
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		if (g->n[s] < 1 || g->n[s] > COMPACT_MAX)
			return false;
		for (i = 1; i < g->n[s]; i++) {
			r = &trace[s]->rec[g->of[s][i]];
			if (r->flow != first(trace, g, s)->flow ||
			    r->time - first(trace, g, s)->time > COMPACT_NS)
				return false;
		}
	}
	return true;
}

static void
marry(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b)
{
	trace[SIDE_SERVER]->flow[a].partner = b;
	trace[SIDE_DEVICE]->flow[b].partner = a;
}

/* Flows that both captures have under the same addresses, or those of twins,
 * and the same ports. */
static void
by_address(struct trace *const trace[SIDE_COUNT])
{
	struct trace *s = trace[SIDE_SERVER];
	struct flow_index *x = flow_index_new(trace[SIDE_DEVICE]);
	struct flow like;
	uint32_t i, found;

	for (i = 0; i < s->n_flows; i++) {
		like = s->flow[i];
		if (like.partner != FLOW_NONE)
			continue;
		like.from = s->twin[like.from];
		like.to = s->twin[like.to];
		if (like.from == TRACE_NONE || like.to == TRACE_NONE)
			continue;
		found = flow_index_find(x, &like);
		if (found != FLOW_NONE &&
		    trace[SIDE_DEVICE]->flow[found].partner == FLOW_NONE)
			marry(trace, i, found);
	}
	flow_index_free(x);
}

/* Addresses are translated, and nobody's port: then a connection is known by
 * its ports, too. */
static bool
keeps_ports(struct trace *const trace[SIDE_COUNT])
{
	const struct flow *f, *o;
	uint32_t i, same = 0;

	for (i = 0; i < trace[SIDE_SERVER]->n_flows; i++) {
		f = &trace[SIDE_SERVER]->flow[i];
		if (f->partner == FLOW_NONE)
			continue;
		o = &trace[SIDE_DEVICE]->flow[f->partner];
		if (f->from_port != o->from_port || f->to_port != o->to_port)
			return false;
		same += f->from_port != 0;
	}
	return same >= PORTS_MIN;
}

/* Two hosts that have met under their own addresses are no other's. */
static bool
can_be(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b,
    uint32_t alone)
{
	return b != alone &&
	       (trace[SIDE_SERVER]->twin[a] == b ||
		   (trace[SIDE_SERVER]->twin[a] == TRACE_NONE &&
		       trace[SIDE_DEVICE]->twin[b] == TRACE_NONE));
}

static bool
can_pair(struct trace *const trace[SIDE_COUNT], const struct flow *a,
    const struct flow *b, uint32_t alone)
{
	return can_be(trace, a->from, b->from, alone) &&
	       can_be(trace, a->to, b->to, alone);
}

/* The one flow of these packets that has no partner, between these hosts
 * (TRACE_NONE: any); FLOW_NONE: there is none, or several. */
static uint32_t
only_flow(const struct trace *t, const uint32_t *of, uint32_t n, uint32_t from,
    uint32_t to)
{
	uint32_t i, flow, found = FLOW_NONE;
	const struct flow *f;

	if (n > GROUP_MAX)
		return FLOW_NONE;
	for (i = 0; i < n; i++) {
		flow = t->rec[of[i]].flow;
		f = &t->flow[flow];
		if (flow == found || f->partner != FLOW_NONE ||
		    (from != TRACE_NONE && (f->from != from || f->to != to)))
			continue;
		if (found != FLOW_NONE)
			return FLOW_NONE;
		found = flow;
	}
	return found;
}

struct couple {
	uint32_t a, b;
};

/* Of these packets, the flow of side `s`, and that of the other one between the
 * hosts that are known to be the same. */
static bool
are_known_at(struct trace *const trace[SIDE_COUNT], const struct key_group *g,
    enum side s, uint32_t found[SIDE_COUNT])
{
	enum side o = s == SIDE_SERVER ? SIDE_DEVICE : SIDE_SERVER;
	const struct flow *f;
	uint32_t from, to;

	found[s] =
	    only_flow(trace[s], g->of[s], g->n[s], TRACE_NONE, TRACE_NONE);
	if (found[s] == FLOW_NONE)
		return false;
	f = &trace[s]->flow[found[s]];
	from = trace[s]->twin[f->from];
	to = trace[s]->twin[f->to];
	if (from == TRACE_NONE || to == TRACE_NONE)
		return false;
	found[o] = only_flow(trace[o], g->of[o], g->n[o], from, to);
	return found[o] != FLOW_NONE;
}

/* Once the hosts are known, anything may tell which flow is which: a question
 * that is repeated for a long time, or that others ask, too. */
static bool
are_known(struct trace *const trace[SIDE_COUNT], const struct key_group *g,
    struct couple *c)
{
	uint32_t found[SIDE_COUNT];

	if (!are_known_at(trace, g, SIDE_SERVER, found) &&
	    !are_known_at(trace, g, SIDE_DEVICE, found))
		return false;
	*c = (struct couple){found[SIDE_SERVER], found[SIDE_DEVICE]};
	return true;
}

static bool
are_certain(struct trace *const trace[SIDE_COUNT], const struct key_group *g,
    struct couple *c)
{
	if (!certain_pair_is(trace, g))
		return false;
	c->a = g->flow[SIDE_SERVER][0];
	c->b = g->flow[SIDE_DEVICE][0];
	return true;
}

/* Its questions come from a translated address, and the device's own messages
 * go to the real one. */
static bool
is_second(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b,
    uint32_t alone)
{
	return b != alone && trace[SIDE_SERVER]->twin[a] != TRACE_NONE &&
	       trace[SIDE_DEVICE]->twin[b] == TRACE_NONE;
}

static bool
can_be_second(struct trace *const trace[SIDE_COUNT], const struct flow *a,
    const struct flow *b, uint32_t alone)
{
	const uint32_t *twin = trace[SIDE_SERVER]->twin;

	return (twin[a->to] == b->to &&
		   is_second(trace, a->from, b->from, alone)) ||
	       (twin[a->from] == b->from &&
		   is_second(trace, a->to, b->to, alone));
}

static bool
can_vote(struct trace *const trace[SIDE_COUNT], const struct couple *c,
    enum who who, uint32_t alone)
{
	const struct flow *a = &trace[SIDE_SERVER]->flow[c->a];
	const struct flow *b = &trace[SIDE_DEVICE]->flow[c->b];

	if (a->partner != FLOW_NONE || b->partner != FLOW_NONE ||
	    a->protocol != b->protocol)
		return false;
	switch (who) {
	case WHO_ANYBODY:
		return can_pair(trace, a, b, alone);
	case WHO_KNOWN:
		break;
	case WHO_SECOND:
		return can_be_second(trace, a, b, alone);
	}
	return true;
}

static void
flows_vote(
    struct trace *const trace[SIDE_COUNT], struct election *e, enum who who)
{
	struct key_walk w = {.by_flow = true};
	struct key_group g;
	struct couple c;

	while (key_walk_next(&w, trace, &g)) {
		if (who == WHO_KNOWN ? !are_known(trace, &g, &c)
				     : !are_certain(trace, &g, &c))
			continue;
		if (!can_vote(trace, &c, who, e->alone))
			continue;
		vote(&e->flow[SIDE_SERVER][c.a], c.b, 1);
		vote(&e->flow[SIDE_DEVICE][c.b], c.a, 1);
	}
}

/* The flow that `fa` chose and that chose it; FLOW_NONE. */
static uint32_t
choice(const struct election *e, uint32_t fa)
{
	uint32_t fb = e->flow[SIDE_SERVER][fa].whom;

	if (e->flow[SIDE_SERVER][fa].lead == 0 ||
	    e->flow[SIDE_DEVICE][fb].lead == 0 ||
	    e->flow[SIDE_DEVICE][fb].whom != fa)
		return FLOW_NONE;
	return fb;
}

static void
hosts_vote(struct trace *const trace[SIDE_COUNT], struct election *e)
{
	const struct flow *a, *b;
	uint32_t i, fb, n;

	for (i = 0; i < trace[SIDE_SERVER]->n_flows; i++) {
		fb = choice(e, i);
		if (fb == FLOW_NONE)
			continue;
		a = &trace[SIDE_SERVER]->flow[i];
		b = &trace[SIDE_DEVICE]->flow[fb];
		n = e->flow[SIDE_SERVER][i].lead;
		vote(&e->host[SIDE_SERVER][a->from], b->from, n);
		vote(&e->host[SIDE_SERVER][a->to], b->to, n);
		vote(&e->host[SIDE_DEVICE][b->from], a->from, n);
		vote(&e->host[SIDE_DEVICE][b->to], a->to, n);
	}
}

/* One address that stands for many hosts, or the other way round: the flow's
 * choice counts where either host says so. */
static bool
elected(const struct election *e, uint32_t a, uint32_t b)
{
	return (e->host[SIDE_SERVER][a].lead > 0 &&
		   e->host[SIDE_SERVER][a].whom == b) ||
	       (e->host[SIDE_DEVICE][b].lead > 0 &&
		   e->host[SIDE_DEVICE][b].whom == a);
}

static void
become_twins(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b)
{
	if (trace[SIDE_SERVER]->twin[a] == TRACE_NONE)
		trace[SIDE_SERVER]->twin[a] = b;
	if (trace[SIDE_DEVICE]->twin[b] == TRACE_NONE)
		trace[SIDE_DEVICE]->twin[b] = a;
}

/* Questions and answers of one conversation that chose each other, so it is no
 * other host that asks the same. */
static bool
is_conversation(struct trace *const trace[SIDE_COUNT], const struct election *e,
    uint32_t a, uint32_t b)
{
	uint32_t ra = trace[SIDE_SERVER]->flow[a].reverse;
	uint32_t rb = trace[SIDE_DEVICE]->flow[b].reverse;

	return ra != FLOW_NONE && rb != FLOW_NONE && choice(e, ra) == rb &&
	       e->flow[SIDE_SERVER][a].lead + e->flow[SIDE_SERVER][ra].lead >=
		   SECOND_MIN;
}

static void
take_votes(struct trace *const trace[SIDE_COUNT], const struct election *e,
    enum who who)
{
	const struct flow *a, *b;
	uint32_t i, fb;

	for (i = 0; i < trace[SIDE_SERVER]->n_flows; i++) {
		fb = choice(e, i);
		if (fb == FLOW_NONE)
			continue;
		a = &trace[SIDE_SERVER]->flow[i];
		b = &trace[SIDE_DEVICE]->flow[fb];
		if (!elected(e, a->from, b->from) || !elected(e, a->to, b->to))
			continue;
		if (who == WHO_SECOND && !is_conversation(trace, e, i, fb))
			continue;
		marry(trace, i, fb);
		become_twins(trace, a->from, b->from);
		become_twins(trace, a->to, b->to);
	}
}

/* Is there a flow that is not paired? */
static bool
any_single(const struct trace *t)
{
	uint32_t i;

	for (i = 0; i < t->n_flows; i++)
		if (t->flow[i].partner == FLOW_NONE && t->flow[i].packets > 0)
			return true;
	return false;
}

/* ... between known hosts? */
static bool
any_left(const struct trace *t)
{
	const struct flow *f;
	uint32_t i;

	for (i = 0; i < t->n_flows; i++) {
		f = &t->flow[i];
		if (f->partner == FLOW_NONE && f->packets > 0 &&
		    t->twin[f->from] != TRACE_NONE &&
		    t->twin[f->to] != TRACE_NONE)
			return true;
	}
	return false;
}

static void
take_known(struct trace *const trace[SIDE_COUNT], struct election *e)
{
	if (!any_left(trace[SIDE_SERVER]) || !any_left(trace[SIDE_DEVICE]))
		return;
	flows_vote(trace, e, WHO_KNOWN);
	take_votes(trace, e, WHO_KNOWN);
	if (keeps_ports(trace))
		by_address(trace);
}

static bool
all_paired(struct trace *const trace[SIDE_COUNT])
{
	return !any_single(trace[SIDE_SERVER]) ||
	       !any_single(trace[SIDE_DEVICE]);
}

void
certain_pair_learn(struct trace *const trace[SIDE_COUNT], uint32_t alone)
{
	struct election e = {.alone = alone};
	int s;

	by_address(trace);
	if (all_paired(trace) && !host_moved_may_be(trace))
		return;
	for (s = 0; s < SIDE_COUNT; s++) {
		e.flow[s] =
		    xcalloc((size_t)trace[s]->n_flows + 1, sizeof(*e.flow[s]));
		e.host[s] =
		    xcalloc((size_t)trace[s]->n_hosts + 1, sizeof(*e.host[s]));
	}
	flows_vote(trace, &e, WHO_ANYBODY);
	hosts_vote(trace, &e);
	take_votes(trace, &e, WHO_ANYBODY);
	take_known(trace, &e);
	if (!all_paired(trace)) {
		flows_vote(trace, &e, WHO_SECOND);
		hosts_vote(trace, &e);
		take_votes(trace, &e, WHO_SECOND);
		take_known(trace, &e);
	}
	if (host_moved_may_be(trace) && host_moved_learn(trace, alone))
		take_known(trace, &e);
	for (s = 0; s < SIDE_COUNT; s++) {
		free(e.flow[s]);
		free(e.host[s]);
	}
}

static void
pair_up(struct trace *const trace[SIDE_COUNT], const struct key_group *g,
    struct certain_pair *p)
{
	trace[SIDE_SERVER]->flow[g->flow[0][0]].marks |= FLOW_PAIRED;
	trace[SIDE_DEVICE]->flow[g->flow[1][0]].marks |= FLOW_PAIRED;
	*p = (struct certain_pair){
	    {g->of[SIDE_SERVER][0], g->of[SIDE_DEVICE][0]}};
}

/* Of so many pairs as there is room for, every second makes room for more. */
static uint32_t
thin(struct certain_pair *p, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n / 2; i++)
		p[i] = p[2 * i];
	return n / 2;
}

static int
by_time(const void *a, const void *b)
{
	const struct certain_pair *x = a, *y = b;

	return x->record[0] < y->record[0] ? -1 : x->record[0] > y->record[0];
}

uint32_t
certain_pair_collect(
    struct trace *const trace[SIDE_COUNT], struct certain_pair **pairs)
{
	struct certain_pair one, *p;
	struct key_walk w = {.by_flow = true};
	struct key_group g;
	uint32_t n = 0, seen = 0, step = 1;

	p = xcalloc(CERTAIN_PAIRS_MAX, sizeof(*p));
	while (key_walk_next(&w, trace, &g)) {
		if (g.n[0] != 1 || g.n[1] != 1 ||
		    trace[0]->flow[g.flow[0][0]].partner != g.flow[1][0])
			continue;
		pair_up(trace, &g, &one);
		if (seen++ % step != 0)
			continue;
		p[n++] = one;
		if (n == CERTAIN_PAIRS_MAX) {
			n = thin(p, n);
			step *= 2;
		}
	}
	qsort(p, n, sizeof(*p), by_time);
	*pairs = p;
	return n;
}
