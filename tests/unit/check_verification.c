/* check_verification.c - VERIFY traffic is sent once, its outcome remembered.
 */
#include "agent/verification.h"

#include "session/world.h"
#include "unit.h"
#include "wire/agent_message.h"

static int answered; /* the code that was reported last; 0: none */

static void
on_done(void *arg, int code, const struct verify_result *r, const char *why)
{
	(void)r;
	(void)why;
	ck_assert_ptr_eq(arg, &answered);
	answered = code;
}

static struct verification *
begin_world(void)
{
	answered = 0;
	rig_new(false);
	return verification_new(&w.env.probing, DEVICE, on_done, &answered);
}

static void
end_world(struct verification *v)
{
	verification_free(v);
	rig_free();
}

START_TEST(traffic_is_sent_once_at_a_time)
{
	struct verification *v = begin_world();
	ck_assert_int_eq(verification_answer(v), 0);
	verification_begin(v);
	verification_begin(v);
	ck_assert_uint_eq(w.probings, 1);
	ck_assert(verification_under_way(v));
	ck_assert_int_eq(verification_answer(v), AGENT_TRYING);
	probed(true);
	ck_assert_int_eq(answered, AGENT_OK);
	ck_assert(!verification_under_way(v));
	end_world(v);
}
END_TEST

START_TEST(the_answer_is_the_same_for_two_minutes)
{
	struct verification *v = begin_world();
	ck_assert_int_eq(verification_age(v), -1);
	verification_begin(v);
	probed(false);
	ck_assert_int_eq(answered, AGENT_FLOW_FAILED);
	loop_run_for(w.lp, 119000);
	ck_assert_int_eq(verification_answer(v), AGENT_FLOW_FAILED);
	ck_assert_int_eq(verification_age(v), 119000);
	loop_run_for(w.lp, 1000);
	ck_assert_int_eq(verification_answer(v), 0);
	end_world(v);
}
END_TEST

START_TEST(cancelled_it_still_knows_the_last_answer)
{
	struct verification *v = begin_world();
	verification_begin(v);
	probed(true);
	loop_run_for(w.lp, 121000);
	verification_begin(v);
	verification_cancel(v);
	ck_assert_ptr_null(w.probing);
	ck_assert_int_eq(verification_age(v), 121000);
	end_world(v);
}
END_TEST

START_TEST(forgotten_it_knows_nothing)
{
	struct verification *v = begin_world();
	verification_begin(v);
	probed(true);
	verification_forget(v);
	ck_assert_int_eq(verification_answer(v), 0);
	ck_assert_int_eq(verification_age(v), -1);
	verification_begin(v);
	verification_forget(v);
	ck_assert_ptr_null(w.probing);
	end_world(v);
}
END_TEST

START_TEST(what_is_kept_is_restored)
{
	struct verification *v = begin_world();
	verification_begin(v);
	probed(false);
	const struct verify_state was = *verification_kept(v);
	verification_free(v);
	v = verification_new(&w.env.probing, DEVICE, on_done, &answered);
	verification_restore(v, &was);
	ck_assert_int_eq(verification_answer(v), AGENT_FLOW_FAILED);
	end_world(v);
}
END_TEST

UNIT_MAIN("verification", traffic_is_sent_once_at_a_time,
    the_answer_is_the_same_for_two_minutes,
    cancelled_it_still_knows_the_last_answer, forgotten_it_knows_nothing,
    what_is_kept_is_restored)
