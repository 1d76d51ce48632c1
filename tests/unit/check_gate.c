/* check_gate.c - places, the line before them, and the login rate. */
#include "unit.h"

#include <unistd.h>

#include "loop/gate.h"
#include "loop/timer.h"

#define MANY 1000

struct entry {
	struct ticket ticket;
	struct gate *gate;
	int64_t at; /* when it came in, -1: not yet */
	int order;
	struct loop *lp;
};
static int n_inside;

static void
on_place(void *arg)
{
	struct entry *e = arg;

	e->at = unit_elapsed(e->lp);
	e->order = n_inside++;
}

static struct entry *
entries(struct loop *lp, size_t n)
{
	struct entry *e = calloc(n, sizeof(*e));

	n_inside = 0;
	for (size_t i = 0; i < n; i++) {
		e[i].at = -1;
		e[i].lp = lp;
	}
	return e;
}

START_TEST(no_more_than_the_places_are_inside)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 3);
	struct entry *e = entries(lp, 10);

	for (int i = 0; i < 10; i++)
		gate_enter(g, &e[i].ticket, false, on_place, &e[i]);
	ck_assert_int_eq(n_inside, 0);
	loop_run_for(lp, 1000);
	ck_assert_int_eq(n_inside, 3);
	gate_leave(&e[1].ticket);
	ck_assert_int_eq(n_inside, 3);
	loop_run_for(lp, 10);
	ck_assert_int_eq(n_inside, 4);
	for (int i = 0; i < 10; i++)
		gate_leave(&e[i].ticket);
	loop_run_for(lp, 10);
	ck_assert_int_eq(n_inside, 4);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(it_is_full_when_somebody_waits_for_a_place)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 2);

	ck_assert(!gate_is_full(g));
	gate_enter(g, &e[0].ticket, false, on_place, &e[0]);
	loop_run_for(lp, 10);
	ck_assert(!gate_is_full(g));
	gate_enter(g, &e[1].ticket, false, on_place, &e[1]);
	ck_assert(gate_is_full(g));
	gate_leave(&e[0].ticket);
	ck_assert(!gate_is_full(g));
	gate_leave(&e[1].ticket);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(it_is_idle_when_nobody_is_inside_or_waits)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 1);

	ck_assert(gate_is_idle(g));
	gate_enter(g, &e[0].ticket, false, on_place, &e[0]);
	ck_assert(!gate_is_idle(g));
	loop_run_for(lp, 10);
	ck_assert(!gate_is_idle(g));
	gate_leave(&e[0].ticket);
	ck_assert(gate_is_idle(g));
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(first_come_first_served)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 20);

	for (int i = 0; i < 20; i++)
		gate_enter(g, &e[i].ticket, false, on_place, &e[i]);
	for (int i = 0; i < 20; i++) {
		loop_run_for(lp, 5);
		ck_assert_int_eq(e[i].order, i);
		gate_leave(&e[i].ticket);
	}
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(who_leaves_the_line_is_passed_over)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 3);

	for (int i = 0; i < 3; i++)
		gate_enter(g, &e[i].ticket, false, on_place, &e[i]);
	loop_run_for(lp, 5);
	gate_leave(&e[1].ticket);
	gate_leave(&e[1].ticket);
	gate_leave(&e[0].ticket);
	loop_run_for(lp, 5);
	ck_assert_int_eq(e[1].at, -1);
	ck_assert_int_ge(e[2].at, 0);
	gate_leave(&e[2].ticket);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(a_ticket_is_good_for_another_time)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 1);

	for (int i = 0; i < 5; i++) {
		gate_enter(g, &e->ticket, false, on_place, e);
		loop_run_for(lp, 5);
		gate_leave(&e->ticket);
		ck_assert_int_eq(n_inside, i + 1);
	}
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

/* The most logins in any second. */
static int
most_a_second(const struct entry *e, int n)
{
	int most = 0;

	for (int i = 0; i < n; i++) {
		int in = 0;

		for (int k = 0; k < n; k++)
			in += e[k].at >= e[i].at && e[k].at < e[i].at + 1000;
		if (in > most)
			most = in;
	}
	return most;
}

static void
rate_is_kept(int per_second)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, MANY), *h = gate_new(lp, MANY);
	struct login_rate *r = login_rate_new(lp, per_second);
	int n = per_second * 4 < MANY ? per_second * 4 : MANY;
	struct entry *e = entries(lp, (size_t)n);
	int step = per_second / 20 + 2;

	gate_limit_logins(g, r);
	gate_limit_logins(h, r);
	loop_run_for(lp, 60000);
	for (int i = 0; i < n; i++)
		gate_enter(i % 2 ? g : h, &e[i].ticket, true, on_place, &e[i]);
	loop_run_for(lp, 10000);
	ck_assert_int_eq(n_inside, n);
	/* What was saved up in one step of time may come on top. */
	ck_assert_int_le(most_a_second(e, n), per_second + step);
	ck_assert_int_ge(
	    most_a_second(e, n), per_second > n ? n : per_second - step);
	for (int i = 0; i < n; i++)
		gate_leave(&e[i].ticket);
	gate_free(g);
	gate_free(h);
	login_rate_free(r);
	loop_free(lp);
	free(e);
}

START_TEST(gates_share_a_login_rate)
{
	rate_is_kept(1);
	rate_is_kept(7);
	rate_is_kept(50);
	rate_is_kept(200);
}
END_TEST

/* ... of which some may have a part only; what they leave is the others'. */
START_TEST(a_part_of_the_rate_is_kept)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct login_rate *all = login_rate_new(lp, 100);
	struct login_rate *part = login_rate_part(all, 20);
	struct gate *g = gate_new(lp, MANY), *h = gate_new(lp, MANY);
	struct entry *e = entries(lp, 400);
	int some = 0;

	gate_limit_logins(g, all);
	gate_limit_logins(h, part);
	for (int i = 0; i < 200; i++)
		gate_enter(h, &e[i].ticket, true, on_place, &e[i]);
	loop_run_for(lp, 2000);
	ck_assert_int_ge(n_inside, 38);
	ck_assert_int_le(n_inside, 42);
	for (int i = 200; i < 400; i++)
		gate_enter(g, &e[i].ticket, true, on_place, &e[i]);
	loop_run_for(lp, 1000);
	for (int i = 0; i < 200; i++)
		some += e[i].ticket.inside;
	ck_assert_int_le(some, 63);
	ck_assert_int_ge(n_inside, 38 + 90);
	ck_assert_int_le(n_inside, 42 + 110);
	for (int i = 0; i < 400; i++)
		gate_leave(&e[i].ticket);
	gate_free(g);
	gate_free(h);
	login_rate_free(part);
	login_rate_free(all);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(what_is_no_login_is_not_slowed_down)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, MANY);
	struct login_rate *r = login_rate_new(lp, 1);
	struct entry *e = entries(lp, 100);

	gate_limit_logins(g, r);
	for (int i = 0; i < 100; i++)
		gate_enter(g, &e[i].ticket, false, on_place, &e[i]);
	loop_run_for(lp, 1);
	ck_assert_int_eq(n_inside, 100);
	for (int i = 0; i < 100; i++)
		gate_leave(&e[i].ticket);
	gate_free(g);
	login_rate_free(r);
	loop_free(lp);
	free(e);
}
END_TEST

/* What was begun is ended before more is begun. */
START_TEST(what_is_no_login_goes_first)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 6);

	for (int i = 0; i < 6; i++)
		gate_enter(g, &e[i].ticket, i < 4, on_place, &e[i]);
	for (int left = 6; left > 0; left--) {
		loop_run_for(lp, 1);
		for (int i = 0; i < 6; i++)
			if (e[i].ticket.inside)
				gate_leave(&e[i].ticket);
	}
	ck_assert_int_eq(e[4].order, 0);
	ck_assert_int_eq(e[5].order, 1);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(e[i].order, 2 + i);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

/* ... nor does it wait behind one that waits for the rate, or until that is
 * looked at again. */
START_TEST(what_is_no_login_does_not_wait_for_the_rate)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 2);
	struct login_rate *r = login_rate_new(lp, 1);
	struct entry *e = entries(lp, 5);

	gate_limit_logins(g, r);
	for (int i = 0; i < 2; i++)
		gate_enter(g, &e[i].ticket, true, on_place, &e[i]);
	loop_run_for(lp, 10);
	ck_assert_int_eq(n_inside, 0);
	for (int i = 2; i < 5; i++)
		gate_enter(g, &e[i].ticket, false, on_place, &e[i]);
	loop_run_for(lp, 1);
	ck_assert_int_eq(n_inside, 2);
	gate_leave(&e[2].ticket);
	loop_run_for(lp, 1);
	ck_assert_int_eq(n_inside, 3);
	ck_assert_int_ge(e[4].at, 0);
	gate_leave(&e[3].ticket);
	loop_run_for(lp, 3000);
	ck_assert_int_eq(n_inside, 4); /* one place, one login */
	for (int i = 0; i < 5; i++)
		gate_leave(&e[i].ticket);
	gate_free(g);
	login_rate_free(r);
	loop_free(lp);
	free(e);
}
END_TEST

START_TEST(a_free_place_is_had_at_once_if_nobody_waits)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 2);
	struct entry *e = entries(lp, 4);

	ck_assert(gate_try(g, &e[0].ticket));
	ck_assert(gate_try(g, &e[1].ticket));
	ck_assert(!gate_try(g, &e[2].ticket));
	gate_enter(g, &e[2].ticket, false, on_place, &e[2]);
	gate_leave(&e[0].ticket);
	ck_assert(!gate_try(g, &e[3].ticket));
	loop_run_for(lp, 10);
	ck_assert_int_eq(n_inside, 1);
	ck_assert(!gate_try(g, &e[3].ticket));
	gate_leave(&e[1].ticket);
	ck_assert(gate_try(g, &e[3].ticket));
	gate_leave(&e[2].ticket);
	gate_leave(&e[3].ticket);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

static void
come_again(void *arg)
{
	struct entry *e = arg;

	on_place(e);
	gate_leave(&e->ticket);
	gate_enter(e->gate, &e->ticket, false, come_again, e);
	loop_stop(e->lp); /* after this turn */
}

START_TEST(who_comes_again_at_once_holds_up_no_turn)
{
	struct loop *lp = loop_new_virtual(NULL, 0);
	struct gate *g = gate_new(lp, 1);
	struct entry *e = entries(lp, 2);

	for (int i = 0; i < 2; i++) {
		e[i].gate = g;
		gate_enter(g, &e[i].ticket, false, come_again, &e[i]);
	}
	loop_run(lp);
	ck_assert_int_eq(n_inside, 2);
	for (int i = 0; i < 2; i++)
		gate_leave(&e[i].ticket);
	gate_free(g);
	loop_free(lp);
	free(e);
}
END_TEST

static void
begin_slowly(void *arg)
{
	usleep(5000);
	on_place(arg);
}

static void
look(void *arg)
{
	*(int *)arg = n_inside;
}

/* What begins takes as long as it takes, and others have their turn between. */
START_TEST(who_begins_slowly_holds_up_no_turn)
{
	struct loop *lp = unit_loop();
	struct gate *g = gate_new(lp, 10);
	struct entry *e = entries(lp, 10);
	struct timer t;
	int seen = 0;

	for (int i = 0; i < 10; i++)
		gate_enter(g, &e[i].ticket, false, begin_slowly, &e[i]);
	timer_init(&t, lp, look, &seen);
	timer_set(&t, 0);
	loop_run(lp);
	ck_assert_int_eq(n_inside, 10);
	ck_assert_int_eq(seen, 1);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(e[i].order, i);
		gate_leave(&e[i].ticket);
	}
	gate_free(g);
	unit_loop_free(lp);
	free(e);
}
END_TEST

UNIT_MAIN("gate", who_begins_slowly_holds_up_no_turn,
    a_part_of_the_rate_is_kept, a_free_place_is_had_at_once_if_nobody_waits,
    what_is_no_login_goes_first, what_is_no_login_does_not_wait_for_the_rate,
    no_more_than_the_places_are_inside,
    it_is_full_when_somebody_waits_for_a_place,
    it_is_idle_when_nobody_is_inside_or_waits, first_come_first_served,
    who_leaves_the_line_is_passed_over, a_ticket_is_good_for_another_time,
    who_comes_again_at_once_holds_up_no_turn, gates_share_a_login_rate,
    what_is_no_login_is_not_slowed_down)
