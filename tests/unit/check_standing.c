/* check_standing.c - why a device goes on to a further round, or does not. */
#include "device/standing.h"

#include "unit.h"

static struct campaign_conf conf = {.campaign = {.events_per_device = 2}};

static struct standing
well(void)
{
	return (struct standing){.conf = &conf};
}

static struct fail
fail_of(enum fail_kind kind)
{
	struct fail f;

	fail_set(&f, kind, "kind %d", kind);
	return f;
}

static void
fails(struct standing *s, enum fail_kind kind)
{
	struct fail f = fail_of(kind);

	standing_fail(s, &f);
}

/* --- failures --- */

START_TEST(the_first_failure_is_the_devices)
{
	struct standing s = well();

	ck_assert(standing_is_well(&s));
	fails(&s, FAIL_TRANSIENT);
	ck_assert(!standing_is_well(&s));
	fails(&s, FAIL_LOCAL);
	fails(&s, FAIL_UNREACHABLE);
	ck_assert_int_eq(s.failure.kind, FAIL_TRANSIENT);
}
END_TEST

START_TEST(a_refusal_goes_before_any_other)
{
	static const enum fail_kind refusals[] = {FAIL_AUTH, FAIL_IDENTITY};

	for (int i = 0; i < 2; i++) {
		struct standing s = well();

		fails(&s, FAIL_UNREACHABLE);
		fails(&s, refusals[i]);
		fails(&s, FAIL_LOCAL);
		ck_assert_int_eq(s.failure.kind, refusals[i]);
	}
}
END_TEST

START_TEST(no_time_left_is_a_failure_of_who_was_well)
{
	struct standing s = well();

	standing_abandon(&s, "no time is left", "stopping");
	ck_assert_int_eq(s.failure.kind, FAIL_FINAL);
	ck_assert_str_eq(s.failure.text, "no time is left, while stopping");

	s = well();
	fails(&s, FAIL_UNREACHABLE);
	standing_abandon(&s, "no time is left", "stopping");
	ck_assert_int_eq(s.failure.kind, FAIL_UNREACHABLE);
}
END_TEST

START_TEST(who_was_interrupted_has_not_failed_by_that)
{
	struct standing s = well();

	s.interrupted = true;
	standing_abandon(&s, "no time is left", "stopping");
	ck_assert(standing_is_well(&s));
	/* But what --recover was to do is not done. */
	s.recover_only = true;
	standing_abandon(&s, "no time is left", "stopping");
	ck_assert_int_eq(s.failure.kind, FAIL_FINAL);
}
END_TEST

/* --- its file --- */

static const struct wish {
	const char *about;
	struct round round;
	enum fail_kind failure;
	bool interrupted, earlier, keep_quiet;
	bool wanted;
} wishes[] = {
    {"there is none", {.triggered = true}, .wanted = false},
    {"it is home", {.was_on = true, .home = true, .triggered = true},
	.wanted = false},
    {"of an event", {.was_on = true, .triggered = true}, .wanted = true},
    {"of a quiet round", {.was_on = true}, .wanted = false},
    {"of a quiet round that is kept", {.was_on = true}, .keep_quiet = true,
	.wanted = true},
    {"of one that vanished", {.was_on = true, .vanished = true},
	.wanted = true},
    {"of one that was interrupted", {.was_on = true}, .interrupted = true,
	.wanted = true},
    {"of an earlier run", {.was_on = true}, .earlier = true, .wanted = true},
    {"of one that failed", {.was_on = true}, .failure = FAIL_TRANSIENT,
	.wanted = true},
    {"of one that refused us", {.was_on = true, .triggered = true},
	.failure = FAIL_AUTH, .earlier = true, .wanted = false},
    {"of one that is another", {.was_on = true, .triggered = true},
	.failure = FAIL_IDENTITY, .wanted = false},
};
#define WISHES (sizeof(wishes) / sizeof(wishes[0]))

START_TEST(whether_its_file_is_wanted_follows_from_all_of_it)
{
	const struct wish *w = &wishes[_i];
	struct campaign_conf own = conf;
	struct standing s = {.conf = &own, .interrupted = w->interrupted};

	own.campaign.keep_quiet_captures = w->keep_quiet;
	s.failure.kind = w->failure;
	ck_assert_msg(
	    standing_wants_file(&s, &w->round, w->earlier) == w->wanted, "%s",
	    w->about);
}
END_TEST

/* --- the next round --- */

START_TEST(rounds_follow_until_events_per_device)
{
	struct standing s = well();
	struct round r = {.event = 1};

	ck_assert_int_eq(standing_next_event(&s, &r), 2);
	r.event = 2;
	ck_assert_int_eq(standing_next_event(&s, &r), 0);
}
END_TEST

START_TEST(one_that_vanished_was_no_event)
{
	struct standing s = well();
	struct round r = {.event = 2, .vanished = true};

	ck_assert_int_eq(standing_next_event(&s, &r), 2);
}
END_TEST

START_TEST(no_round_follows_a_failure_an_interruption_or_the_window)
{
	struct round r = {.event = 1};
	struct standing s = well();

	fails(&s, FAIL_TRANSIENT);
	ck_assert_int_eq(standing_next_event(&s, &r), 0);
	s = well();
	s.interrupted = true;
	ck_assert_int_eq(standing_next_event(&s, &r), 0);
	s = well();
	s.window_over = true;
	ck_assert_int_eq(standing_next_event(&s, &r), 0);
	r.vanished = true;
	ck_assert_int_eq(standing_next_event(&s, &r), 0);
}
END_TEST

/* --- behind an earlier run --- */

START_TEST(what_failed_in_an_earlier_run_is_forgiven_unless_it_lasts)
{
	struct standing s = well();

	fails(&s, FAIL_UNREACHABLE);
	standing_forgive(&s, true);
	ck_assert_int_eq(s.failure.kind, FAIL_UNREACHABLE);
	standing_forgive(&s, false);
	ck_assert(standing_is_well(&s));
	ck_assert_int_eq(s.unrecovered.kind, FAIL_NONE);
}
END_TEST

START_TEST(recover_goes_on_and_remembers_the_first_failure)
{
	struct standing s = well();

	s.recover_only = true;
	fails(&s, FAIL_UNREACHABLE);
	standing_forgive(&s, false);
	ck_assert(!standing_ends(&s, true));
	ck_assert(standing_is_well(&s));
	fails(&s, FAIL_TRANSIENT);
	standing_forgive(&s, false);
	ck_assert(standing_ends(&s, false));
	ck_assert_int_eq(s.failure.kind, FAIL_UNREACHABLE);
}
END_TEST

START_TEST(recover_ends_with_the_last_of_them)
{
	struct standing s = well();

	s.recover_only = true;
	ck_assert(!standing_ends(&s, true));
	/* It is the device's own end, and no failure. */
	ck_assert(!standing_ends(&s, false));
	ck_assert(standing_is_well(&s));
}
END_TEST

static const struct ending_case {
	enum fail_kind failure;
	bool interrupted, window_over, more;
	bool ends;
} cases[] = {
    {FAIL_NONE, false, false, false, false},
    {FAIL_NONE, false, false, true, false},
    {FAIL_NONE, false, true, false, true},
    {FAIL_NONE, false, true, true, false}, /* that is no waiting */
    {FAIL_NONE, true, false, false, true},
    {FAIL_NONE, true, false, true, true},
    {FAIL_AUTH, false, false, false, true},
    {FAIL_LOCAL, false, false, true, true},
};

START_TEST(whether_this_run_ends_behind_it_follows_from_all_of_it)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ending_case *c = &cases[i];
		struct standing s = well();

		s.failure.kind = c->failure;
		s.interrupted = c->interrupted;
		s.window_over = c->window_over;
		ck_assert_msg(
		    standing_ends(&s, c->more) == c->ends, "case %zu", i);
	}
}
END_TEST

UNIT_TABLE("standing", whether_its_file_is_wanted_follows_from_all_of_it,
    WISHES, the_first_failure_is_the_devices, a_refusal_goes_before_any_other,
    no_time_left_is_a_failure_of_who_was_well,
    who_was_interrupted_has_not_failed_by_that,
    rounds_follow_until_events_per_device, one_that_vanished_was_no_event,
    no_round_follows_a_failure_an_interruption_or_the_window,
    what_failed_in_an_earlier_run_is_forgiven_unless_it_lasts,
    recover_goes_on_and_remembers_the_first_failure,
    recover_ends_with_the_last_of_them,
    whether_this_run_ends_behind_it_follows_from_all_of_it)
