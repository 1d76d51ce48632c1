/* check_campaign_alarm.c - what an alarm means by state, and whose it is. */
#include "unit.h"

#include <string.h>

#include "base/xmem.h"
#include "rig/fake_resolve.h"
#include "rig/rig.h"

#define AGENT "198.51.100.1"

static void
arrive(const char *text)
{
	fake_arrive(AGENT, text, strlen(text));
}

/* --- by state --- */

START_TEST(lost_while_resolving_is_recorded_as_too_early)
{
	struct rig *r =
	    rig_new(0, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; ovoc_address = \"192.0.2.9\"; } );");

	fake_name("r1.example", "203.0.113.0", NULL, 1);
	rig_start(r);
	rig_advance(r, 15);
	arrive("New Alarm - Connection Alarm, Description:Connection Lost, "
	       "IP Address:192.0.2.9, x");
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "lost before the capture was on");
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->result->devices[0].triggers, 0);
	rig_free(r);
}
END_TEST

START_TEST(lost_while_registering_is_recorded_as_too_early)
{
	struct rig *r = rig_new(1, "");

	rig_start(r);
	rig_until(r, 0, "registering");
	rig_lost(r, 0);
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "lost before the capture was on");
	rig_until(r, 0, "capturing");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(lost_before_the_start_script_is_recorded_as_too_early)
{
	struct rig *r = rig_new(1, "");

	rig_start(r);
	rig_until(r, 0, "starting");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 0);
	rig_lost(r, 0);
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "lost before the capture was on");
	rig_until(r, 0, "capturing");
	rig_advance(r, 60000);
	ck_assert_int_eq(r->result->devices[0].triggers, 0);
	rig_free(r);
}
END_TEST

static void
until_hit(struct rig *r, enum fake_step step)
{
	while (r->devices[0].hits[step] == 0)
		rig_advance(r, 1);
}

START_TEST(lost_after_the_start_script_is_held_until_confirmed)
{
	struct rig *r = rig_new(1, "");

	rig_start(r);
	until_hit(r, STEP_START);
	rig_lost(r, 0);
	ck_assert_str_eq(rig_state(r, 0), "starting");
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL, "held");
	rig_until(r, 0, "verifying");
	rig_finish(r, 60000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_CAPTURE], 1);
	rig_free(r);
}
END_TEST

START_TEST(confirmed_and_not_answered_probes_now_and_asks_verify_later)
{
	struct rig *r = rig_new(1, "");
	int64_t lost;

	r->net->agents[0].work[REQUEST_CAPTURE] = 7000;
	rig_start(r);
	rig_until(r, 0, "arming");
	rig_advance(r, 1000);
	lost = rig_now(r);
	rig_lost(r, 0);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	ck_assert_int_eq(r->devices[0].probes_at, lost);
	rig_advance(r, 5000);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY"), 0);
	rig_finish(r, 60000);
	ck_assert_int_ge(fake_sent_at(r->net, "VERIFY"), lost + 6000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(verify_is_asked_when_capture_is_given_up)
{
	struct rig *r = rig_new(1, "");

	fake_agent_rule(&r->net->agents[0], REQUEST_CAPTURE, 0, -1);
	rig_start(r);
	rig_until(r, 0, "arming");
	rig_lost(r, 0);
	rig_finish(r, 120000);
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "unconfirmed");
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_free(r);
}
END_TEST

START_TEST(lost_while_capturing_is_the_trigger)
{
	struct rig *r = rig_waiting(1, "");
	int64_t lost = rig_now(r);

	rig_lost(r, 0);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	ck_assert_int_eq(r->devices[0].probes_at, lost);
	rig_advance(r, 1);
	ck_assert_int_eq(fake_sent_at(r->net, "VERIFY"), lost);
	rig_free(r);
}
END_TEST

struct other_work {
	struct rig *r;
	struct timer due;
	bool ran;
};

static void
on_other_work(void *arg)
{
	struct other_work *o = arg;

	o->ran = true;
	ck_assert_int_eq(fake_sent_count(o->r->net, "VERIFY"), 2);
	ck_assert_int_eq(o->r->devices[1].probes_at, rig_now(o->r));
}

START_TEST(the_verify_and_the_first_probe_go_before_what_is_due)
{
	struct rig *r = rig_waiting(2, "");
	struct other_work o = {.r = r};

	timer_init(&o.due, r->lp, on_other_work, &o);
	timer_set(&o.due, 0);
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_advance(r, 1);
	ck_assert(o.ran);
	rig_free(r);
}
END_TEST

START_TEST(lost_from_verifying_to_the_end_is_recorded)
{
	static const char *const states[] = {
	    "verifying", "stopping", "retrieving", "closing", "done"};
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	for (int i = 0; i < 4; i++) {
		rig_until(r, 0, states[i]);
		rig_lost(r, 0);
	}
	rig_finish(r, 60000);
	rig_lost(r, 0);
	for (int n = 2; n <= 6; n++)
		rig_expect(r, 0, TASK_ALARM, n, TASK_SUCCESS, SEVERITY_NORMAL,
		    "recorded");
	ck_assert_int_eq(r->result->devices[0].triggers, 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 1);
	rig_free(r);
}
END_TEST

/* --- the same again, another text, hold_down --- */

START_TEST(the_same_alarm_within_a_minute_leaves_no_second_row)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { events_per_device = 2; };");

	rig_lost(r, 0);
	rig_again(r, 0, "Connection Lost");
	rig_until(r, 0, "starting");
	rig_until(r, 0, "capturing");
	ck_assert_int_lt(rig_now(r), 60000);
	rig_again(r, 0, "Connection Lost");
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_int_eq(rig_count(r, 0, TASK_ALARM), 1);
	rig_advance(r, 60000);
	rig_again(r, 0, "Connection Lost");
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

START_TEST(a_duplicate_is_one_though_a_clear_came_between)
{
	struct rig *r = rig_waiting(1, "trigger = { hold_down = 10; };");

	rig_lost(r, 0);
	rig_advance(r, 2000);
	rig_alarm(r, 0, "Connection established");
	r->alarms = 1;
	rig_again(r, 0, "Connection Lost");
	rig_advance(r, 30000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

#define ALARM_OF(severity, text, of)                                   \
	"New Alarm - Connection Alarm, Severity:" severity ", Unique " \
	"ID:7, Description:" text ", IP Address:" of ", x"

START_TEST(a_clear_with_the_losts_text_is_no_loss_and_no_duplicate)
{
	struct rig *r = rig_waiting(1, "trigger = { hold_down = 10; };");

	arrive(ALARM_OF("Clear", "Connection Lost", "192.0.2.1"));
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "severity Clear: recorded");
	arrive(ALARM_OF("Critical", "Connection Lost.", "192.0.2.1"));
	rig_advance(r, 2000);
	arrive(ALARM_OF("Clear", "Connection Lost.", "192.0.2.1"));
	rig_expect(r, 0, TASK_ALARM, 3, TASK_SUCCESS, SEVERITY_NORMAL,
	    "cleared in time");
	rig_advance(r, 20000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	arrive(ALARM_OF("Critical", "Connection Lost.", "192.0.2.1"));
	rig_advance(r, 10000);
	ck_assert_str_eq(rig_state(r, 0), "capturing"); /* a duplicate */
	rig_advance(r, 60000);
	arrive(ALARM_OF("Critical", "Connection Lost.", "192.0.2.1"));
	rig_advance(r, 10100);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

START_TEST(a_near_miss_is_minor_and_counted)
{
	struct rig *r = rig_waiting(1, "");

	arrive(ALARM_OF("Critical", "SNMP: Connection Lost", "192.0.2.1"));
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "trigger.text is in it");
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_int_eq(r->result->devices[0].near_misses, 1);
	rig_free(r);
}
END_TEST

START_TEST(established_is_recorded_and_triggers_nothing)
{
	struct rig *r = rig_waiting(1, "");

	rig_alarm(r, 0, "Connection established");
	rig_expect(
	    r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL, "established");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_str_eq(
	    r->result->devices[0].last_event, "Connection established");
	rig_free(r);
}
END_TEST

START_TEST(another_alarm_is_recorded_and_triggers_nothing)
{
	struct rig *r = rig_waiting(1, "");

	arrive("New Alarm - Disk Alarm, Description:Connection Lost, IP "
	       "Address:192.0.2.1, x");
	rig_expect(
	    r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL, "another");
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(hold_down_waits_before_it_acts)
{
	struct rig *r = rig_waiting(1, "trigger = { hold_down = 10; };");

	rig_lost(r, 0);
	rig_advance(r, 9999);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_advance(r, 1);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

/* The window ends while the alarm is held: an event, unless it clears. */
static struct rig *
held_at_the_windows_end(void)
{
	struct rig *r = rig_waiting(
	    1, "campaign = { window = 60; }; trigger = { hold_down = 10; };");

	while (rig_now(r) < 55000)
		rig_advance(r, 1000);
	rig_lost(r, 0);
	rig_advance(r, 6000);
	ck_assert(r->result->window_ended);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	return r;
}

START_TEST(the_window_does_not_end_an_alarm_that_is_held)
{
	struct rig *r = held_at_the_windows_end();

	rig_finish(r, 300000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
	r = held_at_the_windows_end();
	rig_alarm(r, 0, "Connection established");
	rig_finish(r, 60000);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert_int_eq(r->result->exit_status, 5);
	rig_free(r);
}
END_TEST

START_TEST(an_alarm_while_an_earlier_run_is_finished_is_this_runs)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	rig_start(r);
	rig_until(r, 0, "stopping");
	rig_lost(r, 0);
	rig_alarm(r, 0, "Connection established");
	rig_until(r, 0, "capturing");
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "Connection Lost: lost before");
	rig_expect(r, 0, TASK_ALARM, 2, TASK_SUCCESS, SEVERITY_NORMAL,
	    "Connection established: recorded");
	rig_free(r);
}
END_TEST

START_TEST(a_clear_within_hold_down_cancels)
{
	struct rig *r = rig_waiting(1, "trigger = { hold_down = 10; };");

	rig_lost(r, 0);
	rig_advance(r, 5000);
	rig_alarm(r, 0, "Connection established");
	rig_expect(r, 0, TASK_ALARM, 2, TASK_SUCCESS, SEVERITY_NORMAL,
	    "cleared in time");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(a_held_alarm_waits_hold_down_too)
{
	struct rig *r = rig_new(1, "trigger = { hold_down = 10; };");
	int64_t lost;

	rig_start(r);
	until_hit(r, STEP_START);
	lost = rig_now(r);
	rig_lost(r, 0);
	rig_until(r, 0, "capturing");
	rig_advance(r, lost + 9999 - rig_now(r));
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_advance(r, 1);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

START_TEST(a_held_alarm_that_clears_is_no_event)
{
	struct rig *r = rig_new(1, "trigger = { hold_down = 10; };");

	rig_start(r);
	until_hit(r, STEP_START);
	rig_lost(r, 0);
	rig_alarm(r, 0, "Connection established");
	rig_until(r, 0, "capturing");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(hold_down_over_before_confirmation_triggers_on_it)
{
	struct rig *r = rig_new(1, "trigger = { hold_down = 2; };");

	fake_fault(&r->devices[0], STEP_START, FAULT_HANG, 0, 1);
	rig_start(r);
	until_hit(r, STEP_START);
	rig_lost(r, 0);
	rig_until(r, 0, "verifying");
	ck_assert_int_gt(rig_now(r), 15000);
	rig_free(r);
}
END_TEST

/* --- whose alarm --- */

START_TEST(the_documented_form_triggers_as_well)
{
	struct rig *r = rig_waiting(1, "");

	arrive("Title: Alarm Connection Alarm, received from branch, 192.0.2.1 "
	       "with Severity critical. Description: EMS, connection lost");
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

#define NAMED                                                                 \
	"devices = ( { address = \"r1.example\"; interfaces = [ \"eth-wan\" " \
	"]; ovoc_address = \"10.1.12.1\"; } );"

static void
triggers_by(const char *address)
{
	struct rig *r = rig_new(0, NAMED);
	char *text;

	fake_name("r1.example", "203.0.113.0", "203.0.113.77", 0);
	rig_start(r);
	rig_until(r, 0, "capturing");
	text = xasprintf("New Alarm - Connection Alarm, Description:Connection "
			 "Lost, IP Address:%s, x",
	    address);
	arrive(text);
	free(text);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_expect(r, 0, TASK_RESOLVE, 1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "203.0.113.0");
	rig_free(r);
}

START_TEST(a_named_device_is_found_by_its_first_address)
{
	triggers_by("203.0.113.0");
}
END_TEST

START_TEST(a_named_device_is_found_by_its_second_address)
{
	triggers_by("203.0.113.77");
}
END_TEST

START_TEST(a_device_is_found_by_its_configured_name_in_any_case)
{
	triggers_by("r1.example");
	triggers_by("R1.Example");
}
END_TEST

START_TEST(a_device_is_found_by_its_ovoc_address)
{
	triggers_by("10.1.12.1");
}
END_TEST

START_TEST(agents_are_told_the_ovoc_address)
{
	struct rig *r = rig_new(0, NAMED);

	fake_name("r1.example", "203.0.113.0", NULL, 0);
	rig_start(r);
	rig_until(r, 0, "capturing");
	/* Plain, and once more for what ours tells. */
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER 10.1.12.1"), 2);
	ck_assert_int_eq(fake_sent_count(r->net, "CAPTURE 10.1.12.1"), 1);
	rig_free(r);
}
END_TEST

static void
refused(struct rig *r, const char *from, const char *text, size_t len)
{
	uint64_t before = r->result->refused;

	fake_arrive(from, text, len);
	ck_assert_uint_eq(r->result->refused, before + 1);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_int_eq(rig_count(r, 0, TASK_ALARM), 0);
}

#define LOST_1                                                           \
	"New Alarm - Connection Alarm, Description:Connection Lost, IP " \
	"Address:192.0.2.1, x"

START_TEST(what_is_not_for_us_is_counted_and_ignored)
{
	struct rig *r = rig_waiting(1, "");
	char big[9000];

	memset(big, 'x', sizeof(big));
	refused(r, "203.0.113.5", LOST_1, strlen(LOST_1));
	refused(r, AGENT,
	    "New Alarm - Connection Alarm, Description:Connection Lost, IP "
	    "Address:192.0.2.2, x",
	    82);
	refused(r, AGENT, "", 0);
	refused(r, AGENT, "\0\0", 2);
	refused(r, AGENT, "hello", 5);
	refused(r, AGENT, big, sizeof(big));
	refused(r, "203.0.113.5", "200 OK 192.0.2.1 CAPTURE", 24);
	refused(r, AGENT, "200 OK $(id) CAPTURE", 20);
	ck_assert_uint_eq(rig_agent(r)->refused, 6);
	rig_free(r);
}
END_TEST

START_TEST(alarms_may_come_from_the_agents_sources)
{
	struct rig *r =
	    rig_waiting(1, "agents = ( { address = \"" AGENT "\"; sources = "
			   "[ \"198.51.100.7\" ]; } );");

	fake_arrive("198.51.100.7", LOST_1, strlen(LOST_1));
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_free(r);
}
END_TEST

#define TWO_AGENTS                                                             \
	"devices = ( { address = \"192.0.2.200\"; interfaces = [ \"eth-wan\" " \
	"]; agent = \"198.51.100.2\"; } );"

START_TEST(another_devices_agent_is_a_wrong_sender)
{
	struct rig *r = rig_waiting(1, TWO_AGENTS);

	refused(r, "198.51.100.2", LOST_1, strlen(LOST_1));
	rig_lost(r, 1);
	ck_assert_str_eq(rig_state(r, 1), "verifying");
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(a_flood_of_alarms_does_not_grow_the_report_without_end)
{
	struct rig *r = rig_waiting(1, "");

	for (int i = 0; i < 5000; i++)
		rig_lost(r, 0);
	ck_assert_int_le(rig_count(r, 0, TASK_ALARM), 200);
	rig_finish(r, 60000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(sigusr2_is_a_trigger_for_who_waits)
{
	struct rig *r = rig_waiting(2, "");

	rig_lost(r, 0);
	rig_advance(r, 1);
	campaign_trigger(r->campaign);
	rig_expect(
	    r, 1, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL, "SIGUSR2");
	ck_assert_int_eq(rig_count(r, 0, TASK_ALARM), 1);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_alarm", lost_while_resolving_is_recorded_as_too_early,
    lost_while_registering_is_recorded_as_too_early,
    lost_before_the_start_script_is_recorded_as_too_early,
    lost_after_the_start_script_is_held_until_confirmed,
    confirmed_and_not_answered_probes_now_and_asks_verify_later,
    verify_is_asked_when_capture_is_given_up,
    lost_while_capturing_is_the_trigger,
    the_verify_and_the_first_probe_go_before_what_is_due,
    lost_from_verifying_to_the_end_is_recorded,
    the_same_alarm_within_a_minute_leaves_no_second_row,
    a_duplicate_is_one_though_a_clear_came_between,
    a_clear_with_the_losts_text_is_no_loss_and_no_duplicate,
    a_near_miss_is_minor_and_counted,
    a_device_is_found_by_its_configured_name_in_any_case,
    established_is_recorded_and_triggers_nothing,
    another_alarm_is_recorded_and_triggers_nothing,
    hold_down_waits_before_it_acts,
    the_window_does_not_end_an_alarm_that_is_held,
    an_alarm_while_an_earlier_run_is_finished_is_this_runs,
    a_clear_within_hold_down_cancels, a_held_alarm_waits_hold_down_too,
    a_held_alarm_that_clears_is_no_event,
    hold_down_over_before_confirmation_triggers_on_it,
    the_documented_form_triggers_as_well,
    a_named_device_is_found_by_its_first_address,
    a_named_device_is_found_by_its_second_address,
    a_device_is_found_by_its_ovoc_address, agents_are_told_the_ovoc_address,
    what_is_not_for_us_is_counted_and_ignored,
    alarms_may_come_from_the_agents_sources,
    another_devices_agent_is_a_wrong_sender,
    a_flood_of_alarms_does_not_grow_the_report_without_end,
    sigusr2_is_a_trigger_for_who_waits)
