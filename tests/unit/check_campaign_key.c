/* check_campaign_key.c - a campaign whose agent has a key, and who is between
 * the two.
 */
#include "rig/rig.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/xmem.h"

#define KEY   "0123456789abcdef"
#define OTHER "another key, also 16 long"

/* One device, whose agent's key is in the campaign's configuration. */
static struct rig *
rig_with_key(const char *settings)
{
	char path[UNIT_PATH_MAX], *text;
	struct rig *r;

	unit_file(path, KEY);
	text = xasprintf("agents = ( { address = \"198.51.100.1\"; "
			 "key_file = \"%s\"; } );\n%s",
	    path, settings);
	r = rig_new(1, text);
	free(text);
	return r;
}

static void
whole_run(struct rig *r)
{
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
}

/* What the agent says, signed with `key` as long `ago`. */
static void
say_as(struct rig *r, const char *key, enum auth_direction d, int64_t ago,
    const char *nonce, const char *text)
{
	struct auth_peer *p =
	    auth_peer_new(key, d, loop_now(r->lp), loop_wall(r->lp) - ago);
	char data[AGENT_SIGNED_MAX], fresh[SECRET_NONCE_MAX];

	secret_nonce(fresh);
	fake_arrive("198.51.100.1", data,
	    auth_peer_seal(p, loop_now(r->lp), nonce != NULL ? nonce : fresh,
		data, text, strlen(text)));
	auth_peer_free(p);
}

START_TEST(with_the_same_key_all_goes_as_without)
{
	struct rig *r = rig_with_key("");

	fake_agent_key(r->net->agents, KEY, 0);
	whole_run(r);
	ck_assert_int_eq(r->net->agents[0].unproven, 0);
	ck_assert_int_eq(r->net->agents[0].clocked, 0);
	ck_assert_uint_eq(r->result->refused, 0);
	ck_assert(!rig_agent(r)->earlier_version);
	rig_free(r);
}
END_TEST

START_TEST(loss_and_doubles_do_no_harm)
{
	struct rig *r = rig_with_key("");

	fake_agent_key(r->net->agents, KEY, 0);
	r->net->loss = 30;
	r->net->doubled = 30;
	r->net->delay_max = 300;
	whole_run(r);
	for (int i = REQUEST_CAPTURE; i <= REQUEST_STOP; i++)
		ck_assert_int_eq(r->net->agents[0].done[i], 1);
	rig_free(r);
}
END_TEST

START_TEST(another_key_aborts_the_registration)
{
	struct rig *r = rig_with_key("campaign = { register_attempts = 2; };");

	fake_agent_key(r->net->agents, OTHER, 0);
	rig_start(r);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "Is its key the one that is set here?");
	ck_assert_ptr_nonnull(
	    strstr(r->result->devices[0].description, "registration: aborted"));
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_REGISTER], 0);
	ck_assert_int_gt(r->net->agents[0].unproven, 0);
	rig_free(r);
}
END_TEST

START_TEST(an_agent_without_a_key_is_not_believed)
{
	struct rig *r = rig_with_key("campaign = { register_attempts = 2; };");

	rig_start(r);
	loop_run_for(r->lp, 100);
	fake_arrive("198.51.100.1", "200 OK 192.0.2.1 REGISTER", 25);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_uint_eq(r->result->refused, 1);
	rig_free(r);
}
END_TEST

START_TEST(what_somebody_else_says_for_the_agent_is_ignored_and_counted)
{
	static const char ok[] = "200 OK 192.0.2.1 REGISTER";
	struct rig *r = rig_with_key("");

	r->net->agents[0].silent = true;
	fake_agent_key(r->net->agents, KEY, 0);
	rig_start(r);
	loop_run_for(r->lp, 100);
	fake_arrive("198.51.100.1", ok, strlen(ok));
	say_as(r, OTHER, AUTH_ANSWER, 0, NULL, ok);
	say_as(r, KEY, AUTH_REQUEST, 0, NULL, ok);
	say_as(r, KEY, AUTH_ANSWER, 31000, NULL, ok);
	ck_assert_uint_eq(r->result->refused, 4);
	ck_assert_str_eq(rig_state(r, 0), "registering");
	say_as(r, KEY, AUTH_ANSWER, 0, NULL, ok);
	loop_run_for(r->lp, 1);
	ck_assert_str_eq(rig_state(r, 0), "starting");
	rig_free(r);
}
END_TEST

START_TEST(an_answer_counts_once)
{
	static const char nonce[] = "00112233445566778899aabbccddeeff";
	static const char ok[] = "200 OK 192.0.2.1 REGISTER";
	struct rig *r = rig_with_key("");

	r->net->agents[0].silent = true;
	fake_agent_key(r->net->agents, KEY, 0);
	rig_start(r);
	loop_run_for(r->lp, 100);
	say_as(r, KEY, AUTH_ANSWER, 0, nonce, ok);
	say_as(r, KEY, AUTH_ANSWER, 0, nonce, ok);
	ck_assert_uint_eq(r->result->refused, 1);
	rig_free(r);
}
END_TEST

START_TEST(another_clock_is_learned_and_asked_by_at_once)
{
	struct rig *r = rig_with_key("");

	fake_agent_key(r->net->agents, KEY, -600000);
	whole_run(r);
	ck_assert_int_eq(r->net->agents[0].clocked, 1);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_REGISTER], 1);
	ck_assert_int_eq(r->result->devices[0].register_attempts, 1);
	/* Not after the pause of a repeat. */
	ck_assert_int_le(rig_row(r, 0, TASK_REGISTER, 1)->duration, 100);
	rig_free(r);
}
END_TEST

START_TEST(a_clock_that_jumps_in_between_is_learned_again)
{
	struct rig *r = rig_with_key("");

	fake_agent_key(r->net->agents, KEY, 0);
	rig_start(r);
	rig_until(r, 0, "capturing");
	fake_agent_key(r->net->agents, KEY, 3600000);
	rig_lost(r, 0);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->net->agents[0].clocked, 1);
	rig_free(r);
}
END_TEST

/* The nonce of the last datagram to the agent. */
static void
last_nonce(const struct rig *r, char nonce[SECRET_NONCE_MAX])
{
	const char *at = strbuf_text(&r->net->log), *next;

	while ((next = strstr(at + 1, "\nauth ")) != NULL)
		at = next;
	ck_assert_int_eq(sscanf(at, "\nauth %*s %32s", nonce), 1);
}

START_TEST(an_agent_that_refuses_its_own_time_fails_the_attempt)
{
	static const char clock[] = "408 Clock 192.0.2.1 REGISTER";
	struct rig *r = rig_with_key("");
	char nonce[SECRET_NONCE_MAX];
	int sent;

	r->net->agents[0].silent = true;
	fake_agent_key(r->net->agents, KEY, 0);
	rig_start(r);
	loop_run_for(r->lp, 100);
	last_nonce(r, nonce);
	sent = r->net->sent;
	say_as(r, KEY, AUTH_ANSWER, 600000, nonce, clock);
	ck_assert_int_eq(r->net->sent, sent + 1);
	/* A second one to the same transmission is late, no more. */
	say_as(r, KEY, AUTH_ANSWER, 600000, nonce, clock);
	ck_assert_int_eq(r->net->sent, sent + 1);
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 0);
	last_nonce(r, nonce);
	say_as(r, KEY, AUTH_ANSWER, 900000, nonce, clock);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "408 Clock: the clocks of the agent and of this host differ");
	rig_free(r);
}
END_TEST

START_TEST(an_old_408_does_not_set_the_clock)
{
	static const char clock[] = "408 Clock 192.0.2.1 REGISTER";
	struct rig *r = rig_with_key("");
	int sent;

	fake_agent_key(r->net->agents, KEY, 0);
	r->net->agents[0].silent = true;
	rig_start(r);
	loop_run_for(r->lp, 100);
	sent = r->net->sent;
	say_as(r, KEY, AUTH_ANSWER, 86400000, NULL, clock);
	ck_assert_int_eq(r->net->sent, sent);
	ck_assert_uint_eq(r->result->refused, 1);
	r->net->agents[0].silent = false;
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(r->net->agents[0].clocked, 0);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_key", with_the_same_key_all_goes_as_without,
    loss_and_doubles_do_no_harm, another_key_aborts_the_registration,
    an_agent_without_a_key_is_not_believed,
    what_somebody_else_says_for_the_agent_is_ignored_and_counted,
    an_answer_counts_once, another_clock_is_learned_and_asked_by_at_once,
    a_clock_that_jumps_in_between_is_learned_again,
    an_agent_that_refuses_its_own_time_fails_the_attempt,
    an_old_408_does_not_set_the_clock)
