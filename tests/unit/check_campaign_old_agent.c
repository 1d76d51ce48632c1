/* check_campaign_old_agent.c - an agent of 1.0.6 that is slow, and what it
 * still has to do when it has answered. */
#include "unit.h"

#include "rig/rig.h"

static struct rig *
old_rig(int n_devices, int64_t register_ms, bool short_words)
{
	struct rig *r = rig_new(n_devices, "");
	struct fake_agent *a = &r->net->agents[0];

	a->old = true;
	a->short_words = short_words;
	a->work[REQUEST_REGISTER] = register_ms;
	rig_start(r);
	return r;
}

static int
done(const struct rig *r, enum agent_request request)
{
	return r->net->agents[0].done[request];
}

START_TEST(a_register_is_repeated_after_4_and_12_and_28_seconds)
{
	struct rig *r = old_rig(1, 50, false);
	char times[1024];

	r->net->drop_prefix = "REGISTER";
	r->net->drop = 3;
	rig_until(r, 0, "capturing");
	ck_assert_str_eq(
	    fake_sent_times(r->net, "REGISTER", times), "0 4000 12000 28000");
	rig_free(r);
}
END_TEST

/* REGISTER takes 13 s, so the ones of 4 s and 12 s are done after it: up to
 * 39 s `200 OK 192.0.2.1` says nothing about a CAPTURE. */
START_TEST(late_answers_without_a_word_are_not_those_to_capture)
{
	struct rig *r = old_rig(1, 13000, true);

	rig_advance(r, 38000);
	ck_assert_int_eq(fake_sent_count(r->net, "CAPTURE"), 0);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 60000);
	ck_assert_int_eq(done(r, REQUEST_REGISTER), 3);
	ck_assert_int_eq(done(r, REQUEST_CAPTURE), 1);
	ck_assert_int_eq(done(r, REQUEST_VERIFY), 1);
	ck_assert_int_eq(done(r, REQUEST_STOP), 1);
	ck_assert_int_eq(r->net->agents[0].aborted, 0);
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 1);
	rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(an_agent_known_to_be_slow_is_not_asked_sooner_again)
{
	struct rig *r = old_rig(10, 13000, false);
	char times[1024];

	for (size_t i = 0; i < 10; i++)
		rig_until(r, i, "capturing");
	/* Two repeats of the first, none of the others. */
	ck_assert_int_eq(done(r, REQUEST_REGISTER), 12);
	ck_assert_str_eq(
	    fake_sent_times(r->net, "REGISTER 192.0.2.2", times), "0");
	ck_assert_int_eq(r->net->agents[0].aborted, 0);
	rig_free(r);
}
END_TEST

/* The first REGISTER was lost, not slow: no late answer comes, and the wait for
 * one is no longer than what the first one took. */
START_TEST(a_lost_register_holds_up_others_for_a_short_time_only)
{
	struct rig *r = old_rig(2, 50, false);

	r->net->drop_prefix = "REGISTER";
	r->net->drop = 1;
	rig_until(r, 0, "capturing");
	rig_until(r, 1, "capturing");
	ck_assert_int_le(rig_now(r), 12000);
	rig_free(r);
}
END_TEST

START_TEST(what_registered_devices_ask_goes_before_a_register)
{
	struct rig *r = old_rig(20, 3000, false);

	rig_until(r, 0, "capturing");
	/* Behind the REGISTER that was under way, not behind all of them. */
	ck_assert_int_le(done(r, REQUEST_REGISTER), 2);
	rig_lost(r, 0);
	rig_advance(r, 3500);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY"), 1);
	ck_assert_int_eq(r->net->agents[0].most, 1);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_old_agent",
    a_register_is_repeated_after_4_and_12_and_28_seconds,
    late_answers_without_a_word_are_not_those_to_capture,
    an_agent_known_to_be_slow_is_not_asked_sooner_again,
    a_lost_register_holds_up_others_for_a_short_time_only,
    what_registered_devices_ask_goes_before_a_register)
