/* check_reach.c - a device's addresses: found, tried in turn, kept. */
#include "device/reach.h"

#include "local.h"
#include "rig/bench.h"
#include "rig/fake_resolve.h"
#include "wire/device_script.h"

#define NAMED                                     \
	"devices = ( { address = \"r.example\"; " \
	"interfaces = [ \"eth-wan\" ]; } );\n"

static struct {
	struct bench *b;
	struct reach *reach;
	struct fail why;
} it;

/* A device with a name, and two addresses for it. */
static struct bench *
named(const char *settings)
{
	it.b = bench_new(2, settings);
	it.reach = &it.b->reach;
	return it.b;
}

static void
on_reach(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	it.why = *why;
	bench_report(it.b);
}

static void
look_up(void)
{
	reach_look_up(it.reach, &it.b->ledger, on_reach, &it);
}

/* The name has so many addresses, and they are known. */
static void
found(const char *first, const char *second)
{
	named(NAMED);
	fake_name("r.example", first, second, 0);
	look_up();
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
}

static int64_t
again(enum fail_kind kind)
{
	struct fail f = {.kind = kind};

	return reach_again(it.reach, &f);
}

START_TEST(an_address_needs_no_look_up)
{
	struct reach r = {.tried = 0};

	named("");
	reach_init(&r, &it.b->tools, it.b->result->conf);
	ck_assert(reach_is_literal(&r));
	ck_assert_uint_eq(r.n_addrs, 1);
	local_addr_is(&r.addrs[0], "192.0.2.2");
	reach_clear(&r);
	ROWS_ARE(it.b->result, NULL);
	bench_free(it.b);
	named(NAMED);
	ck_assert(!reach_is_literal(it.reach));
	bench_free(it.b);
}
END_TEST

START_TEST(a_name_is_looked_up_and_its_first_address_is_in_the_row)
{
	found("192.0.2.2", "192.0.2.1");
	ck_assert_uint_eq(it.reach->n_addrs, 2);
	local_addr_is(&it.reach->addrs[0], "192.0.2.2");
	local_addr_is(&it.reach->addrs[1], "192.0.2.1");
	ROWS_ARE(it.b->result, "resolve 1 Success NORMAL 0: 192.0.2.2");
	bench_free(it.b);
}
END_TEST

START_TEST(no_such_name_is_final)
{
	named(NAMED);
	look_up();
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_FINAL);
	ROWS_ARE(
	    it.b->result, "resolve 1 Failure MAJOR 0: r.example: no such name");
	bench_free(it.b);
}
END_TEST

START_TEST(a_resolver_that_is_silent_is_asked_again)
{
	named(NAMED);
	fake_name("r.example", "192.0.2.1", NULL, 2);
	look_up();
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	ck_assert_int_eq(unit_elapsed(it.b->lp), 2 * 30000 + 3 * 10);
	ROWS_ARE(it.b->result,
	    "resolve 2 Failure MINOR 0: r.example: no answer",
	    "resolve 3 Success NORMAL 0: 192.0.2.1");
	bench_free(it.b);
}
END_TEST

START_TEST(a_resolver_is_asked_until_the_limit)
{
	named(NAMED "timeouts = { unreachable_limit = \"1m\"; };");
	fake_name("r.example", "192.0.2.1", NULL, -1);
	look_up();
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_UNREACHABLE);
	ROWS_ARE(
	    it.b->result, "resolve 3 Failure MAJOR 0: r.example: no answer");
	bench_free(it.b);
}
END_TEST

START_TEST(a_look_up_has_tries_of_its_own)
{
	const struct fail before = {.kind = FAIL_TRANSIENT};

	named(NAMED);
	reach_again(it.reach, &before);
	look_up();
	bench_ends(it.b);
	ROWS_ARE(
	    it.b->result, "resolve 1 Failure MAJOR 0: r.example: no such name");
	bench_free(it.b);
}
END_TEST

static struct bench *
begin_look_up(void)
{
	named(NAMED);
	fake_name("r.example", "192.0.2.1", NULL, 1);
	look_up();
	return it.b;
}

static void
cancel(void)
{
	reach_clear(it.reach);
}

START_TEST(a_look_up_can_be_cancelled_at_any_moment)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin_look_up, cancel), 4);
}
END_TEST

START_TEST(a_look_up_that_is_cut_short_has_a_row)
{
	begin_look_up();
	reach_cut_short(it.reach, "enough");
	ROWS_ARE(it.b->result, "resolve 1 Skipped MINOR 0: enough");
	bench_goes_on(it.b, 500); /* it pauses */
	reach_cut_short(it.reach, "enough");
	ROWS_ARE(it.b->result, "resolve 1 Skipped MINOR 0: enough",
	    "resolve 1 Failure MINOR 0: r.example: no answer",
	    "resolve 2 Skipped MINOR 0: enough");
	cancel();
	reach_cut_short(it.reach, "there is none");
	ck_assert_int_eq(it.b->result->n_rows, 3);
	bench_free(it.b);
}
END_TEST

/* --- the address in use --- */

START_TEST(a_device_that_never_answered_is_tried_at_each_address)
{
	found("192.0.2.1", "192.0.2.2");
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 0);
	local_addr_is(&it.reach->addrs[0], "192.0.2.2");
	/* All have been tried: a pause, and the first one again. */
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 30000);
	local_addr_is(&it.reach->addrs[0], "192.0.2.1");
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 0);
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 30000);
	ck_assert_int_eq(it.reach->retry.tries, 4);
	bench_free(it.b);
}
END_TEST

START_TEST(one_address_is_tried_after_a_pause)
{
	found("192.0.2.1", NULL);
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 30000);
	local_addr_is(&it.reach->addrs[0], "192.0.2.1");
	bench_free(it.b);
}
END_TEST

START_TEST(an_address_that_answers_is_kept)
{
	static const enum fail_kind kinds[] = {
	    FAIL_TRANSIENT, FAIL_UNCLEAR, FAIL_SCRIPT};

	found("192.0.2.1", "192.0.2.2");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ck_assert_int_gt(again(kinds[i]), 0);
	ck_assert_int_eq(again(FAIL_AUTH), RETRY_NEVER);
	reach_logged_in(it.reach);
	ck_assert_int_eq(again(FAIL_UNREACHABLE), 30000);
	local_addr_is(&it.reach->addrs[0], "192.0.2.1");
	ck_assert_int_eq(it.reach->retry.tries, 5);
	bench_free(it.b);
}
END_TEST

START_TEST(behind_the_limit_no_address_is_tried)
{
	found("192.0.2.1", "192.0.2.2");
	again(FAIL_UNREACHABLE);
	loop_run_for(it.b->lp, 2 * 3600 * 1000);
	ck_assert_int_eq(again(FAIL_UNREACHABLE), RETRY_NEVER);
	local_addr_is(&it.reach->addrs[0], "192.0.2.2");
	bench_free(it.b);
}
END_TEST

static void
on_answer(void *arg, const struct rest_answer *a)
{
	(void)arg;
	ck_assert_int_eq(a->status, 200);
}

/* Ask the device at the address in use. */
static void
show(void)
{
	struct device_script words = {.family = "data"};
	char *text = device_script_show(&words);
	struct rest_request q = {.method = "PUT", .script = text};

	rest_send(it.reach->peer, &q, on_answer, NULL);
	free(text);
	loop_run_for(it.b->lp, 1000);
}

START_TEST(the_connection_is_to_the_address_in_use)
{
	found("192.0.2.1", "192.0.2.2");
	show();
	ck_assert_int_eq(it.b->devices[0].hits[STEP_SHOW], 1);
	again(FAIL_UNREACHABLE);
	show();
	ck_assert_int_eq(it.b->devices[0].hits[STEP_SHOW], 1);
	ck_assert_int_eq(it.b->devices[1].hits[STEP_SHOW], 1);
	bench_free(it.b);
}
END_TEST

START_TEST(a_login_is_needed_at_first_and_after_100_s)
{
	named("");
	ck_assert(reach_needs_login(it.reach));
	reach_logged_in(it.reach);
	ck_assert(!reach_needs_login(it.reach));
	loop_run_for(it.b->lp, 100000);
	ck_assert(!reach_needs_login(it.reach));
	loop_run_for(it.b->lp, 1);
	ck_assert(reach_needs_login(it.reach));
	bench_free(it.b);
}
END_TEST

UNIT_MAIN("reach", an_address_needs_no_look_up,
    a_name_is_looked_up_and_its_first_address_is_in_the_row,
    no_such_name_is_final, a_resolver_that_is_silent_is_asked_again,
    a_resolver_is_asked_until_the_limit, a_look_up_has_tries_of_its_own,
    a_look_up_can_be_cancelled_at_any_moment,
    a_look_up_that_is_cut_short_has_a_row,
    a_device_that_never_answered_is_tried_at_each_address,
    one_address_is_tried_after_a_pause, an_address_that_answers_is_kept,
    behind_the_limit_no_address_is_tried,
    the_connection_is_to_the_address_in_use,
    a_login_is_needed_at_first_and_after_100_s)
