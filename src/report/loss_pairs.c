/* loss_pairs.c - see loss_pairs.h.
 */
#include "report/loss_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "books/history_ask.h"
#include "report/paragraph.h"

#define PAIRS_MAX    10
#define PARTNERS_MAX 5
/* Less often than in one of so many runs it is chance. */
#define SHARE 3
/* Of one device's events the newest so many are looked at. */
#define EVENTS_MAX 300

struct pair {
	uint32_t a, b; /* of the losers */
	uint32_t runs;
	int64_t run; /* that was counted last */
};

/* --- all devices --- */

struct recent {
	uint32_t loser;
	int64_t run, at;
};

struct pairs {
	struct loser *const *losers;
	uint32_t n;
	struct pair *pair;     /* n * n; a < b */
	struct recent *recent; /* of this run and minute, a ring */
	uint32_t room;
};

static uint32_t
place_of(const struct pairs *p, int64_t id)
{
	uint32_t i = 0;

	while (i < p->n && p->losers[i]->id != id)
		i++;
	return i;
}

static void
count_pair(struct pairs *p, uint32_t one, uint32_t other, int64_t run)
{
	uint32_t a = one < other ? one : other, b = one < other ? other : one;
	struct pair *pair = &p->pair[a * p->n + b];

	if (a == b || (pair->runs > 0 && pair->run == run))
		return;
	*pair = (struct pair){a, b, pair->runs + 1, run};
}

/* Each device's last loss is enough: what is new is a minute behind it, or
 * more. */
static void
take_loss(struct pairs *p, const struct recent *now)
{
	for (uint32_t i = 0; i < p->n; i++) {
		const struct recent *r = &p->recent[i];

		if (r->run == now->run && r->at != 0 &&
		    now->at - r->at <= HISTORY_TOGETHER)
			count_pair(p, i, now->loser, now->run);
	}
	p->recent[now->loser] = *now;
}

static bool
is_often(uint32_t together, unsigned runs)
{
	return together > 1 && together * SHARE >= runs;
}

static int
more_first(const void *one, const void *other)
{
	const struct pair *a = one, *b = other;

	if (a->runs != b->runs)
		return a->runs > b->runs ? -1 : 1;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

static void
add_pair(const struct pairs *p, const struct pair *pair, struct strbuf *to)
{
	const struct loser *a = p->losers[pair->a], *b = p->losers[pair->b];
	struct strbuf line = STRBUF_INIT;

	loser_label(a, &line);
	strbuf_add(&line, " and ");
	loser_label(b, &line);
	strbuf_addf(&line, ": in %u runs, of %u and %u", pair->runs,
	    a->count.runs, b->count.runs);
	paragraph("", 2, strbuf_text(&line), to);
	strbuf_free(&line);
}

static bool
is_told(const struct pairs *p, const struct pair *pair)
{
	unsigned a = p->losers[pair->a]->count.runs,
		 b = p->losers[pair->b]->count.runs;

	return is_often(pair->runs, a < b ? a : b);
}

static void
add_most(struct pairs *p, struct strbuf *to)
{
	uint32_t n = p->n * p->n, told = 0;

	qsort(p->pair, n, sizeof(*p->pair), more_first);
	for (uint32_t i = 0; i < n; i++) {
		if (!is_told(p, &p->pair[i]) || told++ >= PAIRS_MAX)
			continue;
		if (told == 1)
			strbuf_add(to, "\nWithin a minute of each other lost "
				       "packets:\n");
		add_pair(p, &p->pair[i], to);
	}
	if (told > PAIRS_MAX)
		strbuf_addf(to, "  and %u more pairs\n", told - PAIRS_MAX);
}

void
loss_pairs_add(struct database *db, int64_t since, struct loser *const *losers,
    uint32_t n, struct strbuf *to)
{
	struct pairs p = {
	    .losers = losers, .n = n < PAIRED_MAX ? n : PAIRED_MAX};
	struct query *q = history_ask(db, ASK_LOSSES);

	p.pair = xcalloc((size_t)p.n * p.n, sizeof(*p.pair));
	p.recent = xcalloc(p.n, sizeof(*p.recent));
	query_set_int(q, 1, since);
	while (query_row(q)) {
		struct recent now = {place_of(&p, query_int(q, 0)),
		    query_int(q, 1), history_time(q, 2)};

		if (now.loser < p.n)
			take_loss(&p, &now);
	}
	query_free(q);
	add_most(&p, to);
	free(p.recent);
	free(p.pair);
}

/* --- one device --- */

struct partners {
	const struct losers *all;
	struct pair *pair; /* of `all`, by place */
	struct query *near;
};

static void
take_near(struct partners *p, const struct loser *of, int64_t run, int64_t at)
{
	query_set_int(p->near, 1, run);
	query_set_int(p->near, 2, at);
	query_set_int(p->near, 3, of->id);
	while (query_row(p->near)) {
		const struct loser *l =
		    losers_find(p->all, query_int(p->near, 0));
		struct pair *pair;

		if (l == NULL)
			continue;
		pair = &p->pair[l - p->all->loser];
		if (pair->runs > 0 && pair->run == run)
			continue;
		pair->a = (uint32_t)(l - p->all->loser);
		pair->runs++;
		pair->run = run;
	}
}

static void
add_partners(
    const struct partners *p, const struct loser *of, struct strbuf *to)
{
	struct strbuf line = STRBUF_INIT;

	qsort(p->pair, p->all->n, sizeof(*p->pair), more_first);
	for (uint32_t i = 0; i < p->all->n && i < PARTNERS_MAX; i++) {
		if (!is_often(p->pair[i].runs, of->count.runs))
			break;
		strbuf_add(
		    &line, i > 0 ? ", " : "Within a minute of it lost: ");
		loser_label(&p->all->loser[p->pair[i].a], &line);
		strbuf_addf(&line, " in %u of its %u runs", p->pair[i].runs,
		    of->count.runs);
	}
	paragraph("", 2, strbuf_text(&line), to);
	strbuf_free(&line);
}

void
loss_partners_add(struct database *db, const struct losers *all, int64_t since,
    const struct loser *of, struct strbuf *to)
{
	struct partners p = {.all = all, .near = history_ask(db, ASK_NEAR)};
	struct query *q = history_ask(db, ASK_EVENTS);

	p.pair = xcalloc(all->n, sizeof(*p.pair));
	query_set_int(q, 1, since);
	query_set_int(q, 2, of->id);
	for (int n = 0; n < EVENTS_MAX && query_row(q);)
		if (history_time(q, 6) != 0) {
			take_near(&p, of, query_int(q, 0), history_time(q, 6));
			n++;
		}
	query_free(q);
	query_free(p.near);
	add_partners(&p, of, to);
	free(p.pair);
}
