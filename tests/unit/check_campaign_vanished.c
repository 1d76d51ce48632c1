/* check_campaign_vanished.c - a capture is found off, and something else
 * happens while the device is asked since when.
 */
#include "unit.h"

#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)

/* The capture is found off, and the device is being asked since when. */
static struct rig *
asked_since_when(void)
{
	struct rig *r = rig_waiting(1, "campaign = { window = \"2h\"; };");
	struct fake_device *d = &r->devices[0];

	d->status = "{\"systemUpTime\":5}";
	fake_fill(d, 2, RIG_WALL);
	d->on = false;
	d->unfetched = true;
	while (d->status_hits == 0)
		rig_advance(r, 1);
	ck_assert(d->busy);
	ck_assert_int_eq(rig_count(r, 0, TASK_SHOW), 1);
	return r;
}

/* What comes meanwhile takes nothing away. */
static void
vanished_and_was_fetched(const struct rig *r)
{
	rig_expect(r, 0, TASK_SHOW, 2, TASK_FAILURE, SEVERITY_MAJOR,
	    "capture vanished (");
	rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "2 packets");
	ck_assert_int_ge(r->result->devices[0].coverage.off, 7 * MINUTE);
}

START_TEST(an_alarm_finds_a_vanished_capture_vanished)
{
	struct rig *r = asked_since_when();

	rig_lost(r, 0);
	ck_assert_str_eq(rig_state(r, 0), "stopping");
	rig_until(r, 0, "capturing");
	vanished_and_was_fetched(r);
	rig_expect(r, 0, TASK_ALARM, 1, TASK_SUCCESS, SEVERITY_MINOR,
	    "Connection Lost: no event, for the capture had vanished");
	rig_advance(r, 10 * MINUTE);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->devices[0].events, 1);
	ck_assert_int_eq(r->result->devices[0].triggers, 1);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	rig_free(r);
}
END_TEST

START_TEST(so_does_an_event_of_another_kind)
{
	struct rig *r = asked_since_when();

	campaign_trigger(r->campaign);
	rig_until(r, 0, "capturing");
	vanished_and_was_fetched(r);
	ck_assert_int_eq(r->result->devices[0].triggers, 0);
	ck_assert_int_eq(rig_count(r, 0, TASK_ALARM), 0);
	rig_free(r);
}
END_TEST

START_TEST(an_interruption_finds_a_vanished_capture_vanished)
{
	struct rig *r = asked_since_when();

	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	vanished_and_was_fetched(r);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_free(r);
}
END_TEST

START_TEST(the_windows_end_finds_a_vanished_capture_vanished)
{
	struct rig *r =
	    rig_waiting(1, "campaign = { window = \"1h\"; recheck = "
			   "\"3599s\"; };");
	struct fake_device *d = &r->devices[0];

	fake_fill(d, 2, RIG_WALL);
	d->on = false;
	d->unfetched = true;
	d->status = "{\"systemUpTime\":5}";
	d->status_hangs = true;
	rig_finish(r, HOUR + 5 * MINUTE);
	ck_assert_int_eq(d->status_hits, 1);
	vanished_and_was_fetched(r);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	ck_assert_str_eq(rig_outcome(r, 0), "partial");
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_vanished", an_alarm_finds_a_vanished_capture_vanished,
    so_does_an_event_of_another_kind,
    an_interruption_finds_a_vanished_capture_vanished,
    the_windows_end_finds_a_vanished_capture_vanished)
