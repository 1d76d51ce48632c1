/* clock_map.c - from one capture's clock to the other's.
 */
#include "compare/clock_map.h"

#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"

/* The worst quartz in the cold is off by 100 ppm; two of them. */
#define DRIFT_MAX 150e-6
/* Stamps may be a little earlier than what they stamp. */
#define SLACK_NS 20000.0
#define NEARLY   0.98
/* Pairs that contradict the others and are not a clock that was set. */
#define ODD_MAX 64
/* A few pairs, one of so many and these, are below all others by a quarter of
 * the room and so much: they are not believed.  Without them the bound is
 * wider, and holds in any case. */
#define ALONE_OF    200
#define ALONE_LEAST 2
#define ALONE_MAX   32
#define ALONE_PART  4
#define ALONE_NS    5e6
#define ALONE_AGAIN 8
/* As many of those that come next have to fit for that. */
#define NEXT 16

/* A pair as a point: seconds are too coarse, ns too large for a product. */
struct point {
	double x, y; /* ns from the segment's origin */
	uint32_t pair;
};

struct hull {
	struct point *p;
	uint32_t n;
};

/* Pairs [from, to) and what limits a line through them. */
struct segment {
	const struct clock_pair *pairs;
	int64_t x0, y0;
	struct hull under[2]; /* CLOCK_THERE: from below, CLOCK_BACK: above */
	double drift, gap;    /* the best line's; gap < 0: there is none */
	double middle;        /* its height over x 0 */
};

static double
cross(const struct point *a, const struct point *b, const struct point *c)
{
	return (b->x - a->x) * (c->y - a->y) - (b->y - a->y) * (c->x - a->x);
}

/* Points come by x.  The lower hull; the upper one of BACK is made with -y. */
static void
hull_add(struct hull *h, struct point p)
{
	if (h->n > 0 && h->p[h->n - 1].x >= p.x) {
		if (h->p[h->n - 1].y <= p.y)
			return;
		h->n--;
	}
	while (h->n >= 2 && cross(&h->p[h->n - 2], &h->p[h->n - 1], &p) <= 0)
		h->n--;
	h->p[h->n++] = p;
}

/* How low a line of this drift has to be at x 0 to lie under the hull. */
static double
limit(const struct hull *h, double drift, uint32_t *pair)
{
	double low = INFINITY, y;
	uint32_t i;

	for (i = 0; i < h->n; i++) {
		y = h->p[i].y - drift * h->p[i].x;
		if (y < low) {
			low = y;
			if (pair != NULL)
				*pair = h->p[i].pair;
		}
	}
	return low;
}

/* BACK is turned upside down, so its drift is, too. */
static double
room(const struct segment *s, double drift)
{
	return limit(&s->under[CLOCK_THERE], drift, NULL) +
	       limit(&s->under[CLOCK_BACK], -drift, NULL);
}

static void
take_points(struct segment *s, const struct clock_pair *pairs, uint32_t from,
    uint32_t to, uint32_t without)
{
	const struct clock_pair *c;
	struct point p;
	uint32_t i;

	s->pairs = pairs;
	s->x0 = pairs[from].at + (pairs[to - 1].at - pairs[from].at) / 2;
	s->y0 = pairs[from].more;
	s->under[0].n = s->under[1].n = 0;
	for (i = from; i < to; i++) {
		c = &pairs[i];
		if (c->way == CLOCK_LEFT_OUT || i == without)
			continue;
		p.x = (double)(c->at - s->x0);
		p.y = (double)(c->more - s->y0);
		p.pair = i;
		if (c->way == CLOCK_BACK)
			p.y = -p.y;
		hull_add(&s->under[c->way], p);
	}
}

/* With jitter the room says little of the drift: of those that leave nearly as
 * much of it, the least. */
static double
least_drift(const struct segment *s, double best)
{
	double enough = NEARLY * room(s, best), low = 0, high = best, middle;
	int i;

	if (room(s, best) <= 0)
		return best;
	if (room(s, 0) >= enough)
		return 0;
	for (i = 0; i < 60; i++) {
		middle = (low + high) / 2;
		if (room(s, middle) >= enough)
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* The room is concave in the drift. */
static double
best_drift(const struct segment *s)
{
	double low = -DRIFT_MAX, high = DRIFT_MAX, a, b;
	int i;

	for (i = 0; i < 80; i++) {
		a = low + (high - low) / 3;
		b = high - (high - low) / 3;
		if (room(s, a) < room(s, b))
			low = a;
		else
			high = b;
	}
	return least_drift(s, (low + high) / 2);
}

/* One way only: the line that lies closest to all is the hull's edge over the
 * middle. */
static double
edge_drift(const struct hull *h)
{
	double drift = 0;
	uint32_t i;

	for (i = 1; i < h->n; i++)
		if (h->p[i - 1].x <= 0 && h->p[i].x > 0)
			drift = (h->p[i].y - h->p[i - 1].y) /
				(h->p[i].x - h->p[i - 1].x);
	return fmax(-DRIFT_MAX, fmin(DRIFT_MAX, drift));
}

static void
fit_segment(struct segment *s)
{
	const struct hull *there = &s->under[CLOCK_THERE];
	const struct hull *back = &s->under[CLOCK_BACK];
	double high, low;

	s->gap = 0;
	s->drift = 0;
	if (there->n > 0 && back->n > 0) {
		s->drift = best_drift(s);
		high = limit(there, s->drift, NULL);
		low = -limit(back, -s->drift, NULL);
		s->gap = high - low + SLACK_NS;
		s->middle = (high + low) / 2;
	} else if (there->n > 0) {
		s->drift = edge_drift(there);
		s->middle = limit(there, s->drift, NULL);
	} else if (back->n > 0) {
		s->drift = -edge_drift(back);
		s->middle = -limit(back, -s->drift, NULL);
	}
}

static bool
fits(struct segment *s, const struct clock_pair *pairs, uint32_t from,
    uint32_t to, uint32_t without)
{
	take_points(s, pairs, from, to, without);
	fit_segment(s);
	return s->gap >= 0;
}

/* The end of the longest run from `from` on that one line fits. */
static uint32_t
longest(struct segment *s, const struct clock_pair *pairs, uint32_t from,
    uint32_t n)
{
	uint32_t low = from + 1, high = n, middle;

	if (fits(s, pairs, from, n, n))
		return n;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (fits(s, pairs, from, middle, n))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The line breaks at `end`.  Is it one odd pair that breaks it: this one, or
 * the one of before that holds against it? */
static bool
leave_odd_out(struct segment *s, struct clock_pair *pairs, uint32_t from,
    uint32_t end, uint32_t n)
{
	uint32_t next = end + NEXT < n ? end + NEXT : n, suspect[3], i;

	fits(s, pairs, from, end + 1, n);
	suspect[0] = end;
	suspect[1] = suspect[2] = end;
	limit(&s->under[CLOCK_THERE], s->drift, &suspect[1]);
	limit(&s->under[CLOCK_BACK], -s->drift, &suspect[2]);
	/* At the very end nothing tells an odd pair from a clock that was set
	 * just now: both mean that this pair is of no use. */
	for (i = 0; i < 3; i++) {
		if (!fits(s, pairs, from, next, suspect[i]))
			continue;
		pairs[suspect[i]].way = CLOCK_LEFT_OUT;
		return true;
	}
	return false;
}

/* How far a line that fits may be from the best one at `x`. */
static double
reach(const struct segment *s, double x, double least, double most, int up)
{
	const struct hull *h = &s->under[up ? CLOCK_THERE : CLOCK_BACK];
	double low = least, high = most, a, b, va, vb;
	double sign = up ? 1 : -1;
	int i;

	for (i = 0; i < 60; i++) {
		a = low + (high - low) / 3;
		b = high - (high - low) / 3;
		va = limit(h, sign * a, NULL) + sign * a * x;
		vb = limit(h, sign * b, NULL) + sign * b * x;
		if (va < vb)
			low = a;
		else
			high = b;
	}
	a = (low + high) / 2;
	va = limit(h, sign * a, NULL) + sign * a * x;
	return va - sign * (s->middle + s->drift * x);
}

/* The drift at which the room ends, between the best one and `end`. */
static double
drift_end(const struct segment *s, double end)
{
	double inside = s->drift, outside = end, middle;
	int i;

	if (room(s, end) + SLACK_NS >= 0)
		return end;
	for (i = 0; i < 60; i++) {
		middle = (inside + outside) / 2;
		if (room(s, middle) + SLACK_NS >= 0)
			inside = middle;
		else
			outside = middle;
	}
	return inside;
}

static void
bound(const struct segment *s, struct clock_piece *p)
{
	double least, most, worst = 0, x;
	int i;

	p->error = INT64_MAX;
	p->drift_error = DRIFT_MAX;
	if (s->under[0].n == 0 || s->under[1].n == 0)
		return;
	least = drift_end(s, -DRIFT_MAX);
	most = drift_end(s, DRIFT_MAX);
	p->drift_error = fmax(most - s->drift, s->drift - least);
	for (i = 0; i < 3; i++) {
		x = i == 0   ? (double)(p->from - s->x0)
		    : i == 1 ? 0
			     : (double)(p->to - s->x0);
		worst = fmax(worst, reach(s, x, least, most, 1));
		worst = fmax(worst, reach(s, x, least, most, 0));
	}
	p->error = (int64_t)(worst + SLACK_NS);
}

/* The lowest pairs over a line: y, and which. */
struct lowest {
	struct point p[ALONE_MAX + 1];
	uint32_t n, of;
};

static void
lowest_add(struct lowest *l, struct point p)
{
	uint32_t i;

	l->of++;
	if (l->n > ALONE_MAX && p.y >= l->p[ALONE_MAX].y)
		return;
	if (l->n <= ALONE_MAX)
		l->n++;
	for (i = l->n - 1; i > 0 && l->p[i - 1].y > p.y; i--)
		l->p[i] = l->p[i - 1];
	l->p[i] = p;
}

/* How many of them are so far below all others that they are not believed. */
static uint32_t
alone(const struct lowest *l, double far)
{
	uint32_t i, most = l->of / ALONE_OF + ALONE_LEAST;

	if (l->of < NEXT)
		return 0;
	for (i = most < l->n ? most : l->n; i-- > 1;)
		if (l->p[i].y - l->p[i - 1].y > far)
			return i;
	return 0;
}

/* What was sent again, and each capture has another one, seems too fast. */
static bool
leave_alone_out(struct segment *s, struct clock_pair *pairs, uint32_t from,
    uint32_t to, enum clock_way way)
{
	struct lowest l = {.n = 0};
	struct point p;
	uint32_t i, n;

	fits(s, pairs, from, to, to);
	if (s->under[0].n == 0 || s->under[1].n == 0)
		return false;
	for (i = from; i < to; i++) {
		if (pairs[i].way != way)
			continue;
		p.x = (double)(pairs[i].at - s->x0);
		p.y = (double)(pairs[i].more - s->y0) - s->drift * p.x;
		if (way == CLOCK_BACK)
			p.y = -p.y;
		p.pair = i;
		lowest_add(&l, p);
	}
	n = alone(&l, fmax(s->gap / ALONE_PART, ALONE_NS));
	for (i = 0; i < n; i++)
		pairs[l.p[i].pair].way = CLOCK_LEFT_OUT;
	return n > 0;
}

static void
take_piece(struct clock_map *m, struct segment *s, struct clock_pair *pairs,
    uint32_t from, uint32_t to)
{
	struct clock_piece *p = &m->piece[m->n++];
	int again = ALONE_AGAIN;

	while (
	    again-- > 0 && (leave_alone_out(s, pairs, from, to, CLOCK_THERE) ||
			       leave_alone_out(s, pairs, from, to, CLOCK_BACK)))
		;
	fits(s, pairs, from, to, to);
	p->from = pairs[from].at;
	p->to = pairs[to - 1].at;
	p->middle = s->x0;
	p->drift = s->drift;
	p->offset = s->y0 + (int64_t)llrint(s->middle);
	p->pairs = to - from;
	bound(s, p);
}

/* The first pairs behind a step may fit the line before it, too: where the line
 * of [`at`, `end`) begins when it is followed back, not beyond `from`. */
static uint32_t
back_to(struct segment *s, const struct clock_pair *pairs, uint32_t from,
    uint32_t at, uint32_t end)
{
	uint32_t low = from, high = at, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (fits(s, pairs, middle, end, end))
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* Where the lines begin, up to CLOCK_PIECES_MAX; the last of `cut` is the end.
 */
static int
find_cuts(struct segment *s, struct clock_pair *pairs, uint32_t n,
    uint32_t cut[CLOCK_PIECES_MAX + 1])
{
	uint32_t from = 0, end, odd = 0;
	int cuts = 0;

	while (from < n && cuts < CLOCK_PIECES_MAX) {
		end = longest(s, pairs, from, n);
		if (end < n && odd < ODD_MAX &&
		    leave_odd_out(s, pairs, from, end, n)) {
			odd++;
			continue;
		}
		cut[cuts++] = from;
		from = end;
	}
	cut[cuts] = from;
	return cuts;
}

void
clock_map_fit(struct clock_map *m, struct clock_pair *pairs, uint32_t n)
{
	uint32_t cut[CLOCK_PIECES_MAX + 1], to;
	struct segment s = {0};
	int i, cuts;

	m->n = 0;
	s.under[0].p = xcalloc((size_t)n + 1, sizeof(struct point));
	s.under[1].p = xcalloc((size_t)n + 1, sizeof(struct point));
	cuts = find_cuts(&s, pairs, n, cut);
	m->in_order = cut[cuts] == n;
	for (i = 0; i < cuts; i++) {
		to = cut[i + 1];
		if (i + 1 < cuts)
			to = back_to(&s, pairs, cut[i], to, cut[i + 2]);
		take_piece(m, &s, pairs, cut[i], to);
	}
	free(s.under[0].p);
	free(s.under[1].p);
}

static int64_t
ahead(const struct clock_piece *p, int64_t at)
{
	return p->offset + (int64_t)llrint(p->drift * (double)(at - p->middle));
}

int64_t
clock_map_to_device(const struct clock_map *m, int64_t at)
{
	int i = 0;

	while (i + 1 < m->n && m->piece[i + 1].from <= at)
		i++;
	return at + ahead(&m->piece[i], at);
}

int64_t
clock_map_to_server(const struct clock_map *m, int64_t device)
{
	const struct clock_piece *p;
	int64_t at, begin, end;
	int i = 0;

	/* Between two pieces it is the nearer one's, by the device's clock. */
	while (i + 1 < m->n) {
		p = &m->piece[i];
		end = p->to + ahead(p, p->to);
		p++;
		begin = p->from + ahead(p, p->from);
		if (device < end / 2 + begin / 2)
			break;
		i++;
	}
	p = &m->piece[i];
	at = device - p->offset;
	return device - p->offset -
	       (int64_t)llrint(
		   p->drift / (1 + p->drift) * (double)(at - p->middle));
}

bool
clock_map_step_near(const struct clock_map *m, int64_t at, int64_t span)
{
	int i;

	for (i = 1; i < m->n; i++)
		if (at > m->piece[i - 1].to - span &&
		    at < m->piece[i].from + span)
			return true;
	return false;
}
