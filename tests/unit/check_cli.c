/* check_cli.c - one script on a device: what its answer means, and its tries.
 */
#include "device/cli.h"

#include <string.h>

#include "base/xmem.h"
#include "rig/bench.h"
#include "rig/fake_resolve.h"

/* What a refusing device says, and what is kept of it. */
#define QUOTED ": Invalid command auth-key ***********"

static const struct cli_script show = {
    .task = TASK_SHOW, .text = device_script_show};
static const struct cli_script show_once = {
    .task = TASK_SHOW, .text = device_script_show, .once = true};
static const struct cli_script start = {.task = TASK_START,
    .text = device_script_start,
    .changes = true,
    .starts = true};
static const struct cli_script stop = {
    .task = TASK_STOP, .text = device_script_stop, .changes = true};

static struct {
	struct bench *b;
	struct cli cli;
	enum cli_outcome outcome;
	struct fail why;
	struct script_answer answer;
	int64_t pause;
} it;

static void
on_cli(void *arg, const struct cli_end *end)
{
	ck_assert_ptr_eq(arg, &it);
	it.outcome = end->outcome;
	if (end->outcome == CLI_DONE)
		it.answer = *end->answer;
	else
		it.why = *end->why;
	it.pause = end->pause;
	bench_report(it.b);
}

static void
make_of(int devices, const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(devices, settings);
	cli_init(&it.cli, &it.b->reach, on_cli, &it);
}

static void
make(const char *settings)
{
	make_of(1, settings);
}

static void
run(const struct cli_script *s)
{
	cli_run(&it.cli, &it.b->ledger, s, 0);
}

/* The device takes it for good or bad. */
static enum cli_outcome
ends(const struct cli_script *s)
{
	run(s);
	bench_ends(it.b);
	return it.outcome;
}

static enum fake_step
step_of(const struct cli_script *s)
{
	if (s->starts)
		return STEP_START;
	return s->changes ? STEP_STOP : STEP_SHOW;
}

/* Of the next `times` requests of this script. */
static void
fault(const struct cli_script *s, enum fault kind, int n, int times)
{
	fake_fault(it.b->device, step_of(s), kind, n, times);
}

static int
hits(const struct cli_script *s)
{
	return it.b->device->hits[step_of(s)];
}

static void
is_pause(int64_t ms, int64_t least)
{
	ck_assert_int_ge(ms, least);
	ck_assert_int_le(ms, least + least / 4);
}

/* --- what an answer means --- */

static const struct verdict {
	enum fault fault;
	int n;
	enum fail_kind kind; /* if it is no more than a show */
	bool again;          /* it is worth another try */
	bool doubt;          /* of what changes something on the device */
	int code;
	const char *text;
} verdicts[] = {
    {FAULT_UNREACHABLE, 0, FAIL_UNREACHABLE, true, false, 0,
	"connection refused"},
    {FAULT_IDENTITY, 0, FAIL_IDENTITY, false, false, 0, "another certificate"},
    {FAULT_CUT, 0, FAIL_TRANSIENT, true, true, 0, "connection cut"},
    {FAULT_HANG, 0, FAIL_TRANSIENT, true, true, 0, "no answer in time"},
    {FAULT_STATUS, 302, FAIL_FINAL, false, false, 302, "HTTP 302" QUOTED},
    {FAULT_STATUS, 400, FAIL_FINAL, false, false, 400,
	"HTTP 400: the device does not accept the script" QUOTED},
    {FAULT_STATUS, 401, FAIL_AUTH, false, false, 401,
	"HTTP 401: user \"Admin\" refused: ..."},
    {FAULT_STATUS, 403, FAIL_AUTH, false, false, 403,
	"HTTP 403: user \"Admin\" refused: ..."},
    {FAULT_STATUS, 404, FAIL_FINAL, false, false, 404, "HTTP 404" QUOTED},
    {FAULT_STATUS, 405, FAIL_AUTH, false, false, 405,
	"HTTP 405: user \"Admin\" refused: ..."},
    {FAULT_STATUS, 409, FAIL_TRANSIENT, true, false, 409, "HTTP 409" QUOTED},
    {FAULT_STATUS, 429, FAIL_TRANSIENT, true, false, 429, "HTTP 429" QUOTED},
    {FAULT_STATUS, 500, FAIL_TRANSIENT, true, true, 500, "HTTP 500" QUOTED},
    {FAULT_STATUS, 503, FAIL_TRANSIENT, true, true, 503, "HTTP 503" QUOTED},
    {FAULT_GARBLED, 0, FAIL_TRANSIENT, true, true, 200,
	"HTTP 200 with something else than a JSON object: "
	"<html>busy</html>"},
    {FAULT_SAYS_FAILURE, 0, FAIL_SCRIPT, true, true, 200,
	"the device says the script failed: Invalid"},
};
#define VERDICTS ((int)(sizeof(verdicts) / sizeof(verdicts[0])))

static void
one_row(const struct verdict *v, const struct cli_script *s, bool again)
{
	char *line = xasprintf("%s 1 Failure %s %d: %s", task_key(s->task),
	    again ? "MINOR" : "MAJOR", v->code, v->text);

	ROWS_ARE(it.b->result, line);
	free(line);
}

/* Nothing is left of a start that did not get as far as the device's CLI. */
static const char *
facts_of_start(const struct verdict *v, bool again)
{
	if (v->doubt || v->kind == FAIL_FINAL)
		return "start";
	return again ? "start nothing start" : "start nothing";
}

static void
check_verdict(const struct verdict *v, const struct cli_script *s)
{
	bool doubt = v->doubt && s->changes;
	bool unclear = doubt && v->kind == FAIL_TRANSIENT;

	make("");
	fault(s, v->fault, v->n, 1);
	if (doubt) {
		ck_assert_int_eq(ends(s), CLI_DOUBT);
		is_pause(it.pause, 1000);
	} else {
		ck_assert_int_eq(ends(s), v->again ? CLI_DONE : CLI_FAILED);
	}
	ck_assert_int_eq(hits(s), v->again && !doubt ? 2 : 1);
	if (it.outcome != CLI_DONE)
		ck_assert_int_eq(it.why.kind, unclear ? FAIL_UNCLEAR : v->kind);
	ck_assert_int_eq(bench_round(it.b)->unclear, doubt);
	one_row(v, s, v->again);
	bench_facts_are(it.b, s->starts ? facts_of_start(v, v->again) : "");
	bench_free(it.b);
}

START_TEST(each_answer_has_its_meaning)
{
	static const struct cli_script *const scripts[] = {
	    &show, &start, &stop};

	check_verdict(&verdicts[_i / 3], scripts[_i % 3]);
}
END_TEST

START_TEST(an_answer_that_says_success_is_handed_on)
{
	make("");
	run(&show);
	ck_assert_int_eq(it.b->ended, 0);
	bench_ends(it.b);
	ck_assert_int_eq(it.outcome, CLI_DONE);
	ck_assert_int_eq(device_script_shown(&it.answer), CAPTURE_NOT_ACTIVE);
	ck_assert_int_eq(it.cli.begun.task, TASK_SHOW);
	ck_assert_int_eq(it.cli.begun.attempt, 1);
	ROWS_ARE(it.b->result, NULL); /* it is the caller's */
	bench_free(it.b);
}
END_TEST

START_TEST(scripts_are_made_of_the_devices_configuration)
{
	make("campaign = { save_config = true; };");
	ends(&start);
	ends(&stop);
	ck_assert_ptr_nonnull(
	    strstr(it.b->device->scripts[STEP_START], "eth-wan"));
	ck_assert_ptr_nonnull(
	    strstr(it.b->device->scripts[STEP_START], "auth-secret"));
	ck_assert_ptr_nonnull(
	    strstr(it.b->device->scripts[STEP_STOP], "\nwrite\n"));
	bench_free(it.b);
	make("verify = { snmp = false; };");
	ends(&start);
	ck_assert_ptr_null(strstr(it.b->device->scripts[STEP_START], "snmp"));
	bench_free(it.b);
}
END_TEST

START_TEST(no_secret_is_in_what_a_device_quotes)
{
	make("");
	fault(&start, FAULT_QUOTES, 0, 1);
	ck_assert_int_eq(ends(&start), CLI_DOUBT);
	ck_assert_ptr_nonnull(strstr(it.why.text, "*****"));
	ck_assert_ptr_null(strstr(it.why.text, "-secret"));
	ck_assert_ptr_nonnull(strstr(it.why.text, "Authorization: Basic ****"));
	ck_assert_ptr_null(strstr(
	    rows_find(it.b->result, TASK_START, 1)->description, "-secret"));
	bench_free(it.b);
}
END_TEST

START_TEST(a_refused_login_while_a_capture_may_be_on_is_critical)
{
	make("");
	ends(&start);
	fault(&stop, FAULT_STATUS, 401, 1);
	ck_assert_int_eq(ends(&stop), CLI_FAILED);
	ROWS_ARE(it.b->result, "stop 1 Failure CRITICAL 401: HTTP 401: ...");
	bench_free(it.b);
}
END_TEST

START_TEST(a_refused_start_is_no_proof_where_an_earlier_one_is_in_doubt)
{
	make("");
	fault(&start, FAULT_CUT, 0, 1);
	fault(&start, FAULT_STATUS, 401, 1);
	ck_assert_int_eq(ends(&start), CLI_DOUBT);
	ck_assert_int_eq(ends(&start), CLI_FAILED);
	bench_facts_are(it.b, "start start");
	ck_assert(round_may_be_on(bench_round(it.b)));
	rows_expect(it.b->result, TASK_START, 2, TASK_FAILURE,
	    SEVERITY_CRITICAL, "HTTP 401");
	bench_free(it.b);
}
END_TEST

/* --- tries --- */

START_TEST(it_is_tried_rest_attempts_times)
{
	make("campaign = { rest_attempts = 3; };");
	fault(&show, FAULT_STATUS, 503, -1);
	ck_assert_int_eq(ends(&show), CLI_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_TRANSIENT);
	ck_assert_int_eq(it.why.code, 503);
	ck_assert_int_eq(hits(&show), 3);
	ROWS_ARE(it.b->result, "show 3 Failure MAJOR 503: HTTP 503" QUOTED);
	ck_assert_int_gt(rows_find(it.b->result, TASK_SHOW, 1)->duration, 3000);
	bench_free(it.b);
}
END_TEST

START_TEST(a_doubt_at_the_last_try_is_a_failure)
{
	make("campaign = { rest_attempts = 2; };");
	fault(&start, FAULT_CUT, 0, -1);
	ck_assert_int_eq(ends(&start), CLI_DOUBT);
	ck_assert_int_eq(ends(&start), CLI_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_UNCLEAR);
	ck_assert(round_may_be_on(bench_round(it.b)));
	ROWS_ARE(it.b->result, "start 2 Failure MAJOR 0: connection cut");
	bench_free(it.b);
}
END_TEST

START_TEST(an_unreachable_device_is_tried_until_the_limit)
{
	make("campaign = { rest_attempts = 1; };"
	     "timeouts = { unreachable_limit = \"2m\"; };");
	fault(&show, FAULT_UNREACHABLE, 0, -1);
	ck_assert_int_eq(ends(&show), CLI_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_UNREACHABLE);
	ck_assert_int_eq(hits(&show), 5);
	ck_assert_int_eq(it.b->device->at[STEP_SHOW][4] / 1000, 120);
	ROWS_ARE(it.b->result, "show 5 Failure MAJOR 0: connection refused");
	ck_assert_int_eq(
	    rows_find(it.b->result, TASK_SHOW, 1)->duration / 1000, 120);
	bench_free(it.b);
}
END_TEST

static void
on_found(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert_int_eq(why->kind, FAIL_NONE);
	bench_report(it.b);
}

START_TEST(an_unreached_device_is_tried_at_its_next_address_at_once)
{
	make_of(2, "devices = ( { address = \"r.example\"; "
		   "interfaces = [ \"eth-wan\" ]; } );");
	fake_name("r.example", "192.0.2.1", "192.0.2.2", 0);
	reach_look_up(&it.b->reach, &it.b->ledger, on_found, &it);
	bench_ends(it.b);
	fake_fault(&it.b->devices[0], STEP_START, FAULT_UNREACHABLE, 0, -1);
	ck_assert_int_eq(ends(&start), CLI_DONE);
	ck_assert_int_lt(unit_elapsed(it.b->lp), 100);
	ck_assert(it.b->devices[1].on);
	bench_facts_are(it.b, "start nothing start");
	bench_free(it.b);
}
END_TEST

START_TEST(an_answer_ends_being_unreachable)
{
	make("timeouts = { unreachable_limit = \"1m\"; };");
	fault(&show, FAULT_UNREACHABLE, 0, 2);
	ck_assert_int_eq(ends(&show), CLI_DONE);
	loop_run_for(it.b->lp, 60000);
	fault(&show, FAULT_UNREACHABLE, 0, 2);
	ck_assert_int_eq(ends(&show), CLI_DONE);
	bench_free(it.b);
}
END_TEST

START_TEST(a_wrong_answer_is_a_failed_try)
{
	struct fail wrong;

	make("campaign = { rest_attempts = 2; };");
	fail_set(&wrong, FAIL_TRANSIENT, "it is not so");
	ends(&show);
	ck_assert(cli_run_again(&it.cli, &show, &wrong));
	bench_goes_on(it.b, 1000);
	bench_ends(it.b);
	ck_assert_int_eq(it.outcome, CLI_DONE);
	ck_assert_int_eq(it.cli.begun.attempt, 2);
	ck_assert(!cli_run_again(&it.cli, &show, &wrong));
	bench_goes_on(it.b, 100000);
	ck_assert_int_eq(hits(&show), 2);
	bench_free(it.b);
}
END_TEST

START_TEST(a_script_may_have_one_try_that_only_a_refusal_tells_of)
{
	make("");
	for (int i = 0; i < VERDICTS; i++) {
		const struct verdict *v = &verdicts[i];
		bool refusal = v->kind == FAIL_AUTH || v->kind == FAIL_IDENTITY;
		int rows = it.b->result->n_rows;

		it.b->device->refused = false;
		fault(&show, v->fault, v->n, 1);
		ck_assert_int_eq(ends(&show_once), CLI_FAILED);
		ck_assert_int_eq(it.why.kind, v->kind);
		ck_assert_int_eq(it.pause, RETRY_NEVER);
		ck_assert_int_eq(it.b->result->n_rows, rows + refusal);
		fake_mend(it.b->device);
	}
	ck_assert_int_eq(hits(&show), VERDICTS);
	ck_assert_int_eq(it.b->reach.retry.tries, 0);
	bench_free(it.b);
}
END_TEST

START_TEST(the_last_try_is_followed_by_none)
{
	make("");
	fault(&start, FAULT_CUT, 0, 1);
	run(&start);
	bench_goes_on(it.b, 10);
	cli_last_try(&it.cli);
	bench_ends(it.b);
	ck_assert_int_eq(it.outcome, CLI_FAILED);
	ROWS_ARE(it.b->result, "start 1 Failure MINOR 0: connection cut");
	ck_assert(round_may_be_on(bench_round(it.b)));
	/* The next script has its own. */
	fault(&stop, FAULT_STATUS, 409, 1);
	ck_assert_int_eq(ends(&stop), CLI_DONE);
	bench_free(it.b);
}
END_TEST

START_TEST(a_refusal_at_the_last_try_is_as_bad_as_ever)
{
	make("");
	fault(&start, FAULT_STATUS, 401, 1);
	run(&start);
	bench_goes_on(it.b, 10);
	cli_last_try(&it.cli);
	bench_ends(it.b);
	ROWS_ARE(it.b->result, "start 1 Failure MAJOR 401: HTTP 401: ...");
	bench_facts_are(it.b, "start nothing");
	bench_free(it.b);
}
END_TEST

/* --- its turn --- */

START_TEST(each_try_waits_for_a_place)
{
	struct ticket other = {.gate = NULL};

	make("");
	fault(&show, FAULT_STATUS, 503, 1);
	ck_assert(gate_try(it.b->tools.rest_gate, &other));
	run(&show);
	bench_goes_on(it.b, 5000);
	ck_assert_int_eq(hits(&show), 0);
	gate_leave(&other);
	bench_goes_on(it.b, 100);
	ck_assert_int_eq(hits(&show), 1);
	/* In the pause it has none. */
	ck_assert(gate_try(it.b->tools.rest_gate, &other));
	bench_goes_on(it.b, 5000);
	gate_leave(&other);
	bench_ends(it.b);
	ck_assert_int_eq(hits(&show), 2);
	ck_assert(gate_try(it.b->tools.rest_gate, &other));
	gate_leave(&other);
	bench_free(it.b);
}
END_TEST

START_TEST(a_new_login_keeps_to_the_rate)
{
	struct login_rate *rate;

	make("");
	rate = login_rate_new(it.b->lp, 1);
	gate_limit_logins(it.b->tools.rest_gate, rate);
	ends(&show);
	ck_assert_int_ge(it.b->device->at[STEP_SHOW][0], 1000);
	ends(&show);
	ck_assert_int_eq(it.b->device->at[STEP_SHOW][1],
	    it.b->device->at[STEP_SHOW][0] + 20);
	bench_free(it.b);
	login_rate_free(rate);
}
END_TEST

START_TEST(an_answer_is_a_login_and_an_unreached_device_is_none)
{
	make("");
	fault(&show_once, FAULT_UNREACHABLE, 0, 1);
	ends(&show_once);
	ck_assert(reach_needs_login(&it.b->reach));
	fault(&show_once, FAULT_STATUS, 503, 1);
	ends(&show_once);
	ck_assert(!reach_needs_login(&it.b->reach));
	bench_free(it.b);
}
END_TEST

static void
is_on_disk(void *arg, enum fake_step step)
{
	const struct bench *b = arg;

	ck_assert(
	    bench_is_on_disk(b, step == STEP_START ? FACT_START : FACT_STOP));
	ck_assert_int_eq(b->device->hits[step], 1);
}

START_TEST(a_change_is_on_the_disk_before_it_is_sent)
{
	make("");
	it.b->device->sent = is_on_disk;
	it.b->device->sent_arg = it.b;
	ends(&start);
	ledger_name_file(&it.b->ledger);
	ends(&stop);
	bench_facts_are(it.b, "start stop");
	bench_free(it.b);
}
END_TEST

START_TEST(where_no_journal_is_kept_nothing_waits_for_it)
{
	make("");
	bench_end_journal(it.b);
	ck_assert_int_eq(ends(&start), CLI_DONE);
	ck_assert(bench_round(it.b)->sent);
	bench_facts_are(it.b, "");
	bench_free(it.b);
}
END_TEST

START_TEST(it_may_begin_after_a_pause)
{
	make("");
	cli_run(&it.cli, &it.b->ledger, &show, 7000);
	bench_ends(it.b);
	ck_assert_int_eq(it.b->device->at[STEP_SHOW][0], 7000);
	bench_free(it.b);
}
END_TEST

START_TEST(a_pause_can_be_cut)
{
	make("");
	fault(&show, FAULT_UNREACHABLE, 0, 1);
	cli_hurry(&it.cli); /* there is none */
	run(&show);
	cli_hurry(&it.cli);
	bench_goes_on(it.b, 10000);
	ck_assert_int_eq(hits(&show), 1);
	cli_hurry(&it.cli);
	bench_ends(it.b);
	ck_assert_int_eq(it.b->device->at[STEP_SHOW][1], 10000);
	bench_free(it.b);
}
END_TEST

/* --- stopping it --- */

START_TEST(a_start_is_in_flight_from_sent_to_answered)
{
	make("");
	fault(&start, FAULT_STATUS, 409, 1);
	ck_assert(!cli_start_in_flight(&it.cli));
	run(&start);
	ck_assert(!cli_start_in_flight(&it.cli));
	bench_goes_on(it.b, 10);
	ck_assert(cli_start_in_flight(&it.cli));
	bench_goes_on(it.b, 20); /* it pauses */
	ck_assert(!cli_start_in_flight(&it.cli));
	bench_ends(it.b);
	ck_assert(!cli_start_in_flight(&it.cli));
	run(&stop);
	bench_goes_on(it.b, 10);
	ck_assert(!cli_start_in_flight(&it.cli));
	cli_cancel(&it.cli);
	bench_free(it.b);
}
END_TEST

START_TEST(what_is_cut_short_has_a_row)
{
	make("");
	fault(&show, FAULT_STATUS, 503, 1);
	cli_cut_short(&it.cli, "there is none");
	run(&show);
	cli_cut_short(&it.cli, "enough"); /* it waits */
	bench_goes_on(it.b, 10);
	cli_cut_short(&it.cli, "enough"); /* it is sent */
	bench_goes_on(it.b, 100);
	cli_cut_short(&it.cli, "enough"); /* it pauses */
	bench_ends(it.b);
	cli_cut_short(&it.cli, "there is none");
	ROWS_ARE(it.b->result, "show 1 Skipped MINOR 0: enough",
	    "show 1 Failure MINOR 503: HTTP 503" QUOTED,
	    "show 1 Skipped MINOR 0: enough", "show 2 Skipped MINOR 0: enough");
	bench_free(it.b);
}
END_TEST

START_TEST(with_debug_messages_what_is_sent_and_answered_is_told)
{
	const char *said;

	unit_log_keep(LOGGING_DEBUG);
	make("snmp = { auth_password = \"Auth/Key-1\"; };");
	fault(&start, FAULT_QUOTES, 0, 1);
	run(&start);
	bench_ends(it.b);
	said = unit_logged();
	ck_assert_msg(strstr(said, " rest: script: \"configure system\\n no "
				   "snmp v3-users") != NULL,
	    "%s", said);
	ck_assert_msg(
	    strstr(said, "  auth-key **********\\n") != NULL, "%s", said);
	ck_assert_msg(strstr(said, " rest: answer, HTTP 200: \"{\\\"status"
				   "\\\":\\\"failure\\\"") != NULL,
	    "%s", said);
	ck_assert_ptr_null(strstr(said, "Key-1"));
	ck_assert_ptr_nonnull(strstr(said, "Authorization: Basic ****"));
	ck_assert_ptr_null(strstr(said, it.b->conf->snmp.priv_password));
	cli_cancel(&it.cli);
	fault(&show, FAULT_CUT, 0, 1);
	run(&show);
	bench_ends(it.b);
	said = unit_logged();
	ck_assert_msg(
	    strstr(said, "rest: no answer: \"connection cut\"") != NULL, "%s",
	    said);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin_show(void)
{
	make("");
	fault(&show, FAULT_STATUS, 503, 1);
	run(&show);
	return it.b;
}

static struct bench *
begin_start(void)
{
	make("");
	fault(&start, FAULT_STATUS, 409, 1);
	run(&start);
	return it.b;
}

static void
cancel(void)
{
	cli_cancel(&it.cli);
	ck_assert(!cli_start_in_flight(&it.cli));
}

START_TEST(it_can_be_cancelled_at_any_moment)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin_show, cancel), 6);
	ck_assert_int_ge(bench_cancel_anywhere(begin_start, cancel), 8);
}
END_TEST

START_TEST(a_cancelled_start_may_have_been_carried_out)
{
	begin_start();
	bench_goes_on(it.b, 10);
	cancel();
	ck_assert(round_may_be_on(bench_round(it.b)));
	ck_assert_int_eq(ends(&stop), CLI_DONE); /* it can be used again */
	bench_free(it.b);
}
END_TEST

UNIT_TABLE("cli", each_answer_has_its_meaning, 3 * VERDICTS,
    an_answer_that_says_success_is_handed_on,
    scripts_are_made_of_the_devices_configuration,
    no_secret_is_in_what_a_device_quotes,
    a_refused_login_while_a_capture_may_be_on_is_critical,
    a_refused_start_is_no_proof_where_an_earlier_one_is_in_doubt,
    it_is_tried_rest_attempts_times, a_doubt_at_the_last_try_is_a_failure,
    an_unreachable_device_is_tried_until_the_limit,
    an_unreached_device_is_tried_at_its_next_address_at_once,
    an_answer_ends_being_unreachable, a_wrong_answer_is_a_failed_try,
    a_script_may_have_one_try_that_only_a_refusal_tells_of,
    the_last_try_is_followed_by_none,
    a_refusal_at_the_last_try_is_as_bad_as_ever, each_try_waits_for_a_place,
    a_new_login_keeps_to_the_rate,
    an_answer_is_a_login_and_an_unreached_device_is_none,
    a_change_is_on_the_disk_before_it_is_sent,
    where_no_journal_is_kept_nothing_waits_for_it, it_may_begin_after_a_pause,
    a_pause_can_be_cut, a_start_is_in_flight_from_sent_to_answered,
    what_is_cut_short_has_a_row,
    with_debug_messages_what_is_sent_and_answered_is_told,
    it_can_be_cancelled_at_any_moment,
    a_cancelled_start_may_have_been_carried_out)
