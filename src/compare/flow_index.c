/* flow_index.c - a flow of a side by its hosts and ports.
 *
 * A hash table with open addressing, at most half full.
 */
#include "compare/flow_index.h"

#include <stdlib.h>

#include "base/xmem.h"

struct flow_index {
	const struct trace *trace;
	uint32_t *slot; /* flow + 1; 0: free */
	uint32_t mask;
};

static uint32_t
start_of(const struct flow_index *x, const struct flow *f)
{
	uint64_t h = (uint64_t)f->from << 32 | f->to;

	h ^= ((uint64_t)f->from_port << 24 | (uint64_t)f->to_port << 8 |
		 f->protocol) *
	     0x9e3779b97f4a7c15u;
	h ^= h >> 31;
	h *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32) & x->mask;
}

static bool
same(const struct flow *a, const struct flow *b)
{
	return a->from == b->from && a->to == b->to &&
	       a->from_port == b->from_port && a->to_port == b->to_port &&
	       a->protocol == b->protocol;
}

struct flow_index *
flow_index_new(const struct trace *t)
{
	struct flow_index *x = xcalloc(1, sizeof(*x));
	uint32_t size = 16, i, at;

	while (size < 2 * t->n_flows)
		size *= 2;
	x->trace = t;
	x->mask = size - 1;
	x->slot = xcalloc(size, sizeof(*x->slot));
	for (i = 0; i < t->n_flows; i++) {
		at = start_of(x, &t->flow[i]);
		while (x->slot[at] != 0)
			at = (at + 1) & x->mask;
		x->slot[at] = i + 1;
	}
	return x;
}

void
flow_index_free(struct flow_index *x)
{
	if (x == NULL)
		return;
	free(x->slot);
	free(x);
}

uint32_t
flow_index_find(const struct flow_index *x, const struct flow *like)
{
	uint32_t at = start_of(x, like);

	for (; x->slot[at] != 0; at = (at + 1) & x->mask)
		if (same(&x->trace->flow[x->slot[at] - 1], like))
			return x->slot[at] - 1;
	return FLOW_NONE;
}
