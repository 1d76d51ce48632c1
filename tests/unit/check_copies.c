/* check_copies.c - copies within one capture are folded. */
#include "unit.h"

#include <stdlib.h>

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
	ck_assert_uint_eq(r[0].bits, RECORD_FRAGMENTED);
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

#define BURST  4u
#define BURSTS 50u

/* Bursts of acknowledgments that are all alike, each burst behind a packet of
 * data; `copies` of each.  How many records are there? */
static uint32_t
bursts(struct record *r, uint32_t copies, uint32_t ip_id)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < BURSTS; i++)
		for (uint32_t k = 0; k < BURST + 1; k++)
			for (uint32_t c = 0; c <= copies; c++) {
				r[n] = one;
				r[n].time = i * 5 * MS + k * 100000 + c * 1000;
				r[n].what = RECORD_TCP;
				r[n].key = k == 0 ? 1000 + i : i;
				r[n].length = k == 0 ? 100 : 0;
				r[n].tie |= ip_id << 16;
				n++;
			}
	return n;
}

START_TEST(equal_acknowledgments_are_no_copies_where_there_are_none)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t = {.n = bursts(r, 0, 0)};
	uint32_t n = t.n;

	ck_assert_uint_eq(copies_fold(r, &t, 1), n);
	ck_assert_uint_eq(r[2].bits, 0);
	/* So are answers to one who asks for a connection again. */
	for (uint32_t i = 0; i < n; i++)
		r[i].bits = RECORD_SYN | RECORD_ACK;
	ck_assert_uint_eq(copies_fold(r, &t, 1), n);
	/* An IP id says that it is one packet. */
	t = (struct stretch){.n = bursts(r, 0, 7)};
	ck_assert_uint_eq(copies_fold(r, &t, 1), 2 * BURSTS);
	free(r);
}
END_TEST

START_TEST(of_equal_acknowledgments_as_many_are_left_as_there_were)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t = {.n = bursts(r, 1, 0)};

	ck_assert_uint_eq(copies_fold(r, &t, 1), BURSTS * (BURST + 1));
	ck_assert_uint_eq(r[1].bits, 0);
	t = (struct stretch){.n = bursts(r, 2, 0)};
	ck_assert_uint_eq(copies_fold(r, &t, 1), BURSTS * (BURST + 1));
	free(r);
}
END_TEST

/* Two files overlap for less than what tells how many copies there are. */
START_TEST(what_is_in_two_files_is_no_copy)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t = {.n = bursts(r, 1, 0)};
	const uint32_t from = 20 * 2 * (BURST + 1), n = 2 * (BURST + 1);
	uint32_t i;

	for (i = t.n; i-- > from + n;)
		r[i + n] = r[i];
	for (i = n; i-- > 0;)
		r[from + 2 * i] = r[from + 2 * i + 1] = r[from + i];
	t.n += n;
	ck_assert_uint_eq(copies_fold(r, &t, 1), BURSTS * (BURST + 1));
	/* Of the very same time, but nothing else is: two of a burst. */
	t = (struct stretch){.n = bursts(r, 0, 0)};
	r[3].time = r[2].time;
	ck_assert_uint_eq(copies_fold(r, &t, 1), BURSTS * (BURST + 1));
	free(r);
}
END_TEST

/* Where each has one copy, the second one of this may be another packet. */
START_TEST(one_copy_more_than_others_have_is_noted)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t = {.n = bursts(r, 1, 0)};

	for (uint32_t i = 0; i < t.n; i++) {
		r[i].key = i / 2;
		r[i].length = 100;
	}
	for (uint32_t i = t.n++; i > 1; i--)
		r[i] = r[i - 1];
	ck_assert_uint_eq(copies_fold(r, &t, 1), BURSTS * (BURST + 1));
	ck_assert_uint_eq(r[0].bits, RECORD_COPIED);
	ck_assert_uint_eq(r[1].bits, 0);
	free(r);
}
END_TEST

/* Who says goodbye, or asks for a connection, waits before he does it again. */
START_TEST(a_farewell_at_once_is_a_copy)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t;
	static const uint16_t bits[] = {RECORD_FIN | RECORD_ACK, RECORD_SYN};

	for (unsigned k = 0; k < 2; k++) {
		t = (struct stretch){.n = bursts(r, 0, 0)};
		for (uint32_t i = 0; i < t.n; i++)
			r[i].bits = bits[k];
		ck_assert_uint_eq(copies_fold(r, &t, 1), 2 * BURSTS);
	}
	free(r);
}
END_TEST

/* Two files overlap for a while. */
START_TEST(copies_of_a_while_are_copies)
{
	struct record *r = calloc((size_t)BURSTS * 30, sizeof(*r));
	struct stretch t = {.n = bursts(r, 1, 0)};
	uint32_t n = t.n;

	t.n += bursts(r + n, 0, 0);
	for (uint32_t i = n; i < t.n; i++) {
		r[i].time += 1000 * MS;
		r[i].key += 100000;
	}
	/* At the seam it cannot be told, and all are folded. */
	n = copies_fold(r, &t, 1);
	ck_assert_uint_le(n, 2 * BURSTS * (BURST + 1));
	ck_assert_uint_ge(n, 2 * (BURSTS - 20) * (BURST + 1));
	free(r);
}
END_TEST

/* Every second one has a copy: which of those that are alike is not known. */
START_TEST(where_it_cannot_be_told_equal_ones_are_folded)
{
	struct record *r = calloc((size_t)BURSTS * 15, sizeof(*r));
	struct stretch t = {.n = bursts(r, 1, 0)};
	uint32_t n = 0;

	for (uint32_t i = 0; i < t.n; i++)
		if (r[i].length == 0 || i % 20 != 1)
			r[n++] = r[i];
	t.n = n;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 2 * BURSTS);
	free(r);
}
END_TEST

/* A burst in full, and then the copies of it. */
START_TEST(copies_may_follow_behind_the_whole_burst)
{
	struct record r[100];
	struct stretch t = {.n = 100};

	for (uint32_t i = 0; i < 100; i++) {
		r[i] = one;
		r[i].time = i * 1000;
		r[i].key = i % 50;
	}
	ck_assert_uint_eq(copies_fold(r, &t, 1), 50);
}
END_TEST

/* Whatever is between them, and whatever bits their keys share with it. */
START_TEST(a_copy_is_found_behind_others)
{
	struct record r[200];

	for (uint32_t apart = 1; apart < 200; apart++) {
		struct stretch t = {.n = apart + 1};

		for (uint32_t i = 0; i <= apart; i++) {
			r[i] = one;
			if (i > 0 && i < apart)
				r[i].key += (uint64_t)i << 11;
		}
		ck_assert_uint_eq(copies_fold(r, &t, 1), apart + (apart > 128));
		for (uint32_t i = 1; i < t.n; i++)
			unit_must(r[i].bits == 0, "%u: %x", i, r[i].bits);
	}
}
END_TEST

/* A fast repetition to a near peer, with no IP id. */
static uint32_t
left_of_data(uint32_t tie, unsigned copied)
{
	struct record r[140];
	struct stretch t = {.n = 0};
	uint32_t i;

	for (i = 0; i < 100; i++) {
		r[t.n] = one;
		r[t.n].key = 100 + i;
		r[t.n++].time = i * 10 * MS;
		if (i >= copied)
			continue;
		r[t.n] = r[t.n - 1];
		r[t.n++].time += MS / 10;
	}
	for (i = 0; i < 2; i++) {
		r[t.n] = one;
		r[t.n].what = RECORD_TCP;
		r[t.n].bits = RECORD_ACK;
		r[t.n].length = 1448;
		r[t.n].tie = tie;
		r[t.n++].time = 2000 * MS + i * MS / 2;
	}
	return copies_fold(r, &t, 1) - 100;
}

START_TEST(data_at_once_again_is_no_copy_where_there_are_none)
{
	ck_assert_uint_eq(left_of_data(5, 0), 2);
	ck_assert_uint_eq(left_of_data(5, 20), 1);
	ck_assert_uint_eq(left_of_data(7 << 16 | 5, 0), 1);
}
END_TEST

/* The network doubled one, and the card joined the next one with its copy. */
START_TEST(what_is_joined_with_a_copy_is_kept)
{
	struct record r[] = {one, one};
	struct stretch t = {.n = 2};

	r[0].what = r[1].what = RECORD_TCP;
	r[0].tie = r[1].tie = 7 << 16;
	r[0].length = 1448;
	r[1].length = 2896;
	ck_assert_uint_eq(copies_fold(r, &t, 1), 1);
	ck_assert_uint_eq(r[0].length, 2896);
}
END_TEST

UNIT_MAIN("copies", what_is_in_two_files_is_no_copy,
    what_is_joined_with_a_copy_is_kept,
    data_at_once_again_is_no_copy_where_there_are_none,
    the_same_again_soon_is_a_copy, a_copy_is_found_behind_others,
    what_differs_is_no_copy, a_whole_copy_makes_up_for_an_incomplete_one,
    stretches_are_closed_up,
    equal_acknowledgments_are_no_copies_where_there_are_none,
    of_equal_acknowledgments_as_many_are_left_as_there_were,
    one_copy_more_than_others_have_is_noted, a_farewell_at_once_is_a_copy,
    copies_of_a_while_are_copies, copies_may_follow_behind_the_whole_burst,
    where_it_cannot_be_told_equal_ones_are_folded)
