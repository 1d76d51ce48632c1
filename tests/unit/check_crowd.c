/* check_crowd.c - many descriptors of which few are ready. */
#include "loop/crowd.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "loop/timer.h"
#include "unit.h"

#define MANY 40

struct one { /* a pipe that a member reads */
	struct crowd_member *m;
	int fd[2];
	int calls;
	short ready;
	struct one *ends; /* leaves when this one is called */
	int slow_ms;      /* not 0: it stays ready */
};
static struct loop *lp;
static struct crowd *crowd;
static struct one one[MANY];
static char order[256];

static void
leave(struct one *o)
{
	crowd_leave(o->m);
	o->m = NULL;
}

static void
on_ready(void *arg, short ready)
{
	struct one *o = arg;
	const struct timespec moment = {.tv_nsec = o->slow_ms * 1000000};
	size_t len = strlen(order);
	char byte;

	o->calls++;
	o->ready = ready;
	if (len < sizeof(order) - 1)
		order[len] = (char)('a' + (o - one));
	nanosleep(&moment, NULL);
	if (o->slow_ms == 0)
		ck_assert_int_ge(read(o->fd[0], &byte, 1), 0);
	if (o->ends != NULL)
		leave(o->ends);
}

static void
begin(struct loop *new)
{
	lp = new;
	crowd = crowd_new(lp);
	memset(one, 0, sizeof(one));
	memset(order, 0, sizeof(order));
	for (int i = 0; i < MANY; i++) {
		ck_assert_int_eq(pipe2(one[i].fd, O_NONBLOCK | O_CLOEXEC), 0);
		one[i].m =
		    crowd_join(crowd, one[i].fd[0], POLLIN, on_ready, &one[i]);
	}
}

static void
end(void)
{
	for (int i = 0; i < MANY; i++) {
		leave(&one[i]);
		close(one[i].fd[0]);
		if (one[i].fd[1] >= 0)
			close(one[i].fd[1]);
	}
	crowd_free(crowd);
	crowd_free(NULL);
	unit_loop_free(lp);
}

static void
pour(struct one *o)
{
	ck_assert_int_eq(write(o->fd[1], "x", 1), 1);
}

START_TEST(who_is_ready_is_called_and_nobody_else)
{
	begin(unit_loop_virtual(0));
	ck_assert_ptr_eq(crowd_loop(crowd), lp);
	pour(&one[3]);
	close(one[7].fd[1]);
	one[7].fd[1] = -1;
	one[7].ends = &one[7];
	loop_run_for(lp, 0);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(one[i].calls > 0, i == 3 || i == 7);
	ck_assert_int_eq(one[3].ready, POLLIN);
	ck_assert_int_eq(one[7].ready, POLLHUP);
	end();
}
END_TEST

/* Also one that the kernel has told to be ready. */
START_TEST(who_has_left_is_not_called)
{
	begin(unit_loop_virtual(0));
	one[0].ends = &one[1];
	one[2].ends = &one[2];
	for (int i = 0; i < 3; i++)
		pour(&one[i]);
	loop_run_for(lp, 0);
	ck_assert_int_eq(one[1].calls, 0);
	ck_assert_int_eq(one[2].calls, 1);
	end();
}
END_TEST

START_TEST(the_run_ends_when_all_have_left)
{
	begin(unit_loop_virtual(0));
	for (int i = 0; i < MANY; i++) {
		one[i].ends = &one[i];
		pour(&one[i]);
	}
	loop_run(lp);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(one[i].calls, 1);
	end();
}
END_TEST

static void
on_timer(void *arg)
{
	*(char *)arg = '!';
	loop_stop(lp);
}

/* A member that stays ready has its turn again only after the others, and a
 * timer waits for a few of them. */
START_TEST(members_take_turns_and_leave_time_for_others)
{
	struct timer t;
	size_t n;

	begin(unit_loop());
	for (int i = 0; i < 8; i++) {
		one[i].slow_ms = 1;
		pour(&one[i]);
	}
	loop_run_for(lp, 30);
	ck_assert_uint_ge(strlen(order), 8);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(order[i], 'a' + i);
	timer_init(&t, lp, on_timer, order + strlen(order));
	n = strlen(order);
	timer_set(&t, 1);
	loop_run(lp);
	ck_assert_ptr_nonnull(strchr(order, '!'));
	ck_assert_uint_le((size_t)(strchr(order, '!') - order), n + 8);
	end();
}
END_TEST

START_TEST(without_a_set_the_loop_watches)
{
	struct rlimit was, none;
	struct loop *new = unit_loop_virtual(0);

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	crowd = crowd_new(new);
	setrlimit(RLIMIT_NOFILE, &was);
	lp = new;
	ck_assert_int_eq(pipe2(one[0].fd, O_NONBLOCK | O_CLOEXEC), 0);
	one[0].m = crowd_join(crowd, one[0].fd[0], POLLIN, on_ready, &one[0]);
	pour(&one[0]);
	loop_run_for(lp, 0);
	ck_assert_int_gt(one[0].calls, 0);
	leave(&one[0]);
	close(one[0].fd[0]);
	close(one[0].fd[1]);
	crowd_free(crowd);
	unit_loop_free(lp);
}
END_TEST

UNIT_MAIN("crowd", who_is_ready_is_called_and_nobody_else,
    who_has_left_is_not_called, the_run_ends_when_all_have_left,
    members_take_turns_and_leave_time_for_others,
    without_a_set_the_loop_watches)
