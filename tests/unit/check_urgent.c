/* check_urgent.c - what is urgent is seen, and is not alone for ever. */
#include "loop/urgent.h"

#include <fcntl.h>
#include <unistd.h>

#include "unit.h"

#define MS    1000
#define BEGAN 5000000 /* us */

static struct urgent u;

START_TEST(it_is_seen_when_it_has_come_and_is_wanted)
{
	int fd[2], other[2];

	u = (struct urgent){0};
	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(other, O_CLOEXEC), 0);
	ck_assert(!urgent_has_come(&u, BEGAN));
	urgent_set(&u, other[0], POLLIN);
	urgent_set(&u, fd[0], POLLIN);
	ck_assert(!urgent_has_come(&u, BEGAN));
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	ck_assert(urgent_has_come(&u, BEGAN + URGENT_LOOK_US));
	urgent_set(&u, other[0], 0);
	ck_assert(urgent_has_come(&u, BEGAN + 2 * URGENT_LOOK_US));
	urgent_set(&u, fd[0], 0);
	ck_assert(!urgent_has_come(&u, BEGAN + 3 * URGENT_LOOK_US));
	urgent_set(&u, fd[0], 0);
	urgent_set(&u, fd[0], POLLIN);
	urgent_set(&u, fd[0], POLLIN);
	ck_assert_uint_eq(u.n, 1);
	for (int i = 0; i < 2; i++) {
		close(fd[i]);
		close(other[i]);
	}
}
END_TEST

START_TEST(between_two_looks_nothing_is_seen)
{
	int fd[2];

	u = (struct urgent){0};
	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	urgent_set(&u, fd[0], POLLIN);
	ck_assert(!urgent_has_come(&u, BEGAN));
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	ck_assert(!urgent_has_come(&u, BEGAN + URGENT_LOOK_US - 1));
	ck_assert(urgent_has_come(&u, BEGAN + URGENT_LOOK_US));
	close(fd[0]);
	close(fd[1]);
}
END_TEST

/* It asks every millisecond; how many of these it was alone. */
static int
alone_for(int64_t from, int ms, bool more)
{
	int n = 0;

	for (int i = 0; i < ms; i++)
		n += urgent_alone(&u, BEGAN + (from + i) * MS, more);
	return n;
}

START_TEST(it_is_alone_while_it_has_more_for_its_time)
{
	u = (struct urgent){0};
	ck_assert_int_eq(alone_for(0, 10, false), 0);
	ck_assert_int_eq(alone_for(10, 50, true), 50);
	ck_assert_int_eq(alone_for(60, 10, false), 0);
	ck_assert_int_lt(alone_for(70, 1000, true), URGENT_ALONE_MS + 100);
}
END_TEST

START_TEST(what_goes_on_leaves_the_others_most_of_the_time)
{
	u = (struct urgent){0};
	ck_assert_int_ge(alone_for(0, 1000, true), URGENT_ALONE_MS);
	ck_assert_int_lt(alone_for(1000, 10000, true), 2000);
	/* After a time without it has all of it again. */
	ck_assert_int_eq(
	    alone_for(11000, URGENT_ALONE_MS * URGENT_GIVEN + 20, false), 0);
	ck_assert_int_ge(
	    alone_for(13020, URGENT_ALONE_MS, true), URGENT_ALONE_MS);
}
END_TEST

/* The loop may have slept in it. */
START_TEST(a_wait_uses_no_more_than_twice_its_time)
{
	u = (struct urgent){0};
	ck_assert(urgent_alone(&u, BEGAN, true));
	ck_assert(!urgent_alone(&u, BEGAN + INT64_C(3600000) * MS, false));
	ck_assert_int_eq(
	    alone_for(3600000, 2 * URGENT_ALONE_MS * URGENT_GIVEN + 20, false),
	    0);
	ck_assert_int_ge(
	    alone_for(3604020, URGENT_ALONE_MS, true), URGENT_ALONE_MS);
}
END_TEST

START_TEST(what_has_used_its_time_up_cuts_nobody_short)
{
	int fd[2], ms = 0;

	u = (struct urgent){0};
	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	urgent_set(&u, fd[0], POLLIN);
	ck_assert(urgent_has_come(&u, BEGAN));
	while (urgent_alone(&u, BEGAN + ms * MS, true))
		ck_assert_int_lt(ms++, 2 * URGENT_ALONE_MS);
	ck_assert(!urgent_has_come(&u, BEGAN + (ms + 1) * MS));
	ck_assert(!urgent_alone(&u, BEGAN + (ms + 2) * MS, false));
	ck_assert(urgent_has_come(&u, BEGAN + (ms + 3) * MS));
	close(fd[0]);
	close(fd[1]);
}
END_TEST

UNIT_MAIN("urgent", it_is_seen_when_it_has_come_and_is_wanted,
    between_two_looks_nothing_is_seen,
    it_is_alone_while_it_has_more_for_its_time,
    what_goes_on_leaves_the_others_most_of_the_time,
    a_wait_uses_no_more_than_twice_its_time,
    what_has_used_its_time_up_cuts_nobody_short)
