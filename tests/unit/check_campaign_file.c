/* check_campaign_file.c - is the file that comes home that of the event? */
#include "unit.h"

#include <string.h>

#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define DAY    INT64_C(86400000)

static void
two_events(struct rig *r)
{
	for (int i = 0; i < 2; i++) {
		rig_until(r, 0, "capturing");
		rig_advance(r, 2 * MINUTE);
		rig_lost(r, 0);
		rig_until(r, 0, "verifying");
	}
	rig_finish(r, 10 * MINUTE);
}

START_TEST(the_same_file_again_is_no_event_captured)
{
	struct rig *r = rig_new(1, "campaign = { events_per_device = 2; };");

	fake_fill(&r->devices[0], 3, RIG_WALL);
	r->devices[0].same_file = true;
	rig_start(r);
	two_events(r);
	rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_expect(r, 0, TASK_RETRIEVE, 2, TASK_FAILURE, SEVERITY_MAJOR,
	    "byte for byte the file of event 1");
	ck_assert_int_eq(r->result->devices[0].events, 1);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_file_that_is_older_than_its_capture_is_minor)
{
	struct rig *r = rig_new(1, "");

	fake_fill(&r->devices[0], 3, RIG_WALL - 3 * DAY);
	r->devices[0].same_file = true;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	rig_expect(r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "older than this capture, or the device's clock is wrong by 71h 59m");
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(a_clock_that_the_device_shows_in_its_answers_is_taken_into_account)
{
	struct rig *r = rig_new(1, "");

	r->devices[0].clock = -5800 * DAY;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 10 * MINUTE);
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "3 packets");
	ck_assert(r->result->devices[0].clock_known);
	ck_assert_int_eq(r->result->devices[0].clock, -5800 * DAY);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_file", the_same_file_again_is_no_event_captured,
    a_file_that_is_older_than_its_capture_is_minor,
    a_clock_that_the_device_shows_in_its_answers_is_taken_into_account)
