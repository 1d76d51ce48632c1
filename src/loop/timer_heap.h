/* timer_heap.h - where a loop keeps the timers that are set, for loop/timer. */
#ifndef LOOP_TIMER_HEAP_H
#define LOOP_TIMER_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct timer;

/* What is compared stands in the heap itself: the timers are all over. */
struct timer_slot {
	int64_t at;     /* monotonic ms; INT64_MIN: before all that is due */
	uint64_t order; /* first set, first run, among equals */
	struct timer *timer;
};
/* A binary heap, the timer that runs next in slot 1; slot 0 is not used. */
struct timer_heap {
	struct timer_slot *slots;
	size_t n;
	size_t cap;
	uint64_t order; /* of the next timer that is set */
};

#endif
