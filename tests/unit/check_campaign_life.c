/* check_campaign_life.c - the normal life of a device, beside others. */
#include "unit.h"

#include <string.h>

#include "base/str.h"
#include "report/csv.h"
#include "report/json_report.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

START_TEST(an_event_goes_through_every_task_in_order)
{
	static const enum task wanted[] = {TASK_REGISTER, TASK_SHOW, TASK_START,
	    TASK_VERIFY_STARTED, TASK_OVOC_CAPTURE, TASK_ALARM, TASK_ICMP,
	    TASK_SNMP, TASK_TCP, TASK_OVOC_VERIFY, TASK_STOP,
	    TASK_VERIFY_STOPPED, TASK_RETRIEVE, TASK_OVOC_STOP, TASK_COMPARE};
	struct rig *r = rig_waiting(1, "");
	const struct row *row;
	size_t i = 0;

	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	TAILQ_FOREACH (row, &r->result->devices[0].rows, next) {
		ck_assert_uint_lt(i, sizeof(wanted) / sizeof(wanted[0]));
		ck_assert_int_eq(row->task, wanted[i++]);
		/* The server's files have not come here. */
		ck_assert_int_eq(row->status,
		    row->task == TASK_COMPARE ? TASK_SKIPPED : TASK_SUCCESS);
		ck_assert_int_eq(row->severity, SEVERITY_NORMAL);
		ck_assert_int_eq(row->attempt, 1);
	}
	ck_assert_uint_eq(i, sizeof(wanted) / sizeof(wanted[0]));
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(probes_and_verify_end_before_stop_and_agents_stop_comes_last)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];
	int64_t lost = rig_now(r);

	r->net->agents[0].work[REQUEST_VERIFY] = 14000;
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(d->probes_at, lost);
	ck_assert_int_ge(d->at[STEP_STOP][0], lost + 14000);
	ck_assert_int_gt(d->at[STEP_SHOW][2], d->at[STEP_STOP][0]);
	ck_assert_int_gt(d->at[STEP_SFTP][0], d->at[STEP_SHOW][2]);
	ck_assert_int_gt(fake_sent_at(r->net, "STOP"), d->at[STEP_SFTP][0]);
	rig_free(r);
}
END_TEST

START_TEST(the_snmp_user_is_made_and_taken_away)
{
	struct rig *r = rig_waiting(1, "");

	ck_assert(r->devices[0].on && r->devices[0].user);
	ck_assert_ptr_nonnull(
	    strstr(r->devices[0].scripts[STEP_START], "auth-key auth-secret"));
	ck_assert_ptr_null(strstr(r->devices[0].scripts[STEP_START], "write"));
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_ptr_nonnull(strstr(r->devices[0].scripts[STEP_STOP],
	    "no snmp v3-users where username CaptureScript"));
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_free(r);
}
END_TEST

START_TEST(a_slow_device_holds_up_no_other)
{
	struct rig *r = rig_new(50, "limits = { rest = 4; };");

	for (size_t i = 0; i < 3; i++)
		fake_fault(&r->devices[i], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	fake_fault(&r->devices[3], STEP_START, FAULT_HANG, 0, -1);
	rig_start(r);
	rig_advance(r, 5000);
	for (size_t i = 4; i < 50; i++)
		ck_assert_str_eq(rig_state(r, i), "capturing");
	rig_free(r);
}
END_TEST

static int
busy_now(const struct rig *r, bool sftp)
{
	int n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += sftp ? r->devices[i].sessions : r->devices[i].busy;
	return n;
}

START_TEST(requests_and_sessions_at_once_have_their_limits)
{
	struct rig *r = rig_new(40, "limits = { rest = 7; sftp = 3; };");
	int rest = 0, sftp = 0;

	rig_start(r);
	for (size_t i = 0; i < 40; i++)
		while (strcmp(rig_state(r, i), "capturing") != 0) {
			rig_advance(r, 1);
			if (busy_now(r, false) > rest)
				rest = busy_now(r, false);
		}
	ck_assert_int_eq(rest, 7);
	campaign_trigger(r->campaign);
	while (!r->ended) {
		rig_advance(r, 1);
		if (busy_now(r, true) > sftp)
			sftp = busy_now(r, true);
	}
	ck_assert_int_eq(sftp, 3);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(new_logins_keep_to_their_rate)
{
	struct rig *r = rig_new(60, "limits = { logins_per_second = 10; };");
	int64_t last = 0;

	rig_start(r);
	for (size_t i = 0; i < 60; i++)
		rig_until(r, i, "capturing");
	for (size_t i = 0; i < 60; i++)
		if (r->devices[i].at[STEP_SHOW][0] > last)
			last = r->devices[i].at[STEP_SHOW][0];
	ck_assert_int_ge(last, 5800);
	ck_assert_int_le(last, 6500);
	rig_free(r);
}
END_TEST

START_TEST(an_ipv6_device_has_a_file_name_without_colons)
{
	struct rig *r = rig_new(0,
	    "devices = ( { address = \"2001:db8::7\"; type = \"gwsbc\"; } );");
	const char *file;

	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_ptr_nonnull(
	    strstr(r->devices[0].scripts[STEP_START], "voip physical eth-lan"));
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	file = rig_row(r, 0, TASK_RETRIEVE, 1)->file;
	ck_assert(str_starts(file, "CPE_device_2001.db8..7_2026-11-23T04.00."));
	ck_assert_ptr_nonnull(strstr(file, "Z.pcap"));
	/* Plain, and once more for what ours tells. */
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER 2001:db8::7"), 2);
	rig_free(r);
}
END_TEST

START_TEST(a_thousand_alarms_in_one_moment_begin_a_thousand_events)
{
	struct rig *r = rig_waiting(1000, "limits = { rest = 1000; "
					  "logins_per_second = 10000; };");
	int64_t lost = rig_now(r);

	for (size_t i = 0; i < 1000; i++)
		rig_lost(r, i);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_int_eq(r->devices[i].probes_at, lost);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

static void
collect(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

START_TEST(no_secret_is_in_what_a_run_leaves)
{
	struct rig *r = rig_waiting(2, "");
	struct strbuf text = STRBUF_INIT;
	struct sink to = {.put = collect, .to = &text};

	fake_fault(&r->devices[0], STEP_STOP, FAULT_SAYS_FAILURE_DONE, 0, 1);
	rig_lost(r, 0);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	csv_report(r->result, &to);
	json_report(r->result, &to);
	sink_end(&to);
	ck_assert_ptr_null(strstr(strbuf_text(&text), "-secret"));
	ck_assert_ptr_null(strstr(strbuf_text(&r->net->log), "-secret"));
	strbuf_free(&text);
	rig_free(r);
}
END_TEST

START_TEST(what_was_received_is_counted_for_each_agent)
{
	struct rig *r = rig_waiting(1,
	    "agents = ( { address = \"198.51.100.8\"; } ); devices = ( { "
	    "address = \"192.0.2.9\"; interfaces = [ \"eth-wan\" ]; agent = "
	    "\"198.51.100.8\"; } );");
	const struct agent_result *a = r->result->agents;

	for (size_t i = 0; i < 2; i++)
		rig_lost(r, i);
	rig_alarm(r, 1, "Connection established");
	rig_finish(r, MINUTE);
	for (size_t i = 0; i < 2; i++) {
		bool is_second =
		    strcmp(a[i].conf->address, "198.51.100.8") == 0;

		ck_assert_uint_eq(a[i].alarms, is_second ? 2 : 1);
		ck_assert_uint_ge(a[i].answers, 8);
		ck_assert_int_gt(a[i].last, RIG_WALL);
	}
	rig_free(r);
}
END_TEST

START_TEST(counts_of_states_add_up)
{
	struct rig *r = rig_new(20, "");
	unsigned sum = 0;

	rig_start(r);
	for (int i = 0; i < 200; i++) {
		const unsigned *counts = campaign_counts(r->campaign);

		sum = 0;
		for (int s = 0; s < DEVICE_STATES; s++)
			sum += counts[s];
		ck_assert_uint_eq(sum, 20);
		rig_advance(r, 10);
	}
	ck_assert_uint_eq(campaign_counts(r->campaign)[DEVICE_CAPTURING], 20);
	campaign_log_states(r->campaign);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_life", an_event_goes_through_every_task_in_order,
    probes_and_verify_end_before_stop_and_agents_stop_comes_last,
    the_snmp_user_is_made_and_taken_away, a_slow_device_holds_up_no_other,
    requests_and_sessions_at_once_have_their_limits,
    new_logins_keep_to_their_rate,
    an_ipv6_device_has_a_file_name_without_colons,
    a_thousand_alarms_in_one_moment_begin_a_thousand_events,
    no_secret_is_in_what_a_run_leaves,
    what_was_received_is_counted_for_each_agent, counts_of_states_add_up)
