/* check_aftermath.c - what follows an event, and that the run waits for it. */
#include "campaign/aftermath.h"

#include <string.h>

#include "base/str.h"
#include "rig/bench.h"

static struct {
	struct bench *b;
	struct aftermath *after;
	int settled;
} it;

static void
on_settled(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	it.settled++;
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	it.after = aftermath_new(&it.b->tools, on_settled, &it);
}

static void
drop(void)
{
	aftermath_free(it.after);
	bench_free(it.b);
}

/* The device's event is over, its file is home. */
static void
event_over(void)
{
	ledger_fact(&it.b->ledger, FACT_EVENT);
	ledger_name_file(&it.b->ledger);
	ledger_fact(&it.b->ledger, FACT_FILE);
	aftermath_add(it.after, &it.b->ledger.books, bench_round(it.b));
}

START_TEST(an_event_is_settled_from_the_loop)
{
	make("");
	ck_assert(!aftermath_busy(it.after));
	event_over();
	ck_assert(aftermath_busy(it.after));
	ck_assert_int_eq(it.settled, 0);
	loop_run_for(it.b->lp, 0);
	ck_assert_int_eq(it.settled, 1);
	ck_assert(!aftermath_busy(it.after));
	ck_assert(!aftermath_uses(it.after, it.b->ledger.books.journal));
	drop();
}
END_TEST

START_TEST(without_sftp_there_is_no_row_of_the_servers_files)
{
	make("");
	event_over();
	loop_run_for(it.b->lp, 1000);
	ck_assert_int_eq(rows_count(it.b->result, TASK_RETRIEVE_SERVER), 0);
	drop();
}
END_TEST

/* Of the first event. */
static int
count_of(enum task task)
{
	return rows_count(it.b->result, task);
}

START_TEST(the_hook_comes_behind_the_verdict)
{
	make("hooks = { on_event = \"/no/such/program\"; };");
	event_over();
	loop_run_for(it.b->lp, 1000);
	ck_assert_int_eq(it.settled, 1);
	ck_assert_int_eq(count_of(TASK_COMPARE), 1);
	ck_assert_int_eq(count_of(TASK_HOOK), 1);
	ck_assert_int_eq(
	    TAILQ_LAST(&it.b->result->rows, row_list)->task, TASK_HOOK);
	ck_assert_int_eq(it.b->result->severity, SEVERITY_MINOR);
	drop();
}
END_TEST

START_TEST(an_event_without_its_file_has_the_hook_alone)
{
	make("hooks = { on_event = \"/no/such/program\"; };");
	ledger_fact(&it.b->ledger, FACT_EVENT);
	aftermath_add(it.after, &it.b->ledger.books, bench_round(it.b));
	loop_run_for(it.b->lp, 1000);
	ck_assert_int_eq(it.settled, 1);
	ck_assert_int_eq(count_of(TASK_COMPARE), 0);
	ck_assert_int_eq(count_of(TASK_HOOK), 1);
	drop();
	make("");
	ledger_fact(&it.b->ledger, FACT_EVENT);
	aftermath_add(it.after, &it.b->ledger.books, bench_round(it.b));
	ck_assert_int_eq(it.settled, 0);
	loop_run_for(it.b->lp, 1000);
	ck_assert_int_eq(it.settled, 1);
	ck_assert(!aftermath_busy(it.after));
	ck_assert_ptr_null(TAILQ_FIRST(&it.b->result->rows));
	drop();
}
END_TEST

START_TEST(it_can_be_dropped_with_events_left)
{
	make("");
	event_over();
	event_over();
	aftermath_free(it.after);
	loop_run_for(it.b->lp, 1000);
	ck_assert_int_eq(it.settled, 0);
	bench_free(it.b);
	aftermath_free(NULL);
}
END_TEST

UNIT_MAIN("aftermath", an_event_is_settled_from_the_loop,
    without_sftp_there_is_no_row_of_the_servers_files,
    the_hook_comes_behind_the_verdict,
    an_event_without_its_file_has_the_hook_alone,
    it_can_be_dropped_with_events_left)
