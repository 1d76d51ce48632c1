/* check_turn_time.c - how long turns take, and what of it takes longest. */
#include "loop/turn_time.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "loop/timer.h"
#include "unit.h"

/* Busy, as opposed to asleep. */
static void
spin(int ms)
{
	int64_t end = clock_mono_us() + ms * 1000;

	while (clock_mono_us() < end)
		;
}

static void
doze(int ms)
{
	const struct timespec ts = {.tv_nsec = ms * 1000000L};

	nanosleep(&ts, NULL);
}

/* 4 ms for "a", in two parts, 1 ms for "b". */
static void
turn(struct turn_time *t)
{
	turn_time_begin(t);
	turn_time_doing(t, "a");
	spin(2);
	turn_time_doing(t, "b");
	spin(1);
	turn_time_doing(t, "a");
	spin(2);
	turn_time_end(t);
}

/* Somebody else may have had the processor in between. */
START_TEST(the_longest_turn_is_kept_with_what_took_most_of_it)
{
	struct turn_time t = {0};
	struct loop_turn longest;

	for (int i = 0; i < 50; i++) {
		t = (struct turn_time){0};
		turn(&t);
		ck_assert_int_ge(t.longest.took_us, 5000);
		if (t.longest.took_us < 6000)
			break;
	}
	ck_assert_str_eq(t.longest.what, "a");
	ck_assert_int_le(t.longest.cpu_us, t.longest.took_us + 1000);
	longest = t.longest;
	/* A shorter one does not change it. */
	longest.took_us = t.longest.took_us = 10 * 1000000;
	turn(&t);
	ck_assert_int_eq(t.longest.took_us, longest.took_us);
	ck_assert_ptr_eq(t.longest.what, longest.what);
}
END_TEST

START_TEST(time_asleep_is_not_on_the_processor)
{
	struct turn_time t = {0};

	turn_time_begin(&t);
	turn_time_doing(&t, "a");
	doze(30);
	turn_time_end(&t);
	ck_assert_int_ge(t.longest.took_us, 30000);
	ck_assert_int_lt(t.longest.cpu_us, 15000);
}
END_TEST

START_TEST(nothing_is_counted_between_turns)
{
	struct turn_time t = {0};

	turn_time_doing(&t, "a");
	turn_time_end(&t);
	ck_assert_ptr_null(t.longest.what);
	turn_time_begin(&t);
	spin(1);
	turn_time_end(&t);
	ck_assert_str_eq(t.longest.what, LOOP_OTHER);
	turn_time_end(&t);
	turn_time_doing(&t, "b");
	ck_assert_str_eq(t.longest.what, LOOP_OTHER);
}
END_TEST

/* What took longest in a turn of more words than there is room for. */
static const char *
longest_of_many(void)
{
	static const char words[TURN_KINDS + 4][3] = {"00", "01", "02", "03",
	    "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
	    "15", "16", "17", "18", "19"};
	struct turn_time t = {0};

	turn_time_begin(&t);
	for (size_t i = 0; i < TURN_KINDS + 4; i++) {
		turn_time_doing(&t, words[i]);
		if (i == 3)
			spin(2);
	}
	turn_time_end(&t);
	return t.longest.what;
}

/* Words come from all over: too many are no trouble.  Here, too, somebody else
 * may have had the processor. */
START_TEST(what_there_is_no_room_for_is_left_out)
{
	const char *what = "";

	for (int i = 0; i < 50 && strcmp(what, "03") != 0; i++)
		what = longest_of_many();
	ck_assert_str_eq(what, "03");
}
END_TEST

static void
on_timer(void *arg)
{
	struct loop *lp = arg;

	loop_doing(lp, "a timer");
	spin(20);
	loop_stop(lp);
}

/* What took most of the longest turn of a loop with one timer. */
static const char *
longest_of_a_loop(void)
{
	struct loop *lp = loop_new(unit_log());
	const char *what;
	struct timer t;

	loop_tell_longest_turn(lp);
	ck_assert_str_eq(unit_logged(), "");
	timer_init(&t, lp, on_timer, lp);
	timer_set(&t, 1);
	loop_run(lp);
	loop_run_for(lp, 0);
	loop_tell_longest_turn(lp);
	ck_assert_ptr_nonnull(strstr(unit_logged(), "the longest turn took "));
	ck_assert_int_ge(loop_longest_turn(lp).took_us, 20000);
	what = loop_longest_turn(lp).what;
	loop_free(lp);
	return what;
}

/* Somebody else may have the processor for longer than that. */
START_TEST(a_loop_tells_of_its_turns)
{
	const char *what = "";

	unit_log_keep(LOGGING_INFO);
	for (int i = 0; i < 50 && strcmp(what, "a timer") != 0; i++)
		what = longest_of_a_loop();
	ck_assert_str_eq(what, "a timer");
}
END_TEST

START_TEST(a_part_is_over_after_its_time_and_not_before_it_begins)
{
	struct turn_time t = {0};

	ck_assert(!turn_part_is_over(&t));
	turn_part_begin(&t, false);
	spin(TURN_PART_MS);
	ck_assert(!turn_part_is_over(&t)); /* between turns */
	turn_time_begin(&t);
	turn_part_begin(&t, false);
	spin(TURN_PART_MS);
	ck_assert(turn_part_is_over(&t));
	turn_part_begin(&t, true);
	spin(TURN_PART_HURRY_MS);
	ck_assert(turn_part_is_over(&t));
	turn_part_begin(&t, false);
	t.part_end += 1000000; /* a moment that is still to come */
	ck_assert(!turn_part_is_over(&t));
}
END_TEST

UNIT_MAIN("turn_time", the_longest_turn_is_kept_with_what_took_most_of_it,
    time_asleep_is_not_on_the_processor, nothing_is_counted_between_turns,
    what_there_is_no_room_for_is_left_out, a_loop_tells_of_its_turns,
    a_part_is_over_after_its_time_and_not_before_it_begins)
