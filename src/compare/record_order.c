/* record_order.c - the packets of both sides by their keys.
 */
#include "compare/record_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* Keys are hashes: two passes by their highest bits put them in order, but for
 * short runs of those that have these in common. */
#define DIGIT_BITS 12
#define DIGITS     (1u << DIGIT_BITS)
#define LOW_SHIFT  (64 - 2 * DIGIT_BITS)
#define HIGH_SHIFT (64 - DIGIT_BITS)
#define AHEAD      24

struct keyed {
	uint64_t key;
	uint32_t record, flow;
};

static uint32_t
take_keys(const struct trace *t, struct keyed *to)
{
	uint32_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		if ((t->rec[i].bits & RECORD_SHORT) != 0)
			continue;
		to[n++] = (struct keyed){t->rec[i].key, i, t->rec[i].flow};
	}
	return n;
}

static void
pass(const struct keyed *from, struct keyed *to, uint32_t n, unsigned shift)
{
	uint32_t count[DIGITS] = {0}, i, sum = 0, old;

	for (i = 0; i < n; i++)
		count[(from[i].key >> shift) & (DIGITS - 1)]++;
	for (i = 0; i < DIGITS; i++) {
		old = count[i];
		count[i] = sum;
		sum += old;
	}
	for (i = 0; i < n; i++)
		to[count[(from[i].key >> shift) & (DIGITS - 1)]++] = from[i];
}

static int
keyed_cmp(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/* Where those end that have the same highest bits as the first one. */
static uint32_t
run_of(const struct keyed *k, uint32_t n, bool *in_order)
{
	uint32_t i;

	*in_order = true;
	for (i = 1; i < n && (k[i].key ^ k[0].key) >> LOW_SHIFT == 0; i++)
		*in_order &= k[i - 1].key <= k[i].key;
	return i;
}

static void
sort(struct keyed *k, struct keyed *other, uint32_t n)
{
	bool in_order;
	uint32_t i, run;

	/* A pass costs as much as so many records at the least. */
	if (n < DIGITS) {
		qsort(k, n, sizeof(*k), keyed_cmp);
		return;
	}
	pass(k, other, n, LOW_SHIFT);
	pass(other, k, n, HIGH_SHIFT);
	for (i = 0; i < n; i += run) {
		run = run_of(k + i, n - i, &in_order);
		if (!in_order)
			qsort(k + i, run, sizeof(*k), keyed_cmp);
	}
}

void
record_order(struct trace *t)
{
	struct keyed *k = xreallocarray(NULL, (size_t)t->n + 1, sizeof(*k));
	void *other = xreallocarray(NULL, (size_t)t->n + 1, sizeof(*k));
	uint32_t i, n = take_keys(t, k);

	sort(k, other, n);
	free(t->key);
	t->n_order = n;
	t->key = other;
	t->order = (uint32_t *)(t->key + n);
	t->flow_of = t->order + n;
	for (i = 0; i < n; i++) {
		t->key[i] = k[i].key;
		t->order[i] = k[i].record;
		t->flow_of[i] = k[i].flow;
	}
	free(k);
}

/* By keys, all is all over the memory: have what is looked at soon come.  Those
 * are records only where a key is there more than once; a record is rarely in
 * one line of the cache. */
static void
fetch(const struct key_walk *w, const struct trace *t, uint32_t at)
{
	uint32_t i;

	at += AHEAD;
	if (at + 1 >= t->n_order)
		return;
	i = t->order[at];
	if (w->by_flow)
		__builtin_prefetch(&t->flow[t->flow_of[at]]);
	else
		__builtin_prefetch(&t->mate[i], 1);
	if (t->key[at] != t->key[at - 1] && t->key[at] != t->key[at + 1])
		return;
	__builtin_prefetch(&t->rec[i]);
	__builtin_prefetch(&t->rec[i + 1]);
}

bool
key_walk_next(struct key_walk *w, struct trace *const trace[SIDE_COUNT],
    struct key_group *g)
{
	bool any = false;
	uint64_t key = 0;
	uint32_t at;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		if (w->at[s] == trace[s]->n_order)
			continue;
		if (!any || trace[s]->key[w->at[s]] < key)
			key = trace[s]->key[w->at[s]];
		any = true;
	}
	for (s = 0; s < SIDE_COUNT; s++) {
		at = w->at[s];
		g->of[s] = trace[s]->order + at;
		g->flow[s] = trace[s]->flow_of + at;
		while (at < trace[s]->n_order && trace[s]->key[at] == key)
			fetch(w, trace[s], at++);
		g->n[s] = at - w->at[s];
		w->at[s] = at;
	}
	return any;
}
