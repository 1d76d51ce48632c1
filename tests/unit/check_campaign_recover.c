/* check_campaign_recover.c - the next run finishes what a killed one left. */
#include "unit.h"

#include <string.h>

#include "rig/rig.h"

#define MINUTE INT64_C(60000)

static void
until(struct rig *r, const char *state)
{
	rig_until(r, 0, "starting");
	if (strcmp(state, "verifying") == 0 || strcmp(state, "stopping") == 0 ||
	    strcmp(state, "retrieving") == 0 || strcmp(state, "closing") == 0) {
		rig_until(r, 0, "capturing");
		rig_lost(r, 0);
	}
	rig_until(r, 0, state);
	if (strcmp(state, "starting") == 0)
		while (r->devices[0].hits[STEP_START] == 0)
			rig_advance(r, 1);
}

/* Killed in this state, the device is cleaned up and takes part again; how many
 * files the killed run has got in the end. */
static void
killed_in(const char *state, bool old, int fetched)
{
	struct rig *r = rig_new(1, "");
	int before;

	r->net->agents[0].old = old;
	rig_start(r);
	until(r, state);
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
	campaign_close(r->campaign);
	rig_kill(r);
	r->ended = false;
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_recover",
    a_device_of_a_killed_run_is_finished_and_takes_part_again,
    a_1_0_6_agent_survives_the_recovery,
    a_run_killed_twice_is_finished_by_the_third,
    a_finished_run_is_not_recovered)
