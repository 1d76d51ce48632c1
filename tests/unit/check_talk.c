/* check_talk.c - a device's dialogue with its agent. */
#include "device/talk.h"

#include <stdio.h>
#include <string.h>

#include "rig/bench.h"

#define REGISTERED "register 1 Success NORMAL 200: 200 OK"
#define BUSY       "503 Service Unavailable: the agent's log says why"

static struct {
	struct bench *b;
	struct talk talk;
	enum agent_request asked;
	struct fail why;
} it;

static void
on_talk(void *arg, enum agent_request r, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	it.asked = r;
	it.why = *why;
	ck_assert(!talk_busy(&it.talk));
	bench_report(it.b);
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	talk_init(&it.talk, &it.b->tools, it.b->link, it.b->result->conf->told,
	    on_talk, &it);
}

static void
ask(enum agent_request r)
{
	talk_ask(&it.talk, &it.b->ledger, r);
	ck_assert(talk_busy(&it.talk));
}

static void
asked(enum agent_request r)
{
	ask(r);
	bench_ends(it.b);
	ck_assert_int_eq(it.asked, r);
}

/* The agent knows the device. */
static void
make_registered(const char *settings)
{
	make(settings);
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
}

static void
rule(enum agent_request r, int code, int times)
{
	fake_agent_rule(it.b->agent, r, code, times);
}

static int
done(enum agent_request r)
{
	return it.b->agent->done[r];
}

/* --- REGISTER --- */

START_TEST(a_device_is_registered)
{
	make_registered("");
	ROWS_ARE(it.b->result, REGISTERED);
	ck_assert_int_eq(it.b->result->registration, REGISTRATION_ACTIVE);
	ck_assert_int_eq(it.b->result->register_attempts, 1);
	ck_assert_int_eq(done(REQUEST_REGISTER), 1);
	bench_facts_are(it.b, "");
	bench_free(it.b);
}
END_TEST

START_TEST(a_register_that_fails_is_asked_again)
{
	make("campaign = { register_attempts = 3; };");
	rule(REQUEST_REGISTER, 503, 1);
	rule(REQUEST_REGISTER, 404, 1);
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	ROWS_ARE(it.b->result, "register 1 Failure MINOR 503: " BUSY,
	    "register 2 Failure MINOR 404: 404 Not Found",
	    "register 3 Success NORMAL 200: 200 OK");
	ck_assert_int_eq(it.b->result->register_attempts, 3);
	bench_free(it.b);
}
END_TEST

START_TEST(register_attempts_are_its_limit)
{
	make("campaign = { register_attempts = 3; };");
	rule(REQUEST_REGISTER, 503, -1);
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(it.why.kind, FAIL_FINAL);
	ck_assert_str_eq(it.why.text, "registration: aborted (" BUSY ")");
	ROWS_ARE(it.b->result, "register 3 Failure MAJOR 503: " BUSY);
	ck_assert_int_eq(it.b->result->registration, REGISTRATION_ABORTED);
	ck_assert_int_eq(done(REQUEST_REGISTER), 3);
	/* Another one has as many. */
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(done(REQUEST_REGISTER), 6);
	bench_free(it.b);
}
END_TEST

/* How long it took. */
static int64_t
gives_up_after(const char *settings)
{
	const struct row *row;
	int64_t took;

	make(settings);
	rule(REQUEST_REGISTER, 503, -1);
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(it.why.kind, FAIL_FINAL);
	row = rows_find(it.b->result, TASK_REGISTER, 1);
	ck_assert_int_eq(row->attempt, done(REQUEST_REGISTER));
	ck_assert_int_eq(rows_count(it.b->result, TASK_REGISTER), 1);
	took = row->duration;
	bench_free(it.b);
	return took;
}

START_TEST(between_registers_is_register_pause_until_unreachable_limit)
{
	int64_t took = gives_up_after(
	    "campaign = { register_attempts = 8; rest_attempts = 2; };");

	ck_assert_int_ge(took, 7 * 30000);
	ck_assert_int_le(took, 7 * 30000 + 8 * 200);
	took = gives_up_after("timeouts = { register_pause = \"2m\"; };");
	ck_assert_int_ge(took, 7200000);
	ck_assert_int_le(took, 7200000 + 120000);
	took = gives_up_after("campaign = { register_attempts = 25; };"
			      "timeouts = { unreachable_limit = \"1m\"; };");
	ck_assert_int_ge(took, 60000);
	ck_assert_int_le(took, 90000);
}
END_TEST

/* Of an agent with a slow OVOC: it says 100 Trying, and no more. */
static void
make_at_work_beyond_the_limit(void)
{
	make("timeouts = { unreachable_limit = \"20s\"; };");
	it.b->net->drop_prefix = "200 OK";
	it.b->net->drop = 1000;
}

START_TEST(an_agent_at_work_for_longer_than_unreachable_limit_is_asked_again)
{
	make_at_work_beyond_the_limit();
	ask(REQUEST_REGISTER);
	bench_goes_on(it.b, 70000);
	it.b->net->drop = 0;
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	ROWS_ARE(it.b->result,
	    "register 1 Failure MINOR 0: REGISTER unconfirmed: the agent is at "
	    "work on it, but did not say how it ended",
	    "register 2 Success NORMAL 200: 200 OK");
	ck_assert_int_eq(it.b->result->registration, REGISTRATION_ACTIVE);
	bench_free(it.b);
}
END_TEST

START_TEST(an_agent_at_work_for_longer_than_both_limits_is_given_up)
{
	make_at_work_beyond_the_limit();
	asked(REQUEST_REGISTER);
	ck_assert_str_eq(it.why.text,
	    "registration: aborted (REGISTER unconfirmed: the agent is at work "
	    "on it, but did not say how it ended)");
	ck_assert_int_eq(it.b->result->register_attempts, 2);
	bench_free(it.b);
}
END_TEST

START_TEST(the_pause_before_a_register_can_be_cut)
{
	make("");
	talk_hurry(&it.talk); /* there is none */
	rule(REQUEST_REGISTER, 503, 1);
	ask(REQUEST_REGISTER);
	talk_hurry(&it.talk);
	bench_goes_on(it.b, 500);
	ck_assert(!talk_busy(&it.talk));
	talk_hurry(&it.talk);
	bench_ends(it.b);
	ck_assert_int_lt(unit_elapsed(it.b->lp), 600);
	bench_free(it.b);
}
END_TEST

START_TEST(an_agent_without_an_address_is_no_registration)
{
	make("defaults = { type = \"msbr\"; username = \"Admin\"; "
	     "password = \"p\"; agent = \"a.example\"; };"
	     "devices = ( { address = \"192.0.2.7\"; "
	     "interfaces = [ \"eth-wan\" ]; } );"
	     "campaign = { register_attempts = 1; };");
	asked(REQUEST_REGISTER);
	ck_assert_int_eq(it.why.kind, FAIL_FINAL);
	ROWS_ARE(it.b->result,
	    "register 1 Failure MAJOR 0: the agent has no address: "
	    "a.example: no such name");
	bench_free(it.b);
}
END_TEST

/* --- what each request leaves --- */

#define SILENT -1

static const struct end {
	enum agent_request request;
	int code;      /* 0: no end is said; SILENT: nothing */
	bool agent_on; /* behind it; before it: of a STOP alone */
	const char *row;
} ends[] = {
    {REQUEST_CAPTURE, 200, true, "ovoc-capture 1 Success NORMAL 200: 200 OK"},
    {REQUEST_CAPTURE, 503, false, "ovoc-capture 1 Failure MINOR 503: " BUSY},
    {REQUEST_CAPTURE, 0, false,
	"ovoc-capture 1 Failure MINOR 0: CAPTURE unconfirmed: the agent is at "
	"work on it, but did not say how it ended"},
    {REQUEST_CAPTURE, SILENT, false,
	"ovoc-capture 1 Failure MINOR 0: no answer to CAPTURE from the agent: "
	"it answered until 2026-11-23T04:00:00..."},
    {REQUEST_VERIFY, 200, false, "ovoc-verify 1 Success NORMAL 200: 200 OK"},
    {REQUEST_VERIFY, 430, false,
	"ovoc-verify 1 Failure MINOR 430: 430 Flow Failed: not all of its "
	"probes were answered, the agent's log says which"},
    {REQUEST_VERIFY, 503, false, "ovoc-verify 1 Failure MINOR 503: " BUSY},
    {REQUEST_VERIFY, 0, false,
	"ovoc-verify 1 Failure MINOR 0: VERIFY unconfirmed: ..."},
    {REQUEST_VERIFY, SILENT, false,
	"ovoc-verify 1 Failure MINOR 0: no answer to VERIFY ..."},
    {REQUEST_STOP, 200, false, "ovoc-stop 1 Success NORMAL 200: 200 OK"},
    {REQUEST_STOP, 503, false, "ovoc-stop 1 Failure MINOR 503: " BUSY},
    {REQUEST_STOP, 0, true,
	"ovoc-stop 1 Failure MINOR 0: STOP unconfirmed: ..."},
    {REQUEST_STOP, SILENT, true,
	"ovoc-stop 1 Failure MINOR 0: no answer to STOP ..."},
};
#define ENDS (sizeof(ends) / sizeof(ends[0]))

START_TEST(each_end_of_a_request_has_its_row_and_facts)
{
	const struct end *e = &ends[_i];
	const struct round *round;

	make_registered("");
	round = bench_round(it.b);
	ledger_fact(&it.b->ledger, FACT_ON);
	ledger_name_file(&it.b->ledger);
	if (e->request == REQUEST_STOP) {
		ledger_fact(&it.b->ledger, FACT_ASKED);
		ledger_fact(&it.b->ledger, FACT_AGENT_ON);
	}
	if (e->code == SILENT) {
		it.b->agent->silent = true;
	} else if (e->code == 0) {
		it.b->net->drop_prefix = "200 OK";
		it.b->net->drop = 1000;
	} else if (e->code != AGENT_OK) {
		rule(e->request, e->code, -1);
	}
	ask(e->request);
	/* Before its answer, for it may be carried out. */
	ck_assert(round->asked == (e->request != REQUEST_VERIFY));
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	ROWS_ARE(it.b->result, REGISTERED, e->row);
	ck_assert_int_eq(round->agent_on, e->agent_on);
	ck_assert_int_eq(round->verified, e->request == REQUEST_VERIFY);
	ck_assert_int_eq(round->closed, e->request == REQUEST_STOP);
	ck_assert_int_eq(round->asked, e->request == REQUEST_CAPTURE);
	bench_free(it.b);
}
END_TEST

START_TEST(one_that_never_answered_may_not_run_or_not_allow_us)
{
	make("campaign = { register_attempts = 1; };");
	it.b->agent->silent = true;
	asked(REQUEST_REGISTER);
	ROWS_ARE(it.b->result,
	    "register 1 Failure MAJOR 0: no answer to REGISTER from the agent: "
	    "is it running, and does its `allow` name this host?");
	bench_free(it.b);
}
END_TEST

START_TEST(a_430_of_an_earlier_version_may_be_for_its_keys)
{
	make("");
	it.b->agent->old = true;
	asked(REQUEST_REGISTER);
	rule(REQUEST_VERIFY, 430, 1);
	asked(REQUEST_VERIFY);
	ROWS_ARE(it.b->result, REGISTERED,
	    "ovoc-verify 1 Failure MINOR 430: 430 Flow Failed: not all of its "
	    "probes were answered; those by SNMP may have failed for their "
	    "keys, which version 1.0.6 has in its source, see section snmp");
	bench_free(it.b);
}
END_TEST

START_TEST(a_capture_that_is_renewed_has_a_row_if_that_fails)
{
	make_registered("");
	asked(REQUEST_CAPTURE);
	asked(REQUEST_CAPTURE);
	rule(REQUEST_CAPTURE, 0, 1);
	fake_agent_forget(it.b->agent);
	asked(REQUEST_REGISTER);
	asked(REQUEST_CAPTURE);
	ck_assert_int_eq(rows_count(it.b->result, TASK_OVOC_CAPTURE), 1);
	it.b->agent->silent = true;
	asked(REQUEST_CAPTURE);
	ck_assert_int_eq(rows_count(it.b->result, TASK_OVOC_CAPTURE), 2);
	ck_assert(!bench_round(it.b)->agent_on);
	bench_free(it.b);
}
END_TEST

START_TEST(a_stop_names_the_rounds_file)
{
	make_registered("");
	ledger_name_file(&it.b->ledger);
	asked(REQUEST_STOP);
	ck_assert_str_eq(it.b->agent->stop_file, bench_round(it.b)->file);
	ck_assert_str_ne(it.b->agent->stop_file, "");
	bench_facts_are(it.b, "stop agent-off kept closed");
	bench_free(it.b);
}
END_TEST

START_TEST(the_books_tell_what_was_asked_and_answered_last)
{
	const struct device_result *r;

	make_registered("");
	r = it.b->result;
	ck_assert(!r->awaiting_response);
	ck_assert_str_eq(r->last_request, "REGISTER");
	ck_assert_str_eq(r->last_response, "200 OK");
	rule(REQUEST_CAPTURE, 503, 1);
	ask(REQUEST_CAPTURE);
	ck_assert(r->awaiting_response);
	ck_assert_str_eq(r->last_request, "CAPTURE");
	ck_assert_ptr_null(r->last_response);
	bench_ends(it.b);
	ck_assert(!r->awaiting_response);
	ck_assert_str_eq(r->last_response, "503 Service Unavailable");
	it.b->agent->silent = true;
	asked(REQUEST_VERIFY);
	ck_assert(!r->awaiting_response);
	ck_assert_ptr_null(r->last_response);
	bench_free(it.b);
}
END_TEST

/* --- an agent that was restarted --- */

START_TEST(a_404_is_answered_by_register_and_the_same_request)
{
	static const enum agent_request requests[] = {
	    REQUEST_CAPTURE, REQUEST_VERIFY, REQUEST_STOP};
	static const char *const keys[] = {
	    "ovoc-capture", "ovoc-verify", "ovoc-stop"};

	for (int i = 0; i < 3; i++) {
		char refused[64], taken[64];

		snprintf(refused, sizeof(refused),
		    "%s 1 Failure MINOR 404: 404 Not Found", keys[i]);
		snprintf(taken, sizeof(taken),
		    "%s 1 Success NORMAL 200: 200 OK", keys[i]);
		make_registered("");
		ledger_name_file(&it.b->ledger);
		fake_agent_forget(it.b->agent);
		asked(requests[i]);
		ROWS_ARE(it.b->result, REGISTERED, refused, REGISTERED, taken);
		ck_assert_int_eq(it.b->result->register_attempts, 2);
		bench_free(it.b);
	}
}
END_TEST

START_TEST(a_second_404_counts_for_this_request)
{
	make_registered("");
	rule(REQUEST_VERIFY, 404, 2);
	asked(REQUEST_VERIFY);
	ROWS_ARE(it.b->result, REGISTERED,
	    "ovoc-verify 2 Failure MINOR 404: 404 Not Found", REGISTERED);
	ck_assert(bench_round(it.b)->verified);
	/* The next request has its own. */
	fake_agent_forget(it.b->agent);
	asked(REQUEST_CAPTURE);
	ck_assert_int_eq(done(REQUEST_REGISTER), 3);
	ck_assert(bench_round(it.b)->agent_on);
	bench_free(it.b);
}
END_TEST

START_TEST(a_404_whose_register_fails_ends_the_request)
{
	make_registered("");
	ledger_fact(&it.b->ledger, FACT_AGENT_ON);
	fake_agent_forget(it.b->agent);
	rule(REQUEST_REGISTER, 503, -1);
	asked(REQUEST_CAPTURE);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	ROWS_ARE(it.b->result, REGISTERED,
	    "ovoc-capture 1 Failure MINOR 404: 404 Not Found",
	    "register 1 Failure MINOR 503: " BUSY,
	    "ovoc-capture 1 Failure MINOR 503: " BUSY);
	ck_assert(!bench_round(it.b)->agent_on);
	ck_assert_int_eq(done(REQUEST_CAPTURE), 0);
	bench_free(it.b);
}
END_TEST

START_TEST(a_404_whose_register_is_unconfirmed_is_no_capture)
{
	make_registered("");
	fake_agent_forget(it.b->agent);
	rule(REQUEST_REGISTER, 0, -1);
	asked(REQUEST_CAPTURE);
	ROWS_ARE(it.b->result, REGISTERED,
	    "ovoc-capture 1 Failure MINOR 404: 404 Not Found",
	    "register 1 Failure MINOR 0: REGISTER unconfirmed: ...",
	    "ovoc-capture 1 Failure MINOR 0: no answer to CAPTURE ...");
	ck_assert(!bench_round(it.b)->agent_on);
	bench_free(it.b);
}
END_TEST

/* --- stopping it --- */

START_TEST(a_request_that_is_cut_short_has_a_row)
{
	make("");
	talk_cut_short(&it.talk, "there is none");
	rule(REQUEST_REGISTER, 503, 1);
	ask(REQUEST_REGISTER);
	bench_goes_on(it.b, 10);
	talk_cut_short(&it.talk, "enough");
	bench_goes_on(it.b, 500); /* it pauses */
	talk_cut_short(&it.talk, "enough");
	bench_ends(it.b);
	talk_cut_short(&it.talk, "there is none");
	ROWS_ARE(it.b->result, "register 1 Skipped MINOR 0: enough",
	    "register 1 Failure MINOR 503: " BUSY,
	    "register 2 Skipped MINOR 0: enough",
	    "register 2 Success NORMAL 200: 200 OK");
	bench_free(it.b);
}
END_TEST

START_TEST(an_agent_whose_stop_is_cut_short_goes_on)
{
	make_registered("");
	ledger_fact(&it.b->ledger, FACT_ASKED);
	ledger_name_file(&it.b->ledger);
	ask(REQUEST_STOP);
	talk_cut_short(&it.talk, "enough");
	talk_cancel(&it.talk);
	ROWS_ARE(
	    it.b->result, REGISTERED, "ovoc-stop 1 Skipped MINOR 0: enough");
	ck_assert(!bench_round(it.b)->asked); /* it is told of already */
	ck_assert(!bench_round(it.b)->closed);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin_register(void)
{
	make("");
	rule(REQUEST_REGISTER, 503, 1);
	ask(REQUEST_REGISTER);
	return it.b;
}

static struct bench *
begin_404(void)
{
	make_registered("");
	fake_agent_forget(it.b->agent);
	ask(REQUEST_CAPTURE);
	return it.b;
}

static void
cancel(void)
{
	talk_cancel(&it.talk);
	ck_assert(!talk_busy(&it.talk));
}

START_TEST(it_can_be_cancelled_at_any_moment)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin_register, cancel), 8);
	ck_assert_int_ge(bench_cancel_anywhere(begin_404, cancel), 8);
}
END_TEST

START_TEST(what_a_cancel_interrupts_is_not_asked_again)
{
	begin_404();
	bench_goes_on(it.b, 20); /* it registers */
	cancel();
	loop_run_for(it.b->lp, 1000);
	asked(REQUEST_VERIFY);
	ck_assert_int_eq(done(REQUEST_CAPTURE), 0);
	ck_assert_int_eq(done(REQUEST_VERIFY), 1);
	bench_free(it.b);
}
END_TEST

UNIT_TABLE("talk", each_end_of_a_request_has_its_row_and_facts, ENDS,
    a_device_is_registered, a_register_that_fails_is_asked_again,
    register_attempts_are_its_limit,
    between_registers_is_register_pause_until_unreachable_limit,
    an_agent_at_work_for_longer_than_unreachable_limit_is_asked_again,
    an_agent_at_work_for_longer_than_both_limits_is_given_up,
    the_pause_before_a_register_can_be_cut,
    an_agent_without_an_address_is_no_registration,
    one_that_never_answered_may_not_run_or_not_allow_us,
    a_430_of_an_earlier_version_may_be_for_its_keys,
    a_capture_that_is_renewed_has_a_row_if_that_fails,
    a_stop_names_the_rounds_file,
    the_books_tell_what_was_asked_and_answered_last,
    a_404_is_answered_by_register_and_the_same_request,
    a_second_404_counts_for_this_request,
    a_404_whose_register_fails_ends_the_request,
    a_404_whose_register_is_unconfirmed_is_no_capture,
    a_request_that_is_cut_short_has_a_row,
    an_agent_whose_stop_is_cut_short_goes_on, it_can_be_cancelled_at_any_moment,
    what_a_cancel_interrupts_is_not_asked_again)
