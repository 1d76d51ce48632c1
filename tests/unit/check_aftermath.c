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
    it_can_be_dropped_with_events_left)
