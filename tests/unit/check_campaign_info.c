/* check_campaign_info.c - more than a status: who is asked for it, and where it
 * stands in the report.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "report/report.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

static struct fake_agent *
agent(struct rig *r)
{
	return &r->net->agents[0];
}

/* Did the first of these requests ask for more than a status? */
static bool
wanted(const struct rig *r, const char *request)
{
	const char *at = strstr(strbuf_text(&r->net->log), request);

	ck_assert_ptr_nonnull(at);
	return str_starts(at + strlen(request), "\nwant info\n");
}

START_TEST(only_an_agent_that_has_shown_itself_is_asked_for_more)
{
	struct rig *r = rig_waiting(2, "");

	ck_assert(!wanted(r, "REGISTER 192.0.2.1"));
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER 192.0.2.1"), 2);
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER 192.0.2.2"), 1);
	ck_assert(wanted(r, "REGISTER 192.0.2.2"));
	ck_assert(wanted(r, "CAPTURE 192.0.2.1"));
	rig_free(r);
}
END_TEST

START_TEST(why_a_register_is_refused_is_told_at_once)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 2; };");

	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, -1);
	agent(r)->info[REQUEST_REGISTER] =
	    "{\"version\":\"9\",\"clock\":1795406460000,\"reason\":"
	    "\"OVOC does not manage a device 192.0.2.1\"}";
	rig_start(r);
	rig_advance(r, 1000);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "503 Service Unavailable: OVOC does not manage a device "
	    "192.0.2.1");
	rig_free(r);
}
END_TEST

START_TEST(the_agents_version_and_clock_stand_in_the_report)
{
	struct rig *r = rig_new(1, "");
	const struct agent_result *a = &r->result->agents[0];
	char info[100];

	snprintf(info, sizeof(info), "{\"version\":\"9\",\"clock\":%lld}",
	    (long long)loop_wall(r->lp) + 90000);
	agent(r)->info[REQUEST_REGISTER] = info;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	ck_assert_str_eq(a->version, "9");
	ck_assert_int_le(llabs(a->clock - 90000), 100);
	rig_free(r);
}
END_TEST

/* It is asked for more, and its plain answer was the quicker one. */
START_TEST(the_answer_that_tells_more_is_waited_for)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 2; };");

	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, -1);
	agent(r)->work[REQUEST_REGISTER] = 0;
	agent(r)->info[REQUEST_REGISTER] = "{\"reason\":\"that is why\"}";
	rig_start(r);
	rig_advance(r, 100);
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 1);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "that is why");
	rig_free(r);
}
END_TEST

START_TEST(a_bare_answer_counts_when_no_other_comes)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 2; };");

	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, -1);
	agent(r)->bare = true;
	rig_start(r);
	rig_advance(r, 400);
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 0);
	rig_advance(r, 300);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "503 Service Unavailable: the agent's log says why");
	rig_free(r);
}
END_TEST

/* The REGISTER that goes before the VERIFY is no question of its own: nothing
 * waits for what it tells. */
START_TEST(one_that_took_an_old_ones_place_is_asked_for_more)
{
	struct rig *r = rig_new(1, "");

	agent(r)->old = true;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_advance(r, 2 * MINUTE);
	fake_agent_restart(agent(r));
	agent(r)->old = false;
	agent(r)->info[REQUEST_VERIFY] = "{\"icmp\":[9,10]}";
	strbuf_clear(&r->net->log);
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	ck_assert(!wanted(r, "REGISTER 192.0.2.1"));
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER 192.0.2.1"), 1);
	ck_assert(wanted(r, "VERIFY 192.0.2.1"));
	ck_assert_str_eq(rig_row(r, 0, TASK_OVOC_VERIFY, 1)->description,
	    "200 OK: ICMP 9 of 10");
	rig_free(r);
}
END_TEST

START_TEST(what_the_servers_probes_saw_stands_in_the_row)
{
	struct rig *r = rig_waiting(1, "");

	fake_agent_rule(agent(r), REQUEST_VERIFY, 430, 1);
	agent(r)->info[REQUEST_VERIFY] =
	    "{\"icmp\":[10,10],\"snmp\":[0,10,\"no answer\"],"
	    "\"tcp\":[10,10]}";
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	ck_assert_str_eq(rig_row(r, 0, TASK_OVOC_VERIFY, 1)->description,
	    "430 Flow Failed: ICMP 10 of 10, SNMP 0 of 10 (no answer), "
	    "TCP 10 of 10");
	rig_free(r);
}
END_TEST

START_TEST(what_the_servers_capture_lost_is_a_minor_note)
{
	struct rig *r = rig_waiting(1, "");
	const struct row *row;

	agent(r)->info[REQUEST_STOP] =
	    "{\"pieces\":{\"first\":\"OVOC_device_192.0.2.1-0.pcap\","
	    "\"count\":2,\"bytes\":4711,\"packets\":47,"
	    "\"from\":1795406400000,\"to\":1795406460500,\"dropped\":3}}";
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	row = rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "200 OK: 2 files from OVOC_device_192.0.2.1-0.pcap on, "
	    "47 packets, 2026-11-23T04:00:00.000Z to "
	    "2026-11-23T04:01:00.500Z, 3 dropped by the kernel");
	ck_assert_str_eq(row->note,
	    "the server's capture lost packets: its kernel dropped 3");
	ck_assert_int_eq(row->code, 200);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_servers_capture_without_packets_is_a_minor_note)
{
	struct rig *r = rig_waiting(2, "campaign = { window = \"1h\"; };");

	agent(r)->info[REQUEST_STOP] =
	    "{\"pieces\":{\"count\":1,\"packets\":0,\"dropped\":0}}";
	rig_lost(r, 0);
	rig_finish(r, 2 * 60 * MINUTE);
	rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "the server's capture has no packet");
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	/* There was no event, and nothing to be captured perhaps. */
	rig_expect(r, 1, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_free(r);
}
END_TEST

/* The agent ended the capture by itself, and tells so beside its 200 OK. */
static void
ends_one_sided(enum agent_request r, enum task task, const char *info)
{
	struct rig *rig = rig_waiting(1, "");
	const struct device_result *d = &rig->result->devices[0];
	struct strbuf said = STRBUF_INIT;

	agent(rig)->info[r] = info;
	rig_lost(rig, 0);
	rig_finish(rig, 10 * MINUTE);
	rig_expect(rig, 0, task, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "ended for want of room");
	ck_assert_int_eq(rig_row(rig, 0, task, 1)->code, 200);
	ck_assert_str_eq(rig_row(rig, 0, task, 1)->note,
	    "the capture ended for want of room");
	ck_assert_str_eq(rig_outcome(rig, 0), "one-sided");
	ck_assert_int_eq(d->lacks, LACK_END);
	ck_assert_int_eq(rig->result->exit_status, 1);
	report_summary(rig->result, true, &said);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&said),
	    "MINOR one-sided: 192.0.2.1: 1 of 1 event captured; the server's "
	    "capture had ended before its STOP: the capture ended for want of "
	    "room\n"));
	strbuf_free(&said);
	rig_free(rig);
}

START_TEST(a_servers_capture_that_ended_before_is_one_sided)
{
	ends_one_sided(REQUEST_STOP, TASK_OVOC_STOP,
	    "{\"pieces\":{\"count\":1,\"packets\":47},"
	    "\"reason\":\"the capture ended for want of room\"}");
	ends_one_sided(REQUEST_VERIFY, TASK_OVOC_VERIFY,
	    "{\"icmp\":[10,10],"
	    "\"reason\":\"the capture ended for want of room\"}");
}
END_TEST

START_TEST(a_reason_beside_another_200_is_none)
{
	struct rig *r = rig_new(1, "");

	agent(r)->info[REQUEST_REGISTER] = "{\"reason\":\"so it is\"}";
	agent(r)->info[REQUEST_CAPTURE] = "{\"reason\":\"so it is\"}";
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "so it is");
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_info", a_servers_capture_without_packets_is_a_minor_note,
    a_servers_capture_that_ended_before_is_one_sided,
    a_reason_beside_another_200_is_none,
    only_an_agent_that_has_shown_itself_is_asked_for_more,
    why_a_register_is_refused_is_told_at_once,
    the_agents_version_and_clock_stand_in_the_report,
    the_answer_that_tells_more_is_waited_for,
    a_bare_answer_counts_when_no_other_comes,
    one_that_took_an_old_ones_place_is_asked_for_more,
    what_the_servers_probes_saw_stands_in_the_row,
    what_the_servers_capture_lost_is_a_minor_note)
