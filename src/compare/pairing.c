/* pairing.c - which packet of one capture is which of the other.
 *
 * In the order of keys it is found who is there once, in the order of time
 * those are paired, and in the order of keys again the few that have equals.
 * Groups of different keys have nothing to do with each other.
 */
#include "compare/pairing.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "compare/alike.h"
#include "compare/record_order.h"

#define AHEAD 24 /* records, whose flows are fetched */
/* For a while in place of a mate: it has none, and no packet is like it. */
#define ALONE (TRACE_NONE - 1)
/* A flow of which only one packet in so many matches is changed. */
#define CHANGED_SHARE 16

struct list {
	struct alike_item *item;
	uint32_t n, room;
};

static void
list_add(struct list *l, struct alike_item item)
{
	l->item = xgrow(l->item, l->n, &l->room, sizeof(*l->item));
	l->item[l->n++] = item;
}

static int
by_flow(const void *a, const void *b)
{
	const struct alike_item *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/* Of all names of a connection the one that its partner knows it by: that of
 * the server's capture. */
static uint32_t
one_name(
    struct trace *const trace[SIDE_COUNT], enum side s, const struct flow *f)
{
	return s == SIDE_DEVICE ? f->partner
				: trace[SIDE_DEVICE]->flow[f->partner].partner;
}

/* Times of what this side sent are turned into when it should arrive. */
static void
take_side(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct key_group *g, enum side s, struct list *l)
{
	const struct trace *t = trace[s];
	const struct record *r;
	const struct flow *f;
	struct alike_item item;
	uint32_t i;

	l->n = 0;
	for (i = 0; i < g->n[s]; i++) {
		r = &t->rec[g->of[s][i]];
		f = &t->flow[r->flow];
		if (f->partner == FLOW_NONE ||
		    (f->marks & (FLOW_THERE | FLOW_BACK)) == 0)
			continue;
		item.flow = one_name(trace, t->side, f);
		item.record = g->of[s][i];
		item.tie = r->tie;
		item.taken = item.again = item.by_time = false;
		item.time = r->time;
		if (trace_sends(t, f->marks))
			item.time =
			    t->side == SIDE_SERVER
				? clock_map_to_device(&p->clock, r->time)
				: clock_map_to_server(&p->clock, r->time);
		list_add(l, item);
	}
	if (l->n > 1)
		qsort(l->item, l->n, sizeof(*l->item), by_flow);
}

static uint32_t
run_of(const struct list *l, uint32_t from)
{
	uint32_t end = from + 1;

	while (end < l->n && l->item[end].flow == l->item[from].flow)
		end++;
	return end - from;
}

static void
match_group(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct list *a, const struct list *b)
{
	uint32_t i = 0, j = 0, n_a, n_b;

	while (i < a->n && j < b->n) {
		n_a = run_of(a, i);
		n_b = run_of(b, j);
		if (a->item[i].flow == b->item[j].flow)
			alike_match(
			    p, trace, &a->item[i], n_a, &b->item[j], n_b);
		if (a->item[i].flow < b->item[j].flow) {
			i += n_a;
		} else if (a->item[i].flow > b->item[j].flow) {
			j += n_b;
		} else {
			i += n_a;
			j += n_b;
		}
	}
}

/* Of two that are the same host one may be known by another address, too. */
static bool
are_twins(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b)
{
	return trace[SIDE_SERVER]->twin[a] == b ||
	       trace[SIDE_DEVICE]->twin[b] == a;
}

/* The same hosts, and the same way. */
static bool
are_between(struct trace *const trace[SIDE_COUNT], const struct flow *a,
    const struct flow *b)
{
	return a->protocol == b->protocol &&
	       (a->marks & b->marks & (FLOW_THERE | FLOW_BACK)) != 0 &&
	       are_twins(trace, a->from, b->from) &&
	       are_twins(trace, a->to, b->to);
}

/* They have a packet in common, at least. */
static void
join_flows(struct trace *const trace[SIDE_COUNT], uint32_t a, uint32_t b)
{
	struct flow *f = &trace[SIDE_SERVER]->flow[a];
	struct flow *o = &trace[SIDE_DEVICE]->flow[b];

	if (f->partner == b)
		return;
	f->marks |= FLOW_SHARED;
	o->marks |= FLOW_SHARED;
	/* Another connection of the same ports has the partner, or the same one
	 * by another name. */
	if (f->partner != FLOW_NONE || o->partner != FLOW_NONE) {
		f->marks |= FLOW_SEVERAL;
		o->marks |= FLOW_SEVERAL;
	}
	if (f->partner == FLOW_NONE)
		f->partner = b;
	if (o->partner == FLOW_NONE)
		o->partner = a;
}

/* A key that is there once in each, between the same hosts at the right time:
 * the ports of the connection were translated anew, or given to others. */
static void
match_single(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct key_group *g)
{
	const struct record *a = &trace[0]->rec[g->of[0][0]];
	const struct record *b = &trace[1]->rec[g->of[1][0]];
	const struct flow *f = &trace[0]->flow[a->flow];
	const struct flow *o = &trace[1]->flow[b->flow];
	bool there = (f->marks & FLOW_THERE) != 0;
	enum way w = there ? WAY_THERE : WAY_BACK;
	int64_t delay;

	if (trace[0]->mate[g->of[0][0]] != TRACE_NONE ||
	    ((a->tie ^ b->tie) & p->tie[w] & TIE_ID) != 0 ||
	    !are_between(trace, f, o))
		return;
	delay = delay_of(
	    p, w, there ? a->time : b->time, there ? b->time : a->time);
	if (delay < -delay_early(p, w) || delay > delay_narrow(p, w))
		return;
	trace[0]->mate[g->of[0][0]] = g->of[1][0];
	trace[1]->mate[g->of[1][0]] = g->of[0][0];
	join_flows(trace, a->flow, b->flow);
}

static void
mark_both(struct trace *const trace[SIDE_COUNT], uint32_t flow, unsigned mark)
{
	struct flow *f = &trace[SIDE_SERVER]->flow[flow];

	f->marks |= mark;
	trace[SIDE_DEVICE]->flow[f->partner].marks |= mark;
}

/* Of each flow, how many packets there are while the other capture ran. */
static uint32_t *
count_common(
    const struct path *p, struct trace *const trace[SIDE_COUNT], enum side s)
{
	const struct trace *t = trace[s], *o = trace[!s];
	uint32_t *n = xcalloc((size_t)t->n_flows + 1, sizeof(*n)), i;
	int64_t from = INT64_MAX, to = INT64_MIN, at;

	if (o->n_spans > 0) {
		from = delay_common_time(p, (enum side) !s, o->span[0].from);
		to = delay_common_time(
		    p, (enum side) !s, o->span[o->n_spans - 1].to);
	}
	for (i = 0; i < t->n; i++) {
		at = delay_common_time(p, s, t->rec[i].time);
		n[t->rec[i].flow] += at >= from && at <= to;
	}
	return n;
}

/* Both captures have packets of it and none, or next to none, are the same. */
static bool
is_changed(uint32_t there, uint32_t here, uint32_t mates)
{
	uint32_t rest = there < here ? there : here;

	return rest > 0 && mates < rest / CHANGED_SHARE + 1;
}

/* When each capture has packets of one flow, by the server's clock. */
struct flow_time {
	struct trace_span side[SIDE_COUNT];
};

static struct flow_time *
find_times(const struct path *p, struct trace *const trace[SIDE_COUNT])
{
	const struct trace *a = trace[SIDE_SERVER], *t;
	struct flow_time *times =
	    xcalloc((size_t)a->n_flows + 1, sizeof(*times));
	struct trace_span *span;
	uint32_t i, flow;
	int64_t at;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		t = trace[s];
		for (i = 0; i < t->n; i++) {
			flow = t->rec[i].flow;
			if (t->side == SIDE_DEVICE)
				flow = t->flow[flow].partner;
			if (flow == FLOW_NONE)
				continue;
			at = delay_common_time(p, t->side, t->rec[i].time);
			span = &times[flow].side[s];
			if (span->from == 0)
				span->from = at;
			span->to = at;
		}
	}
	return times;
}

/* One has nothing of it any more when the other's first one comes: it missed
 * those, and lost are these. */
static bool
is_apart(const struct path *p, const struct flow *f, const struct flow_time *t)
{
	int64_t late = delay_narrow(
	    p, (f->marks & FLOW_THERE) != 0 ? WAY_THERE : WAY_BACK);
	const struct trace_span *a = &t->side[SIDE_SERVER];
	const struct trace_span *b = &t->side[SIDE_DEVICE];

	return a->from > b->to + late || b->from > a->to + late;
}

/* Who changes the numbers of one way of a connection changes acknowledgments of
 * the other. */
static void
change_reverse(
    struct trace *const trace[SIDE_COUNT], uint32_t flow, const uint32_t *mates)
{
	uint32_t reverse = trace[SIDE_SERVER]->flow[flow].reverse;
	uint32_t far = trace[SIDE_SERVER]->flow[flow].partner;

	if (trace[SIDE_SERVER]->flow[flow].protocol != IPPROTO_TCP)
		return;
	if (reverse != FLOW_NONE && mates[reverse] == 0)
		trace[SIDE_SERVER]->flow[reverse].marks |= FLOW_CHANGED;
	far = trace[SIDE_DEVICE]->flow[far].reverse;
	if (far != FLOW_NONE &&
	    (trace[SIDE_DEVICE]->flow[far].partner == FLOW_NONE ||
		mates[trace[SIDE_DEVICE]->flow[far].partner] == 0))
		trace[SIDE_DEVICE]->flow[far].marks |= FLOW_CHANGED;
}

static void
find_changed(const struct path *p, struct trace *const trace[SIDE_COUNT])
{
	struct trace *a = trace[SIDE_SERVER];
	uint32_t *n[SIDE_COUNT] = {count_common(p, trace, SIDE_SERVER),
	    count_common(p, trace, SIDE_DEVICE)};
	uint32_t *mates = xcalloc((size_t)a->n_flows + 1, sizeof(*mates)), i;
	struct flow_time *times = NULL; /* few need them */
	struct flow *f;

	for (i = 0; i < a->n; i++)
		mates[a->rec[i].flow] += a->mate[i] != TRACE_NONE;
	for (i = 0; i < a->n_flows; i++) {
		f = &a->flow[i];
		if (f->partner == FLOW_NONE)
			continue;
		if (mates[i] > 0)
			mark_both(trace, i, FLOW_MATCHED);
		if (!is_changed(n[0][i], n[1][f->partner], mates[i]))
			continue;
		if (times == NULL)
			times = find_times(p, trace);
		if (is_apart(p, f, &times[i]))
			continue;
		mark_both(trace, i, FLOW_CHANGED);
		change_reverse(trace, i, mates);
	}
	free(n[0]);
	free(n[1]);
	free(mates);
	free(times);
}

static bool
is_single(const struct key_group *g)
{
	return g->n[0] == 1 && g->n[1] == 1;
}

static void
note_key(struct trace *const trace[SIDE_COUNT], const struct key_group *g)
{
	uint16_t bits;
	uint32_t i;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		bits = g->n[!s] == 0 ? TRACE_ABSENT : 0;
		if (g->n[s] == 1)
			bits |= TRACE_ONLY;
		for (i = 0; i < g->n[s]; i++)
			trace[s]->rec[g->of[s][i]].bits |= bits;
	}
}

/* One in each, in connections that are the same, and in time: so are nearly
 * all. */
static bool
match_plain(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct key_group *g)
{
	uint32_t i = g->of[0][0], k = g->of[1][0];
	const struct record *a = &trace[0]->rec[i], *b = &trace[1]->rec[k];
	const struct flow *f = &trace[0]->flow[a->flow];
	bool there = (f->marks & FLOW_THERE) != 0;
	enum way w = there ? WAY_THERE : WAY_BACK;
	int64_t late;

	if (f->partner != b->flow || (f->marks & (FLOW_THERE | FLOW_BACK)) == 0)
		return false;
	late = there ? b->time - clock_map_to_device(&p->clock, a->time)
		     : a->time - clock_map_to_server(&p->clock, b->time);
	if (late < -delay_early(p, w) || late > delay_narrow(p, w) ||
	    ((a->tie ^ b->tie) & p->tie[w] & TIE_ID) != 0)
		return false;
	trace[0]->mate[i] = k;
	trace[1]->mate[k] = i;
	return true;
}

/* All packets of one key in both, whatever they are. */
static void
match_any(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct key_group *g, struct list list[SIDE_COUNT])
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		take_side(p, trace, g, (enum side)s, &list[s]);
	match_group(p, trace, &list[SIDE_SERVER], &list[SIDE_DEVICE]);
	if (is_single(g))
		match_single(p, trace, g);
}

/* The only flow of these packets; FLOW_NONE: there are several. */
static uint32_t
flow_of_all(const struct key_group *g, int s)
{
	uint32_t i;

	for (i = 1; i < g->n[s]; i++)
		if (g->flow[s][i] != g->flow[s][0])
			return FLOW_NONE;
	return g->flow[s][0];
}

static bool
has_nameless(const struct trace *t)
{
	uint32_t i;

	for (i = 0; i < t->n_flows; i++)
		if (t->flow[i].partner == FLOW_NONE && t->flow[i].packets > 0 &&
		    t->flow[i].protocol == IPPROTO_TCP)
			return true;
	return false;
}

/* The only one without a partner. */
static uint32_t
nameless_of(const struct trace *t, const struct key_group *g, int s)
{
	uint32_t i, found = FLOW_NONE;

	for (i = 0; i < g->n[s]; i++) {
		if (t->flow[g->flow[s][i]].partner != FLOW_NONE ||
		    g->flow[s][i] == found)
			continue;
		if (found != FLOW_NONE)
			return FLOW_NONE;
		found = g->flow[s][i];
	}
	return found;
}

/* One of side `s` may be another name of the other's only one. */
static void
join_nameless(
    struct trace *const trace[SIDE_COUNT], const struct key_group *g, int s)
{
	uint32_t flow[SIDE_COUNT];
	const struct flow *f, *o;

	flow[s] = nameless_of(trace[s], g, s);
	flow[!s] = flow_of_all(g, !s);
	if (flow[s] == FLOW_NONE || flow[!s] == FLOW_NONE)
		return;
	f = &trace[SIDE_SERVER]->flow[flow[SIDE_SERVER]];
	o = &trace[SIDE_DEVICE]->flow[flow[SIDE_DEVICE]];
	if (f->protocol == IPPROTO_TCP && are_between(trace, f, o))
		join_flows(trace, flow[SIDE_SERVER], flow[SIDE_DEVICE]);
}

/* Numbers of TCP that are the same in both are no chance, however often they
 * were sent again: so ends a connection whose translation changed. */
static void
join_repeated(struct trace *const trace[SIDE_COUNT])
{
	struct key_walk w = {.by_flow = true};
	struct key_group g;

	if (!has_nameless(trace[SIDE_SERVER]) &&
	    !has_nameless(trace[SIDE_DEVICE]))
		return;
	while (key_walk_next(&w, trace, &g)) {
		if (g.n[0] == 0 || g.n[1] == 0 || g.n[0] + g.n[1] == 2)
			continue;
		join_nameless(trace, &g, SIDE_SERVER);
		join_nameless(trace, &g, SIDE_DEVICE);
	}
}

/* Nearly all keys are there once: which two have one is noted without a look at
 * their records, which are all over the memory. */
static void
join(struct trace *const trace[SIDE_COUNT])
{
	struct key_walk w = {{0, 0}, false};
	struct key_group g;
	int s;

	while (key_walk_next(&w, trace, &g)) {
		if (is_single(&g)) {
			trace[0]->mate[g.of[0][0]] = g.of[1][0];
			trace[1]->mate[g.of[1][0]] = g.of[0][0];
			continue;
		}
		s = g.n[SIDE_SERVER] == 0;
		if (g.n[s] == 1 && g.n[!s] == 0)
			trace[s]->mate[g.of[s][0]] = ALONE;
	}
}

/* Two that may be mates. */
static void
match_joined(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct key_group *g, struct list list[SIDE_COUNT])
{
	int s;

	note_key(trace, g);
	for (s = 0; s < SIDE_COUNT; s++)
		trace[s]->mate[g->of[s][0]] = TRACE_NONE;
	if (!match_plain(p, trace, g))
		match_any(p, trace, g, list);
}

static void
mark_alone(struct trace *t)
{
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		if (t->mate[i] != ALONE)
			continue;
		t->rec[i].bits |= TRACE_ABSENT | TRACE_ONLY;
		t->mate[i] = TRACE_NONE;
	}
}

/* In the order of time the records of both sides follow each other. */
static void
match_all_joined(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct list list[SIDE_COUNT])
{
	const struct trace *t = trace[SIDE_SERVER];
	uint32_t i, mate;
	struct key_group g = {.of = {&i, &mate}, .n = {1, 1}};

	for (i = 0; i < t->n; i++) {
		if (i + AHEAD < t->n)
			__builtin_prefetch(&t->flow[t->rec[i + AHEAD].flow]);
		mate = t->mate[i];
		if (mate != TRACE_NONE)
			match_joined(p, trace, &g, list);
	}
}

void
pairing_run(const struct path *p, struct trace *const trace[SIDE_COUNT])
{
	struct list list[SIDE_COUNT] = {{0}, {0}};
	struct key_walk w = {{0, 0}, false};
	struct key_group g;
	int s;

	join(trace);
	for (s = 0; s < SIDE_COUNT; s++)
		mark_alone(trace[s]);
	match_all_joined(p, trace, list);
	join_repeated(trace);
	while (key_walk_next(&w, trace, &g)) {
		if (g.n[0] <= 1 && g.n[1] <= 1)
			continue;
		note_key(trace, &g);
		if (g.n[0] > 0 && g.n[1] > 0)
			match_any(p, trace, &g, list);
	}
	for (s = 0; s < SIDE_COUNT; s++)
		free(list[s].item);
	find_changed(p, trace);
}
