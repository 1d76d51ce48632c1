/* heartbeat.h - a light probe of each kind to a device that waits, every
 * verify.heartbeat: what this host saw before the event.
 */
#ifndef DEVICE_HEARTBEAT_H
#define DEVICE_HEARTBEAT_H

#include "device/beats.h"
#include "device/ledger.h"
#include "device/pulse.h"

/* From the loop, at the end of each beat: `silent` in a row were not answered
 * by any kind, 0: this one was.  Not `alone`: this host's own network is silent
 * (pulse_silent()). */
typedef void heartbeat_done(void *arg, int silent, bool alone);

struct heartbeat { /* embedded in who waits; the fields are its own */
	struct ledger *ledger;
	struct timer next;
	int64_t due; /* monotonic ms */
	struct addr to;
	struct pulse_mark mark;
	struct ticket ticket;
	struct verify *verify; /* NULL: none is under way */
	uint16_t number;       /* of the beats sent */
	int silent;            /* in a row */
	struct beats kept;     /* of this wait, or the last one */
	heartbeat_done *done;
	void *arg;
};

void heartbeat_init(
    struct heartbeat *h, struct ledger *own, heartbeat_done *done, void *arg);
/* The device waits: where verify.heartbeat is on, beats go to this address from
 * now on.  What was kept of an earlier wait is forgotten. */
void heartbeat_start(struct heartbeat *h, const struct addr *to);
/* It waits no more; one under way is forgotten, what is kept stays. */
void heartbeat_stop(struct heartbeat *h);
/* Nothing is kept any more, either. */
void heartbeat_clear(struct heartbeat *h);

#endif
