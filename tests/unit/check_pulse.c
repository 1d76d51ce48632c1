/* check_pulse.c - the heartbeats of all devices together. */
#include "device/pulse.h"

#include <string.h>

#include "unit.h"

#define PERIOD 10000
#define WALL   INT64_C(1790000000000)
#define MANY   1000

static struct agent_entry agents[2] = {
    {.address = (char *)"198.51.100.1"}, {.address = (char *)"198.51.100.2"}};
static struct loop *lp;
static struct pulse *pulse;
static struct pulse_mark marks[MANY];

static void
make(void)
{
	lp = unit_loop_virtual(WALL);
	pulse = pulse_new(lp, PERIOD);
	memset(marks, 0, sizeof(marks));
}

static void
done(void)
{
	pulse_free(pulse);
	unit_loop_free(lp);
}

static void
heard(size_t from, size_t to, size_t agent)
{
	for (size_t i = from; i < to; i++)
		pulse_heard(pulse, &marks[i], &agents[agent]);
}

static bool
silent(size_t i, size_t agent)
{
	return pulse_silent(pulse, &marks[i], &agents[agent]);
}

START_TEST(first_beats_are_spread_evenly_over_the_period)
{
	int in[100] = {0};
	int64_t now;

	make();
	now = loop_now(lp);
	for (int i = 0; i < MANY; i++) {
		int64_t at = pulse_first(pulse) - now;

		ck_assert_int_gt(at, 0);
		ck_assert_int_le(at, PERIOD + 50);
		in[(at - 1) / 101]++;
	}
	for (int i = 0; i < 99; i++) {
		ck_assert_int_ge(in[i], 5);
		ck_assert_int_le(in[i], 15);
	}
	done();
}
END_TEST

START_TEST(the_next_is_a_period_later_and_never_in_the_past)
{
	int64_t due;

	make();
	due = pulse_first(pulse);
	ck_assert_int_eq(pulse_next(pulse, due), due + PERIOD);
	/* The process was stopped for a while. */
	loop_run_for(lp, 3 * PERIOD + 7000);
	ck_assert_int_gt(pulse_next(pulse, due), loop_now(lp));
	ck_assert_int_le(pulse_next(pulse, due), loop_now(lp) + PERIOD);
	ck_assert_int_eq((pulse_next(pulse, due) - due) % PERIOD, 0);
	done();
}
END_TEST

START_TEST(one_of_three_that_is_silent_is_silent_by_itself)
{
	make();
	heard(0, 2, 0);
	ck_assert(silent(2, 0));
	ck_assert_int_eq(pulse_together(pulse).first, 0);
	done();
}
END_TEST

START_TEST(half_are_silent_by_themselves_and_more_are_not)
{
	make();
	heard(0, 3, 0);
	heard(3, 6, 1);
	ck_assert(silent(0, 0));
	ck_assert(silent(1, 0));
	ck_assert(silent(3, 1));
	ck_assert(!silent(4, 1));
	ck_assert_int_eq(pulse_together(pulse).devices, 4);
	ck_assert_int_eq(pulse_together(pulse).of, 6);
	ck_assert_int_eq(pulse_together(pulse).first, WALL);
	/* One is heard: half again. */
	pulse_heard(pulse, &marks[0], &agents[0]);
	ck_assert(silent(1, 0));
	done();
}
END_TEST

START_TEST(all_of_an_agent_with_three_are_silent_together)
{
	make();
	heard(0, 10, 0);
	heard(10, 13, 1);
	ck_assert(silent(10, 1));
	ck_assert(silent(11, 1));
	ck_assert(!silent(12, 1));
	ck_assert_int_eq(pulse_together(pulse).devices, 3);
	ck_assert_int_eq(pulse_together(pulse).of, 3);
	done();
}
END_TEST

START_TEST(both_of_an_agent_with_two_may_well_be_lost)
{
	make();
	heard(0, 10, 0);
	heard(10, 12, 1);
	ck_assert(silent(10, 1));
	ck_assert(silent(11, 1));
	done();
}
END_TEST

START_TEST(one_device_alone_is_never_sure)
{
	unit_log_keep(LOGGING_WARNING);
	make();
	heard(0, 1, 0);
	ck_assert(!silent(0, 0));
	/* ... and it is not said to be this host's network either. */
	ck_assert_int_eq(pulse_together(pulse).first, 0);
	ck_assert_str_eq(unit_logged(), "");
	done();
}
END_TEST

START_TEST(who_waits_no_more_does_not_count)
{
	make();
	heard(0, 2, 0);
	ck_assert(silent(2, 0));
	ck_assert(!silent(1, 0));
	pulse_leave(pulse, &marks[1]);
	ck_assert(silent(2, 0));
	pulse_leave(pulse, &marks[2]);
	pulse_leave(pulse, &marks[2]);
	heard(1, 2, 0);
	ck_assert(silent(1, 0));
	done();
}
END_TEST

UNIT_MAIN("pulse", first_beats_are_spread_evenly_over_the_period,
    the_next_is_a_period_later_and_never_in_the_past,
    one_of_three_that_is_silent_is_silent_by_itself,
    half_are_silent_by_themselves_and_more_are_not,
    all_of_an_agent_with_three_are_silent_together,
    both_of_an_agent_with_two_may_well_be_lost, one_device_alone_is_never_sure,
    who_waits_no_more_does_not_count)
