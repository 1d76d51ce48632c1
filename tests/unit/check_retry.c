/* check_retry.c - what follows on each kind of trouble. */
#include "unit.h"

#include "device/retry.h"

static const struct campaign_conf conf = {
    .campaign = {.rest_attempts = 10},
    .timeouts = {.retry_pause = 1000,
	.unreachable_pause = 30000,
	.unreachable_limit = 7200000},
};

static int64_t
after(struct retry *r, enum fail_kind kind, int64_t now)
{
	struct fail f = {.kind = kind};

	return retry_after(r, &f, &conf, now);
}

START_TEST(pauses_double_to_30_s_with_jitter)
{
	static const enum fail_kind kinds[] = {
	    FAIL_TRANSIENT, FAIL_UNCLEAR, FAIL_SCRIPT};

	for (size_t k = 0; k < 3; k++) {
		struct retry r = {0};
		int64_t pause = 1000;

		for (int i = 1; i < 10; i++) {
			int64_t ms = after(&r, kinds[k], 5000);

			ck_assert_int_ge(ms, pause);
			ck_assert_int_le(ms, pause + pause / 4);
			pause = pause * 2 > 30000 ? 30000 : pause * 2;
		}
		ck_assert_int_eq(after(&r, kinds[k], 5000), RETRY_NEVER);
	}
}
END_TEST

START_TEST(jitter_spreads_devices_that_failed_together)
{
	int64_t least = INT64_MAX, most = 0;

	for (int i = 0; i < 200; i++) {
		struct retry r = {0};
		int64_t ms = after(&r, FAIL_TRANSIENT, 5000);

		least = ms < least ? ms : least;
		most = ms > most ? ms : most;
	}
	ck_assert_int_gt(most - least, 100);
}
END_TEST

START_TEST(unreachable_counts_no_attempt_and_has_its_limit)
{
	struct retry r = {0};
	int64_t now = 5000;

	for (; now < 5000 + 7200000; now += 30000)
		ck_assert_int_eq(after(&r, FAIL_UNREACHABLE, now), 30000);
	ck_assert_int_eq(r.attempts, 0);
	ck_assert_int_eq(after(&r, FAIL_UNREACHABLE, now), RETRY_NEVER);
}
END_TEST

START_TEST(an_answer_ends_being_unreachable)
{
	struct retry r = {0};

	after(&r, FAIL_UNREACHABLE, 5000);
	after(&r, FAIL_TRANSIENT, 7000000);
	ck_assert_int_eq(after(&r, FAIL_UNREACHABLE, 8000000), 30000);
}
END_TEST

START_TEST(the_next_step_has_new_attempts_but_the_same_limit)
{
	struct retry r = {0};

	for (int i = 0; i < 8; i++)
		after(&r, FAIL_TRANSIENT, 5000);
	after(&r, FAIL_UNREACHABLE, 5000);
	retry_next_step(&r);
	ck_assert_int_eq(r.attempts, 0);
	ck_assert_int_eq(after(&r, FAIL_UNREACHABLE, 7205000), RETRY_NEVER);
	retry_reset(&r);
	ck_assert_int_eq(after(&r, FAIL_UNREACHABLE, 7205000), 30000);
}
END_TEST

START_TEST(a_pause_alone_has_no_limit)
{
	struct retry r = {0};
	int64_t pause = 1000;

	for (int i = 1; i < 20; i++) {
		int64_t ms = retry_pause(&r, &conf);

		ck_assert_int_ge(ms, pause);
		ck_assert_int_le(ms, pause + pause / 4);
		pause = pause * 2 > 30000 ? 30000 : pause * 2;
	}
	ck_assert_int_eq(r.attempts, 0);
}
END_TEST

START_TEST(all_else_is_never_tried_again)
{
	static const enum fail_kind kinds[] = {
	    FAIL_NONE, FAIL_AUTH, FAIL_IDENTITY, FAIL_FINAL, FAIL_LOCAL};

	for (size_t k = 0; k < 5; k++) {
		struct retry r = {0};

		ck_assert_int_eq(after(&r, kinds[k], 5000), RETRY_NEVER);
	}
}
END_TEST

START_TEST(a_limit_of_0_gives_up_at_once)
{
	struct campaign_conf c = conf;
	struct fail f = {.kind = FAIL_UNREACHABLE};
	struct retry r = {0};

	c.timeouts.unreachable_limit = 0;
	ck_assert_int_eq(retry_after(&r, &f, &c, 5000), RETRY_NEVER);
}
END_TEST

UNIT_MAIN("retry", pauses_double_to_30_s_with_jitter,
    jitter_spreads_devices_that_failed_together,
    unreachable_counts_no_attempt_and_has_its_limit,
    an_answer_ends_being_unreachable,
    the_next_step_has_new_attempts_but_the_same_limit,
    a_pause_alone_has_no_limit, all_else_is_never_tried_again,
    a_limit_of_0_gives_up_at_once)
