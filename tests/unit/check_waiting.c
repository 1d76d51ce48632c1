/* check_waiting.c - a device waits for its event. */
#include "device/waiting.h"

#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "rig/bench.h"

#define LOST      "Connection Lost"
#define CLEAR     "Connection established"
#define HOLD_DOWN "trigger = { hold_down = \"10s\"; };"
#define MINUTE    INT64_C(60000)

static struct {
	struct bench *b;
	struct waiting waiting;
	enum waited what;
	int alarms; /* sent so far: their Unique ID */
} it;

static void
on_waited(void *arg, enum waited what)
{
	ck_assert_ptr_eq(arg, &it);
	it.what = what;
	if (what == WAITED_EVENT)
		heartbeat_stop(&it.waiting.heartbeat);
	bench_report(it.b);
}

static struct bench *
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	waiting_init(&it.waiting, &it.b->ledger, on_waited, &it);
	return it.b;
}

static enum waited
again(enum device_state state, const char *text)
{
	struct alarm_scene at = {.state = state, .round = bench_round(it.b)};
	struct alarm a = {.name = "Connection Alarm"};

	str_copy(a.text, sizeof(a.text), text);
	a.unique_id[0] = (char)('0' + it.alarms);
	return waiting_alarm(&it.waiting, at, &a);
}

static enum waited
alarm_in(enum device_state state, const char *text)
{
	it.alarms++;
	return again(state, text);
}

/* It reports this, so many ms from now. */
static void
waits(int64_t ms, enum waited what)
{
	bench_goes_on(it.b, ms - 1);
	bench_ends(it.b);
	ck_assert_int_eq(it.what, what);
}

/* --- alarms --- */

START_TEST(without_hold_down_a_loss_is_the_event_at_once)
{
	make("");
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, LOST), WAITED_EVENT);
	ck_assert(!waiting_holds(&it.waiting));
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: Connection Lost: the event begins");
	bench_free(it.b);
}
END_TEST

START_TEST(with_hold_down_it_is_when_that_is_over)
{
	make(HOLD_DOWN);
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, LOST), WAITED_NOTHING);
	ck_assert(waiting_holds(&it.waiting));
	/* Another loss does not begin it anew. */
	bench_goes_on(it.b, 6000);
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, LOST), WAITED_NOTHING);
	waits(4000, WAITED_EVENT);
	ck_assert(!waiting_holds(&it.waiting));
	/* It was when the first came. */
	ck_assert_int_eq(bench_round(it.b)->event_at, STAGE_WALL);
	bench_free(it.b);
}
END_TEST

START_TEST(a_clear_in_time_is_no_event)
{
	make(HOLD_DOWN);
	alarm_in(DEVICE_CAPTURING, LOST);
	bench_goes_on(it.b, 9999);
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, CLEAR), WAITED_CLEARED);
	ck_assert(!waiting_holds(&it.waiting));
	bench_goes_on(it.b, MINUTE);
	/* The next one is held down as long as the first. */
	alarm_in(DEVICE_CAPTURING, LOST);
	waits(10000, WAITED_EVENT);
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: Connection Lost: held down",
	    "alarm 1 Success NORMAL 0: Connection established: cleared in "
	    "time, no event",
	    "alarm 1 Success NORMAL 0: Connection Lost: held down");
	bench_free(it.b);
}
END_TEST

/* --- while the start is not confirmed --- */

static void
make_started(const char *settings)
{
	make(settings);
	ledger_fact(&it.b->ledger, FACT_START);
}

START_TEST(a_loss_behind_the_start_is_held_for_the_confirmation)
{
	make_started("");
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, LOST), WAITED_NOTHING);
	ck_assert(bench_round(it.b)->held);
	ck_assert(!waiting_holds(&it.waiting));
	/* Without hold_down the loss is the event, whatever follows. */
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, CLEAR), WAITED_NOTHING);
	ck_assert(bench_round(it.b)->held);
	bench_free(it.b);
}
END_TEST

START_TEST(it_is_held_down_as_well_from_the_first_on)
{
	make_started(HOLD_DOWN);
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, LOST), WAITED_NOTHING);
	ck_assert(waiting_holds(&it.waiting));
	bench_goes_on(it.b, 6000);
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, LOST), WAITED_NOTHING);
	waits(4000, WAITED_EVENT);
	ck_assert(bench_round(it.b)->held);
	/* Behind it, too. */
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, LOST), WAITED_NOTHING);
	ck_assert(!waiting_holds(&it.waiting));
	bench_free(it.b);
}
END_TEST

START_TEST(it_may_clear_before_the_confirmation)
{
	make_started(HOLD_DOWN);
	alarm_in(DEVICE_STARTING, LOST);
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, CLEAR), WAITED_CLEARED);
	ck_assert(!bench_round(it.b)->held);
	bench_goes_on(it.b, MINUTE);
	alarm_in(DEVICE_STARTING, LOST);
	ck_assert(bench_round(it.b)->held);
	waits(10000, WAITED_EVENT);
	bench_free(it.b);
}
END_TEST

/* --- what else an alarm leaves --- */

START_TEST(alarms_that_mean_nothing_now_have_their_rows)
{
	make("");
	ck_assert_int_eq(alarm_in(DEVICE_REGISTERING, LOST), WAITED_NOTHING);
	ck_assert_int_eq(alarm_in(DEVICE_STARTING, LOST), WAITED_NOTHING);
	ck_assert_int_eq(alarm_in(DEVICE_STOPPING, LOST), WAITED_NOTHING);
	ck_assert_int_eq(alarm_in(DEVICE_DONE, LOST), WAITED_NOTHING);
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, CLEAR), WAITED_NOTHING);
	ck_assert_int_eq(it.b->result->n_rows, 5);
	ck_assert(!bench_round(it.b)->held);
	ck_assert_str_eq(it.b->result->last_event, CLEAR);
	bench_free(it.b);
}
END_TEST

START_TEST(a_repeat_is_no_second_alarm)
{
	make(HOLD_DOWN);
	alarm_in(DEVICE_CAPTURING, LOST);
	bench_goes_on(it.b, 5000);
	ck_assert_int_eq(again(DEVICE_CAPTURING, LOST), WAITED_NOTHING);
	ck_assert_int_eq(it.b->result->n_rows, 1);
	waits(5000, WAITED_EVENT);
	bench_free(it.b);
}
END_TEST

/* --- the times --- */

START_TEST(a_trigger_is_an_event_with_a_row)
{
	make("");
	waiting_trigger(&it.waiting, "by hand");
	ck_assert_int_eq(it.b->ended, 1);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	it.b->ended = 0;
	ROWS_ARE(it.b->result, "alarm 1 Success NORMAL 0: by hand");
	bench_free(it.b);
}
END_TEST

START_TEST(capture_for_ends_in_an_event)
{
	make("campaign = { capture_for = \"1h\"; };");
	waiting_timed(&it.waiting);
	waits(60 * MINUTE, WAITED_EVENT);
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: capture_for is over: the event begins");
	bench_free(it.b);
}
END_TEST

START_TEST(a_check_comes_after_recheck)
{
	make("");
	waiting_check_later(&it.waiting);
	waits(15 * MINUTE, WAITED_CHECK);
	bench_goes_on(it.b, 60 * MINUTE); /* once */
	waiting_check_later(&it.waiting);
	waits(15 * MINUTE, WAITED_CHECK);
	ROWS_ARE(it.b->result, NULL);
	bench_free(it.b);
}
END_TEST

START_TEST(capture_for_and_recheck_may_be_off)
{
	make("campaign = { capture_for = 0; recheck = 0; };");
	waiting_timed(&it.waiting);
	waiting_check_later(&it.waiting);
	bench_goes_on(it.b, 600 * MINUTE);
	bench_free(it.b);
}
END_TEST

START_TEST(an_agent_is_asked_again_in_5_minutes_or_told_in_an_hour)
{
	make("");
	waiting_renew_later(&it.waiting);
	waits(5 * MINUTE, WAITED_RENEW);
	ledger_fact(&it.b->ledger, FACT_AGENT_ON);
	waiting_renew_later(&it.waiting);
	waits(60 * MINUTE, WAITED_RENEW);
	bench_free(it.b);
}
END_TEST

/* --- heartbeats --- */

#define BEATS      "verify = { heartbeat = \"10s\"; };"
#define LOST_BEATS "heartbeat lost, 3 in a row were silent"

/* Two others of the fleet are heard: silence is the device's own. */
static struct pulse_mark others[2];

static struct bench *
make_beating(const char *settings)
{
	char *all =
	    xasprintf(BEATS "trigger = { heartbeat_lost = 3; %s };", settings);

	memset(others, 0, sizeof(others));
	make(all);
	free(all);
	for (size_t i = 0; i < 2; i++)
		pulse_heard(
		    it.b->tools.pulse, &others[i], it.b->result->conf->agent);
	waiting_beats(&it.waiting, &it.b->device->addr);
	return it.b;
}

START_TEST(silent_beats_in_a_row_are_an_event)
{
	make_beating("");
	bench_goes_on(it.b, 25000);
	ck_assert_int_eq(it.b->device->beats, 3);
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 20000); /* two of them */
	waits(6050, WAITED_EVENT);
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: " LOST_BEATS ": the event begins");
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

START_TEST(two_silent_beats_are_none)
{
	make_beating("");
	for (int i = 0; i < 5; i++) {
		it.b->device->beats_silent = true;
		bench_goes_on(it.b, 20000);
		it.b->device->beats_silent = false;
		bench_goes_on(it.b, 10000);
	}
	ROWS_ARE(it.b->result, NULL);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

START_TEST(hold_down_holds_lost_beats_and_one_that_is_heard_ends_it)
{
	make_beating("hold_down = \"1m\";");
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 35000);
	ck_assert(waiting_holds(&it.waiting));
	it.b->device->beats_silent = false;
	bench_goes_on(it.b, 10 * MINUTE);
	ck_assert(!waiting_holds(&it.waiting));
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, MINUTE);
	bench_ends(it.b);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: " LOST_BEATS ": held down",
	    "alarm 1 Success NORMAL 0: heartbeat heard again: no event",
	    "alarm 1 Success NORMAL 0: " LOST_BEATS ": held down");
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

/* The server's files are fetched from some time before it on. */
START_TEST(the_event_of_lost_beats_was_when_they_were_lost)
{
	int64_t lost;

	make_beating("hold_down = \"1h\";");
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 35000);
	it.b->device->beats_silent = false;
	bench_goes_on(it.b, MINUTE);
	ck_assert_int_eq(bench_round(it.b)->event_at, 0);
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 35000);
	ck_assert(waiting_holds(&it.waiting));
	lost = loop_wall(it.b->lp);
	bench_ends(it.b);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	ledger_fact(&it.b->ledger, FACT_EVENT);
	ck_assert_int_gt(bench_round(it.b)->event_at, lost - 35000);
	ck_assert_int_le(bench_round(it.b)->event_at, lost);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

START_TEST(an_alarm_that_comes_meanwhile_takes_the_hold_over)
{
	make_beating("hold_down = \"1m\";");
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 35000);
	ck_assert_int_eq(alarm_in(DEVICE_CAPTURING, LOST), WAITED_NOTHING);
	it.b->device->beats_silent = false;
	bench_goes_on(it.b, 20000);
	ck_assert(waiting_holds(&it.waiting));
	bench_ends(it.b);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

START_TEST(an_alarm_that_is_held_is_not_ended_by_a_beat)
{
	make_beating("hold_down = \"1m\";");
	alarm_in(DEVICE_CAPTURING, LOST);
	bench_goes_on(it.b, 50000);
	ck_assert_int_gt(it.b->device->beats, 3);
	waits(10000, WAITED_EVENT);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

START_TEST(silent_together_with_the_others_is_no_event)
{
	make_beating("");
	it.b->device->beats_silent = true;
	for (size_t i = 0; i < 2; i++)
		pulse_silent(
		    it.b->tools.pulse, &others[i], it.b->result->conf->agent);
	bench_goes_on(it.b, 10 * MINUTE);
	/* They are heard again, and it is not. */
	for (size_t i = 0; i < 2; i++)
		pulse_heard(
		    it.b->tools.pulse, &others[i], it.b->result->conf->agent);
	bench_ends(it.b);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

/* The first half of a fleet that falls silent did not know of the rest. */
START_TEST(silent_together_within_the_hold_is_no_event)
{
	make_beating("hold_down = \"1m\";");
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 35000);
	ck_assert(waiting_holds(&it.waiting));
	for (size_t i = 0; i < 2; i++)
		pulse_silent(
		    it.b->tools.pulse, &others[i], it.b->result->conf->agent);
	bench_goes_on(it.b, 10 * MINUTE);
	ck_assert_int_eq(bench_round(it.b)->event_at, 0);
	ROWS_ARE(it.b->result,
	    "alarm 1 Success NORMAL 0: " LOST_BEATS ": held down",
	    "alarm 1 Success NORMAL 0: others are silent as well: no event");
	for (size_t i = 0; i < 2; i++)
		pulse_heard(
		    it.b->tools.pulse, &others[i], it.b->result->conf->agent);
	bench_ends(it.b);
	ck_assert_int_eq(it.what, WAITED_EVENT);
	waiting_clear(&it.waiting);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin(void)
{
	make(HOLD_DOWN "campaign = { capture_for = \"1h\"; };");
	alarm_in(DEVICE_CAPTURING, LOST);
	waiting_timed(&it.waiting);
	waiting_check_later(&it.waiting);
	waiting_renew_later(&it.waiting);
	return it.b;
}

static void
stop(void)
{
	waiting_stop(&it.waiting);
	ck_assert(!waiting_holds(&it.waiting));
}

START_TEST(nothing_comes_behind_a_stop)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin, stop), 2);
}
END_TEST

UNIT_MAIN("waiting", without_hold_down_a_loss_is_the_event_at_once,
    with_hold_down_it_is_when_that_is_over, a_clear_in_time_is_no_event,
    a_loss_behind_the_start_is_held_for_the_confirmation,
    it_is_held_down_as_well_from_the_first_on,
    it_may_clear_before_the_confirmation,
    alarms_that_mean_nothing_now_have_their_rows, a_repeat_is_no_second_alarm,
    a_trigger_is_an_event_with_a_row, capture_for_ends_in_an_event,
    a_check_comes_after_recheck, capture_for_and_recheck_may_be_off,
    an_agent_is_asked_again_in_5_minutes_or_told_in_an_hour,
    silent_beats_in_a_row_are_an_event, two_silent_beats_are_none,
    hold_down_holds_lost_beats_and_one_that_is_heard_ends_it,
    the_event_of_lost_beats_was_when_they_were_lost,
    an_alarm_that_comes_meanwhile_takes_the_hold_over,
    an_alarm_that_is_held_is_not_ended_by_a_beat,
    silent_together_with_the_others_is_no_event,
    silent_together_within_the_hold_is_no_event, nothing_comes_behind_a_stop)
