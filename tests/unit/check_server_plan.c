/* check_server_plan.c - which of the server's files matter to an event. */
#include "campaign/server_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define S   INT64_C(1000) /* ms */
#define US  INT64_C(1000) /* in a ms */
#define AT  INT64_C(1795406400000)
#define AGO (900 * S)

static int64_t
from(int64_t event_at, bool known, int64_t ahead)
{
	struct round r = {.event_at = event_at};
	struct server_clock c = {.known = known, .ahead = ahead};

	return server_plan_from(&r, &c, AGO);
}

/* "3 4": of pieces that end at 0, 10, 20 ... s behind the hour, numbered so. */
static void
taken(const char *numbers, int64_t from_us, const char *expected)
{
	struct event_piece all[16] = {{.number = 0}};
	struct event_record r = {.piece = all};
	char text[128] = "";
	unsigned *got;
	size_t n;

	for (const char *p = numbers; *p != '\0'; p++) {
		if (*p == ' ')
			continue;
		all[r.n_pieces].number = (unsigned)(*p - '0');
		all[r.n_pieces].last_us =
		    (AT + (int64_t)r.n_pieces * 10 * S) * US;
		all[r.n_pieces].first_us = all[r.n_pieces].last_us - 10 * S;
		all[r.n_pieces].aborted = p[1] == 'a';
		p += p[1] == 'a';
		r.n_pieces++;
	}
	got = server_plan_pieces(&r, from_us, &n);
	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%u", i > 0 ? " " : "", got[i]);
	ck_assert_str_eq(text, expected);
	ck_assert((got == NULL) == (n == 0));
	free(got);
}

START_TEST(time_begins_before_the_event_by_the_servers_clock)
{
	ck_assert_int_eq(from(AT, true, 0), (AT - AGO - 10 * S) * US);
	ck_assert_int_eq(
	    from(AT, true, 3600 * S), (AT + 3600 * S - AGO - 10 * S) * US);
	ck_assert_int_eq(
	    from(AT, true, -3600 * S), (AT - 3600 * S - AGO - 10 * S) * US);
}
END_TEST

START_TEST(without_a_time_or_its_clock_all_matters)
{
	ck_assert_int_eq(from(0, true, 0), INT64_MIN);
	ck_assert_int_eq(from(AT, false, 0), INT64_MIN);
	ck_assert_int_eq(from(AT, true, INT64_MAX), INT64_MIN);
	ck_assert_int_eq(from(AT, true, INT64_MIN), INT64_MIN);
	ck_assert_int_eq(from(AT, true, INT64_MAX - AT), INT64_MIN);
	taken("0 1 2", INT64_MIN, "0 1 2");
}
END_TEST

START_TEST(a_piece_that_ends_before_it_is_left_there)
{
	taken("0 1 2 3 4", (AT + 20 * S) * US, "2 3 4");
	taken("0 1 2 3 4", (AT + 20 * S) * US + 1, "3 4");
	taken("0 1", (AT + 60 * S) * US, "");
	taken("", INT64_MIN, "");
}
END_TEST

START_TEST(numbers_are_in_order_and_each_once)
{
	taken("4 2 2 9 0 4", INT64_MIN, "0 2 4 9");
}
END_TEST

START_TEST(what_has_no_name_of_the_events_is_not_asked_for)
{
	taken("0a 1 2a", INT64_MIN, "1");
}
END_TEST

UNIT_MAIN("server_plan", time_begins_before_the_event_by_the_servers_clock,
    without_a_time_or_its_clock_all_matters,
    a_piece_that_ends_before_it_is_left_there,
    numbers_are_in_order_and_each_once,
    what_has_no_name_of_the_events_is_not_asked_for)
