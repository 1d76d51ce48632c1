/* check_campaign_trouble.c - what follows on each kind of trouble. */
#include "unit.h"

#include <string.h>

#include "rig/rig.h"

#define HOURS INT64_C(3600000)

/* Pauses between the requests of a kind: each in [at_least, at_least * 5/4 +
 * slack]. */
static void
pauses_are(const struct fake_device *d, enum fake_step step, int n,
    const int64_t *at_least, int64_t slack)
{
	for (int i = 1; i < n; i++) {
		int64_t gap = d->at[step][i] - d->at[step][i - 1];

		ck_assert_int_ge(gap, at_least[i - 1]);
		ck_assert_int_le(gap, at_least[i - 1] * 5 / 4 + slack);
	}
}

/* --- no session --- */

START_TEST(unreachable_is_tried_every_pause_and_counts_no_attempt)
{
	struct rig *r = rig_new(1, "campaign = { rest_attempts = 2; };");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SHOW, FAULT_UNREACHABLE, 0, 40);
	rig_start(r);
	rig_advance(r, 40 * 30000);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(d->hits[STEP_SHOW], 42);
	for (int i = 1; i < 41; i++)
		ck_assert_int_eq(
		    (d->at[STEP_SHOW][i] - d->at[STEP_SHOW][i - 1]) / 100, 300);
	rig_expect(r, 0, TASK_SHOW, 40, TASK_FAILURE, SEVERITY_MINOR,
	    "connection refused");
	ck_assert_int_eq(rig_row(r, 0, TASK_SHOW, 41)->attempt, 41);
	rig_free(r);
}
END_TEST

START_TEST(unreachable_is_given_up_after_its_limit)
{
	struct rig *r = rig_new(2, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_advance(r, 2 * HOURS - 1);
	ck_assert_str_ne(rig_state(r, 0), "failed");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "failed");
	rig_expect(r, 0, TASK_SHOW, -1, TASK_FAILURE, SEVERITY_MAJOR, "refuse");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 0);
	ck_assert_str_eq(rig_state(r, 1), "capturing");
	rig_lost(r, 1);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(unreachable_while_stopping_keeps_the_agent_capturing)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_UNREACHABLE, 0, 100);
	rig_lost(r, 0);
	rig_advance(r, 3000000);
	ck_assert_str_eq(rig_state(r, 0), "stopping");
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 0);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(never_reached_again_fails_and_says_capture_may_be_on)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	fake_fault(d, STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 2 * HOURS + 120000);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(d->hits[STEP_SFTP], 1);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	ck_assert_int_eq(r->result->exit_status, 4);
	rig_free(r);
}
END_TEST

START_TEST(unreachable_ssh_is_no_attempt_either)
{
	struct rig *r = rig_waiting(1, "campaign = { rest_attempts = 2; };");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SFTP, FAULT_UNREACHABLE, 0, 20);
	rig_lost(r, 0);
	rig_finish(r, HOURS);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(d->hits[STEP_SFTP], 21);
	rig_free(r);
}
END_TEST

/* --- an answer that may be better next time --- */

static void
retried_in_show(enum fault fault, int n)
{
	static const int64_t pauses[] = {
	    1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000};
	struct rig *r = rig_new(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SHOW, fault, n, -1);
	rig_start(r);
	rig_finish(r, HOURS);
	ck_assert_int_eq(d->hits[STEP_SHOW], 10);
	pauses_are(d, STEP_SHOW, 10, pauses, 100);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_expect(r, 0, TASK_SHOW, 9, TASK_FAILURE, SEVERITY_MINOR, "");
	rig_expect(r, 0, TASK_SHOW, 10, TASK_FAILURE, SEVERITY_MAJOR, "");
	ck_assert_int_eq(rig_row(r, 0, TASK_SHOW, 10)->attempt, 10);
	ck_assert_int_eq(r->result->exit_status, 4);
	rig_free(r);
}

START_TEST(http_409_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_STATUS, 409);
}
END_TEST

START_TEST(http_429_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_STATUS, 429);
}
END_TEST

START_TEST(http_503_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_STATUS, 503);
}
END_TEST

START_TEST(bad_json_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_GARBLED, 0);
}
END_TEST

START_TEST(a_cut_connection_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_CUT, 0);
}
END_TEST

START_TEST(a_failed_show_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_SAYS_FAILURE, 0);
}
END_TEST

START_TEST(a_show_that_says_nothing_is_tried_rest_attempts_times)
{
	retried_in_show(FAULT_BLANK, 0);
}
END_TEST

START_TEST(a_row_tells_the_http_status)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 503, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(rig_row(r, 0, TASK_SHOW, 1)->code, 503);
	ck_assert_ptr_nonnull(
	    strstr(rig_row(r, 0, TASK_SHOW, 1)->description, "HTTP 503"));
	rig_free(r);
}
END_TEST

START_TEST(attempts_are_counted_anew_in_each_step)
{
	struct rig *r = rig_new(1, "campaign = { rest_attempts = 4; };");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SHOW, FAULT_STATUS, 409, 3);
	fake_fault(d, STEP_START, FAULT_STATUS, 409, 3);
	fake_fault(d, STEP_STOP, FAULT_STATUS, 409, 3);
	fake_fault(d, STEP_SFTP, FAULT_CUT, 10, 3);
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, HOURS);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

/* --- refused --- */

static void
refused_at_once(int status, const char *has)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, status, -1);
	rig_start(r);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	rig_expect(r, 0, TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR, has);
	ck_assert_int_eq(r->result->devices[0].severity, SEVERITY_MAJOR);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}

START_TEST(http_401_is_final)
{
	refused_at_once(401, "refused");
}
END_TEST

START_TEST(http_403_is_final)
{
	refused_at_once(403, "refused");
}
END_TEST

START_TEST(http_405_is_final)
{
	refused_at_once(405, "refused");
}
END_TEST

START_TEST(http_400_is_final)
{
	refused_at_once(400, "does not accept");
}
END_TEST

START_TEST(http_302_is_final)
{
	refused_at_once(302, "HTTP 302");
}
END_TEST

START_TEST(http_404_is_final)
{
	refused_at_once(404, "HTTP 404");
}
END_TEST

START_TEST(a_refused_login_at_stop_is_critical_and_ends_sftp_too)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_STATUS, 401, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	rig_expect(
	    r, 0, TASK_STOP, 1, TASK_FAILURE, SEVERITY_CRITICAL, "HTTP 401");
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	ck_assert_int_eq(r->result->devices[0].severity, SEVERITY_CRITICAL);
	rig_free(r);
}
END_TEST

START_TEST(a_refused_login_at_recheck_is_critical)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 401, -1);
	rig_finish(r, HOURS);
	rig_expect(
	    r, 0, TASK_SHOW, -1, TASK_FAILURE, SEVERITY_CRITICAL, "HTTP 401");
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 0);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(a_rejected_ssh_login_is_final_for_rest_too)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { events_per_device = 2; };");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_AUTH, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "login refused");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(a_changed_host_key_is_final_with_its_own_message)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_IDENTITY, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "host key");
	rig_free(r);
}
END_TEST

START_TEST(a_changed_certificate_is_final_with_its_own_message)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_IDENTITY, 0, -1);
	rig_start(r);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], 1);
	rig_expect(
	    r, 0, TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR, "certificate");
	rig_free(r);
}
END_TEST

/* --- unclear: show decides --- */

static void
started_once_though(enum fault fault, int n)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_START, fault, n, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	rig_free(r);
}

START_TEST(a_start_that_was_done_is_not_sent_again)
{
	started_once_though(FAULT_CUT_DONE, 0);
	started_once_though(FAULT_STATUS_DONE, 500);
	started_once_though(FAULT_GARBLED, 0);
	started_once_though(FAULT_SAYS_FAILURE_DONE, 0);
}
END_TEST

static void
started_twice_after(enum fault fault, int n)
{
	struct rig *r = rig_new(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_START, fault, n, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(d->hits[STEP_START], 2);
	/* First show, the one that decides, the confirmation. */
	ck_assert_int_eq(d->hits[STEP_SHOW], 3);
	rig_free(r);
}

START_TEST(a_start_that_was_not_done_is_sent_again)
{
	started_twice_after(FAULT_CUT, 0);
	started_twice_after(FAULT_STATUS, 500);
	started_twice_after(FAULT_SAYS_FAILURE, 0);
}
END_TEST

START_TEST(a_stop_of_unclear_outcome_is_settled_by_show)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_CUT_DONE, 0, 1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(d->hits[STEP_STOP], 1);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_stop_that_says_failure_is_settled_by_show)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_SAYS_FAILURE_DONE, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(d->hits[STEP_STOP], 1);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_stop_without_effect_is_sent_again)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_NOT_DONE, 0, 2);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(d->hits[STEP_STOP], 3);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_start_without_effect_is_shown_until_given_up_and_stopped)
{
	struct rig *r = rig_new(1, "campaign = { rest_attempts = 3; };");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_START, FAULT_NOT_DONE, 0, -1);
	rig_start(r);
	rig_finish(r, 60000);
	ck_assert_int_eq(d->hits[STEP_START], 1);
	ck_assert_int_eq(rig_count(r, 0, TASK_VERIFY_STARTED), 3);
	ck_assert_int_eq(d->hits[STEP_STOP], 1);
	ck_assert_int_eq(d->hits[STEP_SFTP], 0);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

START_TEST(a_failed_stop_does_not_lose_the_capture)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fill(d, 2, RIG_WALL);
	fake_fault(d, STEP_STOP, FAULT_STATUS, 400, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(d->hits[STEP_SFTP], 1);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "2 packets");
	ck_assert_str_ne(rig_outcome(r, 0), "success");
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	rig_free(r);
}
END_TEST

START_TEST(dots_for_line_ends_and_no_status_are_understood)
{
	struct rig *r = rig_new(1, "");

	r->devices[0].dots = true;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

/* --- SFTP after the login --- */

START_TEST(a_broken_transfer_goes_on_where_it_broke_with_one_read)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SFTP, FAULT_CUT, 100, 1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_uint_eq(d->offset, 100);
	ck_assert(d->narrow);
	rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MINOR, "cut");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_NORMAL, "3 packets");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_stalled_transfer_is_tried_rest_attempts_times_and_the_part_kept)
{
	struct rig *r = rig_waiting(1, "campaign = { rest_attempts = 3; };");
	struct fake_device *d = &r->devices[0];
	const struct row *row;

	fake_fault(d, STEP_SFTP, FAULT_HANG, 100, -1);
	rig_lost(r, 0);
	rig_finish(r, HOURS);
	ck_assert_int_eq(d->hits[STEP_SFTP], 3);
	row = rig_expect(
	    r, 0, TASK_RETRIEVE, 3, TASK_FAILURE, SEVERITY_MAJOR, "stalled");
	ck_assert_ptr_nonnull(row->file);
	ck_assert_uint_eq(row->bytes, 100);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

START_TEST(no_such_file_is_final_and_the_agent_is_told)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_MISSING, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(a_record_cut_twice_is_kept_and_minor)
{
	struct rig *r = rig_waiting(1, "");
	const struct row *row;

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_ENDS_EARLY, 130, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 2);
	ck_assert_uint_eq(r->devices[0].offset, 0);
	row = rig_expect(r, 0, TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_MINOR,
	    "cut on the device");
	ck_assert_uint_eq(row->bytes, 130);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_record_cut_once_is_fetched_whole)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_ENDS_EARLY, 130, 1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_NORMAL, "3 packets");
	rig_free(r);
}
END_TEST

START_TEST(a_cut_record_is_kept_though_there_is_no_second_try)
{
	struct rig *r = rig_waiting(1, "campaign = { rest_attempts = 1; };");
	const struct row *row;

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_ENDS_EARLY, 130, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	row = rig_row(r, 0, TASK_RETRIEVE, 1);
	ck_assert_ptr_nonnull(row->file);
	ck_assert_uint_eq(row->bytes, 130);
	ck_assert_int_eq(rig_file_size(r, row->file), 130);
	rig_free(r);
}
END_TEST

START_TEST(a_smaller_file_than_announced_is_a_note)
{
	struct rig *r = rig_waiting(1, "");

	r->devices[0].more = 4096;
	rig_lost(r, 0);
	rig_finish(r, 60000);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "announced");
	rig_free(r);
}
END_TEST

START_TEST(something_else_than_a_capture_is_kept_and_fails)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	memset(r->devices[0].file, 'x', 64);
	rig_finish(r, 60000);
	rig_expect(r, 0, TASK_RETRIEVE, 2, TASK_FAILURE, SEVERITY_MAJOR,
	    "not a capture");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

START_TEST(trouble_on_this_host_is_exit_7)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_NO_SPACE, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->result->exit_status, 7);
	ck_assert_ptr_nonnull(r->result->trouble);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

/* --- names --- */

START_TEST(a_name_that_is_not_there_is_final)
{
	struct rig *r =
	    rig_new(0, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	rig_start(r);
	rig_finish(r, 60000);
	rig_expect(
	    r, 0, TASK_RESOLVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "no such");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

/* --- another capture --- */

START_TEST(a_capture_that_is_not_ours_is_not_touched)
{
	struct rig *r = rig_new(1, "");

	r->devices[0].on = true;
	rig_start(r);
	rig_finish(r, 60000);
	rig_expect(r, 0, TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "another capture is running");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 0);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 0);
	ck_assert(r->devices[0].on);
	rig_free(r);
}
END_TEST

START_TEST(take_over_takes_a_running_capture)
{
	struct rig *r = rig_new(1, "campaign = { take_over = true; };");

	r->devices[0].on = true;
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_trouble",
    unreachable_is_tried_every_pause_and_counts_no_attempt,
    unreachable_is_given_up_after_its_limit,
    unreachable_while_stopping_keeps_the_agent_capturing,
    never_reached_again_fails_and_says_capture_may_be_on,
    unreachable_ssh_is_no_attempt_either, http_409_is_tried_rest_attempts_times,
    http_429_is_tried_rest_attempts_times,
    http_503_is_tried_rest_attempts_times,
    bad_json_is_tried_rest_attempts_times,
    a_cut_connection_is_tried_rest_attempts_times,
    a_failed_show_is_tried_rest_attempts_times,
    a_show_that_says_nothing_is_tried_rest_attempts_times,
    a_row_tells_the_http_status, attempts_are_counted_anew_in_each_step,
    http_401_is_final, http_403_is_final, http_405_is_final, http_400_is_final,
    http_302_is_final, http_404_is_final,
    a_refused_login_at_stop_is_critical_and_ends_sftp_too,
    a_refused_login_at_recheck_is_critical,
    a_rejected_ssh_login_is_final_for_rest_too,
    a_changed_host_key_is_final_with_its_own_message,
    a_changed_certificate_is_final_with_its_own_message,
    a_start_that_was_done_is_not_sent_again,
    a_start_that_was_not_done_is_sent_again,
    a_stop_of_unclear_outcome_is_settled_by_show,
    a_stop_that_says_failure_is_settled_by_show,
    a_stop_without_effect_is_sent_again,
    a_start_without_effect_is_shown_until_given_up_and_stopped,
    a_failed_stop_does_not_lose_the_capture,
    dots_for_line_ends_and_no_status_are_understood,
    a_broken_transfer_goes_on_where_it_broke_with_one_read,
    a_stalled_transfer_is_tried_rest_attempts_times_and_the_part_kept,
    no_such_file_is_final_and_the_agent_is_told,
    a_record_cut_twice_is_kept_and_minor, a_record_cut_once_is_fetched_whole,
    a_cut_record_is_kept_though_there_is_no_second_try,
    a_smaller_file_than_announced_is_a_note,
    something_else_than_a_capture_is_kept_and_fails,
    trouble_on_this_host_is_exit_7, a_name_that_is_not_there_is_final,
    a_capture_that_is_not_ours_is_not_touched,
    take_over_takes_a_running_capture)
