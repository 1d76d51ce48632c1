/* check_ending.c - how a device's run ended, in words and in its books. */
#include "device/ending.h"

#include <string.h>

#include "rig/bench.h"

/* --- outcome and words --- */

static const struct ending {
	const char *about;
	int wanted, events; /* events_per_device; captured */
	bool failed, interrupted, recover_only, may_be_on;
	enum outcome outcome;
	const char *words;
} endings[] = {
    {"all its events are captured", 1, 1, .outcome = OUTCOME_SUCCESS,
	.words = "1 of 1 event captured"},
    {"no event came", 1, 0, .outcome = OUTCOME_QUIET,
	.words = "0 of 1 event captured"},
    {"some of its events came", 3, 1, .outcome = OUTCOME_QUIET,
	.words = "1 of 3 events captured"},
    {"it failed", 1, 0, .failed = true, .outcome = OUTCOME_FAILED,
	.words = "HTTP 503"},
    {"it failed behind an event", 2, 1, .failed = true,
	.outcome = OUTCOME_PARTIAL, .words = "HTTP 503"},
    {"it failed and may be on", 1, 0, .failed = true, .may_be_on = true,
	.outcome = OUTCOME_FAILED, .words = "capture may be on; HTTP 503"},
    {"it failed and was interrupted", 1, 0, .failed = true, .interrupted = true,
	.outcome = OUTCOME_FAILED, .words = "HTTP 503"},
    {"it was interrupted", 2, 1, .interrupted = true,
	.outcome = OUTCOME_INTERRUPTED, .words = "1 of 2 events captured"},
    {"it was interrupted behind all of them", 1, 1, .interrupted = true,
	.outcome = OUTCOME_SUCCESS, .words = "1 of 1 event captured"},
    {"it was interrupted and may be on", 1, 1, .interrupted = true,
	.may_be_on = true, .outcome = OUTCOME_INTERRUPTED,
	.words = "capture may be on; 1 of 1 event captured"},
    {"an event is captured, and it may be on", 1, 1, .may_be_on = true,
	.outcome = OUTCOME_PARTIAL,
	.words = "capture may be on; 1 of 1 event captured"},
    {"it may be on, and nothing is captured", 1, 0, .may_be_on = true,
	.outcome = OUTCOME_FAILED,
	.words = "capture may be on; 0 of 1 event captured"},
    {"an earlier run alone was finished", 1, 0, .recover_only = true,
	.outcome = OUTCOME_QUIET, .words = "0 of 1 event captured"},
    {"that failed", 1, 0, .recover_only = true, .failed = true,
	.outcome = OUTCOME_FAILED, .words = "HTTP 503"},
};
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

static struct standing
standing_of(struct bench *b, const struct ending *e)
{
	struct standing s = {.conf = b->conf,
	    .recover_only = e->recover_only,
	    .interrupted = e->interrupted};

	if (e->failed)
		fail_set(&s.failure, FAIL_TRANSIENT, "HTTP 503");
	return s;
}

START_TEST(each_end_has_its_outcome_and_words)
{
	const struct ending *e = &endings[_i];
	struct bench *b = bench_new(1, "");
	struct standing s = standing_of(b, e);

	b->conf->campaign.events_per_device = e->wanted;
	b->result->events = e->events;
	ending_write(&b->ledger, &s, e->may_be_on, NULL);
	ck_assert_msg(b->result->outcome == e->outcome, "%s: %s", e->about,
	    outcome_name(b->result->outcome));
	ck_assert_str_eq(b->result->description, e->words);
	ck_assert_int_eq(
	    rows_count(b->result, TASK_VERIFY_STOPPED), e->may_be_on);
	ck_assert_int_eq(b->result->n_rows, e->may_be_on);
	bench_free(b);
}
END_TEST

START_TEST(what_goes_on_has_rows)
{
	struct bench *b = bench_new(1, "");
	struct standing s = {.conf = b->conf};

	ledger_fact(&b->ledger, FACT_ASKED);
	ending_write(
	    &b->ledger, &s, true, "the agent was not told: it captures");
	ROWS_ARE(b->result,
	    "verify-stopped 1 Failure CRITICAL 0: capture may be on: ...",
	    "ovoc-stop 1 Skipped MINOR 0: the agent was not told: ...");
	ck_assert_int_eq(b->result->severity, SEVERITY_CRITICAL);
	ck_assert(!bench_round(b)->asked);
	bench_free(b);
}
END_TEST

START_TEST(the_outcome_is_in_the_journal)
{
	struct bench *b = bench_new(1, "");
	struct standing s = {.conf = b->conf};
	char *text;

	ending_write(&b->ledger, &s, false, NULL);
	loop_run_for(b->lp, 0);
	text = unit_read(b->journal);
	ck_assert_ptr_nonnull(strstr(text, "0 of 1 event captured"));
	free(text);
	bench_free(b);
}
END_TEST

/* --- a window that ended too soon --- */

static void
never_captured(struct bench *b, enum device_state at, struct fail *why)
{
	ending_never_captured(&b->ledger, at, device_state_name(at), why);
	ck_assert_int_eq(why->kind, FAIL_FINAL);
}

START_TEST(who_was_never_on_says_what_it_was_at)
{
	static const struct {
		enum device_state at;
		const char *row;
	} ats[] = {
	    {DEVICE_RESOLVING,
		"resolve 1 Failure MAJOR 0: the window ended before the "
		"capture was on, while resolving: no answer yet"},
	    {DEVICE_REGISTERING,
		"register 1 Failure MAJOR 0: the window ended before the "
		"capture was on, while registering: no answer to REGISTER "
		"from the agent"},
	    {DEVICE_STARTING,
		"start 1 Failure MAJOR 0: the window ended before the capture "
		"was on, while starting: no answer yet"},
	};
	struct fail why;

	for (size_t i = 0; i < sizeof(ats) / sizeof(ats[0]); i++) {
		struct bench *b = bench_new(1, "");

		never_captured(b, ats[i].at, &why);
		ROWS_ARE(b->result, ats[i].row);
		ck_assert_ptr_nonnull(strstr(ats[i].row, why.text));
		bench_free(b);
	}
}
END_TEST

START_TEST(what_went_wrong_last_is_its_reason)
{
	struct bench *b = bench_new(1, "");
	struct fail why;

	ledger_note(&b->ledger, TASK_SHOW, TASK_FAILURE, SEVERITY_MINOR,
	    "connection refused");
	never_captured(b, DEVICE_STARTING, &why);
	ck_assert_str_eq(why.text,
	    "the window ended before the capture was on, while starting: "
	    "connection refused");
	bench_free(b);
}
END_TEST

START_TEST(what_went_well_last_is_none)
{
	struct bench *b = bench_new(1, "");
	struct fail why;

	ledger_note(
	    &b->ledger, TASK_SHOW, TASK_FAILURE, SEVERITY_MINOR, "refused");
	loop_run_for(b->lp, 1);
	ledger_note(
	    &b->ledger, TASK_SHOW, TASK_SUCCESS, SEVERITY_NORMAL, "shown");
	never_captured(b, DEVICE_STARTING, &why);
	ck_assert_ptr_nonnull(strstr(why.text, "starting: no answer yet"));
	bench_free(b);
}
END_TEST

UNIT_TABLE("ending", each_end_has_its_outcome_and_words, ENDINGS,
    what_goes_on_has_rows, the_outcome_is_in_the_journal,
    who_was_never_on_says_what_it_was_at, what_went_wrong_last_is_its_reason,
    what_went_well_last_is_none)
