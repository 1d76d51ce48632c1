/* check_telling.c - who is told what, and how often. */
#include "agent/telling.h"

#include <string.h>

#include "unit.h"

static struct loop *lp;
static struct telling t;

static void
begin(void)
{
	lp = unit_loop_virtual(1795406400000);
	memset(&t, 0, sizeof(t));
}

static void
end(void)
{
	telling_forget(&t);
	unit_loop_free(lp);
}

static void
asks(enum agent_request r, bool wants)
{
	const struct agent_message m = {.request = r, .wants_info = wants};

	telling_asked(&t, &m);
}

/* What the answer says; "-": nothing. */
static const char *
told(enum agent_request r, int code)
{
	static char json[AGENT_INFO_MAX];
	const char *info = telling_info(&t, lp, NULL, r, code, json);

	return info != NULL ? info : "-";
}

START_TEST(who_does_not_ask_is_told_nothing)
{
	begin();
	asks(REQUEST_CAPTURE, false);
	telling_reason(&t, REQUEST_CAPTURE, "no room");
	ck_assert_str_eq(told(REQUEST_CAPTURE, 503), "-");
	asks(REQUEST_VERIFY, true);
	ck_assert_str_eq(told(REQUEST_CAPTURE, 503), "-");
	end();
}
END_TEST

START_TEST(only_the_final_answer_tells_and_refusals_have_a_reason)
{
	begin();
	asks(REQUEST_CAPTURE, true);
	telling_reason(&t, REQUEST_CAPTURE, "no room");
	ck_assert_str_eq(told(REQUEST_CAPTURE, 100), "-");
	ck_assert_str_eq(
	    told(REQUEST_CAPTURE, 503), "{\"reason\":\"no room\"}");
	loop_run_for(lp, 1000);
	asks(REQUEST_CAPTURE, true);
	ck_assert_str_eq(told(REQUEST_CAPTURE, 200), "{}");
	end();
}
END_TEST

START_TEST(a_repeat_within_a_second_gets_the_bare_answer)
{
	begin();
	asks(REQUEST_STOP, true);
	ck_assert_str_eq(told(REQUEST_STOP, 200), "{}");
	asks(REQUEST_STOP, true);
	loop_run_for(lp, 999);
	ck_assert_str_eq(told(REQUEST_STOP, 200), "-");
	asks(REQUEST_VERIFY, true);
	ck_assert_str_eq(told(REQUEST_VERIFY, 200), "{}");
	loop_run_for(lp, 1);
	asks(REQUEST_STOP, true);
	ck_assert_str_eq(told(REQUEST_STOP, 200), "{}");
	end();
}
END_TEST

/* A plain REGISTER and the one behind it may change places. */
START_TEST(one_of_two_copies_that_wants_it_is_enough)
{
	begin();
	asks(REQUEST_REGISTER, true);
	asks(REQUEST_REGISTER, false);
	ck_assert_str_eq(told(REQUEST_REGISTER, 200),
	    "{\"version\":\"" VERSION "\",\"clock\":1795406400000}");
	end();
}
END_TEST

START_TEST(an_end_before_the_stop_is_told_with_what_was_done)
{
	begin();
	telling_ended(&t, "it ended early");
	asks(REQUEST_STOP, true);
	ck_assert_str_eq(
	    told(REQUEST_STOP, 200), "{\"reason\":\"it ended early\"}");
	asks(REQUEST_VERIFY, true);
	telling_reason(&t, REQUEST_VERIFY, "");
	ck_assert_str_eq(
	    told(REQUEST_VERIFY, 430), "{\"reason\":\"it ended early\"}");
	asks(REQUEST_CAPTURE, true);
	ck_assert_str_eq(told(REQUEST_CAPTURE, 200), "{}");
	loop_run_for(lp, 1000);
	asks(REQUEST_STOP, true);
	telling_reason(&t, REQUEST_STOP, "another file");
	ck_assert_str_eq(
	    told(REQUEST_STOP, 503), "{\"reason\":\"another file\"}");
	end();
}
END_TEST

START_TEST(a_verify_tells_each_kind)
{
	struct verify_result r = {
	    .kind = {[VERIFY_ICMP] = {.on = true, .sent = 10, .answered = 10},
		[VERIFY_SNMP] = {.on = true, .sent = 10},
		[VERIFY_TCP] = {.on = true,
		    .sent = 10,
		    .answered = 9,
		    .reason = "no route"}}};

	begin();
	telling_probes(&t, &r);
	asks(REQUEST_VERIFY, true);
	ck_assert_str_eq(told(REQUEST_VERIFY, 430),
	    "{\"icmp\":[10,10],\"snmp\":[0,10,\"no answer\"],"
	    "\"tcp\":[9,10,\"no route\"]}");
	loop_run_for(lp, 1000);
	telling_probes(&t, NULL);
	telling_reason(&t, REQUEST_VERIFY, "no address");
	asks(REQUEST_VERIFY, true);
	ck_assert_str_eq(
	    told(REQUEST_VERIFY, 430), "{\"reason\":\"no address\"}");
	end();
}
END_TEST

UNIT_MAIN("telling", who_does_not_ask_is_told_nothing,
    only_the_final_answer_tells_and_refusals_have_a_reason,
    a_repeat_within_a_second_gets_the_bare_answer,
    one_of_two_copies_that_wants_it_is_enough,
    an_end_before_the_stop_is_told_with_what_was_done, a_verify_tells_each_kind)
