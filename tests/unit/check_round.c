/* check_round.c - what is true of a round, fact by fact. */
#include "unit.h"

#include "books/round.h"

/* A first round to which these facts came, up to FACT_COUNT. */
static struct round
after(const enum fact *facts)
{
	struct round r = {.event = 1};

	for (; *facts != FACT_COUNT; facts++)
		round_take(&r, *facts);
	return r;
}
#define AFTER(...) after((const enum fact[]){__VA_ARGS__, FACT_COUNT})

START_TEST(a_start_may_be_on_until_it_is_off_or_did_nothing)
{
	struct round r = AFTER(FACT_REGISTERED);

	ck_assert(!round_may_be_on(&r));
	round_take(&r, FACT_START);
	ck_assert(round_may_be_on(&r));
	round_take(&r, FACT_NOTHING);
	ck_assert(!round_may_be_on(&r));
	r = AFTER(FACT_START, FACT_ON, FACT_STOP);
	ck_assert(round_may_be_on(&r));
	round_take(&r, FACT_OFF);
	ck_assert(!round_may_be_on(&r));
	ck_assert(r.was_on && !r.on);
	round_take(&r, FACT_START);
	ck_assert(round_may_be_on(&r));
}
END_TEST

START_TEST(what_an_earlier_run_left_on_outlives_rounds_and_refused_starts)
{
	struct round r =
	    AFTER(FACT_INHERITED, FACT_REGISTERED, FACT_START, FACT_NOTHING);

	ck_assert(round_may_be_on(&r));
	round_begin(&r, 2);
	ck_assert(round_may_be_on(&r));
	round_take(&r, FACT_OFF);
	ck_assert(!round_may_be_on(&r));
}
END_TEST

START_TEST(a_new_round_knows_nothing_of_the_last)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_ASKED, FACT_EVENT,
	    FACT_VANISHED, FACT_NO_ROOM, FACT_OFF, FACT_FILE, FACT_CLOSED);

	round_name(&r, "a.pcap");
	round_begin(&r, 7);
	ck_assert_int_eq(r.event, 7);
	ck_assert(!r.was_on && !r.asked && !r.triggered && !r.vanished);
	ck_assert(!r.no_room && !r.home && !r.closed);
	ck_assert_str_eq(r.file, "");
	round_take(&r, FACT_REGISTERED);
	ck_assert_int_eq(r.event, 7);
}
END_TEST

START_TEST(a_capture_that_goes_on_behind_its_file_has_another_one)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_STOP);

	round_name(&r, "a.pcap");
	round_take(&r, FACT_FILE);
	ck_assert(!round_has_file(&r));
	ck_assert_str_eq(r.file, "a.pcap");
	round_take(&r, FACT_ON);
	ck_assert(round_has_file(&r));
	ck_assert_str_eq(r.file, "");
}
END_TEST

START_TEST(a_doubt_ends_with_an_answer_or_a_show)
{
	static const enum fact ends[] = {FACT_SURE, FACT_ON, FACT_OFF};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct round r = AFTER(FACT_START, FACT_DOUBT);

		ck_assert(r.unclear);
		round_take(&r, ends[i]);
		ck_assert(!r.unclear);
	}
}
END_TEST

START_TEST(a_file_is_wanted_for_any_reason_but_not_of_who_refused_us)
{
	static const struct fail none = {.kind = FAIL_NONE};
	static const struct fail final = {.kind = FAIL_FINAL};
	static const struct fail refusals[] = {
	    {.kind = FAIL_AUTH}, {.kind = FAIL_IDENTITY}};
	static const struct round_wish reasons[] = {
	    {.failure = &final},
	    {.failure = &none, .interrupted = true},
	    {.failure = &none, .earlier = true},
	    {.failure = &none, .keep_quiet = true},
	};
	struct round r = AFTER(FACT_START, FACT_ON, FACT_OFF);
	struct round_wish idle = {.failure = &none}, wish;

	ck_assert(!round_wants_file(&r, &idle));
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		ck_assert(round_wants_file(&r, &reasons[i]));
	round_take(&r, FACT_EVENT);
	ck_assert(round_wants_file(&r, &idle));
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		wish = reasons[i];
		wish.failure = &refusals[i % 2];
		ck_assert(!round_wants_file(&r, &wish));
	}
	round_take(&r, FACT_FILE);
	ck_assert(!round_wants_file(&r, &reasons[0]));
	r = AFTER(FACT_START);
	ck_assert(!round_wants_file(&r, &reasons[0]));
	r = AFTER(FACT_START, FACT_ON, FACT_VANISHED);
	ck_assert(round_wants_file(&r, &idle));
}
END_TEST

START_TEST(a_later_run_is_left_what_a_killed_one_did_not_end)
{
	struct round r = AFTER(FACT_REGISTERED);

	ck_assert(!round_left(&r, false, false));
	round_take(&r, FACT_START);
	ck_assert(round_left(&r, false, false));
	round_take(&r, FACT_ON);
	round_take(&r, FACT_OFF);
	ck_assert(round_left(&r, false, false));
	ck_assert(!round_left(&r, false, true)); /* kept there on purpose */
	round_take(&r, FACT_ASKED);
	ck_assert(round_left(&r, false, true));
	round_take(&r, FACT_CLOSED);
	ck_assert(!round_left(&r, false, true));
	round_take(&r, FACT_FILE);
	ck_assert(!round_left(&r, false, false));
}
END_TEST

START_TEST(an_event_is_left_until_it_is_written_down)
{
	struct round r =
	    AFTER(FACT_START, FACT_ON, FACT_EVENT, FACT_OFF, FACT_CLOSED);

	round_name(&r, "CPE_device_192.0.2.1_2026-01-01T00.00.00.000000Z.pcap");
	round_take(&r, FACT_FILE);
	ck_assert(round_lacks_record(&r));
	ck_assert(round_left(&r, false, false));
	ck_assert(!round_left(&r, true, false)); /* its reports have it */
	round_take(&r, FACT_ENDED);
	ck_assert(!round_lacks_record(&r));
	ck_assert(!round_left(&r, false, false));
}
END_TEST

START_TEST(of_an_ended_run_only_what_is_on_or_was_begun_is_left)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_ASKED);

	ck_assert(round_left(&r, true, false));
	round_take(&r, FACT_OFF);
	ck_assert(!round_left(&r, true, false));
	round_take(&r, FACT_TAKEN);
	ck_assert(round_left(&r, true, false));
	round_take(&r, FACT_RECOVERED);
	ck_assert(!round_left(&r, true, false));
	round_take(&r, FACT_OFF); /* one more try */
	ck_assert(round_left(&r, true, false));
}
END_TEST

START_TEST(what_could_not_be_stopped_is_left_although_it_was_tried)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_TAKEN, FACT_RECOVERED);

	ck_assert(round_left(&r, false, false));
	ck_assert(round_left(&r, true, true));
}
END_TEST

START_TEST(changes_on_a_device_and_only_those_go_to_the_disk)
{
	static const bool disk[FACT_COUNT] = {
	    [FACT_START] = true,
	    [FACT_NOTHING] = true,
	    [FACT_ON] = true,
	    [FACT_STOP] = true,
	    [FACT_OFF] = true,
	    [FACT_FILE] = true,
	    [FACT_INHERITED] = true,
	    [FACT_RECOVERED] = true,
	};

	for (int f = 0; f < FACT_COUNT; f++) {
		ck_assert_int_eq(fact_wants_disk((enum fact)f), disk[f]);
		ck_assert_int_eq(
		    fact_name((enum fact)f) != NULL, f < FACT_DOUBT);
	}
}
END_TEST

START_TEST(an_event_lacks_what_the_agent_did_not_confirm)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_ASKED, FACT_EVENT,
	    FACT_STOP, FACT_OFF, FACT_FILE);

	ck_assert_int_eq(round_lacks(&r), LACK_CAPTURE);
	/* The alarm came before CAPTURE was answered. */
	round_take(&r, FACT_AGENT_ON);
	ck_assert_int_eq(round_lacks(&r), LACK_VERIFY);
	round_take(&r, FACT_ANSWERED);
	ck_assert_int_eq(round_lacks(&r), LACK_STOP);
	round_take(&r, FACT_AGENT_OFF);
	round_take(&r, FACT_KEPT);
	ck_assert_int_eq(round_lacks(&r), LACK_NOTHING);
	/* It had ended by itself, whatever was kept of it. */
	round_take(&r, FACT_CUT);
	ck_assert_int_eq(round_lacks(&r), LACK_END);
	round_begin(&r, 2);
	ck_assert(!r.cut);
	/* In force is what was not taken back. */
	r = AFTER(FACT_START, FACT_ON, FACT_AGENT_ON, FACT_AGENT_OFF,
	    FACT_EVENT, FACT_FILE, FACT_ANSWERED, FACT_KEPT);
	ck_assert_int_eq(round_lacks(&r), LACK_CAPTURE);
}
END_TEST

START_TEST(without_event_or_file_nothing_is_one_sided)
{
	struct round r = AFTER(FACT_START, FACT_ON, FACT_OFF, FACT_FILE);

	ck_assert_int_eq(round_lacks(&r), LACK_NOTHING);
	r = AFTER(FACT_START, FACT_ON, FACT_EVENT, FACT_OFF);
	ck_assert_int_eq(round_lacks(&r), LACK_NOTHING);
}
END_TEST

UNIT_MAIN("round", an_event_lacks_what_the_agent_did_not_confirm,
    without_event_or_file_nothing_is_one_sided,
    a_start_may_be_on_until_it_is_off_or_did_nothing,
    what_an_earlier_run_left_on_outlives_rounds_and_refused_starts,
    a_new_round_knows_nothing_of_the_last,
    a_capture_that_goes_on_behind_its_file_has_another_one,
    a_doubt_ends_with_an_answer_or_a_show,
    a_file_is_wanted_for_any_reason_but_not_of_who_refused_us,
    a_later_run_is_left_what_a_killed_one_did_not_end,
    an_event_is_left_until_it_is_written_down,
    of_an_ended_run_only_what_is_on_or_was_begun_is_left,
    what_could_not_be_stopped_is_left_although_it_was_tried,
    changes_on_a_device_and_only_those_go_to_the_disk)
