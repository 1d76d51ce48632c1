/* path_change.c - did a way itself change, where its packets got lost?
 */
#include "compare/path_change.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/mapping_change.h"

/* The last packets in so many ns before the first loss are held against those
 * of the rest of the time before it. */
#define BEFORE_NS INT64_C(60000000000)
#define LAST_NS   INT64_C(10000000000)
#define BASE_MIN  20
#define LAST_MIN  5
/* The same of the other way, which tells clocks from delays. */
#define OTHER_MIN      10
#define OTHER_LAST_MIN 3
/* A longer way is at least so much longer, ... */
#define RISE_NS INT64_C(5000000)
/* ... and no more than this part of it is the clocks'. */
#define CLOCK_PART 4

/* So many packets of one connection that all met as many routers, before and
 * behind the change; it is no further from the first loss, and connections do
 * not differ by more. */
#define ROUTE_MIN 5
#define ROUTE_NS  INT64_C(5000000000)
/* DSCPs that differ on fewer packets are not told. */
#define DSCP_MIN 3
#define DSCPS    64

/* A packet of one way that arrived. */
struct sample {
	int64_t at, delay;
	uint32_t flow, size;
};

struct samples {
	struct sample *s; /* in the order in which they were sent */
	uint32_t n, room;
	uint32_t n_base; /* that were sent before the last ones */
};

static enum side
sender(enum way w)
{
	return w == WAY_THERE ? SIDE_SERVER : SIDE_DEVICE;
}

/* There is no other one that could be meant, at either end. */
static bool
is_certain(const struct scene *sc, enum side s, uint32_t i)
{
	const struct trace *from = sc->trace[s], *to = sc->trace[!s];
	uint32_t mate = from->mate[i];
	unsigned bits = from->rec[i].bits;

	if (mate == TRACE_NONE ||
	    !trace_sends(from, from->flow[from->rec[i].flow].marks))
		return false;
	return (bits & to->rec[mate].bits & TRACE_ONLY) != 0 &&
	       ((bits | to->rec[mate].bits) & RECORD_FRAGMENTED) == 0;
}

static struct sample
sample_of(const struct scene *sc, enum way w, uint32_t i)
{
	const struct trace *from = sc->trace[sender(w)];
	const struct trace *to = sc->trace[!sender(w)];
	const struct record *r = &from->rec[i];

	return (struct sample){fate_time(sc, sender(w), i),
	    delay_of(sc->path, w, r->time, to->rec[from->mate[i]].time),
	    r->flow, r->head + r->length};
}

/* Those that were sent in the time before `loss`. */
static void
take_samples(
    const struct scene *sc, enum way w, int64_t loss, struct samples *to)
{
	const struct trace *t = sc->trace[sender(w)];
	int64_t from = loss - BEFORE_NS;
	struct sample one;
	uint32_t i;

	*to = (struct samples){0};
	if (sender(w) == SIDE_DEVICE)
		from = clock_map_to_device(&sc->path->clock, from);
	for (i = trace_at(t, from); i < t->n; i++) {
		if (fate_time(sc, sender(w), i) >= loss)
			return;
		if (!is_certain(sc, sender(w), i))
			continue;
		one = sample_of(sc, w, i);
		to->s = xgrow(to->s, to->n, &to->room, sizeof(*to->s));
		to->s[to->n++] = one;
		to->n_base += one.at < loss - LAST_NS;
	}
}

/* The range of the delays before the last ones, and the largest packet. */
struct base {
	int64_t least, most;
	uint32_t size;
	bool *has; /* this flow */
};

static void
learn_base(const struct samples *s, struct base *b)
{
	uint32_t i;

	for (i = 0; i < s->n_base; i++) {
		if (i == 0 || s->s[i].delay < b->least)
			b->least = s->s[i].delay;
		if (i == 0 || s->s[i].delay > b->most)
			b->most = s->s[i].delay;
		if (s->s[i].size > b->size)
			b->size = s->s[i].size;
		b->has[s->s[i].flow] = true;
	}
}

/* What is larger than all before it is slower for that, and a new connection
 * may go another way. */
static bool
is_alike(const struct base *b, const struct sample *s)
{
	return s->size <= b->size && b->has[s->flow];
}

/* Since when were all slower, to the last one?  0: they were not, or too few
 * are known. */
static int64_t
slow_since(const struct samples *s, const struct base *b)
{
	int64_t spread = b->most - b->least, since = 0, limit;
	uint32_t i, n = 0;

	limit = b->most + (spread > RISE_NS ? spread : RISE_NS);
	for (i = s->n; i > s->n_base; i--) {
		if (!is_alike(b, &s->s[i - 1]))
			continue;
		if (s->s[i - 1].delay < limit)
			break;
		since = s->s[i - 1].at;
		n++;
	}
	return n < LAST_MIN ? 0 : since;
}

/* Of those from `first` on that were sent at or behind `since`, and like those
 * of `b`, if it is not NULL; false: they are fewer than `least`. */
static bool
median(const struct samples *s, uint32_t first, uint32_t end, int64_t since,
    const struct base *b, uint32_t least, int64_t *to)
{
	int64_t *value = xcalloc((size_t)s->n + 1, sizeof(*value));
	uint32_t i, n = 0;

	for (i = first; i < end; i++)
		if (s->s[i].at >= since && (b == NULL || is_alike(b, &s->s[i])))
			value[n++] = s->s[i].delay;
	*to = delay_median_of(value, n);
	free(value);
	return n >= least;
}

/* By how much it changed since then; false: too few are known. */
static bool
change(const struct samples *s, int64_t since, const struct base *b,
    uint32_t base_min, uint32_t last_min, int64_t *by)
{
	int64_t before, last;

	if (!median(s, 0, s->n_base, INT64_MIN, NULL, base_min, &before) ||
	    !median(s, s->n_base, s->n, since, b, last_min, &last))
		return false;
	*by = last - before;
	return true;
}

/* A clock that went astray makes the other way seem as much faster. */
static bool
is_clocks(const struct samples *other, int64_t since, int64_t rise)
{
	int64_t by;

	return !change(other, since, NULL, OTHER_MIN, OTHER_LAST_MIN, &by) ||
	       by < -rise / CLOCK_PART;
}

static void
find_rise(const struct samples *s, const struct samples *other, uint32_t flows,
    struct result_path *to)
{
	struct base b = {.has = xcalloc((size_t)flows + 1, sizeof(*b.has))};
	int64_t since = 0, by;

	learn_base(s, &b);
	if (s->n_base >= BASE_MIN)
		since = slow_since(s, &b);
	if (since != 0 && change(s, since, &b, BASE_MIN, LAST_MIN, &by) &&
	    !is_clocks(other, since, by)) {
		to->slower_from = since;
		to->slower_by = by;
	}
	free(b.has);
}

/* The first loss of that way; 0: there is none. */
static int64_t
first_loss(const struct compare_result *r, enum way w)
{
	const struct loss_tally *t;
	int64_t first = 0;
	int i;

	for (i = 0; i < TRAFFIC_COUNT; i++) {
		t = &r->tally[i][w];
		if (t->lost > 0 && (first == 0 || t->first < first))
			first = t->first;
	}
	return first;
}

/* With one direction only, or beside a clock that was set, a difference of
 * delays means nothing. */
static bool
clock_holds(const struct scene *sc, int64_t loss)
{
	const struct clock_map *m = &sc->path->clock;
	int i;

	for (i = 0; i < m->n; i++)
		if (m->piece[i].error == INT64_MAX)
			return false;
	return m->in_order &&
	       !clock_map_step_near(m, loss, BEFORE_NS + sc->common->guard);
}

static void
find_slower(
    const struct scene *sc, enum way w, int64_t loss, struct result_path *to)
{
	struct samples s, other;

	if (!clock_holds(sc, loss))
		return;
	take_samples(sc, w, loss, &s);
	take_samples(sc, w == WAY_THERE ? WAY_BACK : WAY_THERE, loss, &other);
	find_rise(&s, &other, sc->trace[sender(w)]->n_flows, to);
	free(s.s);
	free(other.s);
}

/* How many routers the packets of one connection met, one behind the other.
 * There may be many. */
struct trail {
	uint8_t ttl;       /* of all when they were sent */
	uint8_t hops[2];   /* of the first ones, and then of all others */
	bool mute : 1;     /* its TTLs mean nothing */
	bool restless : 1; /* its routers change all the time */
	uint32_t n[2];
	/* The sender's records: the first and last of the first ones, the first
	 * of the others. */
	uint32_t first, last, then;
};

struct trails {
	const struct scene *scene;
	enum way way;
	struct trail *t; /* of each connection; NULL: not wanted */
	uint32_t n;
};

static void
follow_trail(struct trail *t, uint32_t i, const struct record *sent,
    const struct record *seen)
{
	uint8_t hops = (uint8_t)(sent->ttl - seen->ttl);
	int now = t->n[1] > 0;

	if (t->n[0] == 0)
		*t = (struct trail){.ttl = sent->ttl,
		    .hops[0] = hops,
		    .first = i,
		    .mute = t->mute};
	t->mute |= sent->ttl != t->ttl || seen->ttl > sent->ttl ||
		   ((sent->bits | seen->bits) & RECORD_COPIED) != 0;
	if (hops != t->hops[now]) {
		t->restless |= now == 1;
		t->hops[1] = hops;
		t->then = now == 1 ? t->then : i;
		now = 1;
	}
	t->n[now]++;
	if (now == 0)
		t->last = i;
}

static int64_t
time_of(const struct trails *all, uint32_t i)
{
	return fate_time(all->scene, sender(all->way), i);
}

/* It was one, and became another one where the first loss began. */
static bool
has_changed(const struct trails *all, const struct trail *t, int64_t loss)
{
	return !t->mute && !t->restless && t->n[0] >= ROUTE_MIN &&
	       t->n[1] >= ROUTE_MIN &&
	       time_of(all, t->last) <= loss + ROUTE_NS &&
	       time_of(all, t->then) >= loss - ROUTE_NS;
}

/* Does this connection agree that all changed then, or say nothing of it? */
static bool
agrees(
    const struct trails *all, const struct trail *t, const struct trail *that)
{
	int64_t then = time_of(all, that->then);

	if (t->mute || t->n[0] == 0)
		return true;
	if (t->restless)
		return false;
	if (t->n[1] == 0)
		return time_of(all, t->first) >= then - ROUTE_NS ||
		       time_of(all, t->last) <= then + ROUTE_NS;
	return t->hops[1] - t->hops[0] == that->hops[1] - that->hops[0] &&
	       time_of(all, t->last) <= then + ROUTE_NS &&
	       time_of(all, t->then) >= time_of(all, that->last) - ROUTE_NS;
}

static void
tell_route(const struct trails *all, int64_t loss, struct result_path *to)
{
	const struct trail *that = NULL, *t;

	for (t = all->t; t < all->t + all->n; t++)
		if (has_changed(all, t, loss) &&
		    (that == NULL || t->then < that->then))
			that = t;
	for (t = all->t; t < all->t + all->n && that != NULL; t++)
		if (!agrees(all, t, that))
			that = NULL;
	if (that != NULL) {
		to->route_from = time_of(all, that->then);
		to->hops_before = that->hops[0];
		to->hops = that->hops[1];
	}
}

/* How many packets left with one DSCP and arrived with another one. */
struct dscps {
	uint32_t n[DSCPS][DSCPS];
};

static void
count_dscp(
    struct dscps *d, const struct record *sent, const struct record *seen)
{
	if (sent->dscp != seen->dscp)
		d->n[sent->dscp % DSCPS][seen->dscp % DSCPS]++;
}

static void
tell_dscp(const struct dscps *d, struct result_path *to)
{
	uint32_t i, n, best = 0;

	for (i = 0; i < DSCPS * DSCPS; i++) {
		n = d->n[i / DSCPS][i % DSCPS];
		if (n < DSCP_MIN || n <= best)
			continue;
		best = n;
		to->dscp_n = n;
		to->dscp_sent = (uint8_t)(i / DSCPS);
		to->dscp_seen = (uint8_t)(i % DSCPS);
	}
}

/* What is learned of one way while its packets are gone through. */
struct walk {
	struct dscps dscps;
	struct trails trails;
	struct mapping_change *mapping;
};

static void
take_packet(struct walk *k, const struct scene *sc, enum way w, uint32_t i)
{
	const struct trace *from = sc->trace[sender(w)];
	uint32_t mate = from->mate[i];
	const struct record *sent = &from->rec[i];
	const struct record *seen = &sc->trace[!sender(w)]->rec[mate];

	count_dscp(&k->dscps, sent, seen);
	mapping_change_take(k->mapping, i, mate);
	if (k->trails.t != NULL)
		follow_trail(&k->trails.t[sent->flow], i, sent, seen);
}

static void
find_changes(struct compare_result *r, const struct scene *sc, enum way w,
    const int64_t loss[WAY_COUNT])
{
	struct walk *k = xcalloc(1, sizeof(*k));
	const struct trace *from = sc->trace[sender(w)];
	enum way other = w == WAY_THERE ? WAY_BACK : WAY_THERE;
	uint32_t i;

	k->mapping = mapping_change_new(sc, sender(w));
	k->trails = (struct trails){sc, w, NULL, from->n_flows};
	if (loss[w] != 0 && !from->makes_copies &&
	    !sc->trace[!sender(w)]->makes_copies)
		k->trails.t =
		    xcalloc((size_t)from->n_flows + 1, sizeof(*k->trails.t));
	for (i = 0; i < from->n; i++)
		if (is_certain(sc, sender(w), i))
			take_packet(k, sc, w, i);
	tell_dscp(&k->dscps, &r->path[w]);
	if (k->trails.t != NULL)
		tell_route(&k->trails, loss[w], &r->path[w]);
	mapping_change_find(
	    k->mapping, loss[other] != 0, &r->path[other].mapping);
	mapping_change_free(k->mapping);
	free(k->trails.t);
	free(k);
}

void
path_change_find(struct compare_result *r, const struct scene *sc)
{
	int64_t loss[WAY_COUNT];
	int w;

	for (w = 0; w < WAY_COUNT; w++)
		loss[w] = first_loss(r, (enum way)w);
	for (w = 0; w < WAY_COUNT; w++) {
		find_changes(r, sc, (enum way)w, loss);
		if (loss[w] != 0)
			find_slower(sc, (enum way)w, loss[w], &r->path[w]);
	}
}
