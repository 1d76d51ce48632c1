/* check_visit.c - one device tried in each way, once. */
#include "device/visit.h"

#include <string.h>

#include "rig/bench.h"
#include "rig/fake_resolve.h"

#define UP "{\"systemUpTime\":60}"

static struct {
	struct bench *b;
	struct visit v;
	unsigned ended; /* parts */
} it;

static void
on_part(void *arg, struct visit *v, enum visit_part part)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert_ptr_eq(v, &it.v);
	ck_assert_uint_eq(it.ended & part, 0);
	it.ended |= part;
	if (visit_is_over(v))
		bench_report(it.b);
}

static void
make_of(int n_devices, const char *settings)
{
	struct device_books books;

	memset(&it, 0, sizeof(it));
	it.b = bench_new(n_devices, settings);
	visit_limit(it.b->conf);
	it.b->tools.plan =
	    verify_plan_of(&it.b->conf->verify, &it.b->conf->snmp);
	it.b->tools.plan.reports = true;
	it.b->device->status = UP;
	it.b->device->no_date = true;
	books = (struct device_books){.result = it.b->result};
	visit_init(&it.v, &it.b->tools, &books, it.b->link, on_part, &it);
}

static void
make(const char *settings)
{
	make_of(1, settings);
}

static void
finish(void)
{
	visit_clear(&it.v);
	bench_free(it.b);
}

static void
visited(enum outcome expected)
{
	visit_start(&it.v);
	visit_register(&it.v);
	bench_ends(it.b);
	ck_assert_str_eq(
	    outcome_name(it.b->result->outcome), outcome_name(expected));
}

static void
has(enum task t, enum task_status s, enum severity severity, const char *text)
{
	rows_expect(it.b->result, t, 1, s, severity, text);
}

/* Nothing on it was changed, and each login was tried once at most. */
static void
once(int rest, int ssh)
{
	const struct fake_device *d = it.b->device;

	ck_assert_int_eq(d->hits[STEP_STATUS], rest);
	ck_assert_int_eq(d->hits[STEP_SFTP], ssh);
	ck_assert_int_eq(
	    d->hits[STEP_SHOW] + d->hits[STEP_START] + d->hits[STEP_STOP], 0);
	ck_assert_int_eq(fake_sent_count(it.b->net, "CAPTURE"), 0);
}

START_TEST(one_that_is_well_is_tried_once_in_each_way)
{
	make("");
	visited(OUTCOME_SUCCESS);
	has(TASK_LOGIN_REST, TASK_SUCCESS, SEVERITY_NORMAL, "up for 1m 0s");
	has(TASK_LOGIN_SSH, TASK_SUCCESS, SEVERITY_NORMAL, "logged in");
	has(TASK_REGISTER, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	has(TASK_ICMP, TASK_SUCCESS, SEVERITY_NORMAL, "1 of 1 answered");
	has(TASK_SNMP, TASK_SUCCESS, SEVERITY_NORMAL, "unknown user name");
	has(TASK_TCP, TASK_SUCCESS, SEVERITY_NORMAL, "1 of 1 answered");
	ck_assert_int_eq(rows_count(it.b->result, TASK_CLOCKS), 0);
	ck_assert_int_eq(it.b->result->n_rows, 6);
	ck_assert_str_eq(
	    it.b->result->description, "all that was tried went well");
	once(1, 1);
	finish();
}
END_TEST

START_TEST(a_refused_login_is_not_tried_by_ssh)
{
	const int codes[] = {401, 403, 405};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		make("");
		fake_fault(
		    it.b->device, STEP_STATUS, FAULT_STATUS, codes[i], -1);
		visited(OUTCOME_FAILED);
		has(TASK_LOGIN_REST, TASK_FAILURE, SEVERITY_MAJOR,
		    "user \"Admin\" refused");
		has(TASK_LOGIN_SSH, TASK_SKIPPED, SEVERITY_MINOR, "not tried");
		has(TASK_REGISTER, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
		has(TASK_ICMP, TASK_SUCCESS, SEVERITY_NORMAL, "1 of 1");
		once(1, 0);
		finish();
	}
}
END_TEST

START_TEST(a_wrong_certificate_keeps_the_password_here)
{
	make("");
	fake_fault(it.b->device, STEP_STATUS, FAULT_IDENTITY, 0, -1);
	visited(OUTCOME_FAILED);
	has(TASK_LOGIN_REST, TASK_FAILURE, SEVERITY_MAJOR,
	    "another certificate");
	has(TASK_LOGIN_SSH, TASK_SKIPPED, SEVERITY_MINOR, "not tried");
	once(1, 0);
	finish();
}
END_TEST

START_TEST(rest_that_is_down_is_no_reason_to_spare_ssh)
{
	make("");
	fake_fault(it.b->device, STEP_STATUS, FAULT_UNREACHABLE, 0, -1);
	visited(OUTCOME_FAILED);
	has(TASK_LOGIN_REST, TASK_FAILURE, SEVERITY_MAJOR,
	    "connection refused");
	has(TASK_LOGIN_SSH, TASK_SUCCESS, SEVERITY_NORMAL, "logged in");
	ck_assert_ptr_nonnull(
	    strstr(it.b->result->description, "connection refused"));
	once(1, 1);
	finish();
}
END_TEST

START_TEST(one_that_takes_its_time_or_is_busy_has_no_second_try)
{
	make("");
	fake_fault(it.b->device, STEP_STATUS, FAULT_HANG, 0, -1);
	visited(OUTCOME_FAILED);
	has(TASK_LOGIN_REST, TASK_FAILURE, SEVERITY_MAJOR, "no answer in time");
	once(1, 1);
	finish();
	make("");
	fake_fault(it.b->device, STEP_STATUS, FAULT_STATUS, 503, -1);
	visited(OUTCOME_FAILED);
	has(TASK_LOGIN_REST, TASK_FAILURE, SEVERITY_MAJOR, "HTTP 503");
	once(1, 1);
	finish();
}
END_TEST

START_TEST(one_without_a_status_page_has_not_looked_at_the_login)
{
	make("");
	it.b->device->status = NULL;
	visited(OUTCOME_SUCCESS);
	has(TASK_LOGIN_REST, TASK_SKIPPED, SEVERITY_MINOR, "HTTP 404");
	once(1, 1);
	finish();
}
END_TEST

START_TEST(each_trouble_with_ssh_fails_it)
{
	const enum fault kinds[] = {
	    FAULT_UNREACHABLE, FAULT_IDENTITY, FAULT_AUTH};
	const char *const texts[] = {
	    "no SSH session", "host key has changed", "login refused"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		make("");
		fake_fault(it.b->device, STEP_SFTP, kinds[i], 0, -1);
		visited(OUTCOME_FAILED);
		has(TASK_LOGIN_SSH, TASK_FAILURE, SEVERITY_MAJOR, texts[i]);
		once(1, 1);
		finish();
	}
}
END_TEST

START_TEST(lost_probes_alone_are_no_failure_and_say_what_to_do)
{
	make("");
	it.b->device->probes_lost = 1;
	visited(OUTCOME_PARTIAL);
	has(TASK_SNMP, TASK_FAILURE, SEVERITY_MINOR, "verify.snmp = false");
	has(TASK_TCP, TASK_FAILURE, SEVERITY_MINOR, "verify.tcp = false");
	finish();
}
END_TEST

START_TEST(kinds_that_are_off_are_not_sent)
{
	make("verify = { icmp = false; snmp = false; tcp = false; };");
	visited(OUTCOME_SUCCESS);
	ck_assert_int_eq(it.b->result->n_rows, 3);
	finish();
}
END_TEST

START_TEST(an_agent_that_refuses_or_is_silent_fails_it_after_one_try)
{
	make("");
	fake_agent_rule(it.b->agent, REQUEST_REGISTER, 503, -1);
	visited(OUTCOME_FAILED);
	has(TASK_REGISTER, TASK_FAILURE, SEVERITY_MAJOR, "503");
	ck_assert_int_eq(rows_count(it.b->result, TASK_REGISTER), 1);
	finish();
	make("");
	it.b->agent->silent = true;
	visited(OUTCOME_FAILED);
	has(TASK_REGISTER, TASK_FAILURE, SEVERITY_MAJOR, "no answer to");
	ck_assert_int_le(unit_elapsed(it.b->lp), 65000);
	finish();
}
END_TEST

START_TEST(a_name_without_an_address_leaves_the_agent)
{
	make_of(0, "devices = ( { address = \"b.example\"; "
		   "interfaces = [ \"eth-wan\" ]; } );");
	visited(OUTCOME_FAILED);
	ck_assert_int_eq(rows_count(it.b->result, TASK_RESOLVE), 1);
	has(TASK_REGISTER, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	ck_assert_int_eq(it.b->result->n_rows, 2);
	finish();
}
END_TEST

START_TEST(clocks_that_differ_are_told)
{
	make("");
	it.b->device->status = "{\"localTimeStamp\":"
			       "\"2010-01-17T17:29:15.000Z\"}";
	visited(OUTCOME_SUCCESS);
	has(TASK_CLOCKS, TASK_SUCCESS, SEVERITY_MINOR, "behind this host's");
	finish();
}
END_TEST

START_TEST(what_an_interruption_cuts_short_is_told)
{
	make("");
	it.b->device->status_hangs = true;
	it.b->agent->silent = true;
	visit_start(&it.v);
	visit_register(&it.v);
	bench_goes_on(it.b, 1000);
	visit_interrupt(&it.v);
	visit_interrupt(&it.v);
	ck_assert_str_eq(outcome_name(it.b->result->outcome), "interrupted");
	has(TASK_LOGIN_REST, TASK_SKIPPED, SEVERITY_MINOR, "interrupted");
	has(TASK_REGISTER, TASK_SKIPPED, SEVERITY_MINOR, "interrupted");
	ck_assert_int_eq(it.b->result->n_rows, 2);
	finish();
}
END_TEST

static struct bench *
begin(void)
{
	make("");
	visit_start(&it.v);
	visit_register(&it.v);
	return it.b;
}

static void
cancel(void)
{
	visit_clear(&it.v);
}

START_TEST(it_can_be_forgotten_at_any_time)
{
	ck_assert_int_gt(bench_cancel_anywhere(begin, cancel), 5);
}
END_TEST

UNIT_MAIN("visit", one_that_is_well_is_tried_once_in_each_way,
    a_refused_login_is_not_tried_by_ssh,
    a_wrong_certificate_keeps_the_password_here,
    rest_that_is_down_is_no_reason_to_spare_ssh,
    one_that_takes_its_time_or_is_busy_has_no_second_try,
    one_without_a_status_page_has_not_looked_at_the_login,
    each_trouble_with_ssh_fails_it,
    lost_probes_alone_are_no_failure_and_say_what_to_do,
    kinds_that_are_off_are_not_sent,
    an_agent_that_refuses_or_is_silent_fails_it_after_one_try,
    a_name_without_an_address_leaves_the_agent, clocks_that_differ_are_told,
    what_an_interruption_cuts_short_is_told, it_can_be_forgotten_at_any_time)
