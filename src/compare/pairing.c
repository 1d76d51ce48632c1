/* pairing.c - which packet of one capture is which of the other.
 */
#include "compare/pairing.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "compare/record_order.h"

#define NARROW_NS INT64_C(50000000)
#define EARLY_NS  INT64_C(5000000)
#define COPY_NS   INT64_C(2000000)
/* Fewer delays say little of how much they differ. */
#define SPREAD_OF 100
/* Of packets that are all alike within a moment, so many are looked at. */
#define LOOK_MAX 256
/* A flow of which only one packet in so many matches is changed. */
#define CHANGED_SHARE 16

/* A packet of a group; `flow` is the server's number of it. */
struct item {
	int64_t
	    time; /* of a sent one: when it should arrive, receiver's clock */
	uint32_t flow, record, tie;
	bool taken, again; /* of what was seen: as the network doubled it */
};

struct list {
	struct item *item;
	uint32_t n, room;
};

/* One flow's packets in a group. */
struct match {
	const struct path *path;
	struct trace *const *trace;
	enum side from;
	struct item *sent, *seen;
	uint32_t n_sent, n_seen;
	int64_t early, narrow;
	uint32_t tie;     /* mask of what survives */
	uint32_t id;      /* ... where only an IP id may prove it */
	int64_t together; /* sent so far apart, some come together */
	int64_t usual[2]; /* of most, the least and the most delay */
};

enum pass { PASS_SAME_ID, PASS_USUAL, PASS_NARROW, PASS_WIDE };

int64_t
pairing_narrow(const struct path *p, enum way w)
{
	const struct delay_range *d = &p->delay[w];
	int64_t spread = d->n < SPREAD_OF ? d->usual : d->usual - d->least;

	return d->usual + 2 * spread + NARROW_NS;
}

int64_t
pairing_early(const struct path *p, enum way w)
{
	return EARLY_NS + p->delay[w].usual / 4;
}

static void
list_add(struct list *l, struct item item)
{
	l->item = xgrow(l->item, l->n, &l->room, sizeof(*l->item));
	l->item[l->n++] = item;
}

static int
by_flow(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/* Times of what this side sent are turned into when it should arrive. */
static void
take_side(const struct path *p, const struct trace *t, const uint32_t *of,
    uint32_t n, struct list *l)
{
	const struct record *r;
	const struct flow *f;
	struct item item;
	uint32_t i;

	l->n = 0;
	for (i = 0; i < n; i++) {
		r = &t->rec[of[i]];
		f = &t->flow[r->flow];
		if (f->partner == FLOW_NONE ||
		    (f->marks & (FLOW_THERE | FLOW_BACK)) == 0)
			continue;
		item.flow = t->side == SIDE_SERVER ? r->flow : f->partner;
		item.record = of[i];
		item.tie = r->tie;
		item.taken = item.again = false;
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

/* Could another one that was sent have come just then? */
static bool
is_anothers(const struct match *m, const struct item *sent, int64_t time)
{
	uint32_t low = 0, high = m->n_sent, middle;

	/* The last one expected before `time`. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (m->sent[middle].time - m->early <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && &m->sent[low - 1] != sent &&
	       time - m->sent[low - 1].time <= m->narrow;
}

static bool
may_be(const struct match *m, const struct item *sent, const struct item *seen,
    enum pass pass)
{
	uint32_t both = sent->tie ^ seen->tie;

	if (seen->taken || seen->again || (both & m->tie) != 0)
		return false;
	if (pass == PASS_SAME_ID)
		return (sent->tie & m->id) != 0;
	if (pass == PASS_USUAL || pass == PASS_NARROW)
		return true;
	if ((both & m->id) != 0)
		return false;
	return (sent->tie & m->id) != 0 || !is_anothers(m, sent, seen->time);
}

static int64_t
latest(const struct match *m, enum pass pass)
{
	if (pass == PASS_WIDE)
		return PAIRING_WIDE_NS;
	return pass == PASS_USUAL ? m->usual[1] : m->narrow;
}

/* Had this one been sent again, would the sender's capture have it? */
static bool
is_only_one(const struct match *m, const struct item *sent, int64_t seen)
{
	const struct trace *t = m->trace[m->from];
	int64_t at = m->from == SIDE_SERVER
			 ? clock_map_to_server(&m->path->clock, seen)
			 : clock_map_to_device(&m->path->clock, seen);
	uint32_t i;

	if ((sent->tie & m->id) != 0)
		return true;
	for (i = 0; i < t->n_spans; i++)
		if (at - m->usual[1] >= t->span[i].from &&
		    at - m->usual[0] <= t->span[i].to)
			return true;
	return false;
}

static void
pair(struct match *m, struct item *sent, struct item *seen, enum pass pass)
{
	struct trace *t = m->trace[m->from];

	if (pass == PASS_WIDE && !is_only_one(m, sent, seen->time)) {
		t->rec[sent->record].bits |= TRACE_ALIKE;
		return;
	}
	sent->taken = seen->taken = true;
	t->mate[sent->record] = seen->record;
	m->trace[!m->from]->mate[seen->record] = sent->record;
}

static void
run_pass(struct match *m, enum pass pass)
{
	int64_t last = latest(m, pass);
	uint32_t i, j, first = 0;
	struct item *sent;

	for (i = 0; i < m->n_sent; i++) {
		sent = &m->sent[i];
		/* Where a clock was set, the times may fall. */
		if (i > 0 && sent->time < m->sent[i - 1].time)
			first = 0;
		if (sent->taken)
			continue;
		while (first < m->n_seen &&
		       m->seen[first].time < sent->time - m->early)
			first++;
		for (j = first; j < m->n_seen && j < first + LOOK_MAX &&
				m->seen[j].time <= sent->time + last;
		     j++) {
			if (!may_be(m, sent, &m->seen[j], pass))
				continue;
			pair(m, sent, &m->seen[j], pass);
			break;
		}
		if (j == first + LOOK_MAX && !sent->taken && pass != PASS_USUAL)
			m->trace[m->from]->rec[sent->record].bits |=
			    TRACE_ALIKE;
		while (first < m->n_seen && m->seen[first].taken)
			first++;
	}
}

/* One that is on its way twice has its IP id twice, whatever the path makes of
 * ids; what was sent again has another. */
static bool
is_again(const struct match *m, uint32_t i)
{
	const struct item *s = m->seen, *it = &s[i];
	uint32_t j, first = i > LOOK_MAX ? i - LOOK_MAX : 0;

	for (j = i; j-- > first && it->time - s[j].time <= m->narrow;)
		if (s[j].tie == it->tie)
			return true;
	for (j = i + 1; j < m->n_seen && j - i <= LOOK_MAX &&
			s[j].time - it->time <= m->narrow;
	     j++)
		if (s[j].taken && s[j].tie == it->tie)
			return true;
	return false;
}

static void
find_again(struct match *m)
{
	struct trace *seen = m->trace[!m->from];
	uint32_t i;

	for (i = 0; i < m->n_seen; i++) {
		if (m->seen[i].taken || (m->seen[i].tie & TIE_ID) == 0 ||
		    !is_again(m, i))
			continue;
		m->seen[i].again = true;
		seen->rec[m->seen[i].record].bits |= TRACE_OTHER;
	}
}

/* All that are like it have another IP id, and ids survive. */
static void
find_other(const struct match *m)
{
	struct trace *sent = m->trace[m->from];
	uint32_t i, j;
	bool same;

	if (m->id == 0 || m->n_seen > LOOK_MAX)
		return;
	for (i = 0; i < m->n_sent; i++) {
		if (m->sent[i].taken || (m->sent[i].tie & m->id) == 0)
			continue;
		same = false;
		for (j = 0; j < m->n_seen; j++)
			same |=
			    ((m->sent[i].tie ^ m->seen[j].tie) & m->id) == 0;
		if (!same)
			sent->rec[m->sent[i].record].bits |= TRACE_OTHER;
	}
}

/* Is `b` but a copy that the sender's capture made of `a`, or are they two that
 * the receiver's capture took for copies of one? */
static bool
is_copy(const struct match *m, const struct trace *sent,
    const struct trace *seen, const struct item *a, const struct item *b)
{
	int64_t apart =
	    b->time > a->time ? b->time - a->time : a->time - b->time;

	if (!a->taken || b->taken || a->tie != b->tie)
		return false;
	if (apart <= COPY_NS && (sent->makes_copies || (a->tie & TIE_ID) != 0))
		return true;
	return apart <= m->together &&
	       (seen->rec[sent->mate[a->record]].bits & RECORD_COPIED) != 0;
}

/* Does `near` stand for copies, and `a` for itself only? */
static bool
is_better(const struct trace *t, const struct trace *seen,
    const struct item *near, const struct item *a)
{
	return near != NULL &&
	       (seen->rec[t->mate[near->record]].bits & RECORD_COPIED) != 0 &&
	       (seen->rec[t->mate[a->record]].bits & RECORD_COPIED) == 0;
}

static void
find_copies(const struct match *m)
{
	struct trace *t = m->trace[m->from], *far = m->trace[!m->from];
	const struct item *near = NULL, *a;
	uint32_t i;

	for (i = 0; i < m->n_sent; i++) {
		a = &m->sent[i];
		if (near != NULL && is_copy(m, t, far, near, a))
			t->rec[a->record].bits |= TRACE_BYTES;
		if (a->taken && !is_better(t, far, near, a))
			near = a;
	}
	for (near = NULL; i-- > 0;) {
		a = &m->sent[i];
		if (near != NULL && is_copy(m, t, far, near, a))
			t->rec[a->record].bits |= TRACE_BYTES;
		if (a->taken && !is_better(t, far, near, a))
			near = a;
	}
}

static void
match_flow(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct item *a, uint32_t n_a, struct item *b, uint32_t n_b)
{
	const struct flow *f = &trace[SIDE_SERVER]->flow[a->flow];
	bool there = (f->marks & FLOW_THERE) != 0;
	enum way w = there ? WAY_THERE : WAY_BACK;
	struct match m = {.path = p,
	    .trace = trace,
	    .from = there ? SIDE_SERVER : SIDE_DEVICE,
	    .sent = there ? a : b,
	    .n_sent = there ? n_a : n_b,
	    .seen = there ? b : a,
	    .n_seen = there ? n_b : n_a,
	    .early = pairing_early(p, w),
	    .narrow = pairing_narrow(p, w),
	    /* One was sent, one came: nothing to tell apart. */
	    .tie = n_a == 1 && n_b == 1 ? 0 : p->tie[w],
	    .id = p->tie[w] & TIE_ID,
	    .together = p->delay[w].usual + COPY_NS,
	    .usual = {p->delay[w].least - COPY_NS / 2,
		p->delay[w].usual + COPY_NS / 2}};

	if ((m.tie & TIE_ID) != 0)
		run_pass(&m, PASS_SAME_ID);
	find_again(&m);
	if (n_a > 1 || n_b > 1)
		run_pass(&m, PASS_USUAL);
	run_pass(&m, PASS_NARROW);
	run_pass(&m, PASS_WIDE);
	find_copies(&m);
	find_other(&m);
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
			match_flow(
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
	    f->protocol != o->protocol ||
	    (f->marks & o->marks & (FLOW_THERE | FLOW_BACK)) == 0 ||
	    trace[0]->twin[f->from] != o->from ||
	    trace[0]->twin[f->to] != o->to)
		return;
	delay = delay_of(
	    p, w, there ? a->time : b->time, there ? b->time : a->time);
	if (delay < -pairing_early(p, w) || delay > pairing_narrow(p, w))
		return;
	trace[0]->mate[g->of[0][0]] = g->of[1][0];
	trace[1]->mate[g->of[1][0]] = g->of[0][0];
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
		mark_both(trace, i, FLOW_CHANGED);
		change_reverse(trace, i, mates);
	}
	free(n[0]);
	free(n[1]);
	free(mates);
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

void
pairing_run(const struct path *p, struct trace *const trace[SIDE_COUNT])
{
	struct list list[SIDE_COUNT] = {{0}, {0}};
	struct key_walk w = {{0, 0}};
	struct key_group g;
	int s;

	while (key_walk_next(&w, trace, &g)) {
		note_key(trace, &g);
		if (g.n[0] == 0 || g.n[1] == 0)
			continue;
		for (s = 0; s < SIDE_COUNT; s++)
			take_side(p, trace[s], g.of[s], g.n[s], &list[s]);
		match_group(p, trace, &list[SIDE_SERVER], &list[SIDE_DEVICE]);
		if (g.n[0] == 1 && g.n[1] == 1)
			match_single(p, trace, &g);
	}
	for (s = 0; s < SIDE_COUNT; s++)
		free(list[s].item);
	find_changed(p, trace);
}
