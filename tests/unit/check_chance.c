/* check_chance.c - what chance does: how many of so many, and how often. */
#include "unit.h"

#include "compare/chance.h"

START_TEST(the_tail_is_that_of_poisson)
{
	ck_assert(chance_tail(1, 0) == 1);
	ck_assert(chance_tail(5, 5) == 1);
	ck_assert(chance_tail(0, 1) == 0);
	/* Exactly: 0.01366 and 3.6e-5, both told a little too high. */
	ck_assert_double_eq_tol(chance_tail(3, 8), 0.0119, 0.003);
	ck_assert(chance_tail(5, 17) > 5e-6);
	ck_assert(chance_tail(5, 17) < 5e-5);
	ck_assert(chance_tail(1, 1000000) >= 0);
}
END_TEST

START_TEST(a_share_may_be_larger_than_what_was_counted)
{
	ck_assert(chance_most(0, 0) == 1);
	ck_assert_double_eq_tol(chance_most(0, 300), 0.01, 1e-9);
	ck_assert_double_eq_tol(chance_most(25, 1000), 0.036, 1e-9);
	ck_assert(chance_most(0, 2) == 1);
	ck_assert(chance_most(10, 10) == 1);
}
END_TEST

UNIT_MAIN("chance", the_tail_is_that_of_poisson,
    a_share_may_be_larger_than_what_was_counted)
