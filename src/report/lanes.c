/* lanes.c - see lanes.h.
 */
#include "report/lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf/device_label.h"
#include "report/compare_words.h"
#include "report/picture.h"

#define LEFT      190
#define RIGHT     634
#define TOP       4
#define AXIS      26
#define TICKS     3
#define LANE      8
#define LANE_WIDE 16 /* with a name */
#define NAMED_MAX 40 /* so many lanes have names */
#define NAME_MAX  24 /* characters of a name that have room */
#define LEAST     3  /* of a span: it shall be seen */

struct lane {
	const struct event_entry *e; /* the worst of a device */
	size_t group;                /* its largest; SIZE_MAX: none */
};

struct lanes {
	struct html *h;
	const struct run_result *r;
	const struct event_list *l;
	struct lane *lane;
	size_t n;
	int64_t from, to; /* of all, ns */
	int high;         /* of one lane */
	bool bands;       /* a lane is many devices */
	int y;
};

static const struct event_entry *
worst_of(const struct lanes *p, size_t i)
{
	return p->lane[i].e;
}

static const char *
agent_of(const struct event_entry *e)
{
	return e->device->conf->agent->address;
}

/* --- which lanes, in which order --- */

static int
together(const void *one, const void *other)
{
	const struct lane *x = one, *y = other;
	const struct event_entry *a = x->e, *b = y->e;
	int agents = strcmp(agent_of(a), agent_of(b));

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (agents != 0)
		return agents;
	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	if (a->span.from != b->span.from)
		return a->span.from < b->span.from ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void
take_time(struct lanes *p, const struct event_entry *e)
{
	if (e->watched.from == 0 || e->watched.to <= e->watched.from)
		return;
	if (p->from == 0 || e->watched.from < p->from)
		p->from = e->watched.from;
	if (e->watched.to > p->to)
		p->to = e->watched.to;
}

static void
choose(struct lanes *p, const struct loss_groups *g)
{
	const struct event_list *l = p->l;
	size_t *group = xcalloc(p->r->n_devices + 1, sizeof(*group));

	p->lane = xcalloc(p->r->n_devices + 1, sizeof(*p->lane));
	for (uint32_t i = g->n; i-- > 0;)
		for (size_t k = 0; k < g->group[i].n; k++)
			group[g->group[i].device[k]] = i + 1;
	for (size_t i = 0; i < p->r->n_devices; i++)
		if (l->worst[i] != SIZE_MAX && l->e[l->worst[i]].judged)
			p->lane[p->n++] =
			    (struct lane){&l->e[l->worst[i]], group[i] - 1};
	for (size_t i = 0; i < l->n; i++)
		if (l->e[i].judged)
			take_time(p, &l->e[i]);
	if (p->n > 0)
		qsort(p->lane, p->n, sizeof(*p->lane), together);
	free(group);
}

/* --- drawing --- */

static int
place(const struct lanes *p, int64_t at)
{
	double part = (double)(at - p->from) / (double)(p->to - p->from);

	if (part < 0)
		part = 0;
	if (part > 1)
		part = 1;
	return LEFT + (int)(part * (RIGHT - LEFT) + 0.5);
}

/* Which columns of a lane something is drawn in: however many spans there are,
 * a path has no more parts than that. */
struct columns {
	unsigned char is[RIGHT + 1];
};

static void
mark_span(const struct lanes *p, const struct result_span *s, struct columns *c)
{
	int from, to;

	if (s->from == 0)
		return;
	from = place(p, s->from);
	to = place(p, s->to);
	if (to < from + LEAST)
		to = from + LEAST;
	for (int x = from; x < to && x < RIGHT; x++)
		c->is[x] = 1;
}

static void
add_columns(struct lanes *p, const struct columns *c, const char *class)
{
	struct strbuf d = STRBUF_INIT;

	for (int x = LEFT; x <= RIGHT; x++)
		if (c->is[x] && !c->is[x - 1])
			strbuf_addf(&d, "M%d %dH", x, p->y + p->high / 2);
		else if (!c->is[x] && c->is[x - 1])
			strbuf_addf(&d, "%d", x);
	if (d.len > 0)
		html_path(p->h, class, &d);
	strbuf_free(&d);
}

/* Those of all devices from `first` to before `end`: of a band the worst event
 * of each, else all. */
static void
add_spans(struct lanes *p, size_t first, size_t end)
{
	struct columns watched = {{0}}, lost = {{0}};

	for (size_t i = first; i < end; i++) {
		const struct device_result *d = worst_of(p, i)->device;
		size_t at = (size_t)(worst_of(p, i) - p->l->e);
		size_t until = p->bands ? at + 1 : p->l->n;

		for (size_t k = at; k < until; k++) {
			const struct event_entry *e = &p->l->e[k];

			if (e->device != d)
				continue;
			mark_span(p, &e->watched, &watched);
			mark_span(p, &e->span, &lost);
		}
	}
	add_columns(p, &watched, "wa");
	add_columns(p, &lost, p->high > LANE ? "lo w" : "lo");
}

static void
add_name(struct lanes *p, const char *name, bool lost)
{
	char text[4 * NAME_MAX + 4];
	size_t len = 0, n = 0;

	if (p->high <= LANE)
		return;
	/* Characters, not bytes. */
	for (; name[len] != '\0' && n < NAME_MAX; len++)
		n += ((unsigned char)name[len + 1] & 0xc0) != 0x80;
	if (len > sizeof(text) - 4)
		len = sizeof(text) - 4;
	str_copy_n(text, sizeof(text), name, len);
	if (name[len] != '\0')
		memcpy(text + strlen(text), "...", sizeof("..."));
	html_label(
	    p->h, lost ? "e l" : "e", LEFT - 6, p->y + p->high / 2 + 4, text);
}

static void
add_lane(struct lanes *p, size_t i)
{
	const struct event_entry *e = worst_of(p, i);
	char label[DEVICE_LABEL_MAX];

	device_label(e->device->conf, label);
	html_open(p->h, "g", NULL);
	html_leaff(
	    p->h, "title", NULL, "%s: %s", label, mark_compare_word(e->mark));
	add_spans(p, i, i + 1);
	add_name(p, label, e->mark == MARK_LOST);
	html_close(p->h);
	p->y += p->high;
}

static bool
same_band(const struct lanes *p, size_t i, size_t k)
{
	return p->lane[i].group == p->lane[k].group &&
	       strcmp(agent_of(worst_of(p, i)), agent_of(worst_of(p, k))) == 0;
}

/* Where lanes have no names: whose those are that begin here, if there is room.
 */
static void
add_heading(struct lanes *p, size_t i)
{
	char text[64];

	if (p->high > LANE || (i > 0 && same_band(p, i - 1, i)) ||
	    i + 1 >= p->n || !same_band(p, i, i + 1))
		return;
	snprintf(text, sizeof(text), "%s%s",
	    p->lane[i].group == SIZE_MAX ? "" : "group, ",
	    agent_of(worst_of(p, i)));
	html_label(p->h, p->lane[i].group == SIZE_MAX ? "e" : "e l", LEFT - 6,
	    p->y + 11, text);
}

static void
add_band(struct lanes *p, size_t first, size_t end)
{
	char text[128];
	size_t lost = 0;

	for (size_t i = first; i < end; i++)
		lost += worst_of(p, i)->mark == MARK_LOST;
	snprintf(text, sizeof(text), "%s%s: %zu of %zu",
	    p->lane[first].group == SIZE_MAX ? "" : "group, ",
	    agent_of(worst_of(p, first)), lost, end - first);
	html_open(p->h, "g", NULL);
	html_leaff(p->h, "title", NULL, "%s devices lost packets", text);
	add_spans(p, first, end);
	add_name(p, text, lost > 0);
	html_close(p->h);
	p->y += p->high;
}

/* How many bands that makes; they are drawn if `draw`. */
static size_t
go_through_bands(struct lanes *p, bool draw)
{
	size_t n = 0, first = 0;

	for (size_t i = 1; i <= p->n; i++) {
		if (i < p->n && same_band(p, i, first))
			continue;
		if (draw && n < LANES_MAX)
			add_band(p, first, i);
		first = i;
		n++;
	}
	return n;
}

static void
add_axis(struct lanes *p)
{
	static const char *const anchors[] = {"s", "c s", "e s"};
	struct strbuf d = STRBUF_INIT;
	char text[WORDS_TIME_MAX];
	int64_t before = 0;

	strbuf_addf(&d, "M%d %dH%d", LEFT, p->y + 2, RIGHT);
	for (int i = 0; i < TICKS; i++)
		strbuf_addf(&d, "M%d %dv4",
		    LEFT + (RIGHT - LEFT) * i / (TICKS - 1), p->y + 2);
	html_path(p->h, "axis", &d);
	strbuf_free(&d);
	for (int i = 0; i < TICKS; i++) {
		int64_t at = p->from + (p->to - p->from) / (TICKS - 1) * i;

		words_time(at, before, text);
		text[strlen(text) - strlen(".000")] = '\0';
		html_label(p->h, anchors[i],
		    LEFT + (RIGHT - LEFT) * i / (TICKS - 1), p->y + 18, text);
		before = at;
	}
}

static void
draw(struct lanes *p)
{
	size_t rows = p->bands ? go_through_bands(p, false) : p->n;
	char label[128];

	if (rows > LANES_MAX)
		rows = LANES_MAX;
	p->high = rows > NAMED_MAX ? LANE : LANE_WIDE;
	p->y = TOP;
	snprintf(label, sizeof(label),
	    "When packets were lost: a line for each %s, %zu of %zu lost some",
	    p->bands ? "group or agent" : "device", p->l->n_marked[MARK_LOST],
	    p->l->n_judged);
	html_picture(p->h, "lanes", PICTURE_WIDTH,
	    TOP + (int)rows * p->high + AXIS, label);
	if (p->bands)
		go_through_bands(p, true);
	else
		for (size_t i = 0; i < rows; i++) {
			add_heading(p, i);
			add_lane(p, i);
		}
	add_axis(p);
	html_close(p->h);
}

void
lanes_add(struct html *h, const struct run_result *r,
    const struct event_list *l, const struct loss_groups *g)
{
	struct lanes p = {.h = h, .r = r, .l = l};

	choose(&p, g);
	p.bands = p.n > LANES_MAX;
	if (p.n > 0 && p.to > p.from) {
		draw(&p);
		html_leaf(h, "p", "dim",
		    p.bands ? "A line for each group and then for each agent, "
			      "and how many of its devices lost packets; "
			      "grey: watched at both ends."
			    : "A line for each device; red: from its first "
			      "lost packet to the last, grey: watched at both "
			      "ends.");
	}
	free(p.lane);
}
