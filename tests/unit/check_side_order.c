/* check_side_order.c - packets of several files in the order of time. */
#include "unit.h"

#include <string.h>

#include "base/xmem.h"
#include "compare/side_order.h"

#define S  INT64_C(1000000000)
#define MS INT64_C(1000000)

/* A side whose records are numbered, in `key`, as they come. */
struct rig {
	struct side_order *o;
	struct side_file files[8];
	unsigned n_files;
	struct record *records;
	uint32_t n, cap;
};

static void
setup(struct rig *g)
{
	memset(g, 0, sizeof(*g));
	g->o = side_order_new();
}

static void
file(struct rig *g, const char *name, enum file_state state)
{
	g->files[g->n_files].name = (char *)name;
	g->files[g->n_files].state = state;
	side_order_file(g->o, g->n_files++);
}

static void
packet(struct rig *g, int64_t time)
{
	if (g->n == g->cap) {
		g->cap = 2 * g->cap + 16;
		g->records =
		    xreallocarray(g->records, g->cap, sizeof(*g->records));
	}
	g->records[g->n] = (struct record){.time = time, .key = g->n};
	side_order_packet(g->o, g->n++, time);
}

/* One each `step` from `from` to `to`. */
static void
packets(struct rig *g, int64_t from, int64_t to, int64_t step)
{
	for (int64_t t = from; t <= to; t += step)
		packet(g, t);
}

static const struct stretch *
finished(struct rig *g, uint32_t expected)
{
	struct stretch *t;
	uint32_t n, first = 0;

	side_order_finish(g->o, g->records, g->n, g->files);
	t = side_order_stretches(g->o, &n);
	ck_assert_uint_eq(n, expected);
	for (uint32_t i = 0; i < n; i++) {
		const struct record *r = g->records + t[i].first;

		ck_assert_uint_eq(t[i].first, first);
		ck_assert_uint_gt(t[i].n, 0);
		ck_assert_int_eq(t[i].begin == STRETCH_FIRST, i == 0);
		ck_assert_int_eq(t[i].from, r[0].time);
		ck_assert_int_eq(t[i].to, r[t[i].n - 1].time);
		for (uint32_t k = 1; k < t[i].n; k++)
			unit_must(r[k - 1].time <= r[k].time, "at %u", k);
		first += t[i].n;
	}
	ck_assert_uint_eq(first, g->n);
	return t;
}

static void
teardown(struct rig *g)
{
	side_order_free(g->o);
	free(g->records);
}

START_TEST(nothing_has_no_stretch)
{
	struct rig g;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	finished(&g, 0);
	teardown(&g);
	side_order_free(NULL);
}
END_TEST

START_TEST(one_file_is_one_stretch)
{
	struct rig g;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	packets(&g, 0, 3600 * S, 7 * S);
	finished(&g, 1);
	for (uint32_t i = 0; i < g.n; i++)
		ck_assert_uint_eq(g.records[i].key, i);
	teardown(&g);
}
END_TEST

START_TEST(packets_that_are_a_little_late_are_put_in_place)
{
	struct rig g;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	for (int64_t t = 0; t < 1000 * MS; t += 10 * MS) {
		packet(&g, t);
		packet(&g, t - 35 * MS);
	}
	finished(&g, 1);
	/* Equal stamps stay as they came. */
	teardown(&g);
	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	packet(&g, 5);
	packet(&g, 4);
	packet(&g, 5);
	packet(&g, 4);
	finished(&g, 1);
	ck_assert_uint_eq(g.records[0].key, 1);
	ck_assert_uint_eq(g.records[1].key, 3);
	ck_assert_uint_eq(g.records[2].key, 0);
	ck_assert_uint_eq(g.records[3].key, 2);
	teardown(&g);
}
END_TEST

START_TEST(a_clock_set_back_begins_a_stretch)
{
	const struct stretch *t;
	struct rig g;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	packets(&g, 3600 * S, 3660 * S, S);
	packets(&g, 60 * S, 90 * S, S);
	t = finished(&g, 2);
	ck_assert_int_eq(t[1].begin, STRETCH_SET_BACK);
	ck_assert_int_eq(t[0].from, 3600 * S);
	ck_assert_int_eq(t[1].from, 60 * S);
	for (uint32_t i = 0; i < g.n; i++)
		ck_assert_uint_eq(g.records[i].key, i);
	teardown(&g);
}
END_TEST

/* What follows the step by its stamps is behind it, what came before is not. */
START_TEST(other_files_find_their_place_about_a_step)
{
	const struct stretch *t;
	struct rig g;

	setup(&g);
	file(&g, "x0.pcap", FILE_WHOLE);
	packets(&g, 0, 10 * S, S);
	file(&g, "x1.pcap", FILE_WHOLE);
	packets(&g, 10 * S, 100 * S, S);
	packets(&g, 50 * S, 60 * S, S);
	file(&g, "x2.pcap", FILE_WHOLE);
	packets(&g, 61 * S, 70 * S, S);
	t = finished(&g, 2);
	ck_assert_uint_eq(t[0].n, 11 + 91);
	ck_assert_uint_eq(t[1].n, 11 + 10);
	teardown(&g);
	/* Two interfaces, each with its file, one clock. */
	setup(&g);
	for (unsigned i = 0; i < 2; i++) {
		file(&g, i ? "b.pcap" : "a.pcap", FILE_WHOLE);
		packets(&g, 100 * S + i, 200 * S, S);
		packets(&g, 50 * S + i, 60 * S, S);
	}
	t = finished(&g, 2);
	ck_assert_uint_eq(t[1].n, 11 + 10);
	ck_assert_int_eq(t[1].begin, STRETCH_SET_BACK);
	teardown(&g);
}
END_TEST

/* Whichever is read first: the one behind the step may have lower stamps. */
START_TEST(a_file_behind_a_step_is_not_before_it)
{
	const struct stretch *t;
	struct rig g;

	setup(&g);
	file(&g, "c.pcap", FILE_WHOLE);
	packets(&g, 61 * S, 70 * S, S);
	file(&g, "a.pcap", FILE_WHOLE);
	packets(&g, 1000 * S, 1010 * S, S);
	file(&g, "b.pcap", FILE_WHOLE);
	packets(&g, 1011 * S, 1020 * S, S);
	packets(&g, 50 * S, 60 * S, S);
	t = finished(&g, 2);
	ck_assert_uint_eq(t[0].n, 11 + 10);
	ck_assert_uint_eq(t[1].n, 11 + 10);
	ck_assert_int_eq(t[1].begin, STRETCH_SET_BACK);
	teardown(&g);
}
END_TEST

START_TEST(overlapping_files_are_merged)
{
	struct rig g;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	packets(&g, 0, 100 * S, 2 * S);
	file(&g, "b.pcap", FILE_WHOLE);
	packets(&g, 1 * S, 101 * S, 2 * S);
	finished(&g, 1);
	for (uint32_t i = 0; i < g.n; i++)
		ck_assert_int_eq(g.records[i].time, i * S);
	teardown(&g);
}
END_TEST

/* Is there a hole between two files with a packet a second, which are `gap`
 * apart? */
static bool
hole(const char *name, enum file_state state, const char *next, int64_t gap)
{
	struct rig g;
	uint32_t n;

	setup(&g);
	file(&g, name, state);
	packets(&g, 0, 10 * S, S);
	file(&g, next, FILE_WHOLE);
	packets(&g, 10 * S + gap, 20 * S + gap, S);
	side_order_finish(g.o, g.records, g.n, g.files);
	if (side_order_stretches(g.o, &n)[n - 1].begin == STRETCH_HOLE)
		ck_assert_uint_eq(n, 2);
	else
		ck_assert_uint_eq(n, 1);
	teardown(&g);
	return n == 2;
}

START_TEST(a_missing_piece_is_a_hole)
{
	/* By its number; a silence between two that follow each other is a
	 * finding. */
	ck_assert(!hole("d-0.pcap", FILE_WHOLE, "d-1.pcap", 60 * S));
	ck_assert(hole("d-0.pcap", FILE_WHOLE, "d-2.pcap", S));
	ck_assert(!hole("d-9.pcap", FILE_WHOLE, "d-10.pcap", 60 * S));
	ck_assert(!hole("d.pcap09", FILE_WHOLE, "d.pcap10", 60 * S));
	ck_assert(hole("d.pcap09", FILE_WHOLE, "d.pcap11", S));
	/* By the silence where there is no number to go by. */
	ck_assert(!hole("a.pcap", FILE_WHOLE, "b.pcap", 2 * S));
	ck_assert(hole("a.pcap", FILE_WHOLE, "b.pcap", 3 * S));
	ck_assert(hole("a1.pcap", FILE_WHOLE, "b2.pcap", 3 * S));
	ck_assert(hole("a9.pcap", FILE_WHOLE, "a0.pcap", 3 * S));
	ck_assert(!hole("a-20231114.pcap", FILE_WHOLE, "a-20231120.pcap", S));
	ck_assert(hole("", FILE_WHOLE, "", 3 * S));
	ck_assert(hole("7", FILE_WHOLE, ".", 3 * S));
	/* What was cut off is missing in any case. */
	ck_assert(hole("d-0.pcap", FILE_CUT, "d-1.pcap", S));
	ck_assert(hole("d-0.pcap", FILE_DAMAGED, "d-1.pcap", S));
	/* But not where another file has it. */
	ck_assert(!hole("d-0.pcap", FILE_CUT, "d-1.pcap", -S));
}
END_TEST

START_TEST(a_hole_is_where_no_file_reaches)
{
	const struct stretch *t;
	struct rig g;

	setup(&g);
	file(&g, "all.pcap", FILE_WHOLE);
	packets(&g, 0, 100 * S, S);
	file(&g, "short.pcap", FILE_CUT);
	packets(&g, 10 * S, 20 * S, S);
	file(&g, "late.pcap", FILE_WHOLE);
	packets(&g, 101 * S, 110 * S, S);
	file(&g, "later.pcap", FILE_WHOLE);
	packets(&g, 200 * S, 210 * S, S);
	t = finished(&g, 2);
	ck_assert_int_eq(t[1].begin, STRETCH_HOLE);
	ck_assert_int_eq(t[0].to, 110 * S);
	ck_assert_int_eq(t[1].from, 200 * S);
	teardown(&g);
}
END_TEST

START_TEST(noise_is_no_thousand_steps)
{
	struct rig g;
	uint32_t n;

	setup(&g);
	file(&g, "a.pcap", FILE_WHOLE);
	srandom(1);
	for (unsigned i = 0; i < 20000; i++)
		packet(&g, random() * S);
	side_order_finish(g.o, g.records, g.n, g.files);
	(void)side_order_stretches(g.o, &n);
	ck_assert_uint_le(n, 1024);
	teardown(&g);
}
END_TEST

UNIT_MAIN("side_order", nothing_has_no_stretch, one_file_is_one_stretch,
    packets_that_are_a_little_late_are_put_in_place,
    a_clock_set_back_begins_a_stretch,
    other_files_find_their_place_about_a_step,
    a_file_behind_a_step_is_not_before_it, overlapping_files_are_merged,
    a_missing_piece_is_a_hole, a_hole_is_where_no_file_reaches,
    noise_is_no_thousand_steps)
