/* check_tally.c - how often a sender's trouble is told. */
#include "base/tally.h"

#include <stdio.h>

#include "local.h"
#include "unit.h"

#define AN_HOUR 3600000

static const unsigned most[] = {1, 2};

static struct tally *t;
static char more[TALLY_MORE_MAX];

static bool
told(size_t kind, const char *from, int64_t now)
{
	struct addr a = local_addr(from);

	return tally_add(t, kind, &a, now, more);
}

START_TEST(each_kind_of_each_sender_has_its_number)
{
	t = tally_new(most, 2);
	ck_assert(told(1, "192.0.2.1", 0));
	ck_assert_str_eq(more, "");
	ck_assert(told(1, "192.0.2.1", 0));
	ck_assert_str_eq(more, "; for an hour more like it are only counted");
	ck_assert(!told(1, "192.0.2.1", 0));
	ck_assert_str_eq(more, "");
	ck_assert(told(0, "192.0.2.1", 0));
	ck_assert(told(1, "192.0.2.2", 0));
	tally_free(t);
	tally_free(NULL);
}
END_TEST

START_TEST(an_hour_later_the_next_one_tells_how_many_there_were)
{
	t = tally_new(most, 2);
	ck_assert(told(0, "192.0.2.1", 5));
	for (int i = 0; i < 7; i++)
		ck_assert(!told(0, "192.0.2.1", AN_HOUR + 4));
	ck_assert(told(0, "192.0.2.1", AN_HOUR + 5));
	ck_assert_str_eq(more, " (and 7 more like it since the last line)");
	tally_free(t);
}
END_TEST

START_TEST(who_finds_no_place_shares_one)
{
	char from[64];
	int n = 0;

	t = tally_new(most, 2);
	for (int i = 0; i < 250; i++) {
		snprintf(from, sizeof(from), "192.0.2.%d", i);
		n += told(0, from, 0);
	}
	ck_assert_int_eq(n, 17);
	ck_assert(told(0, "198.51.100.1", AN_HOUR));
	tally_free(t);
}
END_TEST

UNIT_MAIN("tally", each_kind_of_each_sender_has_its_number,
    an_hour_later_the_next_one_tells_how_many_there_were,
    who_finds_no_place_shares_one)
