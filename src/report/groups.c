/* groups.c - devices that lost in the same way at the same time.
 *
 * The losses of each agent, kind and way in order of time: the first one that
 * is in no group yet gathers all that overlap with it.
 */
#include "report/groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/xmem.h"
#include "report/compare_words.h"

#define NS_IN_S INT64_C(1000000000)
/* A single packet is lost in no time. */
#define SHORTEST NS_IN_S
#define DAY_MS   (INT64_C(24) * 3600 * 1000)

/* A loss, and whose it is. */
struct loss {
	const struct agent_entry *agent;
	const struct verdict_part *part;
	bool grouped;
};

static int
by_place(const struct loss *a, const struct loss *b)
{
	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->part->kind != b->part->kind)
		return a->part->kind < b->part->kind ? -1 : 1;
	if (a->part->way != b->part->way)
		return a->part->way < b->part->way ? -1 : 1;
	return 0;
}

static int
by_time(const void *one, const void *other)
{
	const struct loss *a = one, *b = other;
	int64_t x = a->part->lost.from, y = b->part->lost.from;

	if (by_place(a, b) != 0)
		return by_place(a, b);
	if (x != y)
		return x < y ? -1 : 1;
	/* qsort(3) keeps no order. */
	return a->part < b->part ? -1 : a->part > b->part;
}

static int64_t
length(const struct result_span *s)
{
	int64_t n;

	if (s->to <= s->from)
		return SHORTEST;
	if (__builtin_sub_overflow(s->to, s->from, &n))
		return INT64_MAX;
	return n < SHORTEST ? SHORTEST : n;
}

/* Have two spans at least half of `whole` in common? */
static bool
share_half(
    const struct result_span *a, const struct result_span *b, int64_t whole)
{
	struct result_span both = {a->from > b->from ? a->from : b->from,
	    a->to < b->to ? a->to : b->to};
	int64_t apart;

	if (both.from <= both.to)
		return length(&both) >= whole - whole / 2;
	/* Of hardly any length, they may stand side by side. */
	return whole == SHORTEST &&
	       !__builtin_sub_overflow(both.from, both.to, &apart) &&
	       apart <= SHORTEST / 2;
}

static bool
overlap(const struct result_span *a, const struct result_span *b)
{
	int64_t x = length(a), y = length(b);

	return share_half(a, b, x > y ? x : y);
}

/* --- one group --- */

static void
add_device(struct loss_group *g, size_t device)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->device[i] == device)
			return;
	g->device = xreallocarray(g->device, g->n + 1, sizeof(*g->device));
	g->device[g->n++] = device;
}

static void
join(struct loss_group *g, struct loss *l)
{
	const struct result_span *s = &l->part->lost;

	if (g->n == 0 || s->from < g->lost.from)
		g->lost.from = s->from;
	if (g->n == 0 || s->to > g->lost.to)
		g->lost.to = s->to;
	l->grouped = true;
	add_device(g, l->part->device);
}

static int
by_number(const void *one, const void *other)
{
	const size_t *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

/* Could it be judged at the time of the group? */
static bool
was_judged(const struct verdict_part *p, const struct run_result *r,
    const struct loss_group *g)
{
	return p->kind == g->kind && p->way == g->way &&
	       r->devices[p->device].conf->agent == g->agent &&
	       share_half(&p->judged, &g->lost, length(&g->lost));
}

/* Who lost was judged, however far its own time goes. */
static size_t
count_judged(const struct run_result *r, const struct verdicts *v,
    const struct loss_group *g)
{
	size_t of = g->n, counted = SIZE_MAX;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct verdict_part *p = &v->part[i];

		if (p->device == counted || !was_judged(p, r, g))
			continue;
		counted = p->device;
		of += bsearch(&counted, g->device, g->n, sizeof(*g->device),
			  by_number) == NULL;
	}
	return of;
}

/* All that overlap with the first of these, which is in no group. */
static void
gather(struct loss_group *g, struct loss *l, size_t n)
{
	struct loss *first = l;

	join(g, first);
	for (size_t i = 1; i < n && by_place(first, &l[i]) == 0; i++)
		if (!l[i].grouped &&
		    overlap(&first->part->lost, &l[i].part->lost))
			join(g, &l[i]);
	qsort(g->device, g->n, sizeof(*g->device), by_number);
}

/* --- all of them --- */

static struct loss *
sorted_losses(const struct run_result *r, const struct verdicts *v, size_t *n)
{
	struct loss *l = xcalloc(v->n, sizeof(*l));

	*n = 0;
	for (uint32_t i = 0; i < v->n; i++)
		if (v->part[i].lost.from != 0)
			l[(*n)++] = (struct loss){
			    r->devices[v->part[i].device].conf->agent,
			    &v->part[i], false};
	qsort(l, *n, sizeof(*l), by_time);
	return l;
}

/* The largest first, then the earliest. */
static int
by_size(const void *one, const void *other)
{
	const struct loss_group *a = one, *b = other;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	if (a->lost.from != b->lost.from)
		return a->lost.from < b->lost.from ? -1 : 1;
	if (a->device[0] != b->device[0])
		return a->device[0] < b->device[0] ? -1 : 1;
	return (int)(a->kind * WAY_COUNT + a->way) -
	       (int)(b->kind * WAY_COUNT + b->way);
}

struct loss_groups *
loss_groups_find(const struct run_result *r, const struct verdicts *v)
{
	struct loss_groups *all = xcalloc(1, sizeof(*all));
	size_t n;
	struct loss *l = sorted_losses(r, v, &n);

	for (size_t i = 0; i < n; i++) {
		struct loss_group g = {.agent = l[i].agent,
		    .kind = l[i].part->kind,
		    .way = l[i].part->way};

		if (l[i].grouped)
			continue;
		gather(&g, &l[i], n - i);
		if (g.n < 2) {
			free(g.device);
			continue;
		}
		g.of = count_judged(r, v, &g);
		all->group = xgrow(all->group, all->n, &all->room, sizeof(g));
		all->group[all->n++] = g;
	}
	free(l);
	if (all->n > 0)
		qsort(all->group, all->n, sizeof(*all->group), by_size);
	return all;
}

void
loss_groups_free(struct loss_groups *g)
{
	if (g == NULL)
		return;
	for (uint32_t i = 0; i < g->n; i++)
		free(g->group[i].device);
	free(g->group);
	free(g);
}

/* --- words --- */

static void
add_time(int64_t ns, bool dated, struct strbuf *to)
{
	time_t t = (time_t)(ns / NS_IN_S);
	char text[WORDS_TIME_MAX];
	struct tm tm = {0};

	localtime_r(&t, &tm);
	strftime(
	    text, sizeof(text), dated ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	strbuf_add(to, text);
}

void
loss_group_say(
    const struct run_result *r, const struct loss_group *g, struct strbuf *to)
{
	static const char *const ways[WAY_COUNT] = {
	    [WAY_THERE] = "towards the device",
	    [WAY_BACK] = "from the device",
	};
	bool dated = r->took > DAY_MS;

	strbuf_addf(to, "%zu of %zu devices of agent %s lost %s %s between ",
	    g->n, g->of, g->agent->address, words_traffic(g->kind),
	    ways[g->way]);
	add_time(g->lost.from, dated, to);
	strbuf_add(to, " and ");
	add_time(g->lost.to, dated, to);
}
