/* pulse.h - the heartbeats of all devices together: when each one's are sent,
 * and whether silence is the devices' or that of this host's own network.
 */
#ifndef DEVICE_PULSE_H
#define DEVICE_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "books/result.h"
#include "loop/loop.h"

struct pulse;

/* What is known of one device; zero-initialised, the fields are the pulse's. */
struct pulse_mark {
	bool counted; /* a beat of it had its end, and it still waits */
	bool silent;  /* so was the last one */
	size_t agent;
};

/* The beats of a device are `period` ms apart. */
struct pulse *pulse_new(struct loop *lp, int64_t period);
/* NULL is accepted. */
void pulse_free(struct pulse *p);

/* When a device that begins to wait is sent its first one, monotonic ms: spread
 * evenly over the period, and several of them in one turn of the loop. */
int64_t pulse_first(struct pulse *p);
/* And the one after that which was due at `due`; in the future. */
int64_t pulse_next(const struct pulse *p, int64_t due);

/* The last beat of a device of this agent was answered. */
void pulse_heard(
    struct pulse *p, struct pulse_mark *m, const struct agent_entry *agent);
/* It was not.  False: more than half of all that wait, or all of one agent (of
 * three or more), are silent together, which says nothing of the devices. */
bool pulse_silent(
    struct pulse *p, struct pulse_mark *m, const struct agent_entry *agent);
/* It waits no more. */
void pulse_leave(struct pulse *p, struct pulse_mark *m);

/* When that was. */
struct silent_together pulse_together(const struct pulse *p);

#endif
