/* check_campaign_disk.c - a campaign on a host whose disk is full. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/xmem.h"
#include "rig/fake_sync.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

/* From now on the disk is below its floor, or not any more. */
static void
floor_is(struct rig *r, int64_t min_free)
{
	r->files->campaign->campaign.min_free = min_free;
}

/* From now on no file grows beyond this. */
static void
files_end_at(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Not even a part of a file is there. */
static void
nothing_is_kept(const struct rig *r)
{
	char *folder = xasprintf("%s/captures", r->result->folder);
	struct dirent **names;
	int n = scandir(folder, &names, NULL, NULL);

	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	free(folder);
	ck_assert_int_eq(n, 2); /* . and .. */
}

START_TEST(below_min_free_nothing_is_started)
{
	struct rig *r = rig_new(1, "");

	rig_start(r);
	floor_is(r, INT64_MAX);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_START, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "campaign.min_free wants");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 0);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, 7);
	rig_free(r);
}
END_TEST

START_TEST(below_min_free_captures_are_stopped_and_stay_on_the_device)
{
	struct rig *r = rig_waiting(2, "");

	floor_is(r, INT64_MAX);
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	for (size_t i = 0; i < 2; i++) {
		rig_expect(r, i, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
		    "campaign.min_free wants");
		rig_expect(r, i, TASK_OVOC_STOP, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "200");
		ck_assert_int_eq(r->devices[i].hits[STEP_SFTP], 0);
	}
	rig_all_is_off(r);
	nothing_is_kept(r);
	ck_assert_int_eq(r->result->exit_status, 7);
	rig_free(r);
}
END_TEST

/* Its file stays on the device, and nothing overwrites it until it is home. */
static void
killed_below_min_free(bool recover)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	floor_is(r, INT64_MAX);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_all_is_off(r);
	ck_assert_int_eq(r->result->exit_status, 7);
	ck_assert_int_eq(r->killed.finished, 0);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	rig_kill(r);
	floor_is(r, 1);
	if (recover)
		rig_recover(r);
	else
		rig_start(r);
	if (!recover)
		rig_until(r, 0, "capturing");
	else
		rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_free(r);
}

START_TEST(below_min_free_a_killed_runs_captures_are_stopped_and_fetched_later)
{
	killed_below_min_free(true);
	killed_below_min_free(false);
}
END_TEST

START_TEST(a_killed_runs_file_is_not_overwritten_for_want_of_room)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	rig_start(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	ck_assert_int_eq(r->result->exit_status, 7);
	ck_assert_int_eq(r->killed.finished, 0);
	rig_close(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->killed.finished, 1);
	rig_free(r);
}
END_TEST

/* A run that could not stop its device has ended; the next one stops it. */
START_TEST(nor_is_the_file_of_a_run_that_had_ended)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_HANG, 0, -1);
	campaign_interrupt(r->campaign);
	rig_finish(r, 2 * MINUTE);
	rig_close(r);
	fake_mend(&r->devices[0]);
	for (int i = 0; i < 2; i++) {
		fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
		rig_start(r);
		rig_finish(r, 5 * MINUTE);
		ck_assert(!r->devices[0].on);
		ck_assert_int_eq(r->result->exit_status, 7);
		rig_close(r);
	}
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 3);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 2);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_close(r);
	rig_recover(r);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 4);
	rig_free(r);
}
END_TEST

/* The stop was carried out, though it did not look so. */
START_TEST(nor_behind_a_stop_that_failed)
{
	struct rig *r = rig_waiting(1, "campaign = { rest_attempts = 1; };");

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_CUT_DONE, 0, 1);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	rig_start(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	rig_close(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 2);
	rig_free(r);
}
END_TEST

/* The run before it had no room, and this one has. */
static void
is_fetched_before_the_start(struct rig *r, int fetches)
{
	int starts = r->devices[0].hits[STEP_START];

	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 7);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], starts);
	rig_close(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], fetches);
	rig_free(r);
}

START_TEST(nor_behind_a_recovery_that_failed)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 400, -1);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_STATUS, 400, -1);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_MISSING, 0, -1);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	fake_mend(&r->devices[0]);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	rig_close(r);
	rig_start(r);
	is_fetched_before_the_start(r, r->devices[0].hits[STEP_SFTP] + 2);
}
END_TEST

START_TEST(nor_what_has_grown_since_it_was_fetched)
{
	struct rig *r = rig_waiting(1, "");

	fake_fill(&r->devices[0], 2, RIG_WALL);
	fake_fault(&r->devices[0], STEP_STOP, FAULT_STATUS, 400, -1);
	rig_lost(r, 0);
	rig_finish(r, 5 * MINUTE);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "packets");
	fake_mend(&r->devices[0]);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	rig_close(r);
	rig_start(r);
	is_fetched_before_the_start(r, 3);
}
END_TEST

/* While one device of the killed run waits for room, the file of another is
 * that of a later run. */
START_TEST(what_was_seen_to_is_not_seen_to_again)
{
	struct rig *r = rig_waiting(2, "");

	campaign_trigger(r->campaign);
	rig_until(r, 0, "retrieving");
	rig_until(r, 1, "retrieving");
	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	fake_fault(&r->devices[1], STEP_SFTP, FAULT_MISSING, 0, 1);
	rig_start(r);
	rig_until(r, 1, "capturing");
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[1].hits[STEP_SFTP], 3);
	ck_assert_int_eq(r->killed.finished, 0);
	rig_close(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[1].hits[STEP_SFTP], 3);
	ck_assert_int_eq(r->killed.finished, 1);
	rig_free(r);
}
END_TEST

/* The same, and the later run has taken over what could not be stopped. */
START_TEST(what_was_handed_over_is_not_seen_to_again)
{
	struct rig *r = rig_waiting(2, "");

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, 1);
	fake_fault(&r->devices[1], STEP_STOP, FAULT_STATUS, 400, 1);
	fake_fault(&r->devices[1], STEP_SFTP, FAULT_MISSING, 0, 1);
	rig_start(r);
	rig_until(r, 1, "capturing");
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 1), "success");
	ck_assert_int_eq(r->killed.finished, 0);
	rig_close(r);
	r->devices[1].on = true; /* somebody's */
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert(r->devices[1].on);
	ck_assert_int_eq(r->killed.finished, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_capture_that_cannot_be_written_leaves_a_row_and_no_file)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	files_end_at(100);
	rig_finish(r, 5 * MINUTE);
	files_end_at(RLIM_INFINITY);
	rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "File too large");
	nothing_is_kept(r);
	rig_all_is_off(r);
	ck_assert_int_eq(r->result->exit_status, 7);
	rig_free(r);
}
END_TEST

START_TEST(a_capture_that_never_reaches_the_disk_leaves_no_file)
{
	struct rig *r = rig_waiting(2, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	fake_sync_fails(EIO);
	rig_until(r, 0, "failed");
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	fake_sync_fails(0);
	for (size_t i = 0; i < 2; i++)
		rig_expect(r, i, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
		    strerror(EIO));
	nothing_is_kept(r);
	rig_all_is_off(r);
	ck_assert_int_eq(r->result->exit_status, 7);
	rig_free(r);
}
END_TEST

START_TEST(without_a_journal_captures_are_still_stopped_and_fetched)
{
	struct rig *r = rig_waiting(2, "");

	files_end_at(400); /* the fake captures fit */
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	files_end_at(RLIM_INFINITY);
	rig_all_is_off(r);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_str_eq(rig_outcome(r, 1), "success");
	ck_assert_ptr_nonnull(strstr(r->result->trouble, "journal.ndjson"));
	ck_assert_int_eq(r->result->exit_status, 7);
	rig_free(r);
}
END_TEST

START_TEST(after_a_journal_that_failed_once_nothing_is_fetched_twice)
{
	struct rig *r = rig_waiting(1, "");

	files_end_at(400);
	rig_lost(r, 0);
	rig_until(r, 0, "closing");
	files_end_at(RLIM_INFINITY);
	rig_finish(r, 5 * MINUTE);
	ck_assert_ptr_nonnull(strstr(r->result->trouble, "journal.ndjson"));
	rig_close(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 0);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_disk",
    after_a_journal_that_failed_once_nothing_is_fetched_twice,
    below_min_free_nothing_is_started,
    below_min_free_captures_are_stopped_and_stay_on_the_device,
    below_min_free_a_killed_runs_captures_are_stopped_and_fetched_later,
    a_killed_runs_file_is_not_overwritten_for_want_of_room,
    nor_is_the_file_of_a_run_that_had_ended, nor_behind_a_stop_that_failed,
    nor_behind_a_recovery_that_failed, nor_what_has_grown_since_it_was_fetched,
    what_was_handed_over_is_not_seen_to_again,
    what_was_seen_to_is_not_seen_to_again,
    a_capture_that_cannot_be_written_leaves_a_row_and_no_file,
    a_capture_that_never_reaches_the_disk_leaves_no_file,
    without_a_journal_captures_are_still_stopped_and_fetched)
