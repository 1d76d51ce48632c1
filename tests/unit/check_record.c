/* check_record.c - what is remembered of a capture, and read again. */
#include "agent/record.h"

#include <string.h>

#include "unit.h"

static struct capture_record
taken(const char *text)
{
	struct json *j = json_parse(text, strlen(text));
	struct capture_record r;

	record_take(&r, j);
	json_free(j);
	return r;
}

START_TEST(what_is_put_is_taken_again)
{
	struct capture_record r = {.began = 5}, back;
	struct json *j = json_object();
	struct strbuf text = STRBUF_INIT;

	record_dropped(&r, 0);
	record_dropped(&r, 7);
	record_hole(&r, 10, 20);
	record_put(&r, j);
	json_write(j, 0, &text);
	back = taken(text.s);
	ck_assert_int_eq(back.began, 5);
	ck_assert(back.counted);
	ck_assert_int_eq(back.dropped, 7);
	ck_assert_uint_eq(back.n_holes, 1);
	ck_assert_int_eq(back.holes[0].to, 20);
	strbuf_free(&text);
	json_free(j);
}
END_TEST

/* None dropped may be said only if each tcpdump told so. */
START_TEST(one_that_was_killed_leaves_the_sum_unknown)
{
	struct capture_record r = {.began = 5}, back;
	struct json *j = json_object();

	ck_assert_int_eq(record_all_dropped(&r), -1);
	record_dropped(&r, 0);
	ck_assert_int_eq(record_all_dropped(&r), 0);
	record_dropped(&r, -1);
	record_dropped(&r, 3);
	ck_assert_int_eq(record_all_dropped(&r), -1);
	record_put(&r, j);
	record_take(&back, j);
	record_dropped(&back, 0);
	ck_assert_int_eq(record_all_dropped(&back), -1);
	json_free(j);
}
END_TEST

START_TEST(the_last_holes_are_kept)
{
	struct capture_record r = {.began = 5};

	for (int i = 0; i < 10; i++)
		record_hole(&r, i, i + 1);
	ck_assert_uint_eq(r.n_holes, HOLES_MAX);
	ck_assert_int_eq(r.holes[0].from, 2);
	ck_assert_int_eq(r.holes[HOLES_MAX - 1].from, 9);
}
END_TEST

START_TEST(wrong_values_are_none)
{
	struct capture_record r = taken(
	    "{\"began\":-1,\"dropped\":-3,\"holes\":[[2,1],[-1,5],7,[3]]}");

	ck_assert_int_eq(r.began, 0);
	ck_assert(!r.counted);
	ck_assert_uint_eq(r.n_holes, 0);
}
END_TEST

UNIT_MAIN("record", what_is_put_is_taken_again,
    one_that_was_killed_leaves_the_sum_unknown, the_last_holes_are_kept,
    wrong_values_are_none)
