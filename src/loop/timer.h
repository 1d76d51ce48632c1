/* timer.h - one-shot timers of a loop, embedded in what they belong to. */
#ifndef LOOP_TIMER_H
#define LOOP_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop/loop.h"

typedef void timer_fn(void *arg);

/* The fields are the timer's own. */
struct timer {
	struct loop *lp;
	timer_fn *fn;
	void *arg;
	size_t slot; /* place in the loop's heap, 0: not set */
};

void timer_init(struct timer *t, struct loop *lp, timer_fn *fn, void *arg);
/* Run `fn` once, `ms` from now (0: in the next turn); replaces an earlier
 * setting.  A timer is clear when its function runs. */
void timer_set(struct timer *t, int64_t ms);
/* Run it once, soon, before all that is due: it is urgent and short.  Again, it
 * keeps its place. */
void timer_set_first(struct timer *t);
/* Forget it.  Must be called before the memory goes; a zeroed or clear timer is
 * accepted. */
void timer_clear(struct timer *t);
/* Where it is set, run it in the next turn. */
void timer_hurry(struct timer *t);
bool timer_is_set(const struct timer *t);
/* Milliseconds until it runs, 0 if due or not set. */
int64_t timer_left(const struct timer *t);

#endif
