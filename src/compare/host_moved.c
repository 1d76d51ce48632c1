/* host_moved.c - a host that one capture knows by one address, and later by
 * another one.
 */
#include "compare/host_moved.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/record_order.h"

/* Fewer packets are no proof of another address. */
#define MOVED_MIN 3

/* A host of one side while it is looked at. */
struct stranger {
	uint32_t whom, lead; /* who has the majority of its packets */
	bool sends;
	int64_t first, last; /* that it sent */
};

struct search {
	struct trace *const *trace;
	struct stranger *host[SIDE_COUNT];
};

bool
host_moved_may_be(struct trace *const trace[SIDE_COUNT])
{
	const struct trace *t;
	const struct flow *f;
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		t = trace[s];
		for (i = 0; i < t->n_flows; i++) {
			f = &t->flow[i];
			if (f->partner == FLOW_NONE && f->packets > 0 &&
			    (t->twin[f->from] == TRACE_NONE) !=
				(t->twin[f->to] == TRACE_NONE))
				return true;
		}
	}
	return false;
}

static void
vote(struct stranger *h, uint32_t whom)
{
	if (h->lead == 0)
		h->whom = whom;
	h->lead = h->whom == whom ? h->lead + 1 : h->lead - 1;
}

/* Its two flows: of side `s` one host may be unknown, the other is not. */
static void
take_pair(
    struct search *x, int s, const struct flow *mine, const struct flow *other)
{
	const uint32_t *twin = x->trace[s]->twin;
	const uint32_t *back = x->trace[!s]->twin;

	if (twin[mine->from] == TRACE_NONE && back[other->from] != TRACE_NONE &&
	    twin[mine->to] == other->to)
		vote(&x->host[s][mine->from], other->from);
	if (twin[mine->to] == TRACE_NONE && back[other->to] != TRACE_NONE &&
	    twin[mine->from] == other->from)
		vote(&x->host[s][mine->to], other->to);
}

static void
take_packets(struct search *x)
{
	struct key_walk w = {.by_flow = true};
	const struct flow *a, *b;
	struct key_group g;

	while (key_walk_next(&w, x->trace, &g)) {
		if (g.n[0] != 1 || g.n[1] != 1)
			continue;
		a = &x->trace[SIDE_SERVER]->flow[g.flow[SIDE_SERVER][0]];
		b = &x->trace[SIDE_DEVICE]->flow[g.flow[SIDE_DEVICE][0]];
		if (a->protocol != b->protocol)
			continue;
		take_pair(x, SIDE_SERVER, a, b);
		take_pair(x, SIDE_DEVICE, b, a);
	}
}

static void
find_times(struct search *x, int s)
{
	const struct trace *t = x->trace[s];
	struct stranger *h;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		h = &x->host[s][t->flow[t->rec[i].flow].from];
		if (!h->sends)
			h->first = t->rec[i].time;
		h->sends = true;
		h->last = t->rec[i].time;
	}
}

/* The one by which it is known sends nothing while this one does. */
static bool
is_moved(const struct search *x, int s, uint32_t i)
{
	const struct stranger *h = &x->host[s][i], *rival;
	uint32_t known;

	if (h->lead < MOVED_MIN || !h->sends)
		return false;
	known = x->trace[!s]->twin[h->whom];
	rival = &x->host[s][known];
	return rival->sends &&
	       (rival->last < h->first || h->last < rival->first);
}

static bool
learn_side(struct search *x, int s, uint32_t alone)
{
	struct trace *t = x->trace[s];
	bool any = false;
	uint32_t i;

	for (i = 0; i < t->n_hosts && !any; i++)
		any = x->host[s][i].lead >= MOVED_MIN;
	if (!any)
		return false;
	find_times(x, s);
	for (i = 0, any = false; i < t->n_hosts; i++) {
		if (!is_moved(x, s, i) ||
		    (s == SIDE_DEVICE ? i : x->host[s][i].whom) == alone)
			continue;
		t->twin[i] = x->host[s][i].whom;
		any = true;
	}
	return any;
}

bool
host_moved_learn(struct trace *const trace[SIDE_COUNT], uint32_t alone)
{
	struct search x = {.trace = trace};
	bool any = false;
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		x.host[s] =
		    xcalloc((size_t)trace[s]->n_hosts + 1, sizeof(*x.host[s]));
	take_packets(&x);
	for (s = 0; s < SIDE_COUNT; s++)
		any |= learn_side(&x, s, alone);
	for (s = 0; s < SIDE_COUNT; s++)
		free(x.host[s]);
	return any;
}
