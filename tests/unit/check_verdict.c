/* check_verdict.c - how sure it is that packets were lost. */
#include "unit.h"

#include "compare/verdict.h"

static enum grade
grade(uint32_t sent, uint32_t lost, uint32_t run, uint32_t misses,
    uint32_t sample)
{
	struct verdict_case c = {.sent = sent,
	    .lost = lost,
	    .run = run,
	    .witnessed = lost,
	    .silences = lost,
	    .asks = true};
	struct blindness b = {.misses = misses, .sample = sample};

	b.share = sample > 0 ? (double)misses / sample : 0;
	b.upper = sample > 0 ? (misses + 3.0) / sample : 1;
	return verdict_grade(&c, &b);
}

START_TEST(the_tail_is_that_of_poisson)
{
	ck_assert(verdict_tail(1, 0) == 1);
	ck_assert(verdict_tail(5, 5) == 1);
	ck_assert(verdict_tail(0, 1) == 0);
	/* Exactly: 0.01366 and 3.6e-5, both told a little too high. */
	ck_assert_double_eq_tol(verdict_tail(3, 8), 0.0119, 0.003);
	ck_assert(verdict_tail(5, 17) > 5e-6);
	ck_assert(verdict_tail(5, 17) < 5e-5);
	ck_assert(verdict_tail(1, 1000000) >= 0);
}
END_TEST

START_TEST(many_are_certain)
{
	ck_assert_int_eq(grade(120, 40, 40, 0, 300), GRADE_CERTAIN);
	ck_assert_int_eq(grade(120, 40, 40, 3, 300), GRADE_CERTAIN);
	ck_assert_int_eq(grade(300, 15, 1, 0, 1000), GRADE_CERTAIN);
}
END_TEST

START_TEST(one_is_likely_at_most)
{
	ck_assert_int_eq(grade(300, 1, 1, 0, 300), GRADE_LIKELY);
	ck_assert_int_eq(grade(300, 1, 1, 0, 1000000), GRADE_LIKELY);
}
END_TEST

START_TEST(as_many_as_the_capture_misses_are_unknown)
{
	ck_assert_int_eq(grade(300, 15, 1, 15, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 1, 1, 1, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 30, 1, 15, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 35, 1, 15, 300), GRADE_LIKELY);
}
END_TEST

START_TEST(nothing_is_certain_of_a_capture_that_is_not_known)
{
	ck_assert_int_eq(grade(20, 20, 20, 0, 0), GRADE_LIKELY);
	ck_assert_int_eq(grade(4, 4, 4, 0, 0), GRADE_UNKNOWN);
}
END_TEST

START_TEST(a_capture_that_showed_nothing_else_may_have_slept)
{
	struct verdict_case c = {
	    .sent = 120, .lost = 10, .run = 10, .silences = 1, .asks = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	c.asks = false;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	c.silences = 2;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	c.silences = 3;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_CERTAIN);
}
END_TEST

/* A second between two packets is no sleep. */
START_TEST(two_in_a_brief_silence_are_likely_lost)
{
	struct verdict_case c = {
	    .sent = 170, .lost = 2, .run = 2, .silences = 1, .brief = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	b.misses = 1;
	b.share = 0.001;
	b.upper = 0.004;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

START_TEST(at_least_is_less_where_a_capture_misses_packets)
{
	struct verdict_case c = {.sent = 1000,
	    .lost = 100,
	    .run = 1,
	    .witnessed = 100,
	    .silences = 100,
	    .asks = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_at_least(&c, &b), 100);
	b.share = 0.02;
	b.upper = 0.03;
	ck_assert_int_lt(verdict_at_least(&c, &b), 70);
	ck_assert_int_gt(verdict_at_least(&c, &b), 40);
	b.upper = 0.3;
	ck_assert_int_eq(verdict_at_least(&c, &b), 1);
}
END_TEST

/* A packet in three pieces is missed three times as often, and a run of them is
 * less of a wonder. */
START_TEST(a_run_of_packets_in_pieces_may_be_missed)
{
	struct blindness b = {
	    .misses = 40, .sample = 1000, .share = 0.04, .upper = 0.054};
	struct verdict_case c = {.sent = 1800,
	    .lost = 80,
	    .run = 6,
	    .witnessed = 80,
	    .silences = 80};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_CERTAIN);
	c.sent = 5400;
	c.pieces = 3600;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

UNIT_MAIN("verdict", a_run_of_packets_in_pieces_may_be_missed,
    the_tail_is_that_of_poisson, many_are_certain, one_is_likely_at_most,
    as_many_as_the_capture_misses_are_unknown,
    nothing_is_certain_of_a_capture_that_is_not_known,
    a_capture_that_showed_nothing_else_may_have_slept,
    two_in_a_brief_silence_are_likely_lost,
    at_least_is_less_where_a_capture_misses_packets)
