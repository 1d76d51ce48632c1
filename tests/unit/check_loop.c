/* check_loop.c - descriptors, signals, hooks and clocks of the loop. */
#include "loop/loop.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop/timer.h"
#include "unit.h"

/* A pipe whose read end is watched. */
struct tap {
	struct loop *lp;
	int in, out;
	struct watch *w;
	int calls;
	short ready;
	int64_t at;
	struct tap *victim; /* freed by the first call */
};

static void
on_tap(void *arg, short ready)
{
	struct tap *t = arg;
	char c;

	t->calls++;
	t->ready = ready;
	t->at = loop_now(t->lp);
	if (t->victim != NULL) {
		watch_free(t->victim->w);
		t->victim->w = NULL;
	}
	if (read(t->in, &c, 1) != 1) {
		watch_free(t->w);
		t->w = NULL;
	}
}

static void
tap_open(struct tap *t, struct loop *lp)
{
	int fds[2];

	memset(t, 0, sizeof(*t));
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	t->lp = lp;
	t->in = fds[0];
	t->out = fds[1];
	t->w = watch_new(lp, t->in, POLLIN, on_tap, t);
}

static void
tap_pour(struct tap *t)
{
	ck_assert_int_eq(write(t->out, "x", 1), 1);
}

static void
tap_close(struct tap *t)
{
	watch_free(t->w);
	close(t->in);
	close(t->out);
}

static void
on_count(void *arg)
{
	++*(int *)arg;
}

START_TEST(a_ready_descriptor_calls_and_an_idle_one_does_not)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap a, b;

	tap_open(&a, lp);
	tap_open(&b, lp);
	tap_pour(&a);
	loop_run_for(lp, 10);
	ck_assert_int_eq(a.calls, 1);
	ck_assert_int_eq(a.ready, POLLIN);
	ck_assert_int_eq(b.calls, 0);
	tap_close(&a);
	tap_close(&b);
	loop_free(lp);
}
END_TEST

START_TEST(nothing_runs_inside_the_call_that_starts_it)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct timer t;
	struct tap a;
	int n = 0;

	tap_open(&a, lp);
	tap_pour(&a);
	watch_set(a.w, POLLIN);
	timer_init(&t, lp, on_count, &n);
	timer_set(&t, 0);
	ck_assert_int_eq(a.calls + n, 0);
	loop_run_for(lp, 0);
	ck_assert_int_eq(a.calls, 1);
	ck_assert_int_eq(n, 1);
	tap_close(&a);
	loop_free(lp);
}
END_TEST

START_TEST(the_run_ends_when_nothing_is_left)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap a;

	loop_run(lp);
	tap_open(&a, lp);
	tap_pour(&a);
	close(a.out);
	loop_run(lp); /* until on_tap() sees the end and frees its watch */
	ck_assert_int_eq(a.calls, 2);
	close(a.in);
	loop_free(lp);
}
END_TEST

START_TEST(a_pause_also_silences_hang_ups)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap a;

	tap_open(&a, lp);
	tap_pour(&a);
	watch_set(a.w, 0);
	loop_run_for(lp, 100);
	ck_assert_int_eq(a.calls, 0);
	close(a.out);
	loop_run_for(lp, 100);
	ck_assert_int_eq(a.calls, 0);
	watch_set(a.w, POLLIN);
	loop_run_for(lp, 100);
	ck_assert_int_eq(a.calls, 2);
	ck_assert(a.ready & POLLHUP);
	close(a.in);
	loop_free(lp);
}
END_TEST

START_TEST(a_watch_freed_by_another_does_not_run)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap a, b;

	tap_open(&a, lp);
	tap_open(&b, lp);
	a.victim = &b;
	b.victim = &a;
	tap_pour(&a);
	tap_pour(&b);
	loop_run_for(lp, 10);
	ck_assert_int_eq(a.calls + b.calls, 1);
	tap_close(&a);
	tap_close(&b);
	loop_free(lp);
}
END_TEST

/* Closes b's descriptors and opens others of the same numbers. */
struct swap {
	struct tap a, b, c;
};

static void
on_swap(void *arg, short ready)
{
	struct swap *s = arg;
	struct tap old = s->b;
	char x;

	(void)ready;
	ck_assert_int_eq(read(s->a.in, &x, 1), 1);
	tap_close(&s->b);
	tap_open(&s->c, old.lp);
	ck_assert_int_eq(s->c.in, old.in);
}

START_TEST(a_descriptor_number_reused_in_a_turn_is_not_mixed_up)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct swap s;

	tap_open(&s.a, lp);
	tap_open(&s.b, lp);
	watch_free(s.a.w);
	watch_free(s.b.w);
	s.a.w = watch_new(lp, s.a.in, POLLIN, on_swap, &s);
	s.b.w = watch_new(lp, s.b.in, POLLIN, on_tap, &s.b);
	tap_pour(&s.a);
	tap_pour(&s.b);
	loop_run_for(lp, 10);
	ck_assert_int_eq(s.b.calls, 0);
	ck_assert_int_eq(s.c.calls, 0);
	tap_pour(&s.c);
	loop_run_for(lp, 10);
	ck_assert_int_eq(s.c.calls, 1);
	tap_close(&s.a);
	tap_close(&s.c);
	loop_free(lp);
}
END_TEST

static void
on_adder(void *arg, short ready)
{
	struct tap *t = arg;

	/* 100 more watches: every table moves. */
	on_tap(&t[0], ready);
	for (int i = 1; i <= 100; i++) {
		tap_open(&t[i], t->lp);
		tap_pour(&t[i]);
	}
}

START_TEST(watches_may_be_added_by_a_callback)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap t[101];

	tap_open(&t[0], lp);
	watch_free(t[0].w);
	t[0].w = watch_new(lp, t[0].in, POLLIN, on_adder, t);
	tap_pour(&t[0]);
	loop_run_for(lp, 10);
	for (int i = 0; i <= 100; i++) {
		ck_assert_int_eq(t[i].calls, 1);
		tap_close(&t[i]);
	}
	loop_free(lp);
}
END_TEST

START_TEST(more_than_1024_descriptors_are_served)
{
	enum { N = 1200 };
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap *t = calloc(N, sizeof(*t));
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < 2 * N + 50) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= 2 * N + 50) {
		for (size_t i = 0; i < N; i++)
			tap_open(&t[i], lp);
		ck_assert_int_gt(t[N - 1].in, 1024);
		for (size_t i = 0; i < N; i += 2)
			tap_pour(&t[i]);
		loop_run_for(lp, 10);
		for (size_t i = 0; i < N; i++) {
			ck_assert_int_eq(t[i].calls, i % 2 == 0);
			tap_close(&t[i]);
		}
	}
	free(t);
	loop_free(lp);
}
END_TEST

static void
on_forever(void *arg)
{
	timer_set(arg, 0);
}

START_TEST(a_timer_that_sets_itself_to_0_starves_no_descriptor)
{
	struct loop *lp = loop_new(NULL);
	struct timer t;
	struct tap a;

	timer_init(&t, lp, on_forever, &t);
	timer_set(&t, 0);
	tap_open(&a, lp);
	tap_pour(&a);
	loop_run_for(lp, 2);
	ck_assert_int_eq(a.calls, 1);
	tap_close(&a);
	loop_free(lp);
}
END_TEST

START_TEST(a_descriptor_closed_under_its_watch_is_told_once)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct tap a;

	tap_open(&a, lp);
	close(a.in);
	a.in = -1;
	loop_run_for(lp, 100);
	ck_assert_int_eq(a.calls, 1);
	ck_assert_int_eq(a.ready, POLLERR);
	close(a.out);
	loop_free(lp);
}
END_TEST

START_TEST(virtual_clocks_jump_together)
{
	struct loop *lp = loop_new_virtual(NULL, 1795406400000);
	int n = 0;
	struct timer t;

	ck_assert_int_eq(loop_now(lp), 1000000);
	ck_assert_int_eq(loop_wall(lp), 1795406400000);
	timer_init(&t, lp, on_count, &n);
	timer_set(&t, 8 * 3600000);
	loop_run_for(lp, 8 * 3600000 - 1);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(loop_now(lp), 1000000 + 8 * 3600000 - 1);
	loop_run_for(lp, 1);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(loop_wall(lp), 1795406400000 + 8 * 3600000);
	loop_run_for(lp, 77);
	ck_assert_int_eq(loop_now(lp), 1000000 + 8 * 3600000 + 77);
	loop_free(lp);
}
END_TEST

START_TEST(virtual_time_stands_still_while_a_descriptor_is_ready)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct timer t;
	struct tap a;
	int n = 0;

	timer_init(&t, lp, on_count, &n);
	timer_set(&t, 1);
	tap_open(&a, lp);
	for (int i = 0; i < 50; i++)
		tap_pour(&a);
	loop_run_for(lp, 5);
	ck_assert_int_eq(a.calls, 50);
	ck_assert_int_eq(a.at, 1000000);
	ck_assert_int_eq(n, 1);
	tap_close(&a);
	loop_free(lp);
}
END_TEST

START_TEST(real_time_passes_as_asked)
{
	struct loop *lp = loop_new(NULL);
	int64_t before = clock_mono_ms(), wall = loop_wall(lp);
	struct timer t;
	int n = 0;

	timer_init(&t, lp, on_count, &n);
	timer_set(&t, 10);
	loop_run_for(lp, 20);
	ck_assert_int_ge(clock_mono_ms() - before, 20);
	ck_assert_int_ge(loop_wall(lp), wall);
	ck_assert_int_eq(n, 1);
	loop_free(lp);
}
END_TEST

static void
on_stop(void *arg)
{
	loop_stop(arg);
}

START_TEST(stopping_ends_the_run_after_this_turn)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct timer stop, same, later;
	int n = 0;

	timer_init(&stop, lp, on_stop, lp);
	timer_init(&same, lp, on_count, &n);
	timer_init(&later, lp, on_count, &n);
	timer_set(&stop, 5);
	timer_set(&same, 5);
	timer_set(&later, 6);
	loop_run(lp);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(loop_now(lp), 1000005);
	loop_run(lp);
	ck_assert_int_eq(n, 2);
	/* Before a run, it ends that run at once. */
	timer_set(&later, 6);
	loop_stop(lp);
	loop_run(lp);
	ck_assert_int_eq(n, 2);
	loop_run(lp);
	ck_assert_int_eq(n, 3);
	loop_free(lp);
}
END_TEST

START_TEST(hooks_run_once_a_turn_and_only_if_something_ran)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct timer a, b, c;
	int n = 0, hooks = 0;

	loop_on_turn_end(lp, on_count, &hooks);
	loop_run_for(lp, 0);
	ck_assert_int_eq(hooks, 1); /* for what came before the first turn */
	timer_init(&a, lp, on_count, &n);
	timer_init(&b, lp, on_count, &n);
	timer_init(&c, lp, on_count, &n);
	timer_set(&a, 10);
	timer_set(&b, 10);
	timer_set(&c, 20);
	loop_run_for(lp, 1000);
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(hooks, 3);
	loop_free(lp);
}
END_TEST

struct signals {
	struct loop *lp;
	int usr1, usr2, stop_at;
};

static void
on_signal(void *arg, int signo)
{
	struct signals *s = arg;

	s->usr1 += signo == SIGUSR1;
	s->usr2 += signo == SIGUSR2;
	if (s->usr1 + s->usr2 == s->stop_at)
		loop_stop(s->lp);
}

START_TEST(signals_come_as_calls)
{
	struct loop *lp = loop_new(NULL);
	struct signals s = {.lp = lp, .stop_at = 2};

	loop_on_signal(lp, SIGUSR1, on_signal, &s);
	loop_on_signal(lp, SIGUSR2, on_signal, &s);
	raise(SIGUSR1);
	raise(SIGUSR2);
	ck_assert_int_eq(s.usr1 + s.usr2, 0);
	loop_run(lp);
	ck_assert_int_eq(s.usr1, 1);
	ck_assert_int_eq(s.usr2, 1);
	loop_free(lp);
}
END_TEST

START_TEST(a_signal_taken_away_stays_blocked_and_ends_the_run)
{
	struct loop *lp = loop_new(NULL);
	struct signals s = {.lp = lp};

	loop_on_signal(lp, SIGUSR1, on_signal, &s);
	loop_on_signal(lp, SIGUSR1, NULL, NULL);
	raise(SIGUSR1);
	loop_run(lp);
	loop_run_for(lp, 1);
	ck_assert_int_eq(s.usr1, 0);
	loop_free(lp);
}
END_TEST

START_TEST(waiting_for_signals_does_not_hold_virtual_time)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct signals s = {.lp = lp};
	struct timer t;

	loop_on_signal(lp, SIGUSR1, on_signal, &s);
	timer_init(&t, lp, on_stop, lp);
	timer_set(&t, 3600000);
	loop_run(lp);
	ck_assert_int_eq(loop_now(lp), 1000000 + 3600000);
	loop_free(lp);
}
END_TEST

UNIT_MAIN("loop", a_ready_descriptor_calls_and_an_idle_one_does_not,
    nothing_runs_inside_the_call_that_starts_it,
    the_run_ends_when_nothing_is_left, a_pause_also_silences_hang_ups,
    a_watch_freed_by_another_does_not_run,
    a_descriptor_number_reused_in_a_turn_is_not_mixed_up,
    watches_may_be_added_by_a_callback, more_than_1024_descriptors_are_served,
    a_timer_that_sets_itself_to_0_starves_no_descriptor,
    a_descriptor_closed_under_its_watch_is_told_once,
    virtual_clocks_jump_together,
    virtual_time_stands_still_while_a_descriptor_is_ready,
    real_time_passes_as_asked, stopping_ends_the_run_after_this_turn,
    hooks_run_once_a_turn_and_only_if_something_ran, signals_come_as_calls,
    a_signal_taken_away_stays_blocked_and_ends_the_run,
    waiting_for_signals_does_not_hold_virtual_time)
