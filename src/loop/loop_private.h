/* loop_private.h - what this folder shares: the loop and its timers. */
#ifndef LOOP_LOOP_PRIVATE_H
#define LOOP_LOOP_PRIVATE_H

#include <poll.h>
#include <signal.h>
#include <stddef.h>

#include "loop/loop.h"
#include "loop/timer_heap.h"
#include "loop/turn_time.h"
#include "loop/urgent.h"

/* A watch that poll(2) reported, until its turn comes. */
struct ready {
	struct watch *w; /* NULL: freed meanwhile */
	short events;
};

struct signal_handler {
	signal_fn *fn;
	void *arg;
};

struct turn_end {
	turn_end_fn *fn;
	void *arg;
};

struct loop {
	struct log *lg;
	int64_t now;
	int64_t wall;
	bool is_virtual;
	bool stop;
	bool turning;
	bool hurry; /* something urgent was ready, and more may be */
	bool more;  /* more is: it said so */
	bool ran;   /* something ran since the last end-of-turn hooks */
	struct timer_heap timers;
	/* watches[i] and polled[i] belong together */
	struct watch **watches;
	struct pollfd *polled;
	size_t first; /* where the descriptors' turn goes on */
	size_t n_watches;
	size_t watch_cap;
	struct ready *ready;
	size_t n_ready;
	size_t ready_cap;
	int signal_fd; /* -1: none yet */
	struct watch *signal_watch;
	sigset_t signals;
	unsigned n_signals;
	struct signal_handler handlers[_NSIG];
	struct turn_end *hooks;
	size_t n_hooks;
	struct turn_time turn_time;
	struct urgent urgent;
};

/* Run the timers that are due and were set before this call, one at least;
 * whether there was one. */
bool timers_run(struct loop *lp);
/* Milliseconds until the next timer, 0 if due, -1 if there is none. */
int64_t timers_next(const struct loop *lp);
/* Forget all timers, free the heap. */
void timers_free(struct loop *lp);

#endif
