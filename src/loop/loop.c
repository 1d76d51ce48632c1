/* loop.c - turns of the loop: poll(2), the watches, the signals, the clocks.
 *
 * The only code that waits.  Ready descriptors are collected before the first
 * callback runs; whatever a callback frees is struck from that collection, so
 * neither a freed watch nor a reused descriptor number can be mixed up.
 */
#include "loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "loop/loop_private.h"

enum {
	FIRST_WATCHES = 64,
	/* Not 0, so that a time of 0 can mean "never" to others. */
	VIRTUAL_START = 1000000
};

struct watch {
	struct loop *lp;
	int fd;
	short events;
	bool urgent;
	watch_ready *fn;
	void *arg;
	size_t slot;  /* in watches and polled */
	size_t ready; /* in ready, counted from 1; 0: not there */
};

static struct loop *
new_loop(struct log *lg)
{
	struct loop *lp = xcalloc(1, sizeof(*lp));

	lp->lg = lg;
	lp->signal_fd = -1;
	sigemptyset(&lp->signals);
	/* What was begun before the first turn is flushed by its hooks. */
	lp->ran = true;
	return lp;
}

static void
read_clocks(struct loop *lp)
{
	if (lp->is_virtual)
		return;
	lp->now = clock_mono_ms();
	lp->wall = clock_wall_ms();
}

struct loop *
loop_new(struct log *lg)
{
	struct loop *lp = new_loop(lg);

	read_clocks(lp);
	return lp;
}

struct loop *
loop_new_virtual(struct log *lg, int64_t wall_ms)
{
	struct loop *lp = new_loop(lg);

	lp->is_virtual = true;
	lp->now = VIRTUAL_START;
	lp->wall = wall_ms;
	return lp;
}

void
loop_free(struct loop *lp)
{
	if (lp == NULL)
		return;
	assert(!lp->turning);
	timers_free(lp);
	for (size_t i = 0; i < lp->n_watches; i++)
		free(lp->watches[i]);
	if (lp->signal_fd >= 0)
		close(lp->signal_fd);
	free(lp->watches);
	free(lp->polled);
	free(lp->ready);
	free(lp->hooks);
	free(lp);
}

struct log *
loop_log(struct loop *lp)
{
	return lp->lg;
}

int64_t
loop_now(const struct loop *lp)
{
	return lp->now;
}

void
loop_set_wall(struct loop *lp, int64_t wall_ms)
{
	assert(lp->is_virtual);
	lp->wall = wall_ms;
}

int64_t
loop_wall(const struct loop *lp)
{
	return lp->wall;
}

struct loop_moment
loop_moment(const struct loop *lp)
{
	if (lp->is_virtual)
		return (struct loop_moment){lp->now * 1000, lp->wall * 1000};
	return (struct loop_moment){clock_mono_us(), clock_wall_us()};
}

void
loop_doing(struct loop *lp, const char *what)
{
	turn_time_doing(&lp->turn_time, what);
}

struct loop_turn
loop_longest_turn(const struct loop *lp)
{
	return lp->turn_time.longest;
}

bool
loop_part_is_over(struct loop *lp)
{
	return urgent_or_over(&lp->urgent, &lp->turn_time);
}

void
loop_tell_longest_turn(struct loop *lp)
{
	struct loop_turn t = loop_longest_turn(lp);

	if (t.what != NULL)
		log_write(lp->lg, LOGGING_INFO, NULL, "loop",
		    "the longest turn took %.1f ms, %.1f of it on the "
		    "processor; most of it for: %s",
		    (double)t.took_us / 1000, (double)t.cpu_us / 1000, t.what);
}

struct watch *
watch_new(struct loop *lp, int fd, short events, watch_ready *ready, void *arg)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	if (lp->n_watches == lp->watch_cap) {
		lp->watch_cap =
		    lp->watch_cap == 0 ? FIRST_WATCHES : 2 * lp->watch_cap;
		lp->watches = xreallocarray(
		    lp->watches, lp->watch_cap, sizeof(*lp->watches));
		lp->polled = xreallocarray(
		    lp->polled, lp->watch_cap, sizeof(*lp->polled));
	}
	w->lp = lp;
	w->fd = fd;
	w->fn = ready;
	w->arg = arg;
	w->slot = lp->n_watches++;
	lp->watches[w->slot] = w;
	watch_set(w, events);
	return w;
}

void
watch_set(struct watch *w, short events)
{
	struct pollfd *p = &w->lp->polled[w->slot];

	w->events = events;
	/* poll(2) tells hang-ups even of a descriptor without events, but
	 * passes over negative ones. */
	p->fd = events == 0 ? -1 : w->fd;
	p->events = events;
	p->revents = 0;
	if (w->urgent)
		urgent_set(&w->lp->urgent, w->fd, events);
}

void
watch_urgent(struct watch *w)
{
	w->urgent = true;
	urgent_set(&w->lp->urgent, w->fd, w->events);
}

void
watch_has_more(struct watch *w)
{
	w->lp->more = !w->lp->is_virtual;
}

void
watch_free(struct watch *w)
{
	struct loop *lp;

	if (w == NULL)
		return;
	watch_set(w, 0);
	lp = w->lp;
	if (w->ready != 0)
		lp->ready[w->ready - 1].w = NULL;
	lp->n_watches--;
	lp->watches[w->slot] = lp->watches[lp->n_watches];
	lp->polled[w->slot] = lp->polled[lp->n_watches];
	lp->watches[w->slot]->slot = w->slot;
	free(w);
}

/* Wait up to `timeout` ms (-1: for ever); how many descriptors are ready. */
static int
wait_for_events(struct loop *lp, int64_t timeout)
{
	int n = poll(lp->polled, lp->n_watches,
	    timeout > INT_MAX ? INT_MAX : (int)timeout);

	if (n >= 0)
		return n;
	/* EINTR: a debugger, or a signal nobody takes through the loop. */
	if (errno == ENOMEM)
		xmem_exhausted();
	assert(errno == EINTR);
	return 0;
}

static void
collect_ready(struct loop *lp, size_t n)
{
	if (n > lp->ready_cap) {
		lp->ready_cap = lp->watch_cap;
		lp->ready =
		    xreallocarray(lp->ready, lp->ready_cap, sizeof(*lp->ready));
	}
	lp->n_ready = 0;
	for (size_t i = 0; i < lp->n_watches && lp->n_ready < n; i++) {
		size_t slot = (lp->first + i) % lp->n_watches;
		struct watch *w = lp->watches[slot];

		if (lp->polled[slot].revents == 0)
			continue;
		lp->ready[lp->n_ready++] =
		    (struct ready){w, lp->polled[slot].revents};
		w->ready = lp->n_ready;
	}
}

/* A descriptor that was closed under its watch would keep poll(2) from waiting
 * ever again: its owner is told once. */
static void
closed_under_us(struct watch *w)
{
	log_write(w->lp->lg, LOGGING_ERROR, NULL, "loop",
	    "descriptor %d was closed while it was watched", w->fd);
	watch_set(w, 0);
	w->fn(w->arg, POLLERR);
}

static void
call_one(struct loop *lp, struct watch *w, short events)
{
	if (w->events == 0)
		return;
	if (events & POLLNVAL) {
		closed_under_us(w);
		return;
	}
	/* An earlier callback may have changed what is wanted. */
	events &= w->events | POLLERR | POLLHUP;
	if (events == 0)
		return;
	loop_doing(lp, LOOP_OTHER);
	w->fn(w->arg, events);
}

/* Those that are ready and urgent, or those that are not; of the latter as many
 * as the turn has time for.  Whether there was one. */
static bool
call_ready(struct loop *lp, bool urgent)
{
	bool called = false;

	turn_part_begin(&lp->turn_time, lp->hurry);
	for (size_t i = 0; i < lp->n_ready; i++) {
		struct watch *w = lp->ready[i].w;

		if (w == NULL || w->urgent != urgent)
			continue;
		if (called && !urgent && loop_part_is_over(lp)) {
			lp->first = w->slot;
			break;
		}
		w->ready = 0;
		lp->ready[i].w = NULL;
		call_one(lp, w, lp->ready[i].events);
		called = true;
	}
	return called;
}

/* What is not called now is ready in the next turn, too. */
static void
forget_ready(struct loop *lp)
{
	for (size_t i = 0; i < lp->n_ready; i++)
		if (lp->ready[i].w != NULL)
			lp->ready[i].w->ready = 0;
	lp->n_ready = 0;
}

static void
run_hooks(struct loop *lp)
{
	lp->ran = false;
	for (size_t i = 0; i < lp->n_hooks; i++)
		lp->hooks[i].fn(lp->hooks[i].arg);
}

static void
advance(struct loop *lp, int64_t ms)
{
	lp->now += ms;
	lp->wall += ms;
}

/* Poll; nobody waits while there is something for the hooks.  A virtual loop
 * waits only if there is no time to jump to.  Returns the number ready. */
static int
poll_turn(struct loop *lp, int64_t wait)
{
	int n;

	if (lp->ran)
		wait = 0;
	turn_time_end(&lp->turn_time);
	n = wait_for_events(lp, lp->is_virtual && wait > 0 ? 0 : wait);
	if (lp->is_virtual && n == 0 && wait > 0)
		advance(lp, wait);
	if (!lp->is_virtual)
		turn_time_begin(&lp->turn_time);
	read_clocks(lp);
	return n;
}

/* The urgent descriptors and what they set off; the others, unless those have
 * the loop for themselves. */
static void
call_all(struct loop *lp)
{
	bool alone;

	lp->more = false;
	lp->hurry = call_ready(lp, true);
	alone = urgent_alone(&lp->urgent, clock_mono_us(), lp->more);
	if (lp->hurry)
		timers_run(lp);
	if (!alone)
		call_ready(lp, false);
}

/* One turn that waits at most `limit` ms, -1: as long as it takes.  False if
 * nothing ran. */
static bool
turn(struct loop *lp, int64_t limit)
{
	int64_t wait;
	bool ran;
	int n;

	assert(!lp->turning);
	lp->turning = true;
	if (timers_run(lp))
		lp->ran = true;
	wait = timers_next(lp);
	if (wait < 0 || (limit >= 0 && limit < wait))
		wait = limit;
	n = poll_turn(lp, wait);
	if (n > 0)
		lp->ran = true;
	collect_ready(lp, (size_t)n);
	call_all(lp);
	forget_ready(lp);
	ran = lp->ran;
	if (ran)
		run_hooks(lp);
	lp->turning = false;
	return ran;
}

static bool
is_idle(const struct loop *lp)
{
	size_t own = lp->signal_watch != NULL ? 1 : 0;

	return lp->n_watches == own && lp->timers.n == 0 && lp->n_signals == 0;
}

/* The timers that are due at once are a part of the first turn. */
static void
begin_turns(struct loop *lp)
{
	read_clocks(lp);
	if (!lp->is_virtual && lp->turn_time.began == 0)
		turn_time_begin(&lp->turn_time);
}

void
loop_run(struct loop *lp)
{
	begin_turns(lp);
	while (!lp->stop && !is_idle(lp))
		turn(lp, -1);
	lp->stop = false;
}

void
loop_stop(struct loop *lp)
{
	lp->stop = true;
}

void
loop_run_for(struct loop *lp, int64_t ms)
{
	int64_t end;

	begin_turns(lp);
	end = lp->now + ms;
	while (!lp->stop && lp->now < end)
		turn(lp, end - lp->now);
	/* What is due at the end; on real clocks a busy loop must end too. */
	while (!lp->stop && turn(lp, 0) && lp->is_virtual)
		;
	lp->stop = false;
}

static void
on_signals(void *arg, short ready)
{
	struct loop *lp = arg;
	struct signalfd_siginfo info;

	(void)ready;
	while (
	    read(lp->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		const struct signal_handler *h = &lp->handlers[info.ssi_signo];

		if (h->fn != NULL)
			h->fn(h->arg, (int)info.ssi_signo);
	}
}

/* Called with a signal blocked, so that none is lost in between. */
static void
take_signals(struct loop *lp)
{
	int fd =
	    signalfd(lp->signal_fd, &lp->signals, SFD_NONBLOCK | SFD_CLOEXEC);

	if (fd < 0) {
		log_write(lp->lg, LOGGING_ERROR, NULL, "loop",
		    "cannot take signals, they will have no effect: %s",
		    strerror(errno));
		return;
	}
	if (lp->signal_fd < 0) {
		lp->signal_fd = fd;
		lp->signal_watch = watch_new(lp, fd, POLLIN, on_signals, lp);
	}
}

void
loop_on_signal(struct loop *lp, int signo, signal_fn *fn, void *arg)
{
	struct signal_handler *h = &lp->handlers[signo];
	sigset_t one;

	if (fn != NULL && h->fn == NULL)
		lp->n_signals++;
	if (fn == NULL && h->fn != NULL)
		lp->n_signals--;
	*h = (struct signal_handler){fn, arg};
	if (fn == NULL)
		return;
	sigemptyset(&one);
	sigaddset(&one, signo);
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigaddset(&lp->signals, signo);
	take_signals(lp);
}

void
loop_on_turn_end(struct loop *lp, turn_end_fn *fn, void *arg)
{
	lp->hooks =
	    xreallocarray(lp->hooks, lp->n_hooks + 1, sizeof(*lp->hooks));
	lp->hooks[lp->n_hooks++] = (struct turn_end){fn, arg};
}
