/* check_probes.c - the host's own probes of one event. */
#include "device/probes.h"

#include <string.h>

#include "rig/bench.h"

#define ICMP_WELL "icmp 1 Success NORMAL 0: 10 of 10 answered"
#define SNMP_WELL "snmp 1 Success NORMAL 0: 10 of 10 answered"
#define TCP_WELL  "tcp 1 Success NORMAL 0: port 443: 10 of 10 answered"

static struct {
	struct bench *b;
	struct probes probes;
} it;

static void
on_probes(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	bench_report(it.b);
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	it.b->device->probes_at = -1;
	probes_init(&it.probes, &it.b->tools, on_probes, &it);
}

static void
start(void)
{
	probes_start(&it.probes, &it.b->ledger, &it.b->device->addr);
}

START_TEST(each_kind_has_its_row_and_the_round_knows)
{
	const struct row *row;

	make("");
	start();
	bench_ends(it.b);
	ROWS_ARE(it.b->result, ICMP_WELL, SNMP_WELL, TCP_WELL);
	ck_assert(bench_round(it.b)->probed);
	TAILQ_FOREACH (row, &it.b->result->rows, next)
		ck_assert_int_eq(row->duration, 10000);
	bench_free(it.b);
}
END_TEST

START_TEST(a_kind_that_is_off_has_no_row)
{
	make("verify = { snmp = false; icmp = false; };");
	ck_assert(probes_are_on(&it.b->tools));
	start();
	bench_ends(it.b);
	ROWS_ARE(it.b->result, TCP_WELL);
	bench_free(it.b);
	make("verify = { snmp = false; icmp = false; tcp = false; };");
	ck_assert(!probes_are_on(&it.b->tools));
	bench_free(it.b);
}
END_TEST

START_TEST(lost_probes_are_a_minor_finding)
{
	make("");
	it.b->device->probes_lost = 2;
	start();
	bench_ends(it.b);
	ROWS_ARE(it.b->result,
	    "icmp 1 Failure MINOR 0: 8 of 10 answered, lost ...",
	    "snmp 1 Failure MINOR 0: 8 of 10 answered, lost ...",
	    "tcp 1 Failure MINOR 0: port 443: 8 of 10 answered, lost ...");
	bench_free(it.b);
}
END_TEST

START_TEST(what_this_host_cannot_send_is_skipped)
{
	make("");
	it.b->device->no_icmp = true;
	start();
	bench_ends(it.b);
	ROWS_ARE(it.b->result,
	    "icmp 1 Skipped MINOR 0: not possible: no privilege", SNMP_WELL,
	    TCP_WELL);
	bench_free(it.b);
}
END_TEST

START_TEST(they_leave_at_once_where_there_is_a_place)
{
	make("");
	bench_goes_on(it.b, 700);
	start();
	ck_assert_int_eq(it.b->device->probes_at, 700);
	bench_ends(it.b);
	bench_free(it.b);
}
END_TEST

START_TEST(else_they_wait_for_one)
{
	struct ticket other = {.gate = NULL};

	make("");
	ck_assert(gate_try(it.b->tools.verify_gate, &other));
	start();
	bench_goes_on(it.b, 5000);
	ck_assert_int_eq(it.b->device->probes_at, -1);
	gate_leave(&other);
	bench_ends(it.b);
	ck_assert_int_eq(it.b->device->probes_at, 5000);
	ck_assert_int_eq(unit_elapsed(it.b->lp), 15000);
	/* It is free again. */
	ck_assert(gate_try(it.b->tools.verify_gate, &other));
	gate_leave(&other);
	bench_free(it.b);
}
END_TEST

START_TEST(those_that_are_cut_short_have_rows_of_what_there_is)
{
	make("");
	probes_stop(&it.probes, "interrupted"); /* none */
	start();
	bench_goes_on(it.b, 3500);
	it.b->device->no_icmp = true;
	probes_stop(&it.probes, "interrupted");
	ROWS_ARE(it.b->result,
	    "icmp 1 Skipped MINOR 0: not possible: no privilege",
	    "snmp 1 Success MINOR 0: 4 of 4 answered; 6 were not sent: "
	    "interrupted",
	    "tcp 1 Success MINOR 0: port 443: 4 of 4 answered; 6 were not sent: "
	    "interrupted");
	ck_assert(!bench_round(it.b)->probed);
	bench_goes_on(it.b, 60000);
	it.b->device->no_icmp = false;
	start(); /* again */
	bench_ends(it.b);
	bench_free(it.b);
}
END_TEST

static void
cut_at(int64_t ms, const char *icmp)
{
	make("verify = { snmp = false; tcp = false; };");
	it.b->device->probes_lost = 1;
	start();
	bench_goes_on(it.b, ms);
	probes_stop(&it.probes, "the grace is over");
	ROWS_ARE(it.b->result, icmp);
	bench_free(it.b);
}

START_TEST(a_loss_is_one_though_others_were_not_sent)
{
	cut_at(3500, "icmp 1 Failure MINOR 0: 3 of 4 answered, lost 4; "
		     "6 were not sent: the grace is over");
	cut_at(8500, "icmp 1 Failure MINOR 0: 8 of 9 answered, lost 9; "
		     "1 was not sent: the grace is over");
	cut_at(9500, "icmp 1 Failure MINOR 0: 9 of 10 answered, lost 10");
}
END_TEST

/* The first are in flight. */
START_TEST(those_without_a_fate_are_not_sent)
{
	make("verify = { snmp = false; tcp = false; };");
	it.b->device->probes_open = true;
	start();
	bench_goes_on(it.b, 3500);
	probes_stop(&it.probes, "interrupted");
	ROWS_ARE(it.b->result,
	    "icmp 1 Skipped MINOR 0: 10 were not sent: interrupted");
	bench_free(it.b);
}
END_TEST

START_TEST(those_that_never_left_have_none)
{
	struct ticket other = {.gate = NULL};

	make("");
	ck_assert(gate_try(it.b->tools.verify_gate, &other));
	start();
	bench_goes_on(it.b, 3500);
	probes_stop(&it.probes, "interrupted");
	gate_leave(&other);
	bench_goes_on(it.b, 60000);
	ROWS_ARE(it.b->result, NULL);
	ck_assert_int_eq(it.b->device->probes_at, -1);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin(void)
{
	make("");
	start();
	return it.b;
}

static void
cancel(void)
{
	probes_cancel(&it.probes);
}

START_TEST(they_can_be_cancelled_at_any_moment)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin, cancel), 2);
}
END_TEST

UNIT_MAIN("probes", each_kind_has_its_row_and_the_round_knows,
    a_kind_that_is_off_has_no_row, lost_probes_are_a_minor_finding,
    what_this_host_cannot_send_is_skipped,
    they_leave_at_once_where_there_is_a_place, else_they_wait_for_one,
    those_that_are_cut_short_have_rows_of_what_there_is,
    a_loss_is_one_though_others_were_not_sent,
    those_without_a_fate_are_not_sent, those_that_never_left_have_none,
    they_can_be_cancelled_at_any_moment)
