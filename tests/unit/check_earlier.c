/* check_earlier.c - what an earlier run left of a device, and its books. */
#include "device/earlier.h"

#include <stdio.h>
#include <string.h>

#include "rig/bench.h"

#define RUN "2026-11-22T04-00-00Z"

static struct {
	struct bench *b;
	struct run_result *was; /* the earlier run */
	struct earlier earlier;
	struct earlier_runs runs;
	int done;
} it;

static void
on_done(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	it.done++;
}

/* One is left; its ledger is not open. */
static void
make(void)
{
	char *parent;

	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, "");
	parent = run_parent(it.b->conf);
	it.was = run_result_for(it.b->conf, parent, RUN,
	    (const struct device_entry *const *)it.b->conf->devices, 1);
	free(parent);
	bench_open_books(it.b, it.was, &it.earlier.books);
	it.earlier.run = it.was->run;
	it.earlier.done = on_done;
	it.earlier.arg = &it;
	earlier_init(&it.runs);
	STAILQ_INSERT_TAIL(&it.runs.waiting, &it.earlier, next);
}

static void
unmake(void)
{
	bench_close_books(&it.earlier.books, it.was);
	bench_free(it.b);
}

static struct ledger *
opened(void)
{
	return earlier_open(&it.runs, &it.b->tools);
}

static struct device_result *
result(void)
{
	return it.earlier.books.result;
}

/* --- open --- */

START_TEST(they_are_taken_up_one_after_the_other)
{
	struct earlier second = {.run = "x"};

	make();
	second.books = it.earlier.books;
	STAILQ_INSERT_TAIL(&it.runs.waiting, &second, next);
	ck_assert(earlier_has_more(&it.runs));
	ck_assert_ptr_null(it.runs.now);
	ck_assert_ptr_eq(ledger_result(opened()), result());
	ck_assert_ptr_eq(it.runs.now, &it.earlier);
	ck_assert(result()->round.taken);
	ck_assert(earlier_has_more(&it.runs));
	opened();
	ck_assert_ptr_eq(it.runs.now, &second);
	ck_assert(!earlier_has_more(&it.runs));
	loop_run_for(it.b->lp, 0);
	bench_facts_are_of(it.was, "taken taken");
	unmake();
}
END_TEST

static const struct registered {
	bool takes_stop, closed, asked;
	bool bears_stop, untold;
} registereds[] = {
    {true, false, true, true, false},
    {true, false, false, true, false},
    {true, true, false, false, false},
    {false, false, true, false, true},
    {false, false, false, false, false},
};

START_TEST(an_agent_that_takes_no_stop_goes_on)
{
	for (size_t i = 0; i < sizeof(registereds) / sizeof(registereds[0]);
	     i++) {
		const struct registered *r = &registereds[i];

		make();
		opened();
		result()->round.closed = r->closed;
		result()->round.asked = r->asked;
		earlier_registered(
		    &it.runs, r->takes_stop, "the agent was not told");
		ck_assert_int_eq(it.runs.bears_stop, r->bears_stop);
		ck_assert_int_eq(result()->round.asked, r->asked && !r->untold);
		ck_assert_int_eq(result()->n_rows, r->untold);
		ck_assert_int_eq(
		    rows_count(result(), TASK_OVOC_STOP), r->untold);
		ck_assert_int_eq(it.b->result->n_rows, 0);
		unmake();
	}
}
END_TEST

/* --- what a failure is --- */

START_TEST(trouble_of_this_host_puts_it_off_and_a_refusal_lasts)
{
	struct fail why;

	make();
	opened();
	for (int k = FAIL_NONE; k <= FAIL_LOCAL; k++) {
		bool off = k == FAIL_LOCAL;

		fail_set(&why, (enum fail_kind)k, "x");
		ck_assert_int_eq(earlier_is_put_off(&it.runs, &why), off);
		ck_assert_int_eq(earlier_is_lasting(&it.runs, &why),
		    off || k == FAIL_AUTH || k == FAIL_IDENTITY);
	}
	ledger_fact(&it.runs.ledger, FACT_NO_ROOM);
	fail_set(&why, FAIL_TRANSIENT, "x");
	ck_assert(earlier_is_put_off(&it.runs, &why));
	ck_assert(earlier_is_lasting(&it.runs, &why));
	unmake();
}
END_TEST

/* --- closed --- */

#define FINISHED "what the killed run left is finished"
#define MAY_BE   "capture may be on: "

static const struct closing {
	const char *about;
	enum fail_kind why;
	bool sent, no_room, ended, recover_only;
	int events;
	/* What follows. */
	const char *its_row, *own_row; /* NULL: none */
	const char *its_facts, *own_facts;
	bool open; /* it is left to the next run */
	enum outcome outcome;
	const char *words; /* NULL: none */
} closings[] = {
    {"it is finished", .its_row = "recover 1 Success NORMAL 0: " FINISHED,
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_INTERRUPTED,
	.words = "the run was killed; finished later"},
    {"it had ended, and is finished", .ended = true,
	.its_row = "recover 1 Success NORMAL 0: what the run left on is off",
	.own_row =
	    "recover 1 Success NORMAL 0: what run " RUN " left on is off",
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_INTERRUPTED,
	.words = "the run was killed; finished later"},
    {"it failed and is off", FAIL_TRANSIENT,
	.its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MINOR 0: no",
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_FAILED, .words = "no"},
    {"it failed behind an event", FAIL_FINAL, .events = 1,
	.its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MINOR 0: no",
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_PARTIAL, .words = "no"},
    {"it may be on: it is this run's to stop", FAIL_UNREACHABLE, .sent = true,
	.its_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.own_row = "recover 1 Failure MINOR 0: " MAY_BE "no",
	.its_facts = "start taken ended off recovered",
	.own_facts = "inherited", .outcome = OUTCOME_FAILED, .words = "no"},
    {"it may be on, and this run only recovers", FAIL_UNREACHABLE, .sent = true,
	.recover_only = true,
	.its_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.own_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.its_facts = "start taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_FAILED, .words = "no"},
    {"it is off, and this run only recovers", FAIL_TRANSIENT,
	.recover_only = true, .its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MAJOR 0: no",
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_FAILED, .words = "no"},
    {"it refused us and may be on", FAIL_AUTH, .sent = true,
	.its_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.own_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.its_facts = "start taken ended off recovered",
	.own_facts = "inherited", .outcome = OUTCOME_FAILED, .words = "no"},
    {"it is another one, and is off", FAIL_IDENTITY,
	.its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MAJOR 0: no",
	.its_facts = "taken ended recovered", .own_facts = "",
	.outcome = OUTCOME_FAILED, .words = "no"},
    {"this host has no room: put off", FAIL_LOCAL,
	.its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MAJOR 0: no", .its_facts = "taken ended",
	.own_facts = "", .open = true, .outcome = OUTCOME_NONE},
    {"this host had no room, whatever failed then: put off", FAIL_TRANSIENT,
	.no_room = true, .its_row = "recover 1 Failure MAJOR 0: no",
	.own_row = "recover 1 Failure MAJOR 0: no", .its_facts = "taken ended",
	.own_facts = "", .open = true, .outcome = OUTCOME_NONE},
    {"it may be on, and is put off: nobody's but its own", FAIL_LOCAL,
	.sent = true, .its_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.own_row = "recover 1 Failure CRITICAL 0: " MAY_BE "no",
	.its_facts = "start taken ended", .own_facts = "", .open = true,
	.outcome = OUTCOME_NONE},
};
#define CLOSINGS (sizeof(closings) / sizeof(closings[0]))

static void
close_as(const struct closing *c)
{
	struct fail why = {.kind = FAIL_NONE};

	it.earlier.ended = c->ended;
	if (c->sent)
		journal_fact(it.earlier.books.journal, result(), FACT_START);
	result()->events = c->events;
	opened();
	if (c->no_room)
		ledger_fact(&it.runs.ledger, FACT_NO_ROOM);
	if (c->why != FAIL_NONE)
		fail_set(&why, c->why, "no");
	earlier_close(&it.runs, &it.b->ledger, &why, c->recover_only);
}

START_TEST(each_end_is_told_in_both_books)
{
	const struct closing *c = &closings[_i];

	printf("%s\n", c->about);
	make();
	close_as(c);
	ck_assert_ptr_null(it.runs.now);
	ROWS_ARE(result(), c->its_row);
	ROWS_ARE(it.b->result, c->own_row);
	loop_run_for(it.b->lp, 0);
	bench_facts_are_of(it.was, c->its_facts);
	bench_facts_are(it.b, c->own_facts);
	ck_assert_int_eq(it.done, !c->open);
	ck_assert_int_eq(result()->round.recovered, !c->open);
	ck_assert_int_eq(result()->outcome, c->outcome);
	if (c->words != NULL)
		ck_assert_str_eq(result()->description, c->words);
	else
		ck_assert_ptr_null(result()->description);
	/* This run's own is told of by its rows alone. */
	ck_assert_int_eq(it.b->result->outcome, OUTCOME_NONE);
	unmake();
}
END_TEST

START_TEST(an_outcome_that_is_there_stays)
{
	static const struct closing failed = {
	    .why = FAIL_TRANSIENT, .ended = true};

	make();
	result()->outcome = OUTCOME_QUIET;
	result_describe(result(), "0 of 1 event captured");
	close_as(&failed);
	ck_assert_int_eq(result()->outcome, OUTCOME_QUIET);
	ck_assert_str_eq(result()->description, "0 of 1 event captured");
	unmake();
}
END_TEST

START_TEST(a_start_is_in_one_journal_or_the_other_at_any_moment)
{
	static const struct closing on = {
	    .why = FAIL_UNREACHABLE, .sent = true};

	make();
	close_as(&on);
	/* Before this turn of the loop ends. */
	bench_facts_are_of(it.b->run, "inherited");
	ck_assert(bench_is_on_disk(it.b, FACT_INHERITED));
	bench_facts_are_of(it.was, "");
	ck_assert(round_may_be_on(bench_round(it.b)));
	ck_assert(!round_may_be_on(&result()->round));
	unmake();
}
END_TEST

/* --- given up --- */

START_TEST(one_that_is_given_up_stays_as_it_is)
{
	make();
	ck_assert(!earlier_left_on(&it.runs));
	ck_assert(!earlier_untold(&it.runs));
	journal_fact(it.earlier.books.journal, result(), FACT_START);
	ledger_fact(opened(), FACT_ASKED);
	earlier_give_up(&it.runs);
	ck_assert_ptr_null(it.runs.now);
	ck_assert(earlier_left_on(&it.runs));
	ck_assert(earlier_untold(&it.runs));
	ck_assert_int_eq(it.done, 0);
	ROWS_ARE(result(), NULL);
	loop_run_for(it.b->lp, 0);
	bench_facts_are_of(it.was, "start taken asked");
	unmake();
}
END_TEST

START_TEST(nothing_is_left_of_one_that_was_never_on)
{
	make();
	opened();
	earlier_give_up(&it.runs);
	ck_assert(!earlier_left_on(&it.runs));
	ck_assert(!earlier_untold(&it.runs));
	unmake();
	make();
	earlier_give_up(&it.runs); /* none is open */
	ck_assert(!earlier_left_on(&it.runs));
	ck_assert(earlier_has_more(&it.runs));
	unmake();
}
END_TEST

UNIT_TABLE("earlier", each_end_is_told_in_both_books, CLOSINGS,
    they_are_taken_up_one_after_the_other, an_agent_that_takes_no_stop_goes_on,
    trouble_of_this_host_puts_it_off_and_a_refusal_lasts,
    an_outcome_that_is_there_stays,
    a_start_is_in_one_journal_or_the_other_at_any_moment,
    one_that_is_given_up_stays_as_it_is,
    nothing_is_left_of_one_that_was_never_on)
