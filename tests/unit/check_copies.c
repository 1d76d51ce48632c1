/* check_copies.c - copies within one capture are folded. */
#include "unit.h"

#include "compare/copies.h"

#define MS INT64_C(1000000)

static const struct record one = {.time = 0, .key = 7, .flow = 1, .tie = 5};

START_TEST(the_same_again_soon_is_a_copy)
{
	struct record r[] = {one, one, one, one};
	struct stretch t = {.n = 4};

	r[1].key = 8;
	r[2].time = 2 * MS - 1;
	r[3].time = 5 * MS;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 3);
	ck_assert_uint_eq(t.n, 3);
	ck_assert_uint_eq(r[0].bits, RECORD_COPIED);
	ck_assert_uint_eq(r[1].key, 8);
	ck_assert_uint_eq(r[1].bits, 0);
	ck_assert_int_eq(r[2].time, 5 * MS);
}
END_TEST

START_TEST(what_differs_is_no_copy)
{
	struct record r[] = {one, one, one, one, one};
	struct stretch t = {.n = 5};

	r[1].key++;
	r[2].flow++;
	r[3].tie++;
	r[4].time = 2 * MS;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 5);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_uint_eq(r[i].bits, 0);
	/* Its TTL may differ: a router sent it on. */
	r[1] = r[0];
	r[1].ttl = 1;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 4);
}
END_TEST

START_TEST(a_whole_copy_makes_up_for_an_incomplete_one)
{
	struct record r[] = {one, one};
	struct stretch t = {.n = 2};

	r[0].bits = RECORD_FRAGMENTED | RECORD_INCOMPLETE;
	r[0].seq = 1480;
	r[1].bits = RECORD_FRAGMENTED;
	r[1].seq = 3000;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 1);
	ck_assert_uint_eq(r[0].bits, RECORD_FRAGMENTED | RECORD_COPIED);
	ck_assert_uint_eq(r[0].seq, 3000);
}
END_TEST

START_TEST(stretches_are_closed_up)
{
	struct record r[] = {one, one, one, one, one, one};
	struct stretch t[] = {
	    {.first = 0, .n = 2}, {.first = 2, .n = 3}, {.first = 5, .n = 1}};

	for (unsigned i = 2; i < 5; i++)
		r[i].flow = 2;
	r[5].flow = 3;
	/* The next stretch has no copies of this one, whatever its stamps. */
	r[2].flow = 1;
	ck_assert_uint_eq(copies_fold(r, t, 3), 4);
	ck_assert_uint_eq(t[0].first, 0);
	ck_assert_uint_eq(t[0].n, 1);
	ck_assert_uint_eq(t[1].first, 1);
	ck_assert_uint_eq(t[1].n, 2);
	ck_assert_uint_eq(t[2].first, 3);
	ck_assert_uint_eq(t[2].n, 1);
	ck_assert_uint_eq(r[3].flow, 3);
	ck_assert_uint_eq(copies_fold(r, NULL, 0), 0);
}
END_TEST

UNIT_MAIN("copies", the_same_again_soon_is_a_copy, what_differs_is_no_copy,
    a_whole_copy_makes_up_for_an_incomplete_one, stretches_are_closed_up)
