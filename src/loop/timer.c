/* timer.c - the loop's timers, in a binary heap.
 *
 * Setting, moving and clearing one of thousands costs a few swaps.  Timers for
 * the same millisecond run in the order in which they were set.
 */
#include "loop/timer.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "loop/loop_private.h"

enum { FIRST_SLOTS = 64 };

static bool
earlier(const struct timer_slot *a, const struct timer_slot *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
put(struct timer_heap *h, size_t slot, const struct timer_slot *s)
{
	h->slots[slot] = *s;
	s->timer->slot = slot;
}

/* Find the place of `s` from `slot` upwards, which is free. */
static void
sift_up(struct timer_heap *h, size_t slot, const struct timer_slot *s)
{
	while (slot > 1 && earlier(s, &h->slots[slot / 2])) {
		put(h, slot, &h->slots[slot / 2]);
		slot /= 2;
	}
	put(h, slot, s);
}

static void
sift_down(struct timer_heap *h, size_t slot, const struct timer_slot *s)
{
	for (;;) {
		size_t child = 2 * slot;

		if (child < h->n &&
		    earlier(&h->slots[child + 1], &h->slots[child]))
			child++;
		if (child > h->n || !earlier(&h->slots[child], s))
			break;
		put(h, slot, &h->slots[child]);
		slot = child;
	}
	put(h, slot, s);
}

static void
heap_add(struct timer_heap *h, const struct timer_slot *s)
{
	if (h->n + 1 >= h->cap) {
		h->cap = h->cap == 0 ? FIRST_SLOTS : 2 * h->cap;
		h->slots = xreallocarray(h->slots, h->cap, sizeof(*h->slots));
	}
	h->n++;
	sift_up(h, h->n, s);
}

static void
heap_remove(struct timer_heap *h, struct timer *t)
{
	struct timer_slot last = h->slots[h->n];
	size_t slot = t->slot;

	assert(h->slots[slot].timer == t);
	h->n--;
	t->slot = 0;
	if (last.timer == t)
		return;
	if (slot > 1 && earlier(&last, &h->slots[slot / 2]))
		sift_up(h, slot, &last);
	else
		sift_down(h, slot, &last);
}

void
timer_init(struct timer *t, struct loop *lp, timer_fn *fn, void *arg)
{
	*t = (struct timer){.lp = lp, .fn = fn, .arg = arg};
}

static void
set_at(struct timer *t, int64_t at)
{
	struct timer_heap *h = &t->lp->timers;

	timer_clear(t);
	heap_add(
	    h, &(struct timer_slot){.at = at, .order = h->order++, .timer = t});
}

/* Of one that is set: when it runs. */
static int64_t
at_of(const struct timer *t)
{
	return t->lp->timers.slots[t->slot].at;
}

void
timer_set(struct timer *t, int64_t ms)
{
	int64_t at;

	if (__builtin_add_overflow(t->lp->now, ms < 0 ? 0 : ms, &at))
		at = INT64_MAX;
	set_at(t, at);
}

void
timer_set_first(struct timer *t)
{
	if (!timer_is_set(t) || at_of(t) != INT64_MIN)
		set_at(t, INT64_MIN);
}

void
timer_clear(struct timer *t)
{
	if (t->slot != 0)
		heap_remove(&t->lp->timers, t);
}

void
timer_hurry(struct timer *t)
{
	if (timer_is_set(t))
		timer_set(t, 0);
}

bool
timer_is_set(const struct timer *t)
{
	return t->slot != 0;
}

int64_t
timer_left(const struct timer *t)
{
	if (!timer_is_set(t) || at_of(t) <= t->lp->now)
		return 0;
	return at_of(t) - t->lp->now;
}

/* Not before the next part: it comes after all that was due when this one
 * began, and without it one that sets itself to 0 ms would keep the descriptors
 * waiting for ever. */
static bool
waits(const struct loop *lp, const struct timer_slot *s, uint64_t bound)
{
	return s->at > lp->now || (s->order >= bound && s->at != INT64_MIN);
}

bool
timers_run(struct loop *lp)
{
	struct timer_heap *h = &lp->timers;
	uint64_t bound = h->order;
	bool ran = false;

	turn_part_begin(&lp->turn_time, lp->hurry);
	while (h->n > 0 && !waits(lp, &h->slots[1], bound)) {
		const struct timer_slot *next = &h->slots[1];
		struct timer *t = next->timer;
		bool urgent = next->at == INT64_MIN;

		if (!urgent && lp->urgent.alone)
			break;
		/* Urgent ones that these set have their turn as these do. */
		if ((!urgent || next->order >= bound) && ran &&
		    urgent_or_over(&lp->urgent, &lp->turn_time))
			break;
		heap_remove(h, t);
		turn_time_doing(&lp->turn_time, LOOP_OTHER);
		t->fn(t->arg);
		ran = true;
	}
	return ran;
}

int64_t
timers_next(const struct loop *lp)
{
	return lp->timers.n == 0 ? -1 : timer_left(lp->timers.slots[1].timer);
}

void
timers_free(struct loop *lp)
{
	struct timer_heap *h = &lp->timers;

	for (size_t i = 1; i <= h->n; i++)
		h->slots[i].timer->slot = 0;
	free(h->slots);
	*h = (struct timer_heap){0};
}
