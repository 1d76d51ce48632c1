/* check_strip.c - what was lost over time, drawn. */
#include "report/strip.h"

#include <time.h>

#include "base/xmem.h"
#include "page_rig.h"
#include "unit.h"

#define S  INT64_C(1000000000)
#define AT (INT64_C(1795403462) * S) /* 2026-11-23T03:11:02Z */

/* One row of 100 bins of a second. */
static struct compare_result *
result(void)
{
	struct compare_result *r = xcalloc(1, sizeof(*r));

	setenv("TZ", "UTC0", 1);
	tzset();
	r->strip = (struct result_strip){
	    .from = AT, .width = S, .n_bins = 100, .n_rows = 1};
	r->common[0] = (struct result_span){AT, AT + 50 * S};
	r->n_common = 1;
	return r;
}

static void
draw(struct page *p, struct compare_result *r, int64_t alarm)
{
	struct html *h = page_html(p);

	strip_begin(h);
	strip_add(h, r, alarm);
	page_html_end(p, h);
	free(r);
}

START_TEST(bars_stand_on_each_other_and_are_as_high_as_what_was_sent)
{
	struct compare_result *r = result();
	struct strip_row *row = &r->strip.row[0];
	struct page p;

	row->bin[0] = (struct strip_bin){.arrived = 10};
	row->bin[50] = (struct strip_bin){5, 3, 2};
	draw(&p, r, 0);
	/* The whole height is 20; bins are 4.98 wide. */
	page_has(&p, "<g transform=\"matrix(4.980 0 0 1 136 46)\"><path "
		     "class=\"ba\" d=\"M0 0V-20H1V0zM50 0V-10H51V0z\">");
	page_has(&p, "<path class=\"bl\" d=\"M387.5 36v-6\">");
	page_has(&p, "<path class=\"bu\" d=\"M387.5 30v-4\">");
	page_says(&p, "SNMP there: 15 arrived, 3 lost, 2 cannot be said");
	page_says(&p, "2026-11-23 03:11:02.000");
	page_says(&p, "03:12:42.000");
	page_free(&p);
}
END_TEST

START_TEST(one_lost_packet_among_thousands_is_seen)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.row[0].bin[0] = (struct strip_bin){1000000, 1, 1};
	draw(&p, r, 0);
	page_has(&p, "<path class=\"ba\" d=\"M0 0V-16H1V0z\">");
	page_has(&p, "<path class=\"bl\" d=\"M138.5 30v-2\">");
	page_free(&p);
}
END_TEST

START_TEST(alarm_and_requests_are_marked)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.row[0].bin[0].arrived = 1;
	r->ladder[0] = (struct ladder_row){.s1 = AT + 50 * S};
	r->ladder[1] = (struct ladder_row){.d1 = AT + 100 * S};
	r->ladder[2] = (struct ladder_row){.s1 = AT - S}; /* before it */
	r->n_ladder = 3;
	draw(&p, r, AT + 25 * S);
	page_says(&p, "alarm at 03:11:27.000");
	page_has(&p, "<path class=\"alarm\" d=\"M260.5 17V48\">");
	page_has(&p, "<path class=\"probe\" d=\"M385 16v6M634 16v6\">");
	page_has(&p, "<path class=\"shade\" d=\"M136 24H385V48H136z\">");
	page_free(&p);
}
END_TEST

START_TEST(an_alarm_that_the_result_tells_is_the_one)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.row[0].bin[0].arrived = 1;
	r->strip.alarm = AT + 25 * S;
	draw(&p, r, AT + 50 * S);
	page_says(&p, "alarm at 03:11:27.000");
	ck_assert_uint_eq(page_count(&p, "path", "alarm"), 1);
	page_free(&p);
}
END_TEST

START_TEST(an_alarm_outside_is_not_marked)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.row[0].bin[0].arrived = 1;
	draw(&p, r, AT + 101 * S);
	ck_assert_uint_eq(page_count(&p, "path", "alarm"), 0);
	page_free(&p);
}
END_TEST

START_TEST(all_rows_of_full_bins_are_few_elements)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.n_rows = STRIP_ROWS_MAX;
	r->strip.n_bins = STRIP_BINS_MAX;
	for (int i = 0; i < STRIP_ROWS_MAX; i++)
		for (int b = 0; b < STRIP_BINS_MAX; b++)
			r->strip.row[i].bin[b] = (struct strip_bin){
			    UINT32_MAX, UINT32_MAX, UINT32_MAX};
	draw(&p, r, 0);
	ck_assert_uint_lt(p.elements, 110);
	ck_assert_uint_lt(p.text.len, 70000);
	page_free(&p);
}
END_TEST

/* What another program wrote down may be anything. */
START_TEST(a_time_that_does_not_fit_is_no_strip)
{
	struct compare_result *r = result();
	struct page p;

	r->strip.width = INT64_MAX / 2;
	draw(&p, r, 0);
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 0);
	page_free(&p);
	r = result();
	r->strip.from = INT64_MAX - S;
	draw(&p, r, 0);
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 0);
	page_free(&p);
	r = result();
	r->strip.n_rows = 0;
	draw(&p, r, 0);
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 0);
	page_free(&p);
}
END_TEST

UNIT_MAIN("strip", bars_stand_on_each_other_and_are_as_high_as_what_was_sent,
    one_lost_packet_among_thousands_is_seen, alarm_and_requests_are_marked,
    an_alarm_that_the_result_tells_is_the_one, an_alarm_outside_is_not_marked,
    all_rows_of_full_bins_are_few_elements,
    a_time_that_does_not_fit_is_no_strip)
