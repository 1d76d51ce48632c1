/* check_status_text.c - what an agent told, for people, programs and a
 * monitoring.
 */
#include "agent/status_text.h"

#include <stdlib.h>
#include <string.h>

#include "agent/status_metrics.h"
#include "base/json.h"
#include "unit.h"

#define STARTED INT64_C(1795950374000) /* 2026-11-29T11:06:14Z */

static struct status_device devices[3];
static struct agent_status told;
static struct strbuf text;

static void
begin(void)
{
	setenv("TZ", "AAA-1", 1);
	strbuf_clear(&text);
	devices[0] = (struct status_device){.device = "192.0.2.10",
	    .owner = "192.0.2.5:20001",
	    .state = STATUS_CAPTURING,
	    .has_rule = true,
	    .rule = 17,
	    .captures = true,
	    .since = STARTED + 60000,
	    .last_written = STARTED + 120000,
	    .ring_from = STARTED + 120000,
	    .bytes = 1234567,
	    .pieces = 3,
	    .dropped = -1};
	devices[1] = (struct status_device){.device = "branch.example.net",
	    .state = STATUS_UNREGISTERED,
	    .has_rule = true};
	devices[2] = (struct status_device){.device = "192.0.2.12",
	    .owner = "192.0.2.5:20001",
	    .state = STATUS_STARTING,
	    .captures = true};
	told = (struct agent_status){.devices = devices,
	    .n = 3,
	    .all = {.version = "1.2.3",
		.started = STARTED,
		.uptime = 180000,
		.port = 20001,
		.mail = {1, 2, 3, 4, 5},
		.captures_begun = 1,
		.packets_dropped = 6,
		.free = INT64_C(12345678901),
		.min_free = 1000000000,
		.finished = 999,
		.left = 500000000,
		.ring = 100000000,
		.manages_rules = true,
		.ovoc = {.login = OVOC_TAKEN,
		    .answered = STARTED + 1000,
		    .reachable = true}}};
}

static void
has(const char *part)
{
	ck_assert_msg(
	    strstr(text.s, part) != NULL, "no '%s' in:\n%s", part, text.s);
}

static void
has_not(const char *part)
{
	ck_assert_msg(
	    strstr(text.s, part) == NULL, "'%s' in:\n%s", part, text.s);
}

START_TEST(people_read_it_in_local_time)
{
	begin();
	status_text(&told, &text);
	ck_assert_str_eq(text.s,
	    "traffic-capture-agent 1.2.3, UDP port 20001, up for 3m 0s "
	    "(since 2026-11-29 12:06:14)\n"
	    "Devices:   3, 1 capture running, 2 forwarding rules\n"
	    "Captures:  1 begun since then; 6 packets dropped by the kernel in "
	    "those that ended\n"
	    "Requests:  1; datagrams refused 2, malformed 3, not authentic 4, "
	    "dropped by the kernel 5\n"
	    "Room:      12 GB free (min_free 1.0 GB); running captures take "
	    "1.2 MB, finished ones 999 B; room for 5 more captures\n"
	    "OVOC:      login taken; last answer 2026-11-29 12:06:15\n"
	    "\n"
	    "DEVICE              OWNER            STATE           "
	    "SINCE                BYTES   FILES  RING HOLDS  RULE\n"
	    "192.0.2.10          192.0.2.5:20001  capturing       "
	    "2026-11-29 12:07:14  1.2 MB  3      1m 0s       17\n"
	    "branch.example.net  -                not registered  "
	    "-                    -       -      -           maybe\n"
	    "192.0.2.12          192.0.2.5:20001  starting        "
	    "-                    0 B     0      -           -\n");
}
END_TEST

START_TEST(an_agent_without_devices_or_rules_says_so)
{
	begin();
	told.n = 0;
	told.all.manages_rules = false;
	told.all.free = told.all.finished = -1;
	told.all.ending = true;
	told.all.ring = 0;
	status_text(&told, &text);
	has("is ending, up for 3m 0s");
	has("Devices:   0, 0 captures running, 0 forwarding rules\n");
	has("Room:      ? free");
	has("finished ones ?; room for 0 more captures\n");
	has("OVOC:      not asked (ovoc.manage_rules = false)\n");
	has_not("DEVICE");
}
END_TEST

START_TEST(the_trouble_with_ovoc_is_told)
{
	begin();
	told.all.ovoc = (struct ovoc_health){.login = OVOC_REFUSED,
	    .refused = 401,
	    .pause = 90000,
	    .answered = STARTED,
	    .reachable = true,
	    .waiting = 3};
	status_text(&told, &text);
	has("OVOC:      login refused (HTTP 401), not tried again for 1m 30s; "
	    "last answer 2026-11-29 12:06:14; 3 requests waiting\n");
	strbuf_clear(&text);
	told.all.ovoc = (struct ovoc_health){
	    .failed = STARTED, .trouble = "connection refused"};
	status_text(&told, &text);
	has("OVOC:      login not tried yet; not reachable, last unanswered "
	    "2026-11-29 12:06:14: connection refused\n");
}
END_TEST

START_TEST(programs_read_an_object)
{
	const struct json *j, *one;
	struct json *all;

	begin();
	status_json(&told, &text);
	ck_assert_int_eq(text.s[text.len - 1], '\n');
	all = json_parse(text.s, text.len);
	ck_assert_int_eq(json_get_int(all, "schema", 0), 1);
	ck_assert_str_eq(json_get_text(all, "version", ""), "1.2.3");
	ck_assert_str_eq(
	    json_get_text(all, "started", ""), "2026-11-29T11:06:14.000Z");
	j = json_get(all, "room");
	ck_assert_int_eq(json_get_int(j, "left", 0), 500000000);
	j = json_get(all, "devices");
	ck_assert_uint_eq(json_count(j), 3);
	one = json_at(j, 0);
	ck_assert_str_eq(json_get_text(one, "state", ""), "capturing");
	ck_assert_int_eq(
	    json_get_int(json_get(one, "capture"), "bytes", 0), 1234567);
	ck_assert_int_eq(json_get_int(json_get(one, "rule"), "id", 0), 17);
	one = json_at(j, 1);
	ck_assert_ptr_null(json_get(one, "capture"));
	ck_assert_ptr_null(json_get(one, "owner"));
	json_free(all);
}
END_TEST

START_TEST(a_monitoring_reads_numbers_and_no_names)
{
	begin();
	status_metrics(&told, &text);
	has("\ntraffic_capture_agent_up 1\n");
	has("\ntraffic_capture_agent_build_info{version=\"1.2.3\"} 1\n");
	has("\ntraffic_capture_agent_start_time_seconds 1795950374.000\n");
	has("\ntraffic_capture_agent_uptime_seconds 180.000\n");
	has("_devices{state=\"capturing\"} 1\n");
	has("_devices{state=\"stopping\"} 0\n");
	has("\ntraffic_capture_agent_forwarding_rules 2\n");
	has("\ntraffic_capture_agent_captures_begun_total 1\n");
	has("\ntraffic_capture_agent_packets_dropped_total 6\n");
	has("\ntraffic_capture_agent_requests_total 1\n");
	has("_datagrams_ignored_total{reason=\"sender\"} 2\n");
	has("_datagrams_ignored_total{reason=\"malformed\"} 3\n");
	has("_datagrams_ignored_total{reason=\"not authentic\"} 4\n");
	has("\ntraffic_capture_agent_datagrams_dropped_total 5\n");
	has("_captures_bytes{captures=\"running\"} 1234567\n");
	has("_captures_bytes{captures=\"finished\"} 999\n");
	has("\ntraffic_capture_agent_disk_free_bytes 12345678901\n");
	has("\ntraffic_capture_agent_disk_left_bytes 500000000\n");
	has("\ntraffic_capture_agent_ovoc_reachable 1\n");
	has("\ntraffic_capture_agent_ovoc_login_refused 0\n");
	has("_ovoc_last_answer_timestamp_seconds 1795950375.000\n");
	has_not("192.0.2");
	has_not("branch");
}
END_TEST

START_TEST(what_is_not_known_has_no_number)
{
	begin();
	told.all.free = told.all.finished = -1;
	told.all.ovoc = (struct ovoc_health){.login = OVOC_UNTRIED};
	status_metrics(&told, &text);
	has_not("disk_free_bytes");
	has_not("finished");
	has_not("ovoc_reachable");
	has_not("ovoc_login_refused");
	has_not("last_answer");
	strbuf_clear(&text);
	told.all.manages_rules = false;
	status_metrics(&told, &text);
	has_not("ovoc");
}
END_TEST

START_TEST(of_none_that_runs_there_is_one_number)
{
	begin();
	status_metrics(NULL, &text);
	ck_assert_str_eq(text.s,
	    "# HELP traffic_capture_agent_up Whether the agent runs and "
	    "answers.\n"
	    "# TYPE traffic_capture_agent_up gauge\n"
	    "traffic_capture_agent_up 0\n");
}
END_TEST

UNIT_MAIN("status_text", people_read_it_in_local_time,
    an_agent_without_devices_or_rules_says_so, the_trouble_with_ovoc_is_told,
    programs_read_an_object, a_monitoring_reads_numbers_and_no_names,
    what_is_not_known_has_no_number, of_none_that_runs_there_is_one_number)
