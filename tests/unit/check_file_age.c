/* check_file_age.c - is a file of this capture, or an old one? */
#include "unit.h"

#include "device/file_age.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define NOW    INT64_C(1795406400000)

/* Captured for an hour until NOW; the packets of ten minutes, `ahead` of it. */
static struct file_age
stamped(int64_t ahead)
{
	return (struct file_age){
	    .from = NOW - HOUR,
	    .until = NOW,
	    .first = NOW - 10 * MINUTE + ahead,
	    .last = NOW + ahead,
	};
}

START_TEST(packets_of_the_capture_are_right)
{
	struct file_age a = stamped(0);

	ck_assert(file_age_is_right(&a));
	a = stamped(14 * MINUTE);
	ck_assert(file_age_is_right(&a));
}
END_TEST

START_TEST(local_time_is_right_whatever_the_zone)
{
	static const int64_t zones[] = {
	    14 * HOUR, 5 * HOUR + 45 * MINUTE, -HOUR, -12 * HOUR};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct file_age a = stamped(zones[i]);

		ck_assert(file_age_is_right(&a));
	}
}
END_TEST

START_TEST(an_old_file_is_not)
{
	struct file_age a = stamped(-2 * DAY);

	ck_assert(!file_age_is_right(&a));
	ck_assert_int_eq(file_age_difference(&a), 2 * DAY - HOUR);
	a = stamped(2 * DAY);
	ck_assert(!file_age_is_right(&a));
	ck_assert_int_eq(file_age_difference(&a), 2 * DAY - 10 * MINUTE);
}
END_TEST

START_TEST(a_clock_that_is_known_to_be_wrong_explains_it)
{
	struct file_age a = stamped(-16 * 365 * DAY);

	ck_assert(!file_age_is_right(&a));
	a.clock_known = true;
	a.clock = -16 * 365 * DAY + 2 * MINUTE;
	ck_assert(file_age_is_right(&a));
	a.clock = -15 * 365 * DAY;
	ck_assert(!file_age_is_right(&a));
}
END_TEST

START_TEST(without_the_captures_times_nothing_is_said)
{
	struct file_age a = stamped(-2 * DAY);

	a.from = 0;
	ck_assert(file_age_is_right(&a));
}
END_TEST

UNIT_MAIN("file_age", packets_of_the_capture_are_right,
    local_time_is_right_whatever_the_zone, an_old_file_is_not,
    a_clock_that_is_known_to_be_wrong_explains_it,
    without_the_captures_times_nothing_is_said)
