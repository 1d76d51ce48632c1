/* check_campaign_end.c - events, window, rechecks, interruption, status. */
#include "unit.h"

#include <string.h>
#include <time.h>

#include "report/report.h"
#include "rig/fake_resolve.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)

/* --- many events --- */

START_TEST(after_an_event_comes_the_next_until_events_per_device)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { events_per_device = 3; };");
	struct fake_agent *a = &r->net->agents[0];

	for (int i = 1; i <= 3; i++) {
		rig_until(r, 0, "capturing");
		rig_advance(r, 5000);
		rig_lost(r, 0);
		rig_until(r, 0, "closing");
		ck_assert_int_eq(rig_row(r, 0, TASK_RETRIEVE, i)->event, i);
	}
	rig_finish(r, MINUTE);
	for (int i = REQUEST_REGISTER; i <= REQUEST_STOP; i++)
		ck_assert_int_eq(a->done[i], 3);
	ck_assert_int_eq(r->result->devices[0].events, 3);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_failure_after_an_event_is_partial_and_exit_1)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { events_per_device = 2; };");

	rig_lost(r, 0);
	rig_until(r, 0, "starting");
	fake_fault(&r->devices[0], STEP_START, FAULT_STATUS, 400, -1);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

/* --- window --- */

START_TEST(at_the_windows_end_a_waiting_capture_is_stopped_not_fetched)
{
	struct rig *r = rig_waiting(1, "");

	rig_finish(r, 8 * HOUR + MINUTE);
	ck_assert_int_ge(r->ended_at, 8 * HOUR);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert_int_eq(r->result->exit_status, 5);
	rig_free(r);
}
END_TEST

/* However long the window is; a run that began later ends with the others. */
START_TEST(until_ends_the_run_by_the_clock)
{
	struct rig *r;
	int64_t wall;

	setenv("TZ", "UTC0", 1);
	tzset();
	r = rig_waiting(1, "campaign = { until = \"06:00\"; };");
	rig_finish(r, 25 * HOUR);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert(r->result->window_ended);
	wall = r->result->ended % (24 * HOUR);
	ck_assert_int_ge(wall, 6 * HOUR);
	ck_assert_int_lt(wall, 6 * HOUR + MINUTE);
	rig_free(r);
}
END_TEST

START_TEST(keep_quiet_captures_fetches_at_the_windows_end)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { keep_quiet_captures = true; };");

	rig_finish(r, 8 * HOUR + MINUTE);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "3 packets");
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert_int_eq(r->result->exit_status, 5);
	rig_free(r);
}
END_TEST

/* The window ends while the device is in this state, before any event. */
static void
window_ends_in(const char *state, const char *outcome, int exit_status)
{
	struct rig *r =
	    rig_new(0, "campaign = { window = 10; }; timeouts = { rest = 60; };"
		       "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	fake_name("r1.example", "203.0.113.0", NULL,
	    strcmp(state, "resolving") == 0 ? -1 : 0);
	if (strcmp(state, "registering") == 0)
		r->net->agents[0].silent = true;
	if (strcmp(state, "starting") == 0)
		fake_fault(&r->devices[0], STEP_START, FAULT_HANG, 0, 1);
	if (strcmp(state, "arming") == 0)
		r->net->agents[0].work[REQUEST_CAPTURE] = 20000;
	rig_start(r);
	rig_advance(r, 9999);
	ck_assert_str_eq(rig_state(r, 0), state);
	rig_finish(r, 2 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), outcome);
	ck_assert_int_eq(r->result->exit_status, exit_status);
	if (exit_status == 4)
		ck_assert_ptr_nonnull(strstr(r->result->devices[0].description,
		    "before the capture was on"));
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_free(r);
}

START_TEST(the_window_ends_each_waiting_and_arming_state)
{
	window_ends_in("resolving", "failed", 4);
	window_ends_in("registering", "failed", 4);
	window_ends_in("starting", "failed", 4);
	window_ends_in("arming", "quiet", 5);
	window_ends_in("capturing", "quiet", 5);
}
END_TEST

START_TEST(the_window_never_ends_an_event_under_way)
{
	struct rig *r = rig_waiting(
	    1, "campaign = { window = 3600; events_per_device = 2; };");

	rig_advance(r, HOUR - 5000 - rig_now(r));
	rig_lost(r, 0);
	rig_advance(r, 4999);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->devices[0].events, 1);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(the_window_leaves_who_is_stopping_alone)
{
	struct rig *r = rig_waiting(1, "campaign = { window = 3600; };");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, 200);
	rig_lost(r, 0);
	rig_advance(r, HOUR);
	ck_assert_str_eq(rig_state(r, 0), "stopping");
	rig_finish(r, 2 * HOUR);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(without_a_window_devices_wait_for_days)
{
	struct rig *r = rig_waiting(1, "campaign = { window = 0; };");

	rig_advance(r, 240 * HOUR);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

/* --- the run's deadline --- */

START_TEST(past_the_runs_deadline_the_report_is_written_with_what_is_there)
{
	struct rig *r = rig_waiting(2, "campaign = { window = 3600; };");
	struct fake_device *d = &r->devices[0];

	/* It answers, but does not stop: for ever. */
	fake_fault(d, STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	rig_advance(r, 59 * MINUTE);
	rig_lost(r, 1);
	rig_advance(r, 30000);
	rig_lost(r, 0);
	rig_until(r, 0, "stopping");
	fake_mend(d);
	fake_fault(d, STEP_STOP, FAULT_HANG, 0, -1);
	fake_fault(d, STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_finish(r, 4 * HOUR);
	ck_assert_int_le(r->ended_at, 3 * HOUR + 15 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_str_eq(rig_outcome(r, 1), "success");
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(without_a_window_the_deadline_begins_when_the_last_stops_waiting)
{
	struct rig *r = rig_waiting(2,
	    "campaign = { window = 0; }; timeouts = { agent = 3600; "
	    "unreachable_limit = 60; };");
	int64_t last;

	fake_agent_rule(&r->net->agents[0], REQUEST_VERIFY, 0, -1);
	rig_lost(r, 0);
	rig_advance(r, 30 * MINUTE);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	last = rig_now(r);
	rig_lost(r, 1);
	rig_finish(r, 5 * HOUR);
	ck_assert_int_eq(r->ended_at, last + 16 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 1), "failed");
	ck_assert_ptr_nonnull(
	    strstr(r->result->devices[1].description, "deadline"));
	rig_expect(r, 1, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	rig_free(r);
}
END_TEST

/* --- timed capture --- */

START_TEST(capture_for_is_an_event_with_verify)
{
	struct rig *r = rig_waiting(1, "campaign = { capture_for = 600; };");
	int64_t shown = r->devices[0].at[STEP_SHOW][1] + 20;

	rig_until(r, 0, "verifying");
	ck_assert_int_eq(rig_now(r), shown + 10 * MINUTE);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_VERIFY], 1);
	rig_expect(
	    r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_NORMAL, "capture_for");
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(an_alarm_may_come_before_capture_for_is_over)
{
	struct rig *r = rig_waiting(1, "campaign = { capture_for = 600; };");

	rig_lost(r, 0);
	rig_finish(r, 20 * MINUTE);
	ck_assert_int_eq(r->result->devices[0].triggers, 1);
	rig_free(r);
}
END_TEST

/* --- recheck --- */

START_TEST(every_recheck_is_one_show)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	rig_advance(r, 61 * MINUTE);
	ck_assert_int_eq(d->hits[STEP_SHOW], 2 + 4);
	ck_assert_int_eq(rig_count(r, 0, TASK_SHOW), 1);
	rig_free(r);
}
END_TEST

START_TEST(recheck_0_is_off)
{
	struct rig *r = rig_waiting(1, "campaign = { recheck = 0; };");

	rig_advance(r, 7 * HOUR);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], 2);
	rig_free(r);
}
END_TEST

START_TEST(a_vanished_capture_is_fetched_and_armed_again)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fill(d, 2, RIG_WALL);
	d->on = false;
	d->unfetched = true;
	rig_advance(r, 16 * MINUTE);
	rig_until(r, 0, "capturing");
	rig_expect(
	    r, 0, TASK_SHOW, 2, TASK_FAILURE, SEVERITY_MAJOR, "vanished");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "2 packets");
	ck_assert_int_eq(d->hits[STEP_START], 2);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_advance(r, 3 * HOUR);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->devices[0].events, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_vanished_capture_that_left_no_file_is_armed_again)
{
	struct rig *r = rig_waiting(1, "");

	fake_reboot(&r->devices[0]);
	rig_advance(r, 16 * MINUTE);
	rig_until(r, 0, "capturing");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "no such");
	rig_advance(r, 3 * HOUR);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

/* It restarts every `pause`, all night. */
static struct rig *
restarting_every(int64_t pause)
{
	struct rig *r = rig_waiting(1, "");

	for (int64_t t = 0; t < 7 * HOUR; t += pause) {
		fake_reboot(&r->devices[0]);
		rig_advance(r, pause);
	}
	rig_finish(r, 2 * HOUR);
	return r;
}

START_TEST(a_capture_that_was_off_for_a_part_of_the_night_is_partial)
{
	struct rig *r = restarting_every(HOUR);

	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	ck_assert_ptr_nonnull(strstr(
	    r->result->devices[0].description, "its capture was off for "));
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
	r = restarting_every(4 * HOUR);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	ck_assert_int_eq(r->result->exit_status, 5);
	rig_free(r);
}
END_TEST

START_TEST(an_event_of_a_capture_that_was_off_for_long_is_partial)
{
	struct rig *r = rig_waiting(1, "");

	fake_reboot(&r->devices[0]);
	rig_advance(r, 16 * MINUTE);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	ck_assert_ptr_nonnull(strstr(r->result->devices[0].description,
	    "1 of 1 event captured; its capture was off for "));
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_device_that_cannot_be_rechecked_goes_on_waiting)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, 20);
	rig_advance(r, 6 * HOUR);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_int_eq(rig_count(r, 0, TASK_SHOW), 2);
	rig_expect(r, 0, TASK_SHOW, 2, TASK_FAILURE, SEVERITY_MINOR, "refused");
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(an_alarm_during_a_recheck_is_not_held_up_by_it)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_HANG, 0, 1);
	while (!r->devices[0].busy)
		rig_advance(r, 10);
	rig_lost(r, 0);
	ck_assert_str_eq(rig_state(r, 0), "verifying");
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

/* --- interruption --- */

static void
interrupted_in(const char *state, int files, const char *outcome)
{
	struct rig *r =
	    rig_new(0, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	fake_name("r1.example", "203.0.113.0", NULL, 0);
	rig_start(r);
	rig_through(r, state);
	campaign_interrupt(r->campaign);
	rig_finish(r, 59000);
	ck_assert_int_eq(r->result->exit_status, 8);
	ck_assert_str_eq(rig_outcome(r, 0), outcome);
	ck_assert_int_eq(rig_count(r, 0, TASK_RETRIEVE), files);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP],
	    r->net->agents[0].done[REQUEST_CAPTURE]);
	rig_free(r);
}

START_TEST(an_interruption_stops_and_fetches_in_every_state)
{
	interrupted_in("resolving", 0, "interrupted");
	interrupted_in("registering", 0, "interrupted");
	interrupted_in("starting", 0, "interrupted");
	interrupted_in("arming", 1, "interrupted");
	interrupted_in("capturing", 1, "interrupted");
	interrupted_in("verifying", 1, "success");
	interrupted_in("stopping", 1, "success");
	interrupted_in("retrieving", 1, "success");
	interrupted_in("closing", 1, "success");
}
END_TEST

/* The device may be carrying it out: a stop that overtook it would leave the
 * capture on. */
START_TEST(an_interruption_lets_a_start_in_flight_end)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_START, FAULT_HANG, 0, 1);
	rig_start(r);
	rig_until_hit(r, 0, STEP_START);
	campaign_interrupt(r->campaign);
	rig_advance(r, 14000);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_START, 1, TASK_FAILURE, SEVERITY_MINOR, "");
	rig_expect(r, 0, TASK_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_free(r);
}
END_TEST

/* The agent was restarted, and OVOC takes its time over the new rule. */
static struct rig *
rig_registering_again(const char *window)
{
	struct rig *r = rig_new(1, window);
	struct fake_agent *a = &r->net->agents[0];

	rig_start(r);
	rig_until(r, 0, "starting");
	a->work[REQUEST_REGISTER] = 3000;
	fake_agent_forget(a);
	rig_until(r, 0, "arming");
	rig_advance(r, 500);
	/* Two were the first one: plain, and asking for more. */
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 3);
	return r;
}

static void
is_off_and_was_started_once(struct rig *r)
{
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_int_eq(rig_row(r, 0, TASK_REGISTER, 2)->code, 200);
	rig_free(r);
}

START_TEST(an_end_while_it_registers_again_starts_nothing)
{
	static const enum fault faults[] = {
	    FAULT_NONE, FAULT_UNREACHABLE, FAULT_HANG};
	struct rig *r;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		r = rig_registering_again("");
		fake_fault(&r->devices[0], STEP_STOP, faults[i], 0, 1);
		campaign_interrupt(r->campaign);
		rig_finish(r, MINUTE);
		ck_assert_str_eq(rig_outcome(r, 0), "interrupted");
		is_off_and_was_started_once(r);
	}
	r = rig_registering_again("campaign = { window = 2; };");
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	is_off_and_was_started_once(r);
}
END_TEST

START_TEST(an_interruption_stops_nothing_where_no_start_arrived)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_START, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_until_hit(r, 0, STEP_START);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 0);
	ck_assert_str_eq(rig_outcome(r, 0), "interrupted");
	ck_assert_int_ne(r->result->devices[0].severity, SEVERITY_CRITICAL);
	rig_free(r);
}
END_TEST

START_TEST(an_interruption_leaves_what_is_done_as_it_is)
{
	struct rig *r = rig_waiting(2, "");

	rig_lost(r, 0);
	rig_until(r, 0, "done");
	campaign_interrupt(r->campaign);
	rig_finish(r, 59000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_str_eq(rig_outcome(r, 1), "interrupted");
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_free(r);
}
END_TEST

START_TEST(probes_that_are_cut_short_leave_their_rows)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_advance(r, 3500);
	campaign_interrupt(r->campaign);
	rig_expect(r, 0, TASK_ICMP, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "4 of 4 answered; 6 were not sent: interrupted");
	rig_finish(r, 59000);
	rig_free(r);
}
END_TEST

START_TEST(the_grace_ends_who_cannot_be_stopped)
{
	struct rig *r = rig_waiting(2, "");
	int64_t at = rig_now(r);

	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	campaign_interrupt(r->campaign);
	rig_finish(r, 2 * MINUTE);
	ck_assert_int_eq(r->ended_at, at + MINUTE);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_free(r);
}
END_TEST

START_TEST(an_unreachable_device_is_tried_at_once_when_interrupted)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, 1);
	rig_lost(r, 0);
	rig_until(r, 0, "stopping");
	rig_advance(r, 1000);
	campaign_interrupt(r->campaign);
	rig_finish(r, 5000);
	ck_assert_int_eq(r->result->devices[0].events, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_second_interruption_ends_at_once)
{
	struct rig *r = rig_waiting(3, "");
	int64_t at = rig_now(r);

	campaign_interrupt(r->campaign);
	campaign_interrupt(r->campaign);
	rig_finish(r, 10);
	ck_assert_int_le(r->ended_at, at + 1);
	ck_assert_int_eq(r->result->exit_status, 8);
	for (size_t i = 0; i < 3; i++)
		rig_expect(r, i, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
		    SEVERITY_CRITICAL, "capture may be on");
	rig_free(r);
}
END_TEST

/* --- exit status --- */

static int
status_of(size_t n, const enum outcome *outcomes, int triggers,
    bool interrupted, const char *trouble)
{
	struct device_result devices[4] = {0};
	struct run_result r = {.devices = devices,
	    .n_devices = n,
	    .interrupted = interrupted,
	    .trouble = (char *)trouble};

	for (size_t i = 0; i < n; i++)
		devices[i].outcome = outcomes[i];
	devices[0].triggers = triggers;
	return run_exit_status(&r);
}

START_TEST(the_first_status_that_applies_is_the_exit_status)
{
	static const enum outcome fine[] = {OUTCOME_SUCCESS, OUTCOME_QUIET};
	static const enum outcome quiet[] = {OUTCOME_QUIET, OUTCOME_QUIET};
	static const enum outcome some[] = {OUTCOME_QUIET, OUTCOME_FAILED};
	static const enum outcome part[] = {OUTCOME_SUCCESS, OUTCOME_PARTIAL};
	static const enum outcome all[] = {OUTCOME_FAILED, OUTCOME_FAILED};

	ck_assert_int_eq(status_of(2, fine, 1, false, NULL), 0);
	ck_assert_int_eq(status_of(2, quiet, 0, false, NULL), 5);
	ck_assert_int_eq(status_of(2, quiet, 1, false, NULL), 0);
	ck_assert_int_eq(status_of(2, some, 0, false, NULL), 1);
	ck_assert_int_eq(status_of(2, part, 1, false, NULL), 1);
	ck_assert_int_eq(status_of(2, all, 1, false, NULL), 4);
	ck_assert_int_eq(status_of(2, all, 1, true, NULL), 8);
	ck_assert_int_eq(status_of(2, all, 1, true, "disk"), 7);
	ck_assert_int_eq(status_of(2, fine, 1, false, "disk"), 7);
}
END_TEST

START_TEST(nothing_is_sent_when_the_port_is_taken)
{
	struct rig *r = rig_new(1, "");
	struct fail why = {.kind = FAIL_NONE};

	r->net->no_bind = true;
	ck_assert_int_eq(
	    run_folder_open(&r->folder, r->result, &why), RUN_FOLDER_MADE);
	r->campaign =
	    campaign_new(r->lp, r->result, r->folder, report_is_written, &why);
	ck_assert_ptr_null(r->campaign);
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_int_eq(r->net->sent, 0);
	rig_free(r);
}
END_TEST

START_TEST(no_icmp_on_this_host_is_skipped_and_no_failure)
{
	struct rig *r = rig_waiting(1, "");

	r->devices[0].no_icmp = true;
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(rig_row(r, 0, TASK_ICMP, 1)->status, TASK_SKIPPED);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(lost_probes_are_minor_and_no_failure)
{
	struct rig *r = rig_waiting(1, "");

	r->devices[0].probes_lost = 2;
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_SNMP, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "8 of 10 answered, lost 9-10");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(without_probes_of_our_own_the_agents_are_waited_for)
{
	struct rig *r = rig_waiting(
	    1, "verify = { icmp = false; snmp = false; tcp = false; };");

	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(rig_count(r, 0, TASK_ICMP), 0);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_VERIFY], 1);
	ck_assert_ptr_null(
	    strstr(r->devices[0].scripts[STEP_START], "v3-users"));
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_end", after_an_event_comes_the_next_until_events_per_device,
    a_failure_after_an_event_is_partial_and_exit_1,
    at_the_windows_end_a_waiting_capture_is_stopped_not_fetched,
    keep_quiet_captures_fetches_at_the_windows_end,
    until_ends_the_run_by_the_clock,
    the_window_ends_each_waiting_and_arming_state,
    the_window_never_ends_an_event_under_way,
    the_window_leaves_who_is_stopping_alone,
    without_a_window_devices_wait_for_days,
    past_the_runs_deadline_the_report_is_written_with_what_is_there,
    without_a_window_the_deadline_begins_when_the_last_stops_waiting,
    capture_for_is_an_event_with_verify,
    an_alarm_may_come_before_capture_for_is_over, every_recheck_is_one_show,
    recheck_0_is_off, a_vanished_capture_is_fetched_and_armed_again,
    a_vanished_capture_that_left_no_file_is_armed_again,
    a_capture_that_was_off_for_a_part_of_the_night_is_partial,
    an_event_of_a_capture_that_was_off_for_long_is_partial,
    a_device_that_cannot_be_rechecked_goes_on_waiting,
    an_alarm_during_a_recheck_is_not_held_up_by_it,
    an_interruption_stops_and_fetches_in_every_state,
    an_interruption_lets_a_start_in_flight_end,
    an_end_while_it_registers_again_starts_nothing,
    an_interruption_stops_nothing_where_no_start_arrived,
    an_interruption_leaves_what_is_done_as_it_is,
    probes_that_are_cut_short_leave_their_rows,
    the_grace_ends_who_cannot_be_stopped,
    an_unreachable_device_is_tried_at_once_when_interrupted,
    a_second_interruption_ends_at_once,
    the_first_status_that_applies_is_the_exit_status,
    nothing_is_sent_when_the_port_is_taken,
    no_icmp_on_this_host_is_skipped_and_no_failure,
    lost_probes_are_minor_and_no_failure,
    without_probes_of_our_own_the_agents_are_waited_for)
