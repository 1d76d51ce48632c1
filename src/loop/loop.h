/* loop.h - the one poll(2) loop: descriptors, timers, signals.
 *
 * A turn runs the timers that are due, polls, reads the clock (once a turn, so
 * that a wait is not counted twice), calls the urgent descriptors that are
 * ready, runs timers, calls the others, then the end-of-turn hooks.  Timers and
 * others have TURN_PART_MS each, or less: until something urgent has come, and
 * none while it has more (loop/urgent.h).  Callbacks never block; they may
 * start, change and free any watch or timer.  What one starts runs later.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

struct loop;

/* A loop on the system's clocks.  `lg` outlives it. */
struct loop *loop_new(struct log *lg);
/* A loop whose clocks stand at `mono_ms` 1 000 000 and `wall_ms` and jump to
 * the next timer whenever no descriptor is ready: for tests. */
struct loop *loop_new_virtual(struct log *lg, int64_t wall_ms);
/* All watches and timers must be gone or are forgotten; not run. */
void loop_free(struct loop *lp);

/* The virtual wall clock jumps: for tests. */
void loop_set_wall(struct loop *lp, int64_t wall_ms);
struct log *loop_log(struct loop *lp);
/* Milliseconds on the monotonic clock, as last read by a turn. */
int64_t loop_now(const struct loop *lp);
/* Milliseconds since 1970 UTC, read at the same time. */
int64_t loop_wall(const struct loop *lp);
/* Microseconds of both as they are now, not as of the turn: for what is to be
 * found again in a capture.  Virtual clocks stand still within a turn. */
struct loop_moment {
	int64_t mono, wall;
};
struct loop_moment loop_moment(const struct loop *lp);

/* What the callback that runs is busy with: a word for people, static. */
void loop_doing(struct loop *lp, const char *what);
#define LOOP_OTHER "other" /* until one says so */

/* Turn until loop_stop() or until nothing is left to wait for. */
void loop_run(struct loop *lp);
/* Ends the run after this turn; between runs: the next one at once. */
void loop_stop(struct loop *lp);
/* Turn until `ms` have passed (virtual or real), and what is due and ready then
 * has run: for tests. */
void loop_run_for(struct loop *lp, int64_t ms);

struct watch;
/* `ready` holds POLLIN, POLLOUT, POLLERR, POLLHUP as poll(2) reported them. */
typedef void watch_ready(void *arg, short ready);

/* Watch a descriptor for `events` (POLLIN, POLLOUT, or 0 for a pause, in which
 * errors and hang-ups are not told either).  One watch a descriptor.  It stays
 * the caller's and must be closed only after watch_free(). */
struct watch *watch_new(
    struct loop *lp, int fd, short events, watch_ready *ready, void *arg);
void watch_set(struct watch *w, short events);
void watch_urgent(struct watch *w);   /* it goes before those that are not */
void watch_has_more(struct watch *w); /* that one: it has left some of it */
/* `ready` will not run again.  NULL is accepted. */
void watch_free(struct watch *w);

/* Take a signal through signalfd(2); it is blocked for the process from here
 * on (children start with an empty mask).  One handler a signal; `fn` NULL
 * takes it away, and the signal stays blocked. */
typedef void signal_fn(void *arg, int signo);
void loop_on_signal(struct loop *lp, int signo, signal_fn *fn, void *arg);

/* `fn` runs at the end of every turn in which something ran: the place to
 * flush what the turn produced, once.  Hooks stay for the loop's life. */
typedef void turn_end_fn(void *arg);
void loop_on_turn_end(struct loop *lp, turn_end_fn *fn, void *arg);

#endif
