/* check_campaign_recover.c - the next run finishes what an earlier one left. */
#include "unit.h"

#include <dirent.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

/* Killed in this state, the device is cleaned up and takes part again; how many
 * files the killed run has got in the end. */
static void
killed_in(const char *state, bool old, int fetched)
{
	struct rig *r = rig_new(1, "");
	int before;

	r->net->agents[0].old = old;
	rig_start(r);
	rig_through(r, state);
	before = r->devices[0].hits[STEP_SFTP];
	rig_kill(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], before + fetched);
	ck_assert_int_eq(rig_count(r, 0, TASK_RECOVER), 0);
	rig_advance(r, MINUTE);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert(!r->net->agents[0].ended);
	rig_free(r);
}

START_TEST(a_device_of_a_killed_run_is_finished_and_takes_part_again)
{
	killed_in("starting", false, 1);
	killed_in("arming", false, 1);
	killed_in("capturing", false, 1);
	killed_in("verifying", false, 1);
	killed_in("stopping", false, 1);
	killed_in("retrieving", false, 1);
	killed_in("closing", false, 0);
}
END_TEST

START_TEST(a_1_0_6_agent_survives_the_recovery)
{
	killed_in("starting", true, 1);
	killed_in("arming", true, 1);
	killed_in("capturing", true, 1);
	killed_in("retrieving", true, 1);
	killed_in("closing", true, 0);
}
END_TEST

START_TEST(a_run_killed_twice_is_finished_by_the_third)
{
	struct rig *r = rig_waiting(3, "");

	rig_kill(r);
	rig_start(r);
	rig_advance(r, 30);
	rig_kill(r);
	rig_start(r);
	for (size_t i = 0; i < 3; i++)
		rig_until(r, i, "capturing");
	campaign_trigger(r->campaign);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_finished_run_is_not_recovered)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_close(r);
	r->ended = false;
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_free(r);
}
END_TEST

/* The first device's start is in the journals of two runs: of the first, which
 * waits for the other device, and of the second, which could not stop it. */
START_TEST(behind_a_run_that_cannot_be_finished_another_one_is)
{
	struct rig *r = rig_waiting(2, "");
	int sent;

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_STATUS, 400, 1);
	fake_fault(&r->devices[1], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_until(r, 0, "registering");
	rig_kill(r);
	fake_mend(&r->devices[1]);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_MISSING, 0, 1);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_all_is_off(r);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_str_eq(rig_outcome(r, 1), "quiet");
	ck_assert_int_eq(r->killed.finished, 2);
	sent = r->net->sent;
	rig_kill(r);
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->net->sent, sent);
	rig_free(r);
}
END_TEST

START_TEST(recover_that_is_interrupted_is_no_success)
{
	struct rig *r = rig_waiting(1, "timeouts = { stop_grace = 5; };");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
	rig_recover(r);
	rig_advance(r, 1000);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, 8);
	ck_assert_int_eq(r->killed.finished, 0);
	rig_free(r);
}
END_TEST

/* --- runs that ended and left a capture on --- */

static void
dies(struct rig *r)
{
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
}

/* Until unreachable_limit is over, and this run has the capture to stop. */
static void
until_given_up(struct rig *r)
{
	rig_advance(r, 119 * MINUTE);
	rig_until(r, 0, "registering");
}

/* The run ends in order. */
static void
ends(struct rig *r)
{
	rig_finish(r, 12 * 60 * MINUTE);
	rig_close(r);
}

/* The first of two devices is lost, and cannot be reached for so long that its
 * capture stays on. */
static struct rig *
rig_left_on(const char *more)
{
	struct rig *r = rig_waiting(2, more);

	dies(r);
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_finish(r, 12 * 60 * MINUTE);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_int_eq(r->result->exit_status, 1);
	ck_assert(r->devices[0].on);
	ends(r);
	return r;
}

static void
both_do_their_work(struct rig *r)
{
	for (size_t i = 0; i < 2; i++) {
		rig_until(r, i, "capturing");
		rig_lost(r, i);
	}
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
}

START_TEST(what_an_ended_run_left_on_is_stopped_and_fetched_by_the_next)
{
	struct rig *r = rig_left_on("");
	int fetched = r->devices[0].hits[STEP_SFTP];
	int others = r->devices[1].hits[STEP_STOP];

	fake_mend(&r->devices[0]);
	rig_start(r);
	both_do_their_work(r);
	rig_expect(r, 0, TASK_RECOVER, 1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "left on is off");
	ck_assert_int_eq(rig_count(r, 1, TASK_RECOVER), 0);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], fetched + 2);
	ck_assert_int_eq(r->devices[1].hits[STEP_STOP], others + 1);
	/* Its reports were written when it ended. */
	ck_assert_int_eq(r->killed.finished, 0);
	ends(r);
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], fetched + 2);
	rig_free(r);
}
END_TEST

/* The second run cannot stop it either: then it is the second run's, of which
 * the third one knows. */
static void
left_on_twice(bool killed)
{
	struct rig *r = rig_left_on("");

	rig_start(r);
	rig_until(r, 1, "capturing");
	rig_lost(r, 1);
	if (killed) {
		until_given_up(r);
		rig_advance(r, 1);
		rig_kill(r);
	} else {
		rig_finish(r, 12 * 60 * MINUTE);
		rig_expect(r, 0, TASK_RECOVER, 1, TASK_FAILURE, SEVERITY_MINOR,
		    "capture may be on");
		rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
		    SEVERITY_CRITICAL, "capture may be on");
		ck_assert_str_eq(rig_outcome(r, 0), "failed");
		ends(r);
	}
	fake_mend(&r->devices[0]);
	rig_start(r);
	both_do_their_work(r);
	ck_assert_int_eq(rig_count(r, 0, TASK_RECOVER), killed ? 0 : 1);
	ck_assert_int_eq(r->killed.finished, killed);
	rig_free(r);
}

START_TEST(what_could_not_be_stopped_goes_from_run_to_run)
{
	left_on_twice(false);
	left_on_twice(true);
}
END_TEST

START_TEST(recover_alone_stops_what_an_ended_run_left_on_or_leaves_it)
{
	struct rig *r = rig_left_on("");

	rig_recover(r);
	rig_finish(r, 12 * 60 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 1);
	ck_assert(r->devices[0].on);
	rig_kill(r);
	fake_mend(&r->devices[0]);
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_free(r);
}
END_TEST

static int
only_captures(const struct dirent *e)
{
	return str_starts(e->d_name, "CPE_");
}

static int
count_files(const char *folder)
{
	struct dirent **found;
	int n = scandir(folder, &found, only_captures, NULL);

	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	return n;
}

/* REST dies behind the stop, SFTP does not: the report of the first run tells
 * of the file, which nothing may replace.  A capture that went on meanwhile is
 * another file. */
static void
file_is_home(bool goes_on)
{
	struct rig *r = rig_waiting(1, "");
	char *captures;

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 12 * 60 * MINUTE);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "packets");
	captures = xasprintf("%s/" RUN_CAPTURES, r->result->folder);
	ends(r);
	fake_mend(&r->devices[0]);
	r->devices[0].on = goes_on;
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1 + goes_on);
	ck_assert_int_eq(count_files(captures), 1 + goes_on);
	free(captures);
	rig_free(r);
}

START_TEST(a_file_that_is_home_is_not_replaced)
{
	file_is_home(false);
	file_is_home(true);
}
END_TEST

/* The REGISTER of a device that may be on is in the air when the run is told to
 * end, and its answer comes while the capture is being stopped. */
static struct rig *
rig_registering(const char *more)
{
	struct rig *r = rig_left_on(more);

	rig_start(r);
	until_given_up(r);
	r->net->agents[0].silent = true;
	rig_advance(r, 100);
	return r;
}

static void
answered_late(struct rig *r, int64_t mended)
{
	int starts = r->devices[0].hits[STEP_START];

	r->net->agents[0].silent = false;
	rig_advance(r, mended);
	fake_mend(&r->devices[0]);
	rig_finish(r, 60 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], starts);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_free(r);
}

START_TEST(a_late_register_starts_nothing_behind_the_end)
{
	struct rig *r = rig_registering("");

	fake_mend(&r->devices[0]);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_HANG, 0, 1);
	campaign_interrupt(r->campaign);
	rig_advance(r, 200);
	answered_late(r, 3000);
	r = rig_registering("");
	campaign_interrupt(r->campaign);
	rig_advance(r, 200);
	answered_late(r, 2000);
	r = rig_registering("campaign = { window = \"121m\"; };");
	while (!r->result->window_ended)
		rig_advance(r, 1000);
	answered_late(r, 2000);
}
END_TEST

/* A device whose recovery outlasts the window never captured in this run. */
static void
outlasts_the_window(bool killed, int64_t dead_for)
{
	static const char hour[] = "campaign = { window = \"1h\"; };";
	struct rig *r = killed ? rig_waiting(2, hour) : rig_left_on(hour);

	if (killed)
		rig_kill(r);
	dies(r);
	rig_start(r);
	rig_advance(r, dead_for);
	if (dead_for > 0)
		fake_mend(&r->devices[0]);
	rig_finish(r, 12 * 60 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, 1);
	ck_assert_int_eq(r->devices[0].on, dead_for == 0);
	rig_free(r);
}

START_TEST(a_recovery_that_outlasts_the_window_is_no_quiet_device)
{
	outlasts_the_window(true, 0);
	outlasts_the_window(false, 0);
	outlasts_the_window(true, 90 * MINUTE);
	outlasts_the_window(false, 90 * MINUTE);
}
END_TEST

/* The agent was told when the run ended: its files have their names. */
START_TEST(the_agent_of_an_ended_run_is_not_told_again)
{
	struct rig *r = rig_left_on("");
	int stops = r->net->agents[0].done[REQUEST_STOP];

	fake_mend(&r->devices[0]);
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], stops);
	rig_free(r);
}
END_TEST

START_TEST(a_device_that_nothing_was_done_for_is_in_the_reports)
{
	struct rig *r = rig_new(2, "");
	char *folder;

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_HANG, 0, -1);
	rig_start(r);
	loop_run_for(r->lp, 1);
	folder = xstrdup(r->result->folder);
	rig_kill(r);
	fake_mend(&r->devices[0]);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 1);
	for (size_t i = 0; i < 2; i++)
		rig_expect_killed(r, i, TASK_RECOVER, TASK_SKIPPED,
		    SEVERITY_MINOR, "killed before anything was done");
	ck_assert(rig_file_has(folder, "report.csv", "192.0.2.2"));
	free(folder);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_recover",
    a_device_that_nothing_was_done_for_is_in_the_reports,

    a_device_of_a_killed_run_is_finished_and_takes_part_again,
    a_1_0_6_agent_survives_the_recovery,
    a_run_killed_twice_is_finished_by_the_third,
    a_finished_run_is_not_recovered,
    behind_a_run_that_cannot_be_finished_another_one_is,
    recover_that_is_interrupted_is_no_success,
    what_an_ended_run_left_on_is_stopped_and_fetched_by_the_next,
    what_could_not_be_stopped_goes_from_run_to_run,
    recover_alone_stops_what_an_ended_run_left_on_or_leaves_it,
    a_file_that_is_home_is_not_replaced,
    a_late_register_starts_nothing_behind_the_end,
    a_recovery_that_outlasts_the_window_is_no_quiet_device,
    the_agent_of_an_ended_run_is_not_told_again)
