/* host_end.c - who is at which end, and so which way each flow goes.
 */
#include "compare/host_end.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "compare/host_twin.h"

/* Two packets that near each other in time meet the same clocks. */
#define NEAR_NS INT64_C(2000000000)
/* So many comparisons of delays, of which three in four agree, are no noise of
 * clocks that are read. */
#define CLEAR_VOTES 8

struct finding_out {
	struct trace *const *trace;
	int32_t *score[SIDE_COUNT];  /* > 0: the server's end; by hops, */
	int32_t *delay[SIDE_COUNT];  /* or by so many */
	uint32_t *voted[SIDE_COUNT]; /* comparisons of delays */
	uint32_t *fresh[SIDE_COUNT], *sent[SIDE_COUNT];
};

static const struct flow *
flow_of(const struct finding_out *o, const struct certain_pair *p, int s)
{
	const struct trace *t = o->trace[s];

	return &t->flow[t->rec[p->record[s]].flow];
}

/* This pair went towards the device (1), or from it (-1). */
static void
went(const struct finding_out *o, int32_t *const score[SIDE_COUNT],
    const struct certain_pair *p, int there)
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		score[s][flow_of(o, p, s)->from] += there;
		score[s][flow_of(o, p, s)->to] -= there;
	}
}

static int
sign(int64_t x)
{
	return x > 0 ? 1 : x < 0 ? -1 : 0;
}

static void
by_hops(struct finding_out *o, const struct certain_pair *p, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		went(o, o->score, &p[i],
		    sign((int)o->trace[0]->rec[p[i].record[0]].ttl -
			 (int)o->trace[1]->rec[p[i].record[1]].ttl));
}

static int64_t
difference(const struct finding_out *o, const struct certain_pair *p)
{
	return o->trace[1]->rec[p->record[1]].time -
	       o->trace[0]->rec[p->record[0]].time;
}

static bool
undecided(const struct finding_out *o, const struct certain_pair *p)
{
	return o->score[0][flow_of(o, p, 0)->from] == 0 &&
	       o->score[0][flow_of(o, p, 0)->to] == 0;
}

/* The pair and the one before it went opposite ways between the same hosts. */
static bool
is_reply(const struct finding_out *o, const struct certain_pair *p)
{
	const struct flow *f = flow_of(o, &p[-1], 0), *g = flow_of(o, p, 0);

	return f->from == g->to && f->to == g->from &&
	       o->trace[0]->rec[p->record[0]].time -
		       o->trace[0]->rec[p[-1].record[0]].time <=
		   NEAR_NS;
}

/* Where hops say nothing. */
static void
by_delay(struct finding_out *o, const struct certain_pair *p, uint32_t n)
{
	uint32_t i;
	int s, there;

	for (i = 1; i < n; i++) {
		if (!undecided(o, &p[i]) || !is_reply(o, &p[i]))
			continue;
		there = sign(difference(o, &p[i]) - difference(o, &p[i - 1]));
		went(o, o->delay, &p[i], there);
		for (s = 0; s < SIDE_COUNT; s++) {
			o->voted[s][flow_of(o, &p[i], s)->from]++;
			o->voted[s][flow_of(o, &p[i], s)->to]++;
		}
	}
}

static unsigned char
end_of(int32_t score)
{
	return score > 0 ? END_SERVER : END_DEVICE;
}

static unsigned char
opposite(unsigned char end)
{
	if (end == END_UNKNOWN)
		return END_UNKNOWN;
	return end == END_SERVER ? END_DEVICE : END_SERVER;
}

static void
take_hops(struct finding_out *o)
{
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		for (i = 0; i < o->trace[s]->n_hosts; i++)
			if (o->score[s][i] != 0)
				o->trace[s]->at[i] = end_of(o->score[s][i]);
}

/* Of hosts that are nowhere yet; only what is clear, or all that there is. */
static void
take_delays(struct finding_out *o, bool clear)
{
	struct trace *t;
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		t = o->trace[s];
		for (i = 0; i < t->n_hosts; i++) {
			if (t->at[i] != END_UNKNOWN || o->delay[s][i] == 0 ||
			    (clear && (o->voted[s][i] < CLEAR_VOTES ||
					  (uint32_t)abs(o->delay[s][i]) * 2 <
					      o->voted[s][i])))
				continue;
			t->at[i] = end_of(o->delay[s][i]);
		}
	}
}

/* What both captures have went from one end to the other. */
static void
by_peer(struct finding_out *o, const struct certain_pair *p, uint32_t n)
{
	const struct flow *f;
	struct trace *t;
	uint32_t i;
	int s;

	for (i = 0; i < n; i++)
		for (s = 0; s < SIDE_COUNT; s++) {
			t = o->trace[s];
			f = flow_of(o, &p[i], s);
			if (t->at[f->from] == END_UNKNOWN)
				t->at[f->from] = opposite(t->at[f->to]);
			else if (t->at[f->to] == END_UNKNOWN)
				t->at[f->to] = opposite(t->at[f->from]);
		}
}

/* What hosts begin with: UNIX, Windows, network devices. */
static bool
is_fresh(unsigned ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

static void
count_fresh(struct finding_out *o, int s)
{
	const struct trace *t = o->trace[s];
	uint32_t i, from;

	for (i = 0; i < t->n; i++) {
		from = t->flow[t->rec[i].flow].from;
		o->sent[s][from]++;
		o->fresh[s][from] += is_fresh(t->rec[i].ttl);
	}
}

static bool
all_fresh(const struct finding_out *o, int s, uint32_t host)
{
	return host != TRACE_NONE && o->sent[s][host] > 0 &&
	       o->fresh[s][host] == o->sent[s][host];
}

static void
by_fresh(struct finding_out *o)
{
	struct trace *t;
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		count_fresh(o, s);
	for (s = 0; s < SIDE_COUNT; s++) {
		t = o->trace[s];
		for (i = 0; i < t->n_hosts; i++)
			if (t->at[i] == END_UNKNOWN && all_fresh(o, s, i) &&
			    !all_fresh(o, !s, t->twin[i]))
				t->at[i] =
				    s == SIDE_SERVER ? END_SERVER : END_DEVICE;
	}
}

/* Nothing in SNMP's roles is symmetric: managers ask, agents report. */
static void
by_role(struct finding_out *o)
{
	const struct record *r;
	struct trace *t;
	uint32_t i, asks, told;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		t = o->trace[s];
		for (i = 0; i < t->n; i++) {
			r = &t->rec[i];
			asks = t->flow[r->flow].from;
			told = t->flow[r->flow].to;
			if (t->at[asks] != END_UNKNOWN ||
			    t->at[told] != END_UNKNOWN ||
			    t->twin[asks] == TRACE_NONE ||
			    t->twin[told] == TRACE_NONE)
				continue;
			if (r->what == RECORD_SNMP_REQUEST) {
				t->at[asks] = END_SERVER;
				t->at[told] = END_DEVICE;
			}
			if (r->what == RECORD_SNMP_TRAP) {
				t->at[asks] = END_DEVICE;
				t->at[told] = END_SERVER;
			}
		}
	}
}

static void
by_knowledge(struct finding_out *o, const struct host_known *known)
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		if (known->device[s] != TRACE_NONE)
			o->trace[s]->at[known->device[s]] = END_DEVICE;
		if (known->ovoc[s] != TRACE_NONE)
			o->trace[s]->at[known->ovoc[s]] = END_SERVER;
	}
}

/* A host and its twin are one: where they are said to be at two ends, nobody
 * knows. */
static void
agree(struct finding_out *o)
{
	struct trace *a = o->trace[0], *b = o->trace[1];
	uint32_t i, twin;

	for (i = 0; i < a->n_hosts; i++) {
		twin = a->twin[i];
		if (twin == TRACE_NONE || a->at[i] == b->at[twin])
			continue;
		if (a->at[i] == END_UNKNOWN)
			a->at[i] = b->at[twin];
		else if (b->at[twin] == END_UNKNOWN)
			b->at[twin] = a->at[i];
		else
			a->at[i] = b->at[twin] = END_UNKNOWN;
	}
	/* One that is another's second address is no host's twin. */
	for (i = 0; i < b->n_hosts; i++)
		if (b->twin[i] != TRACE_NONE && b->at[i] == END_UNKNOWN &&
		    a->twin[b->twin[i]] != i)
			b->at[i] = a->at[b->twin[i]];
}

/* Behind one address there may be many hosts, each with ports of its own: who
 * is not translated is the one that the other capture knows. */
static bool
is_itself(struct trace *const trace[SIDE_COUNT], int s, uint32_t host)
{
	uint32_t server =
	    s == SIDE_SERVER ? host : trace[SIDE_DEVICE]->twin[host];

	return server != TRACE_NONE && host_twin_same(trace, server);
}

/* A service behind a translated address: who answers at this port. */
static uint64_t
service_of(const struct trace *t, int s, const struct flow *f)
{
	unsigned far = s == SIDE_SERVER ? END_DEVICE : END_SERVER;
	bool to = t->at[f->to] == far;

	return (uint64_t)(to ? f->to : f->from) << 24 |
	       (uint64_t)(to ? f->to_port : f->from_port) << 8 | f->protocol;
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static unsigned
protocol_bit(const struct flow *f)
{
	if (f->protocol == IPPROTO_TCP)
		return 1;
	return f->protocol == IPPROTO_UDP ? 2 : 4;
}

/* Those that both captures have packets of, in order. */
static uint32_t
met_services(const struct trace *t, int s, uint64_t *met)
{
	uint32_t i, n = 0;

	for (i = 0; i < t->n_flows; i++)
		if ((t->flow[i].marks & FLOW_PAIRED) != 0)
			met[n++] = service_of(t, s, &t->flow[i]);
	qsort(met, n, sizeof(*met), by_number);
	return n;
}

/* Of each host the protocols of flows that have no partner: they may be others'
 * under another name. */
static unsigned char *
names_left(const struct trace *t)
{
	unsigned char *left = xcalloc((size_t)t->n_hosts + 1, 1);
	const struct flow *f;
	uint32_t i;

	for (i = 0; i < t->n_flows; i++) {
		f = &t->flow[i];
		if (f->partner != FLOW_NONE || f->packets == 0)
			continue;
		left[f->from] |= (unsigned char)protocol_bit(f);
		left[f->to] |= (unsigned char)protocol_bit(f);
	}
	return left;
}

/* Has the other capture to have packets of this flow, which it does not have
 * under another name? */
static bool
is_shared(struct trace *const trace[SIDE_COUNT], int s, const struct flow *f,
    const unsigned char *left)
{
	const struct trace *t = trace[s];
	unsigned far = s == SIDE_SERVER ? END_DEVICE : END_SERVER;
	uint32_t there = t->at[f->from] == far ? f->from : f->to;
	uint32_t here = t->at[f->from] == far ? f->to : f->from;

	if (f->partner != FLOW_NONE)
		return true;
	if (f->reverse != FLOW_NONE && t->flow[f->reverse].partner != FLOW_NONE)
		return true;
	/* A host at this end that the other capture never saw is translated
	 * there, or all of it was lost. */
	return is_itself(trace, s, there) &&
	       (t->twin[here] == TRACE_NONE || is_itself(trace, s, here) ||
		   (left[t->twin[here]] & protocol_bit(f)) == 0);
}

static void
mark_flows(struct trace *const trace[SIDE_COUNT], int s)
{
	const struct trace *t = trace[s];
	uint64_t *met = xcalloc((size_t)t->n_flows + 1, sizeof(*met)), one;
	unsigned char *left = names_left(trace[!s]);
	uint32_t i, n = met_services(t, s, met);
	struct flow *f;
	int from, to;

	for (i = 0; i < t->n_flows; i++) {
		f = &t->flow[i];
		from = t->at[f->from];
		to = t->at[f->to];
		if (from == END_UNKNOWN || to == END_UNKNOWN || from == to)
			continue;
		f->marks |= from == END_SERVER ? FLOW_THERE : FLOW_BACK;
		one = service_of(t, s, f);
		if (is_shared(trace, s, f, left) ||
		    bsearch(&one, met, n, sizeof(one), by_number) != NULL)
			f->marks |= FLOW_SHARED;
	}
	free(left);
	free(met);
}

static void
find_out(struct finding_out *o, const struct certain_pair *pairs, uint32_t n,
    const struct host_known *known)
{
	by_hops(o, pairs, n);
	take_hops(o);
	by_knowledge(o, known);
	by_peer(o, pairs, n);
	by_delay(o, pairs, n);
	take_delays(o, true);
	agree(o);
	by_fresh(o);
	agree(o);
	by_role(o);
	take_delays(o, false);
	agree(o);
}

void
host_end_learn(struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n,
    const struct host_known *known)
{
	struct finding_out o = {.trace = trace};
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		o.score[s] = xcalloc((size_t)trace[s]->n_hosts + 1, 4);
		o.delay[s] = xcalloc((size_t)trace[s]->n_hosts + 1, 4);
		o.voted[s] = xcalloc((size_t)trace[s]->n_hosts + 1, 4);
		o.fresh[s] = xcalloc((size_t)trace[s]->n_hosts + 1, 4);
		o.sent[s] = xcalloc((size_t)trace[s]->n_hosts + 1, 4);
	}
	find_out(&o, pairs, n, known);
	for (s = 0; s < SIDE_COUNT; s++) {
		mark_flows(trace, s);
		free(o.score[s]);
		free(o.delay[s]);
		free(o.voted[s]);
		free(o.fresh[s]);
		free(o.sent[s]);
	}
}
