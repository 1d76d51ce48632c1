/* check_campaign_old_agent.c - an agent of 1.0.6 that is slow, that loses
 * datagrams, that is restarted: nothing is sent that ends it (the fake agent
 * watches that), and nobody waits for it longer than must be. */
#include "unit.h"

#include <string.h>

#include "rig/rig.h"

#define AGENT  "198.51.100.1"
#define MINUTE INT64_C(60000)

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

/* Its devices wait. */
static struct rig *
old_waiting(int n_devices, const char *settings)
{
	struct rig *r = rig_new(n_devices, settings);

	r->net->agents[0].old = true;
	rig_start(r);
	for (int i = 0; i < n_devices; i++)
		rig_until(r, (size_t)i, "capturing");
	return r;
}

static struct fake_agent *
agent(const struct rig *r)
{
	return &r->net->agents[0];
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

/* --- what is lost on the way --- */

START_TEST(a_request_that_was_lost_is_sent_once_more_behind_a_register)
{
	struct rig *r = old_waiting(1, "");
	char times[1024];

	r->net->drop_prefix = "VERIFY";
	r->net->drop = 1;
	rig_lost(r, 0);
	rig_finish(r, 2 * MINUTE);
	ck_assert_str_eq(fake_sent_times(r->net, "VERIFY", times), "0 20052");
	ck_assert_int_eq(done(r, REQUEST_REGISTER), 2);
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 1);
	rig_free(r);
}
END_TEST

START_TEST(a_second_loss_ends_that_request_only)
{
	struct rig *r = old_waiting(2, "");

	r->net->drop_prefix = "VERIFY 192.0.2.1";
	r->net->drop = 2;
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_finish(r, 3 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY 192.0.2.1"), 2);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "lost on the way");
	rig_expect(
	    r, 1, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_free(r);
}
END_TEST

START_TEST(a_final_answer_that_was_lost_is_not_waited_for)
{
	struct rig *r = old_waiting(2, "");

	r->net->drop_prefix = "200 OK 192.0.2.1 VERIFY";
	r->net->drop = 1;
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_until(r, 0, "stopping");
	ck_assert_int_le(rig_now(r), 35000);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "lost on the way");
	rig_finish(r, 3 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY 192.0.2.1"), 1);
	rig_expect(
	    r, 1, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_free(r);
}
END_TEST

START_TEST(a_stop_is_sent_once)
{
	struct rig *r =
	    old_waiting(1, "campaign = { events_per_device = 2; };");

	r->net->drop_prefix = "200 OK 192.0.2.1 STOP";
	r->net->drop = 1;
	rig_lost(r, 0);
	rig_advance(r, MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 1);
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_FAILURE, SEVERITY_MINOR, "lost");
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 2 * MINUTE);
	rig_expect(r, 0, TASK_OVOC_STOP, 2, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_free(r);
}
END_TEST

START_TEST(a_capture_without_answer_gets_no_stop)
{
	struct rig *r = old_rig(1, 50, false);

	r->net->drop_prefix = "CAPTURE";
	r->net->drop = 2;
	rig_until(r, 0, "capturing");
	rig_expect(
	    r, 0, TASK_OVOC_CAPTURE, 1, TASK_FAILURE, SEVERITY_MINOR, "lost");
	rig_lost(r, 0);
	rig_finish(r, 2 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 0);
	rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SKIPPED, SEVERITY_MINOR,
	    "STOP was not sent: this agent of version 1.0.6");
	ck_assert_str_eq(rig_outcome(r, 0), "one-sided");
	rig_free(r);
}
END_TEST

/* --- an agent that is restarted --- */

START_TEST(behind_a_minute_of_silence_a_register_goes_first)
{
	struct rig *r = old_waiting(1, "");

	rig_advance(r, MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 1);
	rig_lost(r, 0);
	rig_advance(r, 1);
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 2);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY"), 0);
	/* Our own probes do not wait for it. */
	ck_assert_int_gt(r->devices[0].probes_at, 0);
	rig_finish(r, MINUTE);
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_free(r);
}
END_TEST

START_TEST(a_refused_register_that_goes_first_costs_the_request)
{
	struct rig *r = old_waiting(1, "");

	rig_advance(r, MINUTE);
	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "VERIFY was not sent: the agent answered 503");
	rig_free(r);
}
END_TEST

/* Another device is registered first, so the restart shows itself by a 404. */
START_TEST(a_restart_in_the_silence_is_found_out)
{
	struct rig *r =
	    old_waiting(2, "campaign = { events_per_device = 2; };");

	rig_advance(r, 2 * MINUTE);
	fake_agent_restart(agent(r));
	rig_lost(r, 0);
	rig_until(r, 0, "starting");
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR, "404");
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 2, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_SKIPPED, SEVERITY_MINOR, "not sent");
	rig_until(r, 0, "capturing");
	rig_lost(r, 1);
	rig_lost(r, 0);
	rig_until(r, 1, "starting");
	rig_expect(
	    r, 1, TASK_OVOC_STOP, 1, TASK_SKIPPED, SEVERITY_MINOR, "not sent");
	ck_assert_int_eq(done(r, REQUEST_STOP), 1);
	rig_free(r);
}
END_TEST

static void
lose_next(struct rig *r)
{
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_advance(r, 30000);
}

/* Alone, it cannot be told from the process that captured: its STOP is the
 * last that this one gets. */
START_TEST(behind_a_503_to_stop_nothing_is_captured_or_stopped)
{
	struct rig *r =
	    old_waiting(1, "campaign = { events_per_device = 3; };");

	rig_advance(r, 2 * MINUTE);
	fake_agent_restart(agent(r));
	lose_next(r);
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_FAILURE, SEVERITY_MINOR, "503");
	lose_next(r);
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 2, TASK_SKIPPED, SEVERITY_MINOR,
	    "CAPTURE was not sent: this agent of version 1.0.6 did not");
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 2, TASK_SKIPPED, SEVERITY_MINOR, "restart");
	/* Neither what was not kept nor what was not sent is of two ends. */
	ck_assert_int_eq(r->result->devices[0].one_sided, 2);
	/* In another run neither. */
	rig_close(r);
	rig_start(r);
	lose_next(r);
	rig_expect(
	    r, 0, TASK_OVOC_CAPTURE, 1, TASK_SKIPPED, SEVERITY_MINOR, "");
	ck_assert_int_eq(done(r, REQUEST_CAPTURE), 1);
	ck_assert_int_eq(done(r, REQUEST_STOP), 1);
	rig_free(r);
}
END_TEST

START_TEST(a_new_process_of_an_agent_forgives)
{
	struct rig *r =
	    old_waiting(2, "campaign = { events_per_device = 3; };");

	fake_agent_rule(agent(r), REQUEST_STOP, 503, 1);
	lose_next(r);
	rig_until(r, 0, "capturing");
	rig_expect(
	    r, 0, TASK_OVOC_CAPTURE, 2, TASK_SKIPPED, SEVERITY_MINOR, "");
	rig_advance(r, 2 * MINUTE);
	fake_agent_restart(agent(r));
	rig_lost(r, 1);
	rig_advance(r, 30000);
	lose_next(r);
	rig_until(r, 0, "capturing");
	rig_expect(
	    r, 0, TASK_OVOC_CAPTURE, 3, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_free(r);
}
END_TEST

START_TEST(a_recovery_stops_what_was_confirmed_only)
{
	struct rig *r = old_rig(1, 50, false);

	r->net->drop_prefix = "CAPTURE";
	r->net->drop = 2;
	rig_until(r, 0, "capturing");
	rig_kill(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 0);
	rig_kill(r);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(done(r, REQUEST_STOP), 1);
	/* Restarted while nobody looks. */
	rig_kill(r);
	fake_agent_restart(agent(r));
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(done(r, REQUEST_STOP), 2);
	rig_expect(
	    r, 0, TASK_OVOC_CAPTURE, 1, TASK_SKIPPED, SEVERITY_MINOR, "");
	rig_free(r);
}
END_TEST

/* --- an agent that is dead --- */

START_TEST(one_time_out_answers_for_all_devices)
{
	struct rig *r = old_waiting(5, "");
	int64_t began = rig_now(r);

	agent(r)->silent = true;
	for (size_t i = 0; i < 5; i++)
		rig_lost(r, i);
	for (size_t i = 0; i < 5; i++)
		rig_until(r, i, "done");
	ck_assert_int_le(rig_now(r) - began, 62000);
	for (size_t i = 0; i < 5; i++)
		rig_expect(r, i, TASK_OVOC_VERIFY, 1, TASK_FAILURE,
		    SEVERITY_MINOR, "version 1.0.6: is it running?");
	rig_free(r);
}
END_TEST

/* The same where it dies at work. */
START_TEST(one_time_out_behind_trying_answers_for_all_devices)
{
	struct rig *r = old_waiting(5, "");
	int64_t began = rig_now(r);

	for (size_t i = 0; i < 5; i++)
		rig_lost(r, i);
	rig_advance(r, 5000);
	fake_agent_forget(agent(r));
	agent(r)->silent = true;
	for (size_t i = 0; i < 5; i++)
		rig_until(r, i, "done");
	ck_assert_int_le(rig_now(r) - began, 62000);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "unconfirmed");
	rig_free(r);
}
END_TEST

START_TEST(a_register_each_half_minute_finds_out_that_it_is_back)
{
	struct rig *r = old_waiting(2, "");
	int before;

	agent(r)->silent = true;
	rig_lost(r, 0);
	rig_until(r, 0, "done");
	before = fake_sent_count(r->net, "REGISTER");
	rig_advance(r, 5 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER") - before, 5);
	fake_agent_restart(agent(r));
	rig_advance(r, MINUTE);
	before = fake_sent_count(r->net, "REGISTER");
	rig_advance(r, 5 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), before);
	rig_lost(r, 1);
	rig_finish(r, MINUTE);
	rig_expect(
	    r, 1, TASK_OVOC_VERIFY, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_expect(
	    r, 1, TASK_OVOC_STOP, 1, TASK_SKIPPED, SEVERITY_MINOR, "not sent");
	ck_assert_str_eq(rig_outcome(r, 1), "one-sided");
	rig_free(r);
}
END_TEST

/* --- whose turn it is --- */

START_TEST(a_stop_goes_before_the_verifies_that_wait)
{
	struct rig *r = old_waiting(3, "");
	int64_t at = rig_now(r), stopped;

	for (size_t i = 0; i < 3; i++)
		rig_lost(r, i);
	rig_finish(r, MINUTE);
	stopped = fake_sent_at(r->net, "STOP 192.0.2.1") - at;
	/* Behind VERIFY, 1.2 s for its last second's packets. */
	ck_assert_int_ge(stopped, 11200);
	ck_assert_int_le(stopped, 11300);
	ck_assert_int_gt(
	    fake_sent_at(r->net, "VERIFY 192.0.2.2") - at, stopped);
	ck_assert_int_eq(agent(r)->most, 1);
	for (size_t i = 0; i < 3; i++)
		rig_expect(r, i, TASK_OVOC_STOP, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "200 OK");
	rig_free(r);
}
END_TEST

/* --- whom to believe --- */

static bool
is_taken_for_ours(struct rig *r, const char *text)
{
	fake_arrive(AGENT, text, strlen(text));
	return !rig_agent(r)->earlier_version;
}

START_TEST(a_forged_trying_makes_no_agent_one_of_ours)
{
	struct rig *r = old_waiting(1, "");

	ck_assert(!is_taken_for_ours(r, "100 Trying 192.0.2.9 REGISTER"));
	r->net->from_port = 4711;
	ck_assert(!is_taken_for_ours(r, "100 Trying 192.0.2.1 REGISTER"));
	ck_assert_uint_eq(r->result->refused, 1);
	r->net->from_port = 0;
	ck_assert(!is_taken_for_ours(r, "100 Trying 192.0.2.1"));
	rig_advance(r, 11000);
	ck_assert(!is_taken_for_ours(r, "100 Trying 192.0.2.1 REGISTER"));
	rig_free(r);
	/* Within 10 s it may be late. */
	r = old_waiting(1, "");
	ck_assert(is_taken_for_ours(r, "100 Trying 192.0.2.1 REGISTER"));
	rig_free(r);
}
END_TEST

START_TEST(an_answer_from_another_port_is_none)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 1; };");

	r->net->from_port = 4711;
	rig_start(r);
	rig_finish(r, 2 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_uint_gt(r->result->refused, 0);
	rig_free(r);
}
END_TEST

/* --- words --- */

START_TEST(a_430_says_may_and_names_keys_where_nothing_else_is_known)
{
	struct rig *r = old_waiting(1, "");

	fake_agent_rule(agent(r), REQUEST_VERIFY, 430, 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "may have failed for their keys");
	rig_free(r);
	r = old_waiting(1, "snmp = { auth_password = \"Capture01!\"; "
			   "priv_password = \"Capture01!\"; };");
	fake_agent_rule(agent(r), REQUEST_VERIFY, 430, 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_ptr_null(
	    strstr(rig_row(r, 0, TASK_OVOC_VERIFY, 1)->description, "keys"));
	rig_free(r);
}
END_TEST

START_TEST(advice_for_ours_is_not_given_to_others)
{
	struct rig *r = old_waiting(1, "timeouts = { stop_grace = 5; };");

	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_OVOC_STOP, -1, TASK_SKIPPED, SEVERITY_MINOR,
	    "its tcpdump may go on when it ends");
	rig_free(r);
	r = rig_waiting(1, "timeouts = { stop_grace = 5; };");
	fake_fault(&r->devices[0], STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_OVOC_STOP, -1, TASK_SKIPPED, SEVERITY_MINOR,
	    "agent.max_capture");
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_old_agent",
    a_request_that_was_lost_is_sent_once_more_behind_a_register,
    a_second_loss_ends_that_request_only,
    a_final_answer_that_was_lost_is_not_waited_for, a_stop_is_sent_once,
    a_capture_without_answer_gets_no_stop,
    behind_a_minute_of_silence_a_register_goes_first,
    a_refused_register_that_goes_first_costs_the_request,
    a_restart_in_the_silence_is_found_out,
    behind_a_503_to_stop_nothing_is_captured_or_stopped,
    a_new_process_of_an_agent_forgives,
    a_recovery_stops_what_was_confirmed_only,
    one_time_out_answers_for_all_devices,
    one_time_out_behind_trying_answers_for_all_devices,
    a_register_each_half_minute_finds_out_that_it_is_back,
    a_stop_goes_before_the_verifies_that_wait,
    a_forged_trying_makes_no_agent_one_of_ours,
    an_answer_from_another_port_is_none,
    a_430_says_may_and_names_keys_where_nothing_else_is_known,
    advice_for_ours_is_not_given_to_others,
    a_register_is_repeated_after_4_and_12_and_28_seconds,
    late_answers_without_a_word_are_not_those_to_capture,
    an_agent_known_to_be_slow_is_not_asked_sooner_again,
    a_lost_register_holds_up_others_for_a_short_time_only,
    what_registered_devices_ask_goes_before_a_register)
