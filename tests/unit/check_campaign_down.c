/* check_campaign_down.c - a device that is really down, and what comes back. */
#include "unit.h"

#include <string.h>

#include "rig/fake_resolve.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define TRIES  40 /* of 30 s: longer than any pause, shorter than the limit */

/* Two devices wait; the first loses its connection and is down for REST. */
static struct rig *
rig_down(int tries)
{
	struct rig *r = rig_waiting(2, "");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, tries);
	rig_lost(r, 0);
	rig_until(r, 0, "stopping");
	return r;
}

/* The other one has its event meanwhile, and does not notice. */
static void
neighbour_is_well(struct rig *r)
{
	rig_lost(r, 1);
	rig_advance(r, MINUTE);
	ck_assert_str_eq(rig_state(r, 1), "done");
	ck_assert_str_eq(rig_outcome(r, 1), "success");
}

static void
agent_is_told(const struct rig *r)
{
	const struct agent_device *d;

	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 2);
	STAILQ_FOREACH (d, &r->net->agents[0].devices, next)
		ck_assert(!d->capturing);
}

START_TEST(it_comes_back_and_ends_well)
{
	struct rig *r = rig_down(TRIES);

	neighbour_is_well(r);
	rig_finish(r, HOUR);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_ge(r->ended_at, 30000 * TRIES);
	ck_assert_int_eq(rig_count(r, 0, TASK_STOP), 2);
	ck_assert_int_eq(rig_row(r, 0, TASK_STOP, 1)->attempt, TRIES);
	ck_assert_int_eq(rig_row(r, 0, TASK_STOP, 2)->attempt, TRIES + 1);
	agent_is_told(r);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

/* Its name has two addresses, and nobody is at the first (a dead device's). */
START_TEST(the_next_address_of_a_name_is_tried_at_once)
{
	struct rig *r =
	    rig_new(1, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	ck_assert_str_eq(r->devices[1].text, "r1.example");
	fake_name("r1.example", "192.0.2.1", "203.0.113.1", 0);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_until(r, 1, "capturing");
	ck_assert_int_lt(rig_now(r), 5000);
	ck_assert_int_eq(rig_count(r, 1, TASK_SHOW), 2);
	rig_expect(r, 1, TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MINOR, "");
	rig_lost(r, 1);
	rig_until(r, 1, "done");
	ck_assert_str_eq(rig_outcome(r, 1), "success");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	rig_free(r);
}
END_TEST

START_TEST(the_next_address_is_tried_by_sftp_too)
{
	struct rig *r =
	    rig_new(1, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	fake_name("r1.example", "192.0.2.1", "203.0.113.1", 0);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	fake_fault(&r->devices[0], STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_until(r, 1, "capturing");
	rig_lost(r, 1);
	rig_until(r, 1, "retrieving");
	rig_kill(r);
	rig_start(r);
	rig_advance(r, 5000);
	ck_assert_str_eq(rig_state(r, 1), "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	ck_assert_int_ge(r->devices[1].hits[STEP_SFTP], 1);
	rig_free(r);
}
END_TEST

START_TEST(it_comes_back_without_its_capture)
{
	struct rig *r = rig_down(TRIES);

	fake_reboot(&r->devices[0]);
	neighbour_is_well(r);
	rig_finish(r, HOUR);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "not active");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "no such");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	agent_is_told(r);
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(it_comes_back_with_another_certificate)
{
	struct rig *r = rig_down(TRIES);

	fake_fault(&r->devices[0], STEP_STOP, FAULT_IDENTITY, 0, -1);
	neighbour_is_well(r);
	rig_finish(r, HOUR);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], TRIES + 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_ptr_nonnull(
	    strstr(r->result->devices[0].description, "certificate"));
	agent_is_told(r);
	rig_free(r);
}
END_TEST

START_TEST(it_comes_back_with_another_host_key)
{
	struct rig *r = rig_down(TRIES);

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_IDENTITY, 0, -1);
	neighbour_is_well(r);
	rig_finish(r, HOUR);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "host key");
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	agent_is_told(r);
	rig_free(r);
}
END_TEST

START_TEST(it_answers_rest_and_never_ssh)
{
	struct rig *r = rig_waiting(2, "");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
	rig_lost(r, 0);
	neighbour_is_well(r);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_finish(r, 3 * HOUR);
	ck_assert_int_ge(r->ended_at, 2 * HOUR);
	ck_assert_int_lt(r->ended_at, 2 * HOUR + 5 * MINUTE);
	ck_assert_int_gt(rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_FAILURE,
			     SEVERITY_MAJOR, "session")
			     ->attempt,
	    200);
	ck_assert_int_eq(rig_count(r, 0, TASK_RETRIEVE), 1);
	ck_assert_int_ne(r->result->devices[0].severity, SEVERITY_CRITICAL);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	agent_is_told(r);
	rig_free(r);
}
END_TEST

/* Its capture goes on, but what it has so far comes home. */
START_TEST(it_answers_ssh_and_never_rest)
{
	struct rig *r = rig_down(-1);

	fake_fill(&r->devices[0], 2, RIG_WALL);
	neighbour_is_well(r);
	rig_finish(r, 3 * HOUR);
	rig_expect(
	    r, 0, TASK_STOP, -1, TASK_FAILURE, SEVERITY_MAJOR, "refused");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "2 packets");
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	agent_is_told(r);
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(it_goes_down_between_start_and_show)
{
	struct rig *r = rig_new(2, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_START, FAULT_CUT_DONE, 0, 1);
	rig_start(r);
	rig_until_hit(r, 0, STEP_START);
	fake_fault(d, STEP_SHOW, FAULT_UNREACHABLE, 0, TRIES);
	rig_until(r, 1, "capturing");
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(d->hits[STEP_START], 1);
	ck_assert_int_eq(
	    rig_row(r, 0, TASK_VERIFY_STARTED, 1)->attempt, 1 + TRIES);
	ck_assert_int_eq(rig_count(r, 0, TASK_VERIFY_STARTED), 2);
	rig_free(r);
}
END_TEST

START_TEST(each_time_it_is_down_has_its_own_limit)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	/* 90 minutes, an answer, and 90 more: the limit is two hours. */
	fake_fault(d, STEP_STOP, FAULT_UNREACHABLE, 0, 180);
	fake_fault(d, STEP_SFTP, FAULT_UNREACHABLE, 0, 180);
	rig_lost(r, 0);
	rig_finish(r, 4 * HOUR);
	ck_assert_int_ge(r->ended_at, 3 * HOUR);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(it_restarts_while_it_waits_and_is_armed_again)
{
	struct rig *r = rig_waiting(2, "campaign = { recheck = 60; };");
	struct fake_device *d = &r->devices[0];

	fake_reboot(d);
	fake_fault(d, STEP_SHOW, FAULT_UNREACHABLE, 0, 5);
	neighbour_is_well(r);
	rig_until(r, 0, "starting");
	rig_until(r, 0, "capturing");
	rig_expect(r, 0, TASK_SHOW, 2, TASK_FAILURE, SEVERITY_MINOR, "refused");
	rig_expect(r, 0, TASK_SHOW, 3, TASK_FAILURE, SEVERITY_MAJOR, "vanish");
	rig_advance(r, HOUR);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_down", it_comes_back_and_ends_well,
    the_next_address_of_a_name_is_tried_at_once,
    the_next_address_is_tried_by_sftp_too, it_comes_back_without_its_capture,
    it_comes_back_with_another_certificate, it_comes_back_with_another_host_key,
    it_answers_rest_and_never_ssh, it_answers_ssh_and_never_rest,
    it_goes_down_between_start_and_show, each_time_it_is_down_has_its_own_limit,
    it_restarts_while_it_waits_and_is_armed_again)
