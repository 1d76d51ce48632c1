/* check_record_order.c - records by key, and groups of both sides. */
#include "unit.h"

#include <string.h>

#include "compare/record_order.h"

#define MANY 100000u

/* Any key; its highest bits as they come. */
static uint64_t
any_key(uint32_t i)
{
	uint64_t x = (i + 1) * 0x9e3779b97f4a7c15u;

	return (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
}

static struct trace *
begin(uint32_t n)
{
	struct trace *t = calloc(1, sizeof(*t));

	t->rec = calloc(n, sizeof(*t->rec));
	t->n = n;
	for (uint32_t i = 0; i < n; i++)
		t->rec[i].flow = i % 7;
	t->flow = calloc(7, sizeof(*t->flow));
	t->mate = calloc(n, sizeof(*t->mate));
	return t;
}

static void
end(struct trace *t)
{
	free(t->rec);
	free(t->flow);
	trace_free(t);
}

/* Sorted, each with what is its own, equal ones as they were. */
static void
must_be_in_order(const struct trace *t)
{
	for (uint32_t i = 0; i < t->n_order; i++) {
		uint32_t of = t->order[i];

		unit_must(t->key[i] == t->rec[of].key, "%u: its key", i);
		unit_must(t->flow_of[i] == t->rec[of].flow, "%u: its flow", i);
		if (i == 0)
			continue;
		unit_must(
		    t->key[i - 1] < t->key[i] ||
			(t->key[i - 1] == t->key[i] && t->order[i - 1] < of),
		    "%u: it is behind the one before", i);
	}
}

START_TEST(few_and_many_are_put_in_order)
{
	static const uint32_t sizes[] = {1, 2, 100, 4095, 4096, 4097, MANY};

	for (unsigned k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		struct trace *t = begin(sizes[k]);

		/* One of three has the key of another. */
		for (uint32_t i = 0; i < t->n; i++)
			t->rec[i].key = any_key(i % 3 == 2 ? i / 2 : i);
		record_order(t);
		ck_assert_uint_eq(t->n_order, t->n);
		must_be_in_order(t);
		/* Again, in place of what there is. */
		record_order(t);
		must_be_in_order(t);
		end(t);
	}
}
END_TEST

/* Keys as somebody would choose them who wants it to take long. */
START_TEST(keys_that_are_no_chance_are_put_in_order)
{
	struct trace *t = begin(MANY);
	uint32_t i;

	for (i = 0; i < MANY; i++)
		t->rec[i].key = any_key(i) >> 24;
	record_order(t);
	must_be_in_order(t);
	for (i = 0; i < MANY; i++)
		t->rec[i].key = MANY - i;
	record_order(t);
	must_be_in_order(t);
	for (i = 0; i < MANY; i++)
		t->rec[i].key = 5;
	record_order(t);
	must_be_in_order(t);
	end(t);
}
END_TEST

START_TEST(without_a_key_it_is_left_out)
{
	struct trace *t = begin(3);

	t->rec[1].bits = RECORD_SHORT;
	t->rec[0].key = 2;
	record_order(t);
	ck_assert_uint_eq(t->n_order, 2);
	ck_assert_uint_eq(t->order[0], 2);
	ck_assert_uint_eq(t->order[1], 0);
	t->rec[0].bits = t->rec[2].bits = RECORD_SHORT;
	record_order(t);
	ck_assert_uint_eq(t->n_order, 0);
	end(t);
}
END_TEST

/* Each key once, with all that have it in both sides. */
START_TEST(groups_hold_all_of_a_key)
{
	struct trace *t[SIDE_COUNT] = {begin(MANY), begin(MANY)};
	struct key_walk w = {.by_flow = true};
	struct key_group g;
	uint32_t i, sum[SIDE_COUNT] = {0, 0};
	uint64_t key, last = 0;
	int s;

	for (i = 0; i < MANY; i++) {
		t[0]->rec[i].key = any_key(i / 2);
		t[1]->rec[i].key = any_key(i + MANY / 4);
	}
	for (s = 0; s < SIDE_COUNT; s++)
		record_order(t[s]);
	while (key_walk_next(&w, t, &g)) {
		s = g.n[0] == 0;
		key = t[s]->rec[g.of[s][0]].key;
		unit_must(key > last, "it was there before");
		last = key;
		for (s = 0; s < SIDE_COUNT; s++) {
			sum[s] += g.n[s];
			for (i = 0; i < g.n[s]; i++)
				unit_must(t[s]->rec[g.of[s][i]].key == key &&
					      g.flow[s][i] == g.of[s][i] % 7,
				    "another one's");
		}
		unit_must(g.n[0] == 0 || g.n[0] == 2, "one is elsewhere");
	}
	ck_assert_uint_eq(sum[0], MANY);
	ck_assert_uint_eq(sum[1], MANY);
	for (s = 0; s < SIDE_COUNT; s++)
		end(t[s]);
}
END_TEST

UNIT_MAIN("record_order", few_and_many_are_put_in_order,
    keys_that_are_no_chance_are_put_in_order, without_a_key_it_is_left_out,
    groups_hold_all_of_a_key)
