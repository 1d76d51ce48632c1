/* crowd.h - thousands of descriptors of which few are ready: an epoll(7) set,
 * which is one descriptor of the loop.
 *
 * poll(2) looks at each descriptor at every turn: with a socket for each of
 * 4000 devices that was a third of the processor time of their probes.
 */
#ifndef LOOP_CROWD_H
#define LOOP_CROWD_H

#include "loop/loop.h"

struct crowd;
struct crowd_member;

struct crowd *crowd_new(struct loop *lp);
/* All members have left; not from a `ready`.  NULL is accepted. */
void crowd_free(struct crowd *c);
struct loop *crowd_loop(const struct crowd *c);

/* As watch_new(); a member that is closed before it leaves is not noticed.
 * Where it cannot join the set, the loop watches it. */
struct crowd_member *crowd_join(
    struct crowd *c, int fd, short events, watch_ready *ready, void *arg);
/* `ready` will not run again.  NULL is accepted. */
void crowd_leave(struct crowd_member *m);

#endif
