/* judge.c - two traces in, all that is found out: the course of a comparison.
 */
#include "compare/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "compare/beside.h"
#include "compare/certain_pair.h"
#include "compare/host_end.h"
#include "compare/host_twin.h"
#include "compare/letters.h"
#include "compare/loss.h"
#include "compare/outage.h"
#include "compare/pairing.h"
#include "compare/path_change.h"
#include "compare/record_order.h"
#include "compare/refusal.h"
#include "compare/conversation.h"

#define QUARTER_NS INT64_C(900000000000)
/* More than so far from a quarter of an hour is no time zone. */
#define ZONE_NS INT64_C(5000000000)
/* Who asked so often, and then not for so many times his longest pause. */
#define POLLS_MIN     10
#define POLLS_GONE    5
#define POLLS_GONE_NS INT64_C(10000000000)
#define ZONE_MAX_NS   (INT64_C(14) * 4 * QUARTER_NS)

struct work {
	struct compare_result *r;
	struct trace *const *trace;
	const struct judge_wish *wish;
	struct path path;
	struct common_time common;
	struct exchanges exchanges;
	struct blindness blind[SIDE_COUNT];
	struct byte_gaps gaps[SIDE_COUNT];
	uint32_t campaign;
	bool outage; /* the clocks are known by the records alone */
};

static bool
is_local_time(int64_t offset)
{
	int64_t size = llabs(offset);
	int64_t rest = size % QUARTER_NS;

	return size >= QUARTER_NS - ZONE_NS && size <= ZONE_MAX_NS &&
	       (rest <= ZONE_NS || rest >= QUARTER_NS - ZONE_NS);
}

/* What the device's clock showed less what the server's did, in the middle of a
 * piece, where no set clock is near. */
static int64_t
shown_offset(const struct work *w, const struct clock_piece *p)
{
	int64_t device = clock_map_to_device(&w->path.clock, p->middle);

	return trace_stamp(w->trace[SIDE_DEVICE], device) -
	       trace_stamp(w->trace[SIDE_SERVER], p->middle);
}

static void
tell_steps(struct work *w)
{
	const struct clock_map *m = &w->path.clock;
	struct result_clock *c = &w->r->clock;
	const struct clock_piece *p, *before;
	int i;

	for (i = 1; i < m->n && c->n_steps < RESULT_STEPS_MAX; i++) {
		p = &m->piece[i];
		before = p - 1;
		c->step_at[c->n_steps] =
		    trace_stamp(w->trace[SIDE_SERVER], p->from);
		c->step_by[c->n_steps++] =
		    shown_offset(w, p) -
		    (int64_t)(p->drift * (double)(p->middle - p->from)) -
		    shown_offset(w, before) -
		    (int64_t)(before->drift *
			      (double)(p->from - before->middle));
	}
}

static void
tell_clock(struct work *w)
{
	const struct clock_map *m = &w->path.clock;
	struct result_clock *c = &w->r->clock;
	const struct clock_piece *p = &m->piece[0];
	int i;

	if (m->n == 0)
		return;
	c->known = p->error != INT64_MAX;
	c->at = trace_stamp(w->trace[SIDE_SERVER], p->middle);
	c->offset = shown_offset(w, p);
	c->error = p->error;
	c->drift_ppm = p->drift * 1e6;
	c->drift_error = p->drift_error * 1e6;
	c->local_time = is_local_time(c->offset);
	for (i = 0; i < m->n; i++)
		c->pairs += m->piece[i].pairs;
	tell_steps(w);
}

static void
take_maps(struct work *w)
{
	struct trace *a = w->trace[SIDE_SERVER], *b = w->trace[SIDE_DEVICE];
	uint32_t server, device;
	size_t i;

	for (i = 0; i < w->wish->n_maps; i++) {
		server = host_twin_find(a, &w->wish->map[i].server);
		device = host_twin_find(b, &w->wish->map[i].device);
		if (server == TRACE_NONE || device == TRACE_NONE)
			continue;
		a->twin[server] = device;
		b->twin[device] = server;
	}
}

/* The campaign host, if it is not at the server's end: its packets are in one
 * capture only. */
static uint32_t
alone(const struct work *w)
{
	const struct trace *t = w->trace[SIDE_DEVICE];

	return w->campaign == TRACE_NONE || t->twin[w->campaign] != TRACE_NONE
		   ? TRACE_NONE
		   : w->campaign;
}

/* Who asks whom is known, then the clocks, then which packet is which. */
static void
match(struct work *w)
{
	struct host_known known;
	struct certain_pair *pairs;
	uint32_t n;
	int s;

	w->campaign = host_twin_find(w->trace[SIDE_DEVICE], &w->wish->campaign);
	for (s = 0; s < SIDE_COUNT; s++) {
		record_order(w->trace[s]);
		known.device[s] = host_twin_find(w->trace[s], &w->wish->device);
		known.ovoc[s] = host_twin_find(w->trace[s], &w->wish->ovoc);
	}
	host_twin_by_address(w->trace);
	take_maps(w);
	certain_pair_learn(w->trace, alone(w));
	n = certain_pair_collect(w->trace, &pairs);
	host_end_learn(w->trace, pairs, n, &known);
	delay_learn(&w->path, w->trace, pairs, n);
	free(pairs);
	w->outage = n == 0 && w->path.clock.n == 0 &&
		    outage_clock(&w->path.clock, w->trace, w->wish);
	if (w->path.clock.n == 0)
		return;
	pairing_run(&w->path, w->trace);
	byte_range_run(&w->path, w->trace, w->gaps);
	conversation_number(w->trace);
	conversation_classify(w->trace);
	question_find(&w->exchanges, &w->path, w->trace);
}

static void
tell_common(struct work *w)
{
	struct compare_result *r = w->r;
	const struct trace *a = w->trace[SIDE_SERVER];
	uint32_t i;

	for (i = 0; i < w->common.n && r->n_common < RESULT_COMMON_MAX; i++)
		r->common[r->n_common++] =
		    (struct result_span){trace_stamp(a, w->common.span[i].from),
			trace_stamp(a, w->common.span[i].to)};
}

static void
tell_sides(struct work *w)
{
	struct result_side *side;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		side = &w->r->side[s];
		side->misses = w->blind[s].misses;
		side->sample = w->blind[s].sample;
		side->miss_share = w->blind[s].share;
		side->miss_upper = w->blind[s].upper;
		side->dropped = w->wish->dropped[s];
	}
}

static bool
same_end_point(const struct result_nat *n, const struct result_nat *o)
{
	return addr_cmp(&n->server, &o->server) == 0 &&
	       n->server_port == o->server_port &&
	       addr_cmp(&n->device, &o->device) == 0 &&
	       n->device_port == o->device_port;
}

static void
add_nat(struct compare_result *r, const struct result_nat *n)
{
	int i;

	for (i = 0; i < r->n_nat; i++)
		if (same_end_point(&r->nat[i], n))
			return;
	if (r->n_nat < RESULT_NAT_MAX)
		r->nat[r->n_nat++] = *n;
}

/* Where addresses differ; ports only where they are a service's. */
static void
tell_nat(struct work *w)
{
	struct trace *a = w->trace[SIDE_SERVER], *b = w->trace[SIDE_DEVICE];
	const struct flow *f, *g;
	struct result_nat n;
	uint32_t i;

	for (i = 0; i < a->n_flows; i++) {
		f = &a->flow[i];
		if ((f->marks & FLOW_MATCHED) == 0 ||
		    (f->marks & FLOW_THERE) == 0)
			continue;
		g = &b->flow[f->partner];
		n = (struct result_nat){*flow_table_host(a->table, f->to),
		    *flow_table_host(b->table, g->to), f->to_port, g->to_port};
		if (addr_cmp(&n.server, &n.device) != 0 ||
		    f->to_port != g->to_port)
			add_nat(w->r, &n);
		n = (struct result_nat){*flow_table_host(a->table, f->from),
		    *flow_table_host(b->table, g->from), 0, 0};
		if (addr_cmp(&n.server, &n.device) != 0)
			add_nat(w->r, &n);
	}
}

/* The time of the trouble: of the first kind of traffic that lost something, in
 * the order in which people care.  Else all of it. */
static void
find_trouble(const struct compare_result *r, struct letters_wish *wish)
{
	const struct loss_tally *t;
	int traffic, way;

	wish->from = INT64_MIN;
	wish->to = INT64_MAX;
	for (traffic = 0; traffic < TRAFFIC_COUNT; traffic++) {
		for (way = 0; way < WAY_COUNT; way++) {
			t = &r->tally[traffic][way];
			if (t->lost == 0)
				continue;
			if (wish->from == INT64_MIN || t->first < wish->from)
				wish->from = t->first;
			if (wish->to == INT64_MAX || t->last > wish->to)
				wish->to = t->last;
		}
		if (wish->from != INT64_MIN)
			return;
	}
}

/* 0: there was nothing at that time. */
static void
show_stamp(const struct trace *a, int64_t *at)
{
	if (*at != 0)
		*at = trace_stamp(a, *at);
}

/* All that goes out is what the server's clock showed. */
static void
show_stamps(struct work *w)
{
	const struct trace *a = w->trace[SIDE_SERVER];
	struct loss_tally *t = &w->r->tally[0][0];
	int i;

	for (i = 0; i < WAY_COUNT; i++) {
		show_stamp(a, &w->r->path[i].slower_from);
		show_stamp(a, &w->r->path[i].route_from);
		show_stamp(a, &w->r->path[i].mapping.from);
	}
	if (w->r->strip.width > 0)
		w->r->strip.from = trace_stamp(a, w->r->strip.from);
	for (i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++) {
		if (t[i].lost == 0)
			continue;
		t[i].first = trace_stamp(a, t[i].first);
		t[i].last = trace_stamp(a, t[i].last);
	}
}

/* Who acknowledges has received something; who asks for connections again and
 * again, and acknowledges nothing, has not. */
static bool
hears_nothing(const struct trace *t)
{
	const struct record *r;
	bool asks = false;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		r = &t->rec[i];
		if (r->what != RECORD_TCP ||
		    !trace_sends(t, t->flow[r->flow].marks))
			continue;
		if ((r->bits & RECORD_ACK) != 0)
			return false;
		asks |= (r->bits & RECORD_SYN) != 0;
	}
	return asks;
}

/* A capture without any conversation of both ways shows one way, if it has not
 * packets of both all the same. */
static void
find_one_way(const struct work *w, struct scene *sc)
{
	const struct trace *t;
	uint32_t i;
	unsigned marks;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		t = w->trace[s];
		sc->no_in[s] = sc->no_out[s] = w->wish->one_way[s];
		for (i = 0; i < t->n_flows; i++) {
			marks = t->flow[i].marks;
			if (t->flow[i].packets == 0 ||
			    (marks & (FLOW_THERE | FLOW_BACK)) == 0)
				continue;
			if (trace_sends(t, marks))
				sc->no_out[s] = false;
			else
				sc->no_in[s] = false;
		}
		if (sc->no_in[s] && hears_nothing(t))
			sc->no_in[s] = false;
	}
	if (w->outage)
		sc->no_in[SIDE_SERVER] = !outage_hears(w->wish);
}

/* The device's own messages in the time of trouble. */
static enum reports
find_reports(const struct scene *sc, const struct letters_wish *wish)
{
	const struct trace *t = sc->trace[SIDE_DEVICE];
	uint32_t i, lost = 0, arrived = 0, others = 0;
	enum reason why;
	const struct flow *f;
	int64_t at;

	if (sc->no_out[SIDE_DEVICE])
		return REPORTS_UNKNOWN;
	for (i = 0; i < t->n; i++) {
		f = &t->flow[t->rec[i].flow];
		at = fate_time(sc, SIDE_DEVICE, i);
		if (t->at[f->from] != END_DEVICE || at < wish->from ||
		    at > wish->to)
			continue;
		/* To whomever it is. */
		others += f->class != TRAFFIC_TRAP;
		if (f->class != TRAFFIC_TRAP || !trace_sends(t, f->marks))
			continue;
		switch (fate_of_sent(sc, SIDE_DEVICE, i, &why)) {
		case FATE_LOST:
			lost++;
			break;
		case FATE_ARRIVED:
		case FATE_PROVED:
			arrived++;
			break;
		case FATE_UNKNOWN:
			return REPORTS_UNKNOWN;
		case FATE_NOT_OURS:
		case FATE_OUTSIDE:
		case FATE_DOUBLE:
			break;
		}
	}
	if (lost == 0 && arrived == 0)
		return others == 0 ? REPORTS_NONE : REPORTS_UNKNOWN;
	if (lost > 0 && arrived > 0)
		return REPORTS_UNKNOWN;
	return lost > 0 ? REPORTS_LOST : REPORTS_ARRIVED;
}

static bool
is_question(const struct exchange *e)
{
	return e->kind == ASK_SNMP && e->way == WAY_THERE &&
	       e->of == SIDE_SERVER;
}

static uint32_t
flow_of(const struct work *w, const struct exchange *e)
{
	return w->trace[SIDE_SERVER]->rec[e->question].flow;
}

/* OVOC's polls come from one socket, most of the time, and the probes behind an
 * alarm from another one.  FLOW_NONE: nobody asks more than once from one. */
static uint32_t
poll_flow(const struct work *w)
{
	uint32_t *n = xcalloc(w->trace[SIDE_SERVER]->n_flows + 1, sizeof(*n));
	uint32_t i, flow, best = FLOW_NONE;

	for (i = 0; i < w->exchanges.n; i++) {
		if (!is_question(&w->exchanges.e[i]))
			continue;
		flow = flow_of(w, &w->exchanges.e[i]);
		n[flow]++;
		if (best == FLOW_NONE || n[flow] > n[best])
			best = flow;
	}
	if (best != FLOW_NONE && n[best] < POLLS_MIN)
		best = FLOW_NONE;
	free(n);
	return best;
}

struct polls {
	uint32_t n;
	int64_t last, gap;
	int64_t others, others_last; /* questions of others behind `last` */
};

static void
take_polls(const struct work *w, struct polls *p)
{
	uint32_t i, flow = poll_flow(w);
	const struct exchange *e;
	int64_t at;

	*p = (struct polls){0};
	for (i = 0; i < w->exchanges.n; i++) {
		e = &w->exchanges.e[i];
		if (!is_question(e))
			continue;
		at = e->asked[SIDE_SERVER];
		if (flow != FLOW_NONE && flow_of(w, e) != flow) {
			p->others = p->others == 0 ? at : p->others;
			p->others_last = at;
			continue;
		}
		if (p->n++ > 0 && at - p->last > p->gap)
			p->gap = at - p->last;
		p->last = at;
		p->others = p->others_last = 0;
	}
}

/* OVOC polls: when did it stop, long before the captures did?  0: it did not,
 * or does not poll. */
static int64_t
find_asked_until(const struct work *w)
{
	struct polls p;
	int64_t rest;

	take_polls(w, &p);
	if (p.n < POLLS_MIN || w->common.n == 0)
		return 0;
	rest = w->common.span[w->common.n - 1].to - p.last;
	/* Others that ask for most of the rest may be OVOC again. */
	if (p.others_last - p.others > rest / 2)
		return 0;
	/* Stamps may be a century apart: no product of such a time fits. */
	return rest / POLLS_GONE > p.gap && rest > POLLS_GONE_NS ? p.last : 0;
}

/* Letters for the time of trouble; where nothing was lost, that is when the
 * questions were not answered. */
static void
spell(struct work *w, const struct scene *sc)
{
	struct letters_wish wish = {.patience = w->wish->patience,
	    .campaign = w->campaign,
	    .sidecar = w->wish->sidecar,
	    .record = w->wish->record};
	int64_t asked_until;

	find_trouble(w->r, &wish);
	if (wish.from == INT64_MIN)
		letters_unanswered(sc, &w->exchanges, &wish);
	letters_fill(w->r, sc, &w->exchanges, &wish);
	asked_until = find_asked_until(w);
	if (wish.from == INT64_MIN && asked_until > 0)
		wish.from = asked_until + 1;
	w->r->reports = find_reports(sc, &wish);
	if (asked_until > 0)
		w->r->asked_until =
		    trace_stamp(w->trace[SIDE_SERVER], asked_until);
	if (wish.to == INT64_MAX)
		return;
	refusal_find(w->r, sc, wish.from, wish.to);
	w->r->trouble_time =
	    (struct result_span){trace_stamp(w->trace[SIDE_SERVER], wish.from),
		trace_stamp(w->trace[SIDE_SERVER], wish.to)};
}

static void
find_blindness(struct work *w)
{
	const struct path *p = &w->path;

	blindness_find(w->blind, p, &w->common, w->trace, &w->exchanges,
	    w->gaps, w->wish->dropped);
	if (!blindness_cut(w->blind, p, &w->common, w->trace))
		return;
	blindness_free(w->blind);
	blindness_find(w->blind, p, &w->common, w->trace, &w->exchanges,
	    w->gaps, w->wish->dropped);
}

static void
weigh(struct work *w)
{
	const struct judge_wish *wish = w->wish;
	struct scene sc = {.path = &w->path,
	    .common = &w->common,
	    .trace = w->trace,
	    .blind = w->blind,
	    .gaps = w->gaps};

	beside_device(wish->record, w->trace[SIDE_DEVICE], &w->path);
	find_one_way(w, &sc);
	common_time_find(&w->common, &w->path, w->trace,
	    wish->from == 0 ? INT64_MIN : wish->from,
	    wish->to == 0 ? INT64_MAX : wish->to);
	find_blindness(w);
	loss_count(w->r, &sc, wish->patience);
	path_change_find(w->r, &sc);
	spell(w, &sc);
	tell_common(w);
	tell_sides(w);
	tell_nat(w);
	show_stamps(w);
	blindness_free(w->blind);
	common_time_free(&w->common);
}

/* Nothing tells the clocks: what the campaign host saw is all that there is. */
static void
hear_alone(struct work *w)
{
	struct scene sc = {.path = &w->path,
	    .common = &w->common,
	    .trace = w->trace,
	    .blind = w->blind,
	    .gaps = w->gaps};
	struct letters_wish wish = {.patience = w->wish->patience,
	    .campaign = w->campaign,
	    .record = w->wish->record};

	if (wish.record == NULL)
		return;
	find_one_way(w, &sc);
	letters_of_witness(w->r, &sc, &wish);
}

void
judge_run(struct compare_result *r, struct trace *const trace[SIDE_COUNT],
    const struct judge_wish *wish)
{
	struct work w = {.r = r, .trace = trace, .wish = wish};

	r->side[SIDE_DEVICE].all_interfaces =
	    wish->record != NULL && wish->record->all_interfaces == 1;
	match(&w);
	tell_clock(&w);
	if (w.path.clock.n > 0)
		weigh(&w);
	else
		hear_alone(&w);
	question_free(&w.exchanges);
	byte_range_free(w.gaps);
}
