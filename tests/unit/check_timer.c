/* check_timer.c - one-shot timers, in virtual time. */
#include "loop/timer.h"

#include <string.h>

#include "unit.h"

/* Timers write their letter here as they run. */
struct trace {
	char text[64];
	struct loop *lp;
};

struct mark {
	struct timer t;
	struct trace *to;
	char letter;
	int64_t at;
};

static void
on_mark(void *arg)
{
	struct mark *m = arg;
	size_t len = strlen(m->to->text);

	m->to->text[len] = m->letter;
	m->at = loop_now(m->to->lp);
	ck_assert(!timer_is_set(&m->t));
}

static void
mark_init(struct mark *m, struct trace *to, char letter)
{
	m->to = to;
	m->letter = letter;
	timer_init(&m->t, to->lp, on_mark, m);
}

START_TEST(a_timer_runs_once_at_its_time)
{
	struct trace tr = {.lp = loop_new_virtual(NULL, 5000)};
	int64_t start = loop_now(tr.lp);
	struct mark a;

	mark_init(&a, &tr, 'a');
	ck_assert(!timer_is_set(&a.t));
	timer_set(&a.t, 1500);
	ck_assert(timer_is_set(&a.t));
	ck_assert_int_eq(timer_left(&a.t), 1500);
	loop_run_for(tr.lp, 1499);
	ck_assert_str_eq(tr.text, "");
	ck_assert_int_eq(timer_left(&a.t), 1);
	loop_run_for(tr.lp, 1);
	ck_assert_str_eq(tr.text, "a");
	ck_assert_int_eq(a.at - start, 1500);
	loop_run_for(tr.lp, 10000);
	ck_assert_str_eq(tr.text, "a");
	ck_assert_int_eq(timer_left(&a.t), 0);
	loop_free(tr.lp);
}
END_TEST

START_TEST(equal_times_run_in_the_order_they_were_set)
{
	struct trace tr = {.lp = loop_new_virtual(NULL, 0)};
	struct mark m[26];

	for (size_t i = 0; i < 26; i++) {
		mark_init(&m[i], &tr, (char)('a' + i));
		timer_set(&m[i].t, 10);
	}
	timer_set(&m[3].t, 10);
	loop_run(tr.lp);
	ck_assert_str_eq(tr.text, "abcefghijklmnopqrstuvwxyzd");
	loop_free(tr.lp);
}
END_TEST

START_TEST(setting_again_replaces_and_clearing_forgets)
{
	struct trace tr = {.lp = loop_new_virtual(NULL, 0)};
	struct mark a, b, c;
	struct timer zeroed = {0};

	mark_init(&a, &tr, 'a');
	mark_init(&b, &tr, 'b');
	mark_init(&c, &tr, 'c');
	timer_set(&a.t, 10);
	timer_set(&b.t, 20);
	timer_set(&c.t, 30);
	timer_set(&a.t, 40);
	timer_clear(&b.t);
	timer_clear(&b.t);
	timer_clear(&zeroed);
	loop_run(tr.lp);
	ck_assert_str_eq(tr.text, "ca");
	loop_free(tr.lp);
}
END_TEST

START_TEST(negative_and_huge_spans_are_harmless)
{
	struct trace tr = {.lp = loop_new_virtual(NULL, 0)};
	struct mark a, b;

	mark_init(&a, &tr, 'a');
	mark_init(&b, &tr, 'b');
	timer_set(&a.t, -5);
	timer_set(&b.t, INT64_MAX);
	ck_assert_int_eq(timer_left(&a.t), 0);
	loop_run_for(tr.lp, 1000);
	ck_assert_str_eq(tr.text, "a");
	ck_assert(timer_is_set(&b.t));
	loop_free(tr.lp);
	/* The loop forgot it: clearing is still allowed. */
	timer_clear(&b.t);
}
END_TEST

struct again {
	struct timer t;
	int left;
};

static void
on_again(void *arg)
{
	struct again *a = arg;

	if (--a->left > 0)
		timer_set(&a->t, 0);
}

START_TEST(zero_inside_a_timer_means_the_next_turn)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct again a = {.left = 100};
	int64_t start = loop_now(lp);

	timer_init(&a.t, lp, on_again, &a);
	timer_set(&a.t, 0);
	loop_run(lp);
	ck_assert_int_eq(a.left, 0);
	ck_assert_int_eq(loop_now(lp), start);
	loop_free(lp);
}
END_TEST

struct killer {
	struct timer t;
	struct mark *victim;
};

static void
on_killer(void *arg)
{
	struct killer *k = arg;

	timer_clear(&k->victim->t);
}

START_TEST(a_timer_cleared_by_another_of_the_same_turn_does_not_run)
{
	struct trace tr = {.lp = loop_new_virtual(NULL, 0)};
	struct killer k;
	struct mark a;

	mark_init(&a, &tr, 'a');
	k.victim = &a;
	timer_init(&k.t, tr.lp, on_killer, &k);
	timer_set(&k.t, 10);
	timer_set(&a.t, 10);
	loop_run(tr.lp);
	ck_assert_str_eq(tr.text, "");
	loop_free(tr.lp);
}
END_TEST

struct many {
	struct timer t;
	struct loop *lp;
	int64_t due;
	int64_t *last;
	unsigned *runs;
};

static void
on_many(void *arg)
{
	struct many *m = arg;

	ck_assert_int_eq(loop_now(m->lp), m->due);
	ck_assert_int_ge(m->due, *m->last);
	*m->last = m->due;
	++*m->runs;
}

START_TEST(thousands_run_in_order_whatever_is_moved_or_cleared)
{
	enum { N = 3000 };
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct many *m = calloc(N, sizeof(*m));
	int64_t last = 0;
	unsigned seed = 20261123, runs = 0, set = 0;

	for (size_t i = 0; i < N; i++) {
		m[i].lp = lp;
		m[i].last = &last;
		m[i].runs = &runs;
		timer_init(&m[i].t, lp, on_many, &m[i]);
	}
	for (size_t i = 0; i < 5 * N; i++) {
		struct many *one = &m[(size_t)rand_r(&seed) % N];
		int ms = rand_r(&seed) % 5000;

		one->due = loop_now(lp) + ms;
		timer_set(&one->t, ms);
		timer_clear(&m[(size_t)rand_r(&seed) % N].t);
	}
	for (size_t i = 0; i < N; i++)
		set += timer_is_set(&m[i].t);
	ck_assert_uint_gt(set, N / 4);
	loop_run(lp);
	ck_assert_msg(runs == set, "seed 20261123: %u of %u", runs, set);
	loop_free(lp);
	free(m);
}
END_TEST

UNIT_MAIN("timer", a_timer_runs_once_at_its_time,
    equal_times_run_in_the_order_they_were_set,
    setting_again_replaces_and_clearing_forgets,
    negative_and_huge_spans_are_harmless,
    zero_inside_a_timer_means_the_next_turn,
    a_timer_cleared_by_another_of_the_same_turn_does_not_run,
    thousands_run_in_order_whatever_is_moved_or_cleared)
