/* strip.c - see strip.h.
 *
 * The bins of one row and fate are one path: 120 bins in ten rows would be
 * thousands of elements.
 */
#include "report/strip.h"

#include <inttypes.h>
#include <stdio.h>

#include "compare/result_facts.h"
#include "report/compare_words.h"
#include "report/picture.h"

#define LEFT  136 /* of the first bin, in units */
#define RIGHT 634
#define TOP   24 /* above it: alarm and probes */
#define ROW   24
#define BAR   20 /* the highest bar */
#define LEAST 2  /* the lowest */
#define AXIS  30
#define TICKS 3
/* All that has a place is drawn at a tenth of a unit. */
#define TENTHS 10

struct strip {
	struct html *h;
	const struct compare_result *r;
	const struct result_strip *s;
	int64_t span; /* of all bins */
	int bottom;
};

/* A time's place, in tenths. */
static int
place(const struct strip *p, int64_t at)
{
	double part = (double)(at - p->s->from) / (double)p->span;

	if (part < 0)
		part = 0;
	if (part > 1)
		part = 1;
	return LEFT * TENTHS +
	       (int)(part * (double)((RIGHT - LEFT) * TENTHS) + 0.5);
}

static void
add_place(struct strbuf *d, const char *before, int tenths)
{
	strbuf_addf(d, "%s%d", before, tenths / TENTHS);
	if (tenths % TENTHS != 0)
		strbuf_addf(d, ".%d", tenths % TENTHS);
}

/* --- the rows --- */

static uint64_t
sent_in(const struct strip_bin *b)
{
	return (uint64_t)b->arrived + b->lost + b->unknown;
}

static uint64_t
most_sent(const struct strip *p, const struct strip_row *row)
{
	uint64_t most = 1;

	for (int i = 0; i < p->s->n_bins; i++)
		if (sent_in(&row->bin[i]) > most)
			most = sent_in(&row->bin[i]);
	return most;
}

/* Of a bar; a single packet is seen, too. */
static int
height(uint64_t n, uint64_t most)
{
	int high = (int)(n * BAR / most);

	return n > 0 && high < LEAST ? LEAST : high;
}

/* A bar of `high` that stands so far above the row's base. */
static void
stroke(struct strbuf *d, int tenths, int base, int above, int high)
{
	add_place(d, "M", tenths);
	strbuf_addf(d, " %dv-%d", base - above, high);
}

/* What has arrived is one area over all bins, which are its unit: most of a
 * page would be bars of the same height otherwise. */
static void
step(struct strbuf *d, int bin, int high, int *before)
{
	if (high == *before)
		return;
	if (*before == 0)
		strbuf_addf(d, "M%d 0", bin);
	else
		strbuf_addf(d, "H%d", bin);
	strbuf_addf(d, high == 0 ? "V0z" : "V-%d", high);
	*before = high;
}

struct paths {
	struct strbuf arrived, lost, unknown;
	uint64_t n[3];
};

static void
fill(const struct strip *p, const struct strip_row *row, int base,
    struct paths *to)
{
	uint64_t most = most_sent(p, row);
	int before = 0, i;

	for (i = 0; i < p->s->n_bins; i++) {
		const struct strip_bin *b = &row->bin[i];
		int x =
		    place(p, p->s->from + i * p->s->width + p->s->width / 2);
		int lost = height(b->lost, most);
		int unknown = height(b->unknown, most);
		int arrived = height(b->arrived, most);

		/* What is bad hides no part of what is not. */
		if (arrived + lost + unknown > BAR)
			arrived = BAR - lost - unknown;
		step(&to->arrived, i, arrived, &before);
		if (b->lost > 0)
			stroke(&to->lost, x, base, arrived, lost);
		if (b->unknown > 0)
			stroke(&to->unknown, x, base, arrived + lost, unknown);
		to->n[0] += b->arrived;
		to->n[1] += b->lost;
		to->n[2] += b->unknown;
	}
	step(&to->arrived, i, 0, &before);
}

static void
add_area(struct strip *p, int base, struct strbuf *d)
{
	int wide = (RIGHT - LEFT) * 1000 / p->s->n_bins;

	if (d->len > 0) {
		html_open(p->h, "g", NULL);
		html_attr(p->h, "transform", "matrix(%d.%03d 0 0 1 %d %d)",
		    wide / 1000, wide % 1000, LEFT, base);
		html_path(p->h, "ba", d);
		html_close(p->h);
	}
	strbuf_free(d);
}

static void
add_bars(struct strip *p, const char *class, struct strbuf *d)
{
	if (d->len > 0)
		html_path(p->h, class, d);
	strbuf_free(d);
}

static void
add_row(struct strip *p, int i)
{
	const struct strip_row *row = &p->s->row[i];
	int base = TOP + (i + 1) * ROW - 2;
	struct paths paths = {STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, {0}};
	char label[48];

	snprintf(label, sizeof(label), "%s %s", words_traffic(row->traffic),
	    way_name(row->way));
	fill(p, row, base, &paths);
	html_open(p->h, "g", NULL);
	html_leaff(p->h, "title", NULL,
	    "%s: %" PRIu64 " arrived, %" PRIu64 " lost, %" PRIu64
	    " cannot be said",
	    label, paths.n[0], paths.n[1], paths.n[2]);
	html_label(
	    p->h, paths.n[1] > 0 ? "e l" : "e", LEFT - 6, base - 5, label);
	add_area(p, base, &paths.arrived);
	add_bars(p, "bl", &paths.lost);
	add_bars(p, "bu", &paths.unknown);
	html_close(p->h);
}

/* --- what is around them --- */

/* The time that both captures ran. */
static void
add_shade(struct strip *p)
{
	struct strbuf d = STRBUF_INIT;
	int n = result_held(p->r->n_common, RESULT_COMMON_MAX);

	for (int i = 0; i < n; i++) {
		int from = place(p, p->r->common[i].from);

		add_place(&d, "M", from);
		strbuf_addf(&d, " %d", TOP);
		add_place(&d, "H", place(p, p->r->common[i].to));
		strbuf_addf(&d, "V%d", p->bottom);
		add_place(&d, "H", from);
		strbuf_add(&d, "z");
	}
	if (d.len > 0)
		html_path(p->h, "shade", &d);
	strbuf_free(&d);
}

static void
add_axis(struct strip *p)
{
	static const char *const anchors[] = {"s", "c s", "e s"};
	struct strbuf d = STRBUF_INIT;
	char text[WORDS_TIME_MAX];
	int64_t before = 0;

	strbuf_addf(&d, "M%d %dH%d", LEFT, p->bottom, RIGHT);
	for (int i = 0; i < TICKS; i++)
		strbuf_addf(&d, "M%d %dv4",
		    LEFT + (RIGHT - LEFT) * i / (TICKS - 1), p->bottom);
	html_path(p->h, "axis", &d);
	strbuf_free(&d);
	for (int i = 0; i < TICKS; i++) {
		int64_t at = p->s->from + p->span / (TICKS - 1) * i;

		html_label(p->h, anchors[i],
		    LEFT + (RIGHT - LEFT) * i / (TICKS - 1), p->bottom + 17,
		    words_time(at, before, text));
		before = at;
	}
}

static bool
is_within(const struct strip *p, int64_t at)
{
	return at != 0 && at >= p->s->from && at - p->s->from <= p->span;
}

static void
add_alarm(struct strip *p, int64_t alarm)
{
	struct strbuf d = STRBUF_INIT;
	char text[WORDS_TIME_MAX];
	int x;

	if (!is_within(p, alarm))
		return;
	x = place(p, alarm);
	add_place(&d, "M", x);
	strbuf_addf(&d, " 17V%d", p->bottom);
	html_open(p->h, "g", NULL);
	html_leaff(p->h, "title", NULL, "alarm at %s",
	    words_time(alarm, p->s->from, text));
	html_path(p->h, "alarm", &d);
	html_label(p->h, x / TENTHS > (LEFT + RIGHT) / 2 ? "e l" : "l",
	    x / TENTHS, 14, "alarm");
	html_close(p->h);
	strbuf_free(&d);
}

/* Each request of the ladder, a tick. */
static void
add_probes(struct strip *p)
{
	struct strbuf d = STRBUF_INIT;
	int n = result_held(p->r->n_ladder, RESULT_LADDER_MAX), last = -1;

	for (int i = 0; i < n; i++) {
		const struct ladder_row *l = &p->r->ladder[i];
		int64_t at = l->s1 != 0 ? l->s1 : l->d1;

		if (!is_within(p, at) || place(p, at) == last)
			continue;
		last = place(p, at);
		add_place(&d, "M", last);
		strbuf_addf(&d, " %dv6", TOP - 8);
	}
	if (d.len > 0) {
		html_open(p->h, "g", NULL);
		html_leaf(p->h, "title", NULL, "requests, one by one below");
		html_path(p->h, "probe", &d);
		html_label(p->h, "e s", LEFT - 6, TOP - 2, "requests");
		html_close(p->h);
	}
	strbuf_free(&d);
}

static void
add_key(struct html *h, const char *class, const char *word)
{
	html_open(h, "span", NULL);
	html_open(h, "i", NULL);
	html_attr(h, "class", "key %s", class);
	html_close(h);
	html_text(h, word);
	html_close(h);
}

void
strip_begin(struct html *h)
{
	struct strbuf d = STRBUF_INIT;

	strbuf_add(&d, "M-1 1l2 -2M0 4l4 -4M3 5l2 -2");
	html_open(h, "svg", "xmlns", "http://www.w3.org/2000/svg", "class",
	    "defs", "aria-hidden", "true", NULL);
	html_open(h, "defs", NULL);
	html_open(h, "pattern", "id", "hatch", "width", "4", "height", "4",
	    "patternUnits", "userSpaceOnUse", NULL);
	html_path(h, "hatch", &d);
	html_close(h);
	html_close(h);
	html_close(h);
	strbuf_free(&d);
}

void
strip_add(struct html *h, const struct compare_result *r, int64_t alarm)
{
	struct strip p = {.h = h, .r = r, .s = &r->strip};
	int64_t end;

	if (p.s->width <= 0 || p.s->n_bins <= 0 || p.s->n_rows == 0 ||
	    __builtin_mul_overflow(p.s->width, p.s->n_bins, &p.span) ||
	    __builtin_add_overflow(p.s->from, p.span, &end))
		return;
	p.bottom = TOP + p.s->n_rows * ROW;
	html_picture(h, "strip", PICTURE_WIDTH, p.bottom + AXIS, r->sentence);
	add_shade(&p);
	for (int i = 0; i < p.s->n_rows; i++)
		add_row(&p, i);
	add_probes(&p);
	add_axis(&p);
	add_alarm(&p, r->strip.alarm != 0 ? r->strip.alarm : alarm);
	html_close(h);
	html_open(h, "p", "class", "legend dim", NULL);
	add_key(h, "ba", "arrived");
	add_key(h, "bl", "lost");
	add_key(h, "bu", "cannot be said");
	html_text(h, "height: sent; there: to the device, back: from it");
	html_close(h);
}
