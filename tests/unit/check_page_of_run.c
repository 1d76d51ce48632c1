/* check_page_of_run.c - report.html: what must be on it, and how large it is.
 */
#include "report/page_of_run.h"

#include <string.h>
#include <time.h>

#include "base/xmem.h"
#include "page_rig.h"
#include "report/lanes.h"
#include "report/report.h"
#include "run_made.h"
#include "unit.h"

static struct run_made *
made(size_t n)
{
	char folder[UNIT_PATH_MAX];

	setenv("TZ", "CET-1", 1);
	tzset();
	unit_folder(folder);
	return run_made_new(folder, n);
}

static void
read_page(struct page *p, struct run_made *m)
{
	page_begin(p);
	page_of_run(m->r, &p->to);
	page_read(p);
	ck_assert_uint_le(p->text.len, PAGE_BYTES_MAX);
	ck_assert_uint_le(p->elements, PAGE_ELEMENTS_MAX);
	run_made_free(m);
}

static void
compared(struct run_made *m, size_t i, enum event_kind kind)
{
	run_made_compared(m, i, 1, event_made(kind, run_made_time(i, 1)));
}

START_TEST(a_quiet_night_has_a_page)
{
	struct run_made *m = made(3);
	struct page p;

	m->r->interrupted = true;
	m->r->trouble = xstrdup("the disk is full");
	read_page(&p, m);
	page_says(&p, "Campaign night, run 2026-11-23T01.00.00Z");
	page_says(&p, "ticket 4711");
	page_says(&p, "From 2026-11-23 02:00:00.000 to 10:00:00.000, took 8h");
	page_says(&p, "Times are local (UTC+01:00)");
	page_says(&p, "3 devices");
	page_says(&p, "3 quiet");
	page_says(&p, "No event was captured.");
	page_says(&p, "It was interrupted.");
	page_says(&p, "Trouble on the campaign host: the disk is full");
	page_says(&p, "branch 3 (10.0.2.1)");
	page_says(&p, "no alarm in the whole window");
	ck_assert_uint_eq(page_count(&p, "details", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(an_old_list_of_devices_is_told)
{
	char *program[] = {(char *)"/srv/list"};
	struct run_made *m = made(3);
	struct page p;

	m->conf.inventory = (struct inventory_section){.program = program,
	    .n_program = 1,
	    .n_listed = 3,
	    .kept_why = (char *)"it printed <nothing>",
	    .kept_at = RUN_MADE_AT - 60000};
	read_page(&p, m);
	page_says(&p, "/srv/list: it printed <nothing>; its list of "
		      "2026-11-23T00:59:00.000Z is used, 1m 0s old, 3 devices");
	page_free(&p);
}
END_TEST

START_TEST(what_was_not_compared_has_its_command)
{
	struct run_made *m = made(3);
	struct page p;

	run_made_event(m, 0, 1);
	run_made_skipped(m, 1, 1);
	read_page(&p, m);
	page_says(&p, "No event's captures were compared: how to do it.");
	page_says(
	    &p, "Of 2 events the captures of both ends were not compared");
	page_says(&p, "branch 1 (10.0.0.1), event 1: traffic-capture-compare "
		      "*_device_10.0.0.1_2026-11-23T03.01.00.100000Z*");
	page_says(&p, "branch 2 (10.0.1.1), event 1: only the device's file is "
		      "here traffic-capture-compare CPE_x OVOC_x");
	page_says(&p, "1 of 1 events captured");
	page_free(&p);
}
END_TEST

START_TEST(of_many_that_were_not_compared_ten_are_named)
{
	struct run_made *m = made(50);
	struct page p;

	for (size_t i = 0; i < 50; i++)
		run_made_event(m, i, 1);
	read_page(&p, m);
	ck_assert_uint_eq(page_count(&p, "code", NULL), 10);
	page_says(&p, "and so for 40 more");
	page_free(&p);
}
END_TEST

START_TEST(each_event_has_its_details_the_worst_first)
{
	struct run_made *m = made(6);
	struct page p;

	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		compared(m, (size_t)kind, (enum event_kind)kind);
	read_page(&p, m);
	page_says(&p, "Packets were lost: 2 events");
	page_says(&p, "It cannot be said: 1 event");
	page_says(&p, "The device did not answer: 1 event");
	page_says(&p, "Nothing was lost: 1 event");
	ck_assert_uint_eq(page_count(&p, "details", NULL), 5);
	ck_assert_uint_eq(page_count(&p, "svg", "ladder"), 4);
	/* 47 lost are more than 33. */
	page_has(&p, "<details class=\"lost\" id=\"event-0\" open=\"open\">"
		     "<summary><span class=\"mark\">\xe2\x96\xb2 Packets were "
		     "lost</span> <b>branch 2 (10.0.1.1)</b>, event 1 at "
		     "04:55:");
	page_has(&p, "<a href=\"#event-1\">branch 1 (10.0.0.1)</a>");
	page_has(&p, "<td class=\"lost\"><span class=\"mark\">\xe2\x96\xb2 "
		     "MAJOR</span></td><td>success</td>");
	page_says(&p, "alarm at ");
	page_free(&p);
}
END_TEST

/* By an agent whose clock nobody knows an alarm has no place in the strip. */
START_TEST(an_alarm_is_not_marked_by_an_unknown_clock)
{
	struct run_made *m = made(1);
	struct page p;

	compared(m, 0, EVENT_LOST_THERE);
	free(m->r->agents[0].version);
	m->r->agents[0].version = NULL;
	read_page(&p, m);
	page_does_not_say(&p, "alarm at ");
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 1);
	page_free(&p);
}
END_TEST

START_TEST(groups_come_before_their_lanes)
{
	struct run_made *m = made(12);
	struct page p;

	for (size_t i = 0; i < 12; i++)
		run_made_compared(m, i, 1,
		    event_made(i < 3 ? EVENT_LOST_THERE : EVENT_WELL,
			run_made_time(1, 1)));
	read_page(&p, m);
	page_says(&p, "3 of 4 devices of agent 198.51.100.1 lost SNMP");
	page_says(&p, ": branch 1 (10.0.0.1), branch 2 (10.0.1.1), branch 3");
	ck_assert_uint_eq(page_count(&p, "svg", "lanes"), 1);
	ck_assert_uint_eq(page_count(&p, "path", "lo"), 3);
	ck_assert_uint_eq(page_count(&p, "path", "wa"), 12);
	page_free(&p);
}
END_TEST

/* The row names a file that is gone, a link, somebody else's, or no verdict. */
START_TEST(a_verdict_that_cannot_be_read_is_not_compared)
{
	static const char *const files[] = {"COMPARE_device_10.0.0.1_x.json",
	    "../report.json", "/etc/passwd", "CPE_x.pcap"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct run_made *m = made(1);
		struct page p;
		struct row row = {.task = TASK_COMPARE,
		    .event = 1,
		    .file = (char *)(uintptr_t)files[i],
		    .description = "SNMP was lost"};

		run_made_event(m, 0, 1);
		result_row(&m->r->devices[0], &row);
		read_page(&p, m);
		page_says(&p, "Not compared");
		page_says(&p, "1 of 1 events captured");
		ck_assert_uint_eq(page_count(&p, "details", NULL), 0);
		page_free(&p);
	}
}
END_TEST

START_TEST(a_damaged_verdict_is_not_compared)
{
	struct run_made *m = made(1);
	char *path;
	struct page p;

	compared(m, 0, EVENT_LOST_THERE);
	path = xasprintf("%s/captures/%s", m->r->folder,
	    result_last(&m->r->devices[0], TASK_COMPARE, 1)->file);
	unit_write(path, "{\"schema\": 1, \"sentence\": \"cut");
	free(path);
	read_page(&p, m);
	page_says(&p, "Not compared");
	ck_assert_uint_eq(page_count(&p, "details", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(names_notes_and_sentences_are_only_texts)
{
	struct run_made *m = made(2);
	struct compare_result *r = event_made(EVENT_LOST_THERE, 1);
	char long_name[10001];
	struct page p;

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	free(m->device[0].name);
	m->device[0].name = xstrdup("<script>1</script>\xe2\x80\xae\xff");
	free(m->device[1].name);
	m->device[1].name = xstrdup(long_name);
	free(m->conf.campaign.note);
	m->conf.campaign.note = xstrdup("</p><b onclick=1>\x1b[31m");
	str_copy(r->sentence, sizeof(r->sentence), "]]><i>lost</i>");
	run_made_compared(m, 0, 1, r);
	free(m->r->devices[1].description);
	m->r->devices[1].description = xstrdup(long_name);
	read_page(&p, m);
	page_says(&p, "<script>1</script>????");
	page_says(&p, "</p><b onclick=1>?[31m");
	page_says(&p, "]]><i>lost</i>");
	ck_assert_uint_lt(p.text.len, 40000);
	ck_assert_uint_eq(page_count(&p, "i", NULL), 3); /* keys of a strip */
	page_free(&p);
}
END_TEST

START_TEST(a_thousand_devices_with_a_thousand_events_fit)
{
	struct run_made *m = made(1000);
	struct page p;

	/* Small ones behind the first 200: tests/page has them all large. */
	for (size_t i = 0; i < 1000; i++)
		compared(m, i,
		    i < 200 ? (enum event_kind)(i % EVENT_UNKNOWN)
			    : EVENT_UNKNOWN);
	run_made_history(m, 40);
	read_page(&p, m);
	ck_assert_uint_eq(page_count(&p, "div", "nights"), 1000);
	/* Each device is there, many events whole, the worst ten open. */
	ck_assert_uint_gt(page_count(&p, "tr", NULL), 1000);
	ck_assert_uint_gt(page_count(&p, "svg", "ladder"), 50);
	ck_assert_uint_le(page_count(&p, "details", NULL), 1000);
	page_says(&p, "more events, none of them worse");
	/* One line a group and agent, with its count. */
	page_says(&p, "198.51.100.1: ");
	ck_assert_uint_lt(page_count(&p, "path", "lo"), LANES_MAX);
	ck_assert_uint_gt(p.pieces, 50);
	ck_assert_uint_lt(p.longest, (size_t)3 * SINK_PIECE);
	page_free(&p);
}
END_TEST

#define LOST   "\xe2\x96\xb2"
#define FAILED "\xe2\x96\xa0"
#define UNSAID "\xe2\x97\x86"
#define WELL   "\xe2\x97\x8f"
#define QUIET  "\xc2\xb7"

/* Oldest first, this one last. */
START_TEST(each_device_has_its_last_nights)
{
	struct run_made *m = made(6);
	struct page p;

	run_made_history(m, 6);
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		compared(m, (size_t)kind, (enum event_kind)kind);
	read_page(&p, m);
	page_says(&p,
	    "Below each device its last 7 runs, this one on the "
	    "right: " LOST " packets were lost; " FAILED " it failed");
	ck_assert_uint_eq(page_count(&p, "div", "nights"), 6);
	page_has(&p, "<div class=\"nights\" role=\"img\" aria-label=\"last 7 "
		     "runs: packets lost in 4, no event in 3\">" LOST QUIET LOST
			 QUIET LOST QUIET LOST "</div>");
	page_has(&p, "packets lost in 3, no event in 4\">" LOST QUIET QUIET LOST
			 QUIET QUIET LOST "</div>");
	page_has(&p, "nothing lost in 1, no event in 5\">" QUIET QUIET LOST
			 QUIET QUIET QUIET WELL "</div>");
	page_has(&p, "\">" LOST QUIET QUIET QUIET QUIET QUIET UNSAID "</div>");
	page_has(&p, QUIET QUIET QUIET QUIET QUIET QUIET QUIET "</div>");
	page_free(&p);
}
END_TEST

START_TEST(of_many_nights_there_are_thirty)
{
	struct run_made *m = made(2);
	struct page p;

	run_made_history(m, 40);
	m->r->devices[0].outcome = OUTCOME_FAILED;
	read_page(&p, m);
	page_has(&p,
	    "\"last 30 runs: packets lost in 12, failed in 3, no event "
	    "in 13, not there in 2\">");
	page_free(&p);
}
END_TEST

/* No history, a damaged one, or one of this run alone: no strip. */
START_TEST(without_a_history_there_is_no_strip)
{
	for (int i = 0; i < 3; i++) {
		struct run_made *m = made(2);
		char *path = xasprintf(
		    "%s/night/history.sqlite", m->conf.campaign.output);
		struct page p;

		if (i == 1)
			unit_write(path,
			    "this is no database, of more than "
			    "one hundred bytes, which is what the "
			    "header of one would have here.......");
		else if (i == 2)
			run_made_history(m, 0);
		read_page(&p, m);
		ck_assert_uint_eq(page_count(&p, "div", "nights"), 0);
		page_does_not_say(&p, "Below each device");
		page_free(&p);
		free(path);
	}
}
END_TEST

START_TEST(the_largest_results_make_no_larger_page)
{
	struct run_made *m = made(60);
	struct page p;

	for (size_t i = 0; i < 60; i++)
		run_made_compared(
		    m, i, 1, event_made_large(run_made_time(i, 1)));
	read_page(&p, m);
	ck_assert_uint_gt(page_count(&p, "svg", "ladder"), 5);
	page_free(&p);
}
END_TEST

START_TEST(of_more_devices_than_rows_the_rest_is_counted)
{
	struct run_made *m = made(3000);
	struct page p;

	m->r->devices[2999].severity = SEVERITY_CRITICAL;
	read_page(&p, m);
	page_says(&p, "branch 3000 (10.11.249.1)");
	page_says(&p, "And 1800 more devices, none of them worse");
	page_free(&p);
}
END_TEST

UNIT_MAIN("page_of_run", a_quiet_night_has_a_page,
    an_old_list_of_devices_is_told, what_was_not_compared_has_its_command,
    of_many_that_were_not_compared_ten_are_named,
    each_event_has_its_details_the_worst_first,
    an_alarm_is_not_marked_by_an_unknown_clock, groups_come_before_their_lanes,
    a_verdict_that_cannot_be_read_is_not_compared,
    a_damaged_verdict_is_not_compared, names_notes_and_sentences_are_only_texts,
    a_thousand_devices_with_a_thousand_events_fit,
    the_largest_results_make_no_larger_page,
    of_more_devices_than_rows_the_rest_is_counted,
    each_device_has_its_last_nights, of_many_nights_there_are_thirty,
    without_a_history_there_is_no_strip)
