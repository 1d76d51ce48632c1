/* common_time.c - when both captures ran.
 */
#include "compare/common_time.h"

#include <stdlib.h>

#include "base/xmem.h"

#define ODD_TIMES    3
#define ODD_NS       INT64_C(500000000)
#define GUARD_NS     INT64_C(100000000)
#define GUARD_MAX_NS INT64_C(10000000000)
/* Where only one way is known, the delay has no known beginning. */
#define GUARD_ONE_WAY_NS INT64_C(2000000000)

/* The longest delay, but for a few that are so far from all others that it was
 * another packet. */
static int64_t
longest(const struct delay_range *d)
{
	int64_t usual = d->usual < GUARD_MAX_NS ? d->usual : GUARD_MAX_NS;
	int64_t most = ODD_TIMES * usual + ODD_NS;

	return d->most < most ? d->most : most;
}

static bool
is_one_way(const struct path *p)
{
	return p->delay[WAY_THERE].n == 0 || p->delay[WAY_BACK].n == 0;
}

static int64_t
guard_of(const struct path *p)
{
	int64_t most = longest(&p->delay[WAY_THERE]), guard;

	if (longest(&p->delay[WAY_BACK]) > most)
		most = longest(&p->delay[WAY_BACK]);
	guard = 2 * (most < GUARD_MAX_NS ? most : GUARD_MAX_NS) + GUARD_NS;
	if (guard > GUARD_MAX_NS)
		guard = GUARD_MAX_NS;
	if (is_one_way(p))
		guard += GUARD_ONE_WAY_NS;
	/* By records: all of the clocks' error. */
	if (p->clock.n == 1 && p->clock.piece[0].pairs == 0)
		guard += p->clock.piece[0].error;
	return guard;
}

void
common_time_find(struct common_time *c, const struct path *p,
    struct trace *const trace[SIDE_COUNT], int64_t from, int64_t to)
{
	const struct trace *a = trace[SIDE_SERVER], *b = trace[SIDE_DEVICE];
	struct trace_span other, both;
	uint32_t i = 0, j = 0;

	*c = (struct common_time){.from = from, .to = to};
	c->guard = guard_of(p);
	c->begin_guard = GUARD_NS + p->delay[WAY_THERE].usual / 4 +
			 p->delay[WAY_BACK].usual / 4;
	if (is_one_way(p))
		c->begin_guard = c->guard;
	c->span =
	    xcalloc((size_t)a->n_spans + b->n_spans + 1, sizeof(*c->span));
	while (i < a->n_spans && j < b->n_spans) {
		other.from = clock_map_to_server(&p->clock, b->span[j].from);
		other.to = clock_map_to_server(&p->clock, b->span[j].to);
		both = a->span[i];
		if (other.from > both.from)
			both.from = other.from;
		if (other.to < both.to)
			both.to = other.to;
		if (both.from < both.to)
			c->span[c->n++] = both;
		if (other.to < a->span[i].to)
			j++;
		else
			i++;
	}
}

void
common_time_free(struct common_time *c)
{
	free(c->span);
	free(c->blind);
	*c = (struct common_time){.span = NULL};
}

/* What is left of `span`: one piece, two, or none. */
static uint32_t
take_out(
    struct trace_span *to, struct trace_span span, const struct trace_span *cut)
{
	uint32_t n = 0;

	if (cut->to <= span.from || cut->from >= span.to) {
		to[n++] = span;
		return n;
	}
	if (cut->from > span.from)
		to[n++] = (struct trace_span){span.from, cut->from};
	if (cut->to < span.to)
		to[n++] = (struct trace_span){cut->to, span.to};
	return n;
}

void
common_time_cut(struct common_time *c, struct trace_span blind)
{
	struct trace_span *span = xcalloc((size_t)c->n + 2, sizeof(*c->span));
	uint32_t i, n = 0;

	for (i = 0; i < c->n; i++)
		n += take_out(&span[n], c->span[i], &blind);
	free(c->span);
	c->span = span;
	c->n = n;
	c->blind =
	    xgrow(c->blind, c->n_blind, &c->blind_room, sizeof(*c->blind));
	c->blind[c->n_blind++] = blind;
}

bool
common_time_blind(const struct common_time *c, int64_t at)
{
	uint32_t i;

	for (i = 0; i < c->n_blind; i++)
		if (at >= c->blind[i].from - c->guard &&
		    at <= c->blind[i].to + c->guard)
			return true;
	return false;
}

bool
common_time_has(const struct common_time *c, int64_t at, int64_t wait)
{
	uint32_t low = 0, high = c->n, middle;

	if (at < c->from || at > c->to)
		return false;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (c->span[middle].to < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->n && at - c->begin_guard >= c->span[low].from &&
	       at + wait + c->guard <= c->span[low].to;
}

bool
common_time_arrived(const struct common_time *c, int64_t at)
{
	return common_time_has(c, at, 0) &&
	       common_time_has(c, at - c->guard, c->guard);
}
