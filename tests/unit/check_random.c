/* check_random.c - each process has a sequence of its own. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"

#define PAUSES 8

/* What a new process draws: its first pauses. */
static void
draw(bool seeded, int64_t pauses[PAUSES])
{
	size_t size = PAUSES * sizeof(pauses[0]);
	int ends[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (seeded)
			random_seed();
		for (int i = 0; i < PAUSES; i++)
			pauses[i] = random_longer(60000);
		_exit(write(ends[1], pauses, size) != (ssize_t)size);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(read(ends[0], pauses, size), (ssize_t)size);
	close(ends[0]);
	close(ends[1]);
}

START_TEST(two_processes_do_not_wait_in_step)
{
	int64_t one[PAUSES], other[PAUSES];

	draw(false, one);
	draw(false, other);
	ck_assert_mem_eq(one, other, sizeof(one));
	draw(true, one);
	draw(true, other);
	ck_assert_mem_ne(one, other, sizeof(one));
}
END_TEST

START_TEST(a_pause_grows_by_a_quarter_at_most)
{
	for (int i = 0; i < 1000; i++) {
		int64_t ms = random_longer(1000);

		ck_assert_int_ge(ms, 1000);
		ck_assert_int_le(ms, 1250);
	}
	ck_assert_int_eq(random_longer(0), 0);
}
END_TEST

START_TEST(bytes_are_filled_to_the_last_and_never_the_same_twice)
{
	unsigned char one[256] = {0}, other[256] = {0};
	static const unsigned char none[16];

	random_bytes(one, sizeof(one));
	random_bytes(other, sizeof(other));
	ck_assert_mem_ne(one, other, sizeof(one));
	ck_assert_mem_ne(one + sizeof(one) - sizeof(none), none, sizeof(none));
}
END_TEST

UNIT_MAIN("random", two_processes_do_not_wait_in_step,
    a_pause_grows_by_a_quarter_at_most,
    bytes_are_filled_to_the_last_and_never_the_same_twice)
