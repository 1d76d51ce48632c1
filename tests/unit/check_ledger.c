/* check_ledger.c - what a device finds goes into the books that are open. */
#include "device/ledger.h"

#include <string.h>

#include "base/xmem.h"
#include "rig/bench.h"

static struct {
	struct bench *b;
	struct ledger *ledger;
	int went_on;
} it;

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	it.ledger = &it.b->ledger;
}

/* Does the journal have this text by now? */
static bool
journal_has(const char *what)
{
	char *text;
	bool has;

	loop_run_for(it.b->lp, 0);
	text = unit_read(it.b->journal);
	has = strstr(text, what) != NULL;
	free(text);
	return has;
}

/* --- rows --- */

START_TEST(a_row_tells_the_time_since_its_task_began)
{
	struct begun begun;
	const struct row *row;

	make("");
	loop_run_for(it.b->lp, 1000);
	begun = ledger_begin(it.ledger, TASK_STOP, 3);
	loop_run_for(it.b->lp, 250);
	row = ledger_row(
	    it.ledger, &begun, TASK_FAILURE, SEVERITY_MAJOR, "no answer");
	ROWS_ARE(it.b->result, "stop 3 Failure MAJOR 0: no answer");
	ck_assert_int_eq(row->started, STAGE_WALL + 1000);
	ck_assert_int_eq(row->duration, 250);
	ck_assert_int_eq(row->event, 1);
	ck_assert_int_eq(it.b->result->severity, SEVERITY_MAJOR);
	bench_free(it.b);
}
END_TEST

START_TEST(more_may_be_put_into_a_row_in_its_turn)
{
	struct begun begun;

	make("");
	begun = ledger_begin(it.ledger, TASK_STOP, 1);
	ledger_row(it.ledger, &begun, TASK_FAILURE, SEVERITY_MINOR, "no")
	    ->code = 503;
	ck_assert(journal_has("503"));
	bench_free(it.b);
}
END_TEST

START_TEST(a_note_takes_no_time_and_has_no_tries)
{
	make("");
	ledger_note(
	    it.ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, "lost");
	ROWS_ARE(it.b->result, "alarm 1 Success NORMAL 0: lost");
	ck_assert_int_eq(rows_find(it.b->result, TASK_ALARM, 1)->duration, 0);
	ck_assert(journal_has("lost"));
	bench_free(it.b);
}
END_TEST

START_TEST(what_may_go_on_has_rows_of_its_own)
{
	make("");
	ledger_fact(it.ledger, FACT_ASKED);
	ledger_may_be_on(it.ledger);
	ledger_untold(it.ledger, "the agent was not told: it captures");
	ROWS_ARE(it.b->result,
	    "verify-stopped 1 Failure CRITICAL 0: capture may be on: ...",
	    "ovoc-stop 1 Skipped MINOR 0: the agent was not told: ...");
	ck_assert(!bench_round(it.b)->asked);
	bench_free(it.b);
}
END_TEST

/* --- facts --- */

START_TEST(a_fact_is_true_of_the_round_and_in_the_journal)
{
	make("");
	ledger_fact(it.ledger, FACT_START);
	ledger_fact(it.ledger, FACT_DOUBT); /* of no use to a later run */
	ledger_fact(it.ledger, FACT_ON);
	ck_assert(bench_round(it.b)->on);
	ck_assert(!bench_round(it.b)->unclear);
	bench_facts_are(it.b, "start on");
	bench_free(it.b);
}
END_TEST

START_TEST(a_state_is_in_the_journal)
{
	make("");
	ledger_state(it.ledger, DEVICE_STARTING, DEVICE_ARMING);
	ck_assert(journal_has("\"arming\""));
	ck_assert(!journal_has("\"starting\""));
	bench_free(it.b);
}
END_TEST

START_TEST(the_next_round_has_its_event)
{
	make("");
	ledger_fact(it.ledger, FACT_START);
	ledger_next_round(it.ledger, 2);
	ledger_note(
	    it.ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, "lost");
	ck_assert_int_eq(rows_find(it.b->result, TASK_ALARM, 1)->event, 2);
	ck_assert(!bench_round(it.b)->sent);
	ck_assert(round_may_be_on(bench_round(it.b)));
	bench_free(it.b);
}
END_TEST

START_TEST(where_no_journal_is_kept_the_result_has_it_all)
{
	make("");
	bench_end_journal(it.b);
	ledger_fact(it.ledger, FACT_START);
	ledger_state(it.ledger, DEVICE_STARTING, DEVICE_ARMING);
	ledger_note(
	    it.ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL, "lost");
	ledger_name_file(it.ledger);
	ck_assert(bench_round(it.b)->sent);
	ck_assert_int_eq(it.b->result->n_rows, 1);
	bench_facts_are(it.b, "");
	bench_free(it.b);
}
END_TEST

/* --- the round's file --- */

START_TEST(a_file_is_named_once_after_who_is_told_and_the_time)
{
	make("devices = ( { address = \"192.0.2.7\"; "
	     "ovoc_address = \"198.51.100.7\"; "
	     "interfaces = [ \"eth-wan\" ]; } );");
	ledger_name_file(it.ledger);
	ck_assert_str_eq(bench_round(it.b)->file,
	    "CPE_device_198.51.100.7_2026-11-23T04.00.00.000000Z.pcap");
	ck_assert_str_eq(it.b->result->last_capture, bench_round(it.b)->file);
	loop_run_for(it.b->lp, 5000);
	ledger_name_file(it.ledger);
	ck_assert_str_eq(it.b->result->last_capture, bench_round(it.b)->file);
	ck_assert_ptr_nonnull(strstr(bench_round(it.b)->file, "04.00.00"));
	bench_facts_are(it.b, "stop");
	ck_assert(journal_has("04.00.00.000000Z.pcap"));
	bench_free(it.b);
}
END_TEST

START_TEST(no_two_files_have_one_name)
{
	char first[CAPTURE_NAME_MAX];

	make("");
	ledger_name_file(it.ledger);
	str_copy(first, sizeof(first), bench_round(it.b)->file);
	ledger_next_round(it.ledger, 2);
	ledger_name_file(it.ledger); /* in the same turn */
	ck_assert_str_ne(bench_round(it.b)->file, first);
	/* The host's clock was put back. */
	str_copy(first, sizeof(first), bench_round(it.b)->file);
	loop_set_wall(it.b->lp, STAGE_WALL - 3600000);
	ledger_next_round(it.ledger, 3);
	ledger_name_file(it.ledger);
	ck_assert_int_gt(strcmp(bench_round(it.b)->file, first), 0);
	bench_free(it.b);
}
END_TEST

START_TEST(it_is_kept_in_the_folder_of_captures)
{
	char *path, *wanted;

	make("");
	ledger_name_file(it.ledger);
	path = ledger_path(it.ledger);
	wanted = xasprintf("%s/" RUN_CAPTURES "/%s", it.b->run->folder,
	    bench_round(it.b)->file);
	ck_assert_str_eq(path, wanted);
	free(path);
	free(wanted);
	bench_free(it.b);
}
END_TEST

START_TEST(room_is_what_min_free_wants)
{
	struct fail why = {.kind = FAIL_NONE};

	make("");
	ck_assert(ledger_has_room(it.ledger, &why));
	it.b->conf->campaign.min_free = INT64_MAX;
	ck_assert(!ledger_has_room(it.ledger, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "campaign.min_free"));
	bench_free(it.b);
}
END_TEST

/* --- the disk --- */

static void
go_on(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	it.went_on++;
}

static void
go_on_from_disk(void *arg)
{
	go_on(arg);
	ck_assert(bench_is_on_disk(it.b, FACT_START));
}

START_TEST(who_waits_for_the_disk_goes_on_behind_it)
{
	struct journal_wait wait = {.line.file = NULL};

	make("");
	ledger_fact(it.ledger, FACT_START);
	ledger_sync(it.ledger, &wait, go_on_from_disk, &it);
	ck_assert_int_eq(it.went_on, 0);
	loop_run_for(it.b->lp, 0);
	ck_assert_int_eq(it.went_on, 1);
	bench_free(it.b);
}
END_TEST

START_TEST(without_a_journal_it_goes_on_at_once)
{
	struct journal_wait wait = {.line.file = NULL};
	make("");
	bench_end_journal(it.b);
	ledger_sync(it.ledger, &wait, go_on, &it);
	ck_assert_int_eq(it.went_on, 1);
	bench_free(it.b);
}
END_TEST

/* --- when the event was --- */

START_TEST(an_event_is_when_its_loss_was_first_seen)
{
	make("");
	ledger_fact(it.ledger, FACT_ON);
	ledger_fact(it.ledger, FACT_LOST);
	loop_run_for(it.b->lp, 10000);
	ledger_fact(it.ledger, FACT_EVENT);
	ck_assert_int_eq(bench_round(it.b)->event_at, STAGE_WALL);
	ck_assert(journal_has("\"at\":1"));
	bench_free(it.b);
}
END_TEST

START_TEST(a_loss_that_was_cleared_is_no_events_time)
{
	make("");
	ledger_fact(it.ledger, FACT_ON);
	ledger_fact(it.ledger, FACT_LOST);
	loop_run_for(it.b->lp, 4000);
	ledger_fact(it.ledger, FACT_CLEARED);
	loop_run_for(it.b->lp, 5000);
	ledger_fact(it.ledger, FACT_EVENT);
	ck_assert_int_eq(bench_round(it.b)->event_at, STAGE_WALL + 9000);
	bench_free(it.b);
}
END_TEST

START_TEST(an_event_without_a_loss_is_now)
{
	make("");
	loop_run_for(it.b->lp, 3000);
	ledger_fact(it.ledger, FACT_EVENT);
	ck_assert_int_eq(bench_round(it.b)->event_at, STAGE_WALL + 3000);
	ledger_next_round(it.ledger, 2);
	ck_assert_int_eq(bench_round(it.b)->event_at, 0);
	bench_free(it.b);
}
END_TEST

UNIT_MAIN("ledger", a_row_tells_the_time_since_its_task_began,
    more_may_be_put_into_a_row_in_its_turn,
    a_note_takes_no_time_and_has_no_tries, what_may_go_on_has_rows_of_its_own,
    a_fact_is_true_of_the_round_and_in_the_journal, a_state_is_in_the_journal,
    the_next_round_has_its_event,
    where_no_journal_is_kept_the_result_has_it_all,
    a_file_is_named_once_after_who_is_told_and_the_time,
    no_two_files_have_one_name, it_is_kept_in_the_folder_of_captures,
    room_is_what_min_free_wants, who_waits_for_the_disk_goes_on_behind_it,
    without_a_journal_it_goes_on_at_once,
    an_event_is_when_its_loss_was_first_seen,
    a_loss_that_was_cleared_is_no_events_time, an_event_without_a_loss_is_now)
