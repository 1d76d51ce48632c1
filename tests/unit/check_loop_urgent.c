/* check_loop_urgent.c - what is urgent goes before what is not, and waits for
 * little of it.
 *
 * Each callback writes its letter down.  Those that are slow take a moment of
 * the real clock, as a TLS handshake does.
 */
#include "loop/loop.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "loop/timer.h"
#include "loop/turn_time.h"
#include "loop/urgent.h"
#include "unit.h"

#define SLOW_MS 2
#define MANY    12
/* Slow ones that have their turn before somebody else's: those that fit.  In a
 * hurry one does. */
#define BEFORE (1 + TURN_PART_MS / SLOW_MS)
_Static_assert(TURN_PART_HURRY_MS < SLOW_MS, "one has its turn in a hurry");

struct part { /* a pipe that stays ready, or a timer */
	struct world *w;
	struct watch *watch;
	struct timer timer;
	int fd[2];
	char letter;
	bool slow, again;
	int more; /* so often it has more than it took */
};
struct world {
	struct loop *lp;
	char text[1200];
	struct part urgent, soon, slow[MANY];
	bool pours;    /* the first slow one, into the urgent one */
	size_t enough; /* letters */
};

static void
write_down(struct part *p)
{
	static const struct timespec moment = {.tv_nsec = SLOW_MS * 1000000};
	size_t len = strlen(p->w->text);

	ck_assert_uint_lt(len + 1, sizeof(p->w->text));
	p->w->text[len] = p->letter;
	if (p->slow)
		nanosleep(&moment, NULL);
	if (len + 1 >= p->w->enough)
		loop_stop(p->w->lp);
}

static void
pour(struct part *p)
{
	ck_assert_int_eq(write(p->fd[1], "x", 1), 1);
}

static void
on_ready(void *arg, short ready)
{
	struct part *p = arg;
	struct world *w = p->w;

	ck_assert_int_eq(ready, POLLIN);
	write_down(p);
	if (p == &w->slow[0] && w->pours)
		pour(&w->urgent);
	if (p->more > 0) {
		p->more--;
		watch_has_more(p->watch);
		timer_set_first(&w->soon.timer);
		timer_set(&w->slow[1].timer, 0);
		return;
	}
	if (p == &w->urgent && !p->again) {
		watch_set(p->watch, 0);
		timer_set(&w->soon.timer, 0);
	}
}

static void
on_time(void *arg)
{
	write_down(arg);
}

static void
part_init(struct part *p, struct world *w, char letter, bool slow)
{
	p->w = w;
	p->letter = letter;
	p->slow = slow;
	timer_init(&p->timer, w->lp, on_time, p);
	ck_assert_int_eq(pipe2(p->fd, O_NONBLOCK | O_CLOEXEC), 0);
}

static void
watch(struct part *p)
{
	p->watch = watch_new(p->w->lp, p->fd[0], POLLIN, on_ready, p);
}

/* The urgent one is U, and sets s to 0 ms; the slow ones are a, b, c, ... */
static void
world_begin(struct world *w, struct loop *lp)
{
	memset(w, 0, sizeof(*w));
	w->lp = lp;
	w->enough = MANY + 2;
	for (int i = 0; i < MANY; i++)
		part_init(&w->slow[i], w, (char)('a' + i), true);
	part_init(&w->urgent, w, 'U', false);
	part_init(&w->soon, w, 's', false);
}

/* All of them are watched, and the slow ones always ready. */
static void
watch_all(struct world *w)
{
	for (int i = 0; i < MANY; i++) {
		watch(&w->slow[i]);
		pour(&w->slow[i]);
	}
	watch(&w->urgent);
	watch_urgent(w->urgent.watch);
}

static void
part_end(struct part *p)
{
	watch_free(p->watch);
	timer_clear(&p->timer);
	close(p->fd[0]);
	close(p->fd[1]);
}

static void
world_end(struct world *w)
{
	for (int i = 0; i < MANY; i++)
		part_end(&w->slow[i]);
	part_end(&w->urgent);
	part_end(&w->soon);
	loop_free(w->lp);
}

START_TEST(the_urgent_descriptor_goes_first_and_what_it_sets_second)
{
	struct world w;

	world_begin(&w, loop_new_virtual(NULL, 0));
	watch_all(&w);
	pour(&w.urgent);
	loop_run_for(w.lp, 1);
	ck_assert_str_eq(w.text, "Usabcdefghijkl");
	world_end(&w);
}
END_TEST

static void
pour_urgent(void *arg)
{
	struct world *w = arg;

	pour(&w->urgent);
}

START_TEST(an_urgent_descriptor_waits_for_a_few_of_the_others)
{
	struct world w;
	struct timer later;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	/* Between two turns, whatever has run of the others. */
	timer_init(&later, w.lp, pour_urgent, &w);
	timer_set(&later, SLOW_MS);
	loop_run(w.lp);
	ck_assert_uint_le(strcspn(w.text, "U"), 2 * BEFORE);
	ck_assert_ptr_nonnull(strstr(w.text, "Us"));
	world_end(&w);
}
END_TEST

START_TEST(while_what_is_urgent_goes_on_one_of_the_others_has_its_turn)
{
	struct world w;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	pour(&w.urgent);
	w.urgent.again = true;
	loop_run(w.lp);
	w.text[MANY + 2] = '\0';
	ck_assert_str_eq(w.text, "UaUbUcUdUeUfUg");
	world_end(&w);
}
END_TEST

START_TEST(one_that_has_come_waits_for_no_other)
{
	struct world w;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	w.pours = true;
	loop_run(w.lp);
	w.text[5] = '\0';
	ck_assert_str_eq(w.text, "aUsbc");
	world_end(&w);
}
END_TEST

/* But for what it sets off to go before all that is due. */
static const char alone[] = "UsUsUsUsUba";

static bool
is_alone(void)
{
	struct world w;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	pour(&w.urgent);
	w.urgent.more = 4;
	loop_run(w.lp);
	world_end(&w);
	return strncmp(w.text, alone, sizeof(alone) - 1) == 0;
}

/* Somebody else may have the processor for longer than it is alone. */
START_TEST(one_that_has_more_has_the_loop_for_itself)
{
	bool found = false;

	for (int i = 0; i < 50 && !found; i++)
		found = is_alone();
	ck_assert(found);
}
END_TEST

START_TEST(however_much_more_it_has_the_others_have_their_turn)
{
	struct world w;
	size_t n;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	pour(&w.urgent);
	w.urgent.slow = true;
	w.urgent.more = 1000;
	w.enough = sizeof(w.text) / 2;
	loop_run(w.lp);
	n = strspn(w.text, "Us");
	ck_assert_uint_ge(n, 2);
	ck_assert_uint_le(n, 2 * (URGENT_ALONE_MS / SLOW_MS + 1));
	ck_assert_ptr_nonnull(strchr(w.text, 'c'));
	ck_assert_ptr_nonnull(strchr(w.text, 'l'));
	world_end(&w);
}
END_TEST

START_TEST(each_of_the_others_has_its_turn)
{
	struct world w;

	world_begin(&w, loop_new(NULL));
	watch_all(&w);
	loop_run(w.lp);
	/* The run ends with the turn: another may have had its own. */
	w.text[MANY + 2] = '\0';
	ck_assert_str_eq(w.text, "abcdefghijklab");
	world_end(&w);
}
END_TEST

START_TEST(an_urgent_descriptor_waits_for_a_few_timers)
{
	struct world w;

	world_begin(&w, loop_new(NULL));
	watch(&w.urgent);
	watch_urgent(w.urgent.watch);
	pour(&w.urgent);
	for (int i = 0; i < MANY; i++)
		timer_set(&w.slow[i].timer, 0);
	loop_run_for(w.lp, 100 * SLOW_MS * MANY);
	ck_assert_uint_le(strcspn(w.text, "U"), BEFORE);
	/* All of them ran, in their order. */
	ck_assert_uint_eq(strlen(w.text), MANY + 2);
	for (int i = 1; i < MANY; i++)
		ck_assert(
		    strchr(w.text, 'a' + i) > strchr(w.text, 'a' + i - 1));
	world_end(&w);
}
END_TEST

START_TEST(an_urgent_timer_goes_before_all_that_are_due)
{
	struct world w;

	world_begin(&w, loop_new_virtual(NULL, 0));
	timer_set(&w.slow[0].timer, 0);
	timer_set(&w.slow[1].timer, 0);
	timer_set_first(&w.soon.timer);
	timer_set_first(&w.urgent.timer);
	timer_set_first(&w.soon.timer);
	ck_assert_int_eq(timer_left(&w.soon.timer), 0);
	loop_run_for(w.lp, 0);
	ck_assert_str_eq(w.text, "sUab");
	world_end(&w);
}
END_TEST

/* As a probe that is due hands its echo over. */
struct probe {
	struct world *w;
	struct timer timer;
};

static void
on_probe(void *arg)
{
	struct probe *p = arg;

	timer_set_first(&p->w->urgent.timer);
}

static void
on_turn_end(void *arg)
{
	int *turns = arg;

	++*turns;
}

START_TEST(who_sets_an_urgent_timer_holds_nobody_up)
{
	struct world w;
	struct probe probes[10];
	int turns = 0;

	world_begin(&w, loop_new_virtual(NULL, 0));
	loop_on_turn_end(w.lp, on_turn_end, &turns);
	for (int i = 0; i < 10; i++) {
		probes[i].w = &w;
		timer_init(&probes[i].timer, w.lp, on_probe, &probes[i]);
		timer_set(&probes[i].timer, 0);
	}
	timer_set(&w.slow[0].timer, 0);
	loop_run_for(w.lp, 0);
	ck_assert_str_eq(w.text, "UUUUUUUUUUa");
	ck_assert_int_eq(turns, 1);
	world_end(&w);
}
END_TEST

UNIT_MAIN("loop_urgent",
    the_urgent_descriptor_goes_first_and_what_it_sets_second,
    an_urgent_descriptor_waits_for_a_few_of_the_others,
    while_what_is_urgent_goes_on_one_of_the_others_has_its_turn,
    one_that_has_come_waits_for_no_other,
    one_that_has_more_has_the_loop_for_itself,
    however_much_more_it_has_the_others_have_their_turn,
    each_of_the_others_has_its_turn,
    an_urgent_descriptor_waits_for_a_few_timers,
    an_urgent_timer_goes_before_all_that_are_due,
    who_sets_an_urgent_timer_holds_nobody_up)
