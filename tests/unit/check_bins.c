/* check_bins.c - what became of packets over time. */
#include "compare/bins.h"

#include "unit.h"

#include "compare_rig.h"

#define SECOND INT64_C(1000000000)

struct made {
	struct common_time common;
	struct trace_span span;
	struct bins *b;
	struct loss_tally tally[TRAFFIC_COUNT][WAY_COUNT];
	struct result_strip strip;
};

static void
make(struct made *m, int64_t from, int64_t to)
{
	*m = (struct made){.span = {from, to}};
	m->common = (struct common_time){
	    .span = &m->span, .n = 1, .from = INT64_MIN, .to = INT64_MAX};
	m->b = bins_new(&m->common);
}

/* One more packet that was sent at `at` and had this fate. */
static void
count(struct made *m, enum traffic t, enum way w, int64_t at, uint32_t arrived,
    uint32_t lost, uint32_t unknown)
{
	struct loss_tally *of = &m->tally[t][w];

	of->arrived += arrived;
	of->lost += lost;
	of->unknown += unknown;
	ck_assert(bins_behind(m->b, t, w, of));
	bins_take(m->b, t, w, of, at);
	ck_assert(!bins_behind(m->b, t, w, of));
}

static void
finish(struct made *m)
{
	bins_finish(m->b, m->tally, &m->strip);
	bins_free(m->b);
}

static void
bin_is(const struct strip_bin *b, uint32_t arrived, uint32_t lost,
    uint32_t unknown)
{
	ck_assert_uint_eq(b->arrived, arrived);
	ck_assert_uint_eq(b->lost, lost);
	ck_assert_uint_eq(b->unknown, unknown);
}

START_TEST(a_packet_is_in_the_bin_of_its_time)
{
	struct made m;

	make(&m, 1000 * SECOND, 1119 * SECOND);
	count(&m, TRAFFIC_SNMP, WAY_THERE, 1000 * SECOND, 1, 0, 0);
	count(&m, TRAFFIC_SNMP, WAY_THERE, 1060 * SECOND, 0, 3, 0);
	count(&m, TRAFFIC_SNMP, WAY_THERE, 1119 * SECOND, 0, 0, 1);
	count(&m, TRAFFIC_TCP, WAY_BACK, 1119 * SECOND, 2, 0, 0);
	finish(&m);
	ck_assert_int_eq(m.strip.from, 1000 * SECOND);
	ck_assert_int_le(m.strip.n_bins, STRIP_BINS_MAX);
	ck_assert_int_eq(m.strip.n_rows, 2);
	ck_assert_int_eq(m.strip.row[0].traffic, TRAFFIC_SNMP);
	bin_is(&m.strip.row[0].bin[0], 1, 0, 0);
	bin_is(&m.strip.row[0].bin[60 * SECOND / m.strip.width], 0, 3, 0);
	bin_is(&m.strip.row[0].bin[m.strip.n_bins - 1], 0, 0, 1);
	ck_assert_int_eq(m.strip.row[1].traffic, TRAFFIC_TCP);
	ck_assert_int_eq(m.strip.row[1].way, WAY_BACK);
	bin_is(&m.strip.row[1].bin[m.strip.n_bins - 1], 2, 0, 0);
}
END_TEST

START_TEST(what_was_sent_outside_is_in_the_outermost_bin)
{
	struct made m;

	make(&m, 1000 * SECOND, 1119 * SECOND);
	count(&m, TRAFFIC_ICMP, WAY_THERE, 0, 1, 0, 0);
	count(&m, TRAFFIC_ICMP, WAY_THERE, 9000 * SECOND, 0, 1, 0);
	finish(&m);
	bin_is(&m.strip.row[0].bin[0], 1, 0, 0);
	bin_is(&m.strip.row[0].bin[m.strip.n_bins - 1], 0, 1, 0);
}
END_TEST

START_TEST(a_loss_that_was_called_back_is_unknown)
{
	struct made m;

	make(&m, 0, 119 * SECOND);
	count(&m, TRAFFIC_SNMP, WAY_BACK, SECOND, 0, 1, 0);
	m.tally[TRAFFIC_SNMP][WAY_BACK].lost = 0;
	m.tally[TRAFFIC_SNMP][WAY_BACK].unknown = 1;
	finish(&m);
	bin_is(&m.strip.row[0].bin[SECOND / m.strip.width], 0, 0, 1);
}
END_TEST

START_TEST(centuries_and_no_time_at_all_are_no_trouble)
{
	struct made m;

	make(&m, INT64_MIN / 2, INT64_MAX / 2);
	count(&m, TRAFFIC_UDP, WAY_THERE, INT64_MIN / 2, 1, 0, 0);
	count(&m, TRAFFIC_UDP, WAY_THERE, INT64_MAX / 2, 0, 1, 0);
	finish(&m);
	ck_assert_int_le(m.strip.n_bins, STRIP_BINS_MAX);
	bin_is(&m.strip.row[0].bin[0], 1, 0, 0);
	bin_is(&m.strip.row[0].bin[m.strip.n_bins - 1], 0, 1, 0);
	make(&m, 5, 5);
	count(&m, TRAFFIC_UDP, WAY_THERE, 5, 1, 0, 0);
	finish(&m);
	ck_assert_int_eq(m.strip.width, 0);
	make(&m, 5, 6);
	bins_free(m.b);
	m.common.n = 0;
	m.b = bins_new(&m.common);
	finish(&m);
	ck_assert_int_eq(m.strip.width, 0);
	ck_assert_int_eq(m.strip.n_rows, 0);
}
END_TEST

START_TEST(more_kinds_than_rows_leave_out_the_last)
{
	struct made m;

	make(&m, 0, 100);
	for (int i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++)
		count(&m, (enum traffic)(i / WAY_COUNT),
		    (enum way)(i % WAY_COUNT), 50, 1, 0, 0);
	finish(&m);
	ck_assert_int_eq(m.strip.n_rows, STRIP_ROWS_MAX);
	ck_assert_int_eq(m.strip.row[0].traffic, TRAFFIC_SNMP);
	ck_assert_int_eq(m.strip.row[STRIP_ROWS_MAX - 1].traffic, TRAFFIC_TCP);
}
END_TEST

/* Of the whole comparison: the bins are the tally, cut up. */
START_TEST(the_sums_of_the_bins_are_the_table)
{
	struct compare_rig *r = compare_rig_new();
	const struct result_strip *s = &r->result.strip;

	for (int i = 0; i < 120; i++) {
		bool lost = i >= 40 && i < 80;

		rig_ask(r, i * 1000, (uint32_t)i, lost ? RIG_LOST : 0);
		if (!lost)
			rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
	}
	rig_judge(r);
	ck_assert_int_eq(s->n_rows, 2);
	for (int i = 0; i < s->n_rows; i++) {
		const struct strip_row *row = &s->row[i];
		const struct loss_tally *t =
		    &r->result.tally[row->traffic][row->way];
		uint32_t arrived = 0, lost = 0, unknown = 0;

		for (int n = 0; n < s->n_bins; n++) {
			arrived += row->bin[n].arrived;
			lost += row->bin[n].lost;
			unknown += row->bin[n].unknown;
			if (row->bin[n].lost > 0)
				ck_assert_int_ge(
				    s->from + (n + 1) * s->width, t->first);
		}
		ck_assert_uint_eq(arrived, t->arrived);
		ck_assert_uint_eq(lost, t->lost);
		ck_assert_uint_eq(unknown, t->unknown);
		ck_assert_uint_eq(arrived + lost + unknown, t->sent);
	}
	ck_assert_uint_eq(r->result.tally[TRAFFIC_SNMP][WAY_THERE].lost, 40);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("bins", a_packet_is_in_the_bin_of_its_time,
    what_was_sent_outside_is_in_the_outermost_bin,
    a_loss_that_was_called_back_is_unknown,
    centuries_and_no_time_at_all_are_no_trouble,
    more_kinds_than_rows_leave_out_the_last, the_sums_of_the_bins_are_the_table)
