/* server_plan.c - which of the server's files matter to an event.
 */
#include "campaign/server_plan.h"

#include <stdlib.h>

#include "base/xmem.h"

/* What the agent's clock may have been set by since it told it, and half of the
 * way of that answer. */
#define SLACK_MS 10000

int64_t
server_plan_from(
    const struct round *r, const struct server_clock *c, int64_t before_ms)
{
	int64_t ms = r->event_at;

	if (r->event_at == 0 || !c->known ||
	    __builtin_add_overflow(ms, c->ahead, &ms) ||
	    __builtin_sub_overflow(ms, before_ms + SLACK_MS, &ms) ||
	    __builtin_mul_overflow(ms, 1000, &ms))
		return INT64_MIN;
	return ms;
}

static int
number_cmp(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

unsigned *
server_plan_pieces(
    const struct event_record *sidecar, int64_t from_us, size_t *n)
{
	unsigned *all = xcalloc(sidecar->n_pieces + 1, sizeof(*all));
	size_t taken = 0, kept = 0;

	for (size_t i = 0; i < sidecar->n_pieces; i++) {
		const struct event_piece *p = &sidecar->piece[i];

		if (!p->aborted && p->last_us >= from_us)
			all[taken++] = p->number;
	}
	qsort(all, taken, sizeof(*all), number_cmp);
	for (size_t i = 0; i < taken; i++)
		if (kept == 0 || all[kept - 1] != all[i])
			all[kept++] = all[i];
	*n = kept;
	if (kept > 0)
		return all;
	free(all);
	return NULL;
}
