/* bins.c - what became of packets over time, gathered while they are counted.
 */
#include "compare/bins.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

struct line {
	struct strip_bin taken; /* of the tally */
	struct strip_bin bin[STRIP_BINS_MAX];
};

struct bins {
	int64_t from, width;
	int n;
	struct line line[TRAFFIC_COUNT][WAY_COUNT];
};

struct bins *
bins_new(const struct common_time *c)
{
	struct bins *b = xcalloc(1, sizeof(*b));
	uint64_t all;
	int64_t to;

	if (c->n == 0)
		return b;
	b->from = c->span[0].from > c->from ? c->span[0].from : c->from;
	to = c->span[c->n - 1].to < c->to ? c->span[c->n - 1].to : c->to;
	if (to <= b->from)
		return b;
	/* Stamps may be centuries apart. */
	all = (uint64_t)to - (uint64_t)b->from;
	b->width = (int64_t)(all / STRIP_BINS_MAX + 1);
	b->n = (int)(all / (uint64_t)b->width + 1);
	return b;
}

void
bins_free(struct bins *b)
{
	free(b);
}

static struct strip_bin
counted(const struct loss_tally *t)
{
	return (struct strip_bin){t->arrived, t->lost, t->unknown};
}

bool
bins_behind(const struct bins *b, enum traffic t, enum way w,
    const struct loss_tally *tally)
{
	struct strip_bin now = counted(tally);

	return memcmp(&now, &b->line[t][w].taken, sizeof(now)) != 0;
}

static struct strip_bin *
bin_at(struct bins *b, struct line *l, int64_t at)
{
	uint64_t i;

	if (at <= b->from)
		return &l->bin[0];
	i = ((uint64_t)at - (uint64_t)b->from) / (uint64_t)b->width;
	return &l->bin[i < (uint64_t)b->n ? (int)i : b->n - 1];
}

void
bins_take(struct bins *b, enum traffic t, enum way w,
    const struct loss_tally *tally, int64_t at)
{
	struct line *l = &b->line[t][w];
	struct strip_bin now = counted(tally), *to;

	if (b->width > 0) {
		to = bin_at(b, l, at);
		to->arrived += now.arrived - l->taken.arrived;
		to->lost += now.lost - l->taken.lost;
		to->unknown += now.unknown - l->taken.unknown;
	}
	l->taken = now;
}

static bool
is_seen(const struct strip_bin *taken)
{
	return taken->arrived > 0 || taken->lost > 0 || taken->unknown > 0;
}

static void
call_back(struct strip_row *r)
{
	for (int i = 0; i < STRIP_BINS_MAX; i++) {
		r->bin[i].unknown += r->bin[i].lost;
		r->bin[i].lost = 0;
	}
}

void
bins_finish(const struct bins *b,
    const struct loss_tally tally[TRAFFIC_COUNT][WAY_COUNT],
    struct result_strip *to)
{
	const struct line *l = &b->line[0][0];

	to->from = b->from;
	to->width = b->width;
	to->n_bins = b->n;
	to->n_rows = 0;
	for (int i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++) {
		struct strip_row *r = &to->row[to->n_rows];

		if (!is_seen(&l[i].taken) || to->n_rows == STRIP_ROWS_MAX)
			continue;
		r->traffic = (enum traffic)(i / WAY_COUNT);
		r->way = (enum way)(i % WAY_COUNT);
		memcpy(r->bin, l[i].bin, sizeof(r->bin));
		if (l[i].taken.lost > 0 && tally[r->traffic][r->way].lost == 0)
			call_back(r);
		to->n_rows++;
	}
}
