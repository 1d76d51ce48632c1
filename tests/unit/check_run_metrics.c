/* check_run_metrics.c - how a run went, as numbers. */
#include "report/run_metrics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "run_made.h"
#include "unit.h"

static struct {
	char folder[UNIT_PATH_MAX], path[UNIT_PATH_MAX + 16];
	struct run_made *m;
	char *text;
} it;

static void
make(size_t n_devices)
{
	unit_log_keep(LOGGING_INFO);
	(void)unit_logged();
	unit_folder(it.folder);
	snprintf(it.path, sizeof(it.path), "%s/x.prom", it.folder);
	it.m = run_made_new(it.folder, n_devices);
	it.m->r->started = 1795403400123;
	it.m->r->ended = 1795432200000;
	it.m->r->took = 28799877;
}

static void
drop(void)
{
	free(it.text);
	it.text = NULL;
	run_made_free(it.m);
}

static void
look(void)
{
	free(it.text);
	it.text = unit_read(it.path);
}

/* The line is there, once. */
static void
has(const char *line)
{
	char whole[300];
	const char *at;

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	at = strstr(it.text, whole);
	ck_assert_msg(at != NULL, "no %s in %.3000s", line, it.text);
	ck_assert_ptr_null(strstr(at + 1, whole));
}

/* A sample of the campaign, its labels behind the campaign's. */
static void
is(const char *name, const char *labels, const char *value)
{
	char line[280];

	snprintf(line, sizeof(line), "traffic_capture_%s{campaign=\"%s\"%s} %s",
	    name, it.m->conf.campaign.name, labels, value);
	has(line);
}

static void
has_not(const char *text)
{
	ck_assert_msg(
	    strstr(it.text, text) == NULL, "%s in %.3000s", text, it.text);
}

static struct compare_result *
result_of(int exit_status)
{
	struct compare_result *r = event_made(EVENT_WELL, run_made_time(0, 1));

	r->exit_status = exit_status;
	return r;
}

START_TEST(a_run_is_told_in_numbers)
{
	make(4);
	run_made_compared(it.m, 0, 1, result_of(0));
	run_made_compared(it.m, 1, 1, result_of(1));
	run_made_compared(it.m, 1, 2, result_of(3));
	run_made_skipped(it.m, 2, 1);
	it.m->r->devices[0].outcome = OUTCOME_SUCCESS;
	it.m->r->devices[1].outcome = OUTCOME_SUCCESS;
	it.m->r->devices[2].outcome = OUTCOME_ONE_SIDED;
	it.m->r->devices[3].outcome = OUTCOME_FAILED;
	it.m->r->devices[3].near_misses = 2;
	it.m->r->dropped = 5;
	it.m->r->agents[0].alarms = 7;
	run_metrics_end(it.path, it.m->r, 1, unit_log());
	look();
	is("build_info", ",version=\"" VERSION "\"", "1");
	is("run_start_timestamp_seconds", "", "1795403400.123");
	is("run_end_timestamp_seconds", "", "1795432200.000");
	is("run_exit_status", "", "1");
	is("run_duration_seconds", "", "28799.877");
	is("devices", ",outcome=\"success\"", "2");
	is("devices", ",outcome=\"one-sided\"", "1");
	is("devices", ",outcome=\"failed\"", "1");
	is("devices", ",outcome=\"quiet\"", "0");
	is("events_compared", ",verdict=\"lost\"", "1");
	is("events_compared", ",verdict=\"nothing lost\"", "1");
	is("events_compared", ",verdict=\"unclear\"", "1");
	is("events_compared", ",verdict=\"not compared\"", "1");
	is("near_misses", "", "2");
	is("datagrams_dropped", "", "5");
	is("task_rows", ",task=\"Compare captures\"", "4");
	ck_assert_str_eq(unit_logged(), "");
	drop();
}
END_TEST

START_TEST(losses_are_told_by_traffic_and_direction)
{
	make(2);
	run_made_compared(
	    it.m, 0, 1, event_made(EVENT_LOST_THERE, run_made_time(0, 1)));
	run_metrics_end(it.path, it.m->r, 0, unit_log());
	look();
	ck_assert_ptr_nonnull(strstr(it.text, "events_with_loss{"));
	is("events_with_loss", ",traffic=\"snmp\",direction=\"there\"", "1");
	is("events_with_loss", ",traffic=\"tunnel\",direction=\"back\"", "0");
	drop();
}
END_TEST

START_TEST(at_its_beginning_the_last_run_stays)
{
	make(1);
	run_metrics_begin(it.path, it.m->r, unit_log());
	look();
	is("run_start_timestamp_seconds", "", "1795403400.123");
	has_not("run_end");
	run_metrics_end(it.path, it.m->r, 5, unit_log());
	it.m->r->started += 86400000;
	run_metrics_begin(it.path, it.m->r, unit_log());
	look();
	is("run_start_timestamp_seconds", "", "1795489800.123");
	has_not("1795403400.123");
	is("run_end_timestamp_seconds", "", "1795432200.000");
	is("run_exit_status", "", "5");
	has("# TYPE traffic_capture_run_exit_status gauge");
	has("# TYPE traffic_capture_run_start_timestamp_seconds gauge");
	is("devices", ",outcome=\"failed\"", "0");
	drop();
}
END_TEST

START_TEST(nothing_else_is_kept_of_a_file)
{
	char line[200];

	make(1);
	snprintf(line, sizeof(line),
	    "other_metric 1\nevil\ntraffic_capture_devices{campaign=\"another\""
	    "} 1\n# HELP other x\ntraffic_capture_near_misses{campaign=\"%s\"} "
	    "4\ntraffic_capture_cut{campaign=\"%s\"} 1",
	    it.m->conf.campaign.name, it.m->conf.campaign.name);
	unit_write(it.path, line);
	run_metrics_begin(it.path, it.m->r, unit_log());
	look();
	is("near_misses", "", "4");
	has_not("other");
	has_not("evil");
	has_not("cut");
	has_not("another");
	drop();
}
END_TEST

/* Whoever may write to its folder does not learn what it points to. */
START_TEST(a_link_is_replaced_and_not_followed)
{
	char secret[UNIT_PATH_MAX];

	make(1);
	unit_file(secret, "# HELP traffic_capture_secret x\n");
	ck_assert_int_eq(symlink(secret, it.path), 0);
	run_metrics_begin(it.path, it.m->r, unit_log());
	look();
	has_not("secret");
	unit_file_is(secret, "# HELP traffic_capture_secret x\n");
	drop();
}
END_TEST

START_TEST(what_cannot_be_written_is_a_line_of_the_log)
{
	make(1);
	snprintf(it.path, sizeof(it.path), "%s/no/x.prom", it.folder);
	run_metrics_begin(it.path, it.m->r, unit_log());
	ck_assert_ptr_nonnull(strstr(unit_logged(), it.path));
	run_metrics_end(it.path, it.m->r, 0, unit_log());
	ck_assert_ptr_nonnull(strstr(unit_logged(), it.path));
	run_metrics_begin(NULL, it.m->r, unit_log());
	run_metrics_end(NULL, it.m->r, 0, unit_log());
	ck_assert_str_eq(unit_logged(), "");
	drop();
}
END_TEST

UNIT_MAIN("run_metrics", a_run_is_told_in_numbers,
    losses_are_told_by_traffic_and_direction,
    at_its_beginning_the_last_run_stays, nothing_else_is_kept_of_a_file,
    a_link_is_replaced_and_not_followed,
    what_cannot_be_written_is_a_line_of_the_log)
