/* check_coverage.c - the time that a capture was on and off. */
#include "unit.h"

#include "books/coverage.h"

static void
is(const struct coverage *c, int64_t on, int64_t off)
{
	ck_assert_int_eq(c->on, on);
	ck_assert_int_eq(c->off, off);
}

START_TEST(what_is_seen_on_twice_was_on_between)
{
	struct coverage c = {0};

	coverage_seen(&c, 1000, true);
	is(&c, 0, 0);
	coverage_seen(&c, 5000, true);
	is(&c, 4000, 0);
	coverage_end(&c, 6000);
	is(&c, 5000, 0);
	ck_assert(!coverage_is_poor(&c));
}
END_TEST

START_TEST(it_went_off_in_the_middle_and_stays_off_until_it_is_seen_on)
{
	struct coverage c = {0};

	coverage_seen(&c, 1000, true);
	coverage_seen(&c, 5000, false);
	is(&c, 2000, 2000);
	coverage_seen(&c, 8000, true);
	is(&c, 2000, 5000);
	coverage_seen(&c, 9000, false);
	coverage_end(&c, 20000);
	is(&c, 2500, 16500);
	ck_assert(coverage_is_poor(&c));
}
END_TEST

START_TEST(time_in_which_it_could_not_be_asked_counts_neither_way)
{
	struct coverage c = {0};

	coverage_seen(&c, 1000, true);
	coverage_blind(&c);
	coverage_seen(&c, 5000, true);
	is(&c, 0, 0);
	coverage_seen(&c, 6000, true);
	is(&c, 1000, 0);
	coverage_blind(&c);
	coverage_seen(&c, 9000, false);
	coverage_end(&c, 9500);
	is(&c, 1000, 500);
}
END_TEST

START_TEST(when_it_went_off_may_be_told)
{
	struct coverage c = {0};

	coverage_went_off(&c, 500, 400); /* it was never on */
	is(&c, 0, 0);
	coverage_seen(&c, 1000, true);
	coverage_went_off(&c, 5000, 4500);
	is(&c, 3500, 500);
	coverage_seen(&c, 5000, false);
	is(&c, 3500, 500);
	coverage_went_off(&c, 6000, 5500); /* it is off already */
	coverage_seen(&c, 7000, true);
	is(&c, 3500, 2500);
	coverage_went_off(&c, 8000, 6999); /* it was seen on behind that */
	coverage_seen(&c, 8000, false);
	is(&c, 4000, 3000);
}
END_TEST

/* It was on until then, asked or not. */
START_TEST(what_is_told_counts_where_it_could_not_be_asked)
{
	struct coverage c = {0};

	coverage_seen(&c, 1000, true);
	coverage_blind(&c);
	coverage_went_off(&c, 5000, 4000);
	is(&c, 3000, 1000);
	coverage_seen(&c, 6000, true);
	is(&c, 3000, 2000);
}
END_TEST

START_TEST(between_two_waits_nothing_counts)
{
	struct coverage c = {0};

	coverage_end(&c, 500);
	coverage_seen(&c, 1000, true);
	coverage_end(&c, 2000);
	coverage_seen(&c, 60000, true);
	coverage_end(&c, 61000);
	is(&c, 2000, 0);
}
END_TEST

START_TEST(more_than_a_tenth_is_poor)
{
	struct coverage c = {.on = 900, .off = 100};

	ck_assert(!coverage_is_poor(&c));
	c.off = 110;
	ck_assert(coverage_is_poor(&c));
	c = (struct coverage){0};
	ck_assert(!coverage_is_poor(&c));
}
END_TEST

UNIT_MAIN("coverage", what_is_seen_on_twice_was_on_between,
    it_went_off_in_the_middle_and_stays_off_until_it_is_seen_on,
    time_in_which_it_could_not_be_asked_counts_neither_way,
    when_it_went_off_may_be_told,
    what_is_told_counts_where_it_could_not_be_asked,
    between_two_waits_nothing_counts, more_than_a_tenth_is_poor)
