/* shared_capture.h - one capture for all devices: the splitter, a child, and
 * what each device has of it.
 *
 * traffic-capture-splitter is started before the first device and stays.  It
 * opens the interface and gives up its privileges; of a packet the agent sees
 * nothing.  Where it dies, all that is captured by it has ended, and the next
 * device that begins starts it anew: agent/tcpdump decides when.
 */
#ifndef AGENT_SHARED_CAPTURE_H
#define AGENT_SHARED_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "loop/loop.h"

struct shared_capture;
struct shared_part; /* of one device */

/* What the kernel dropped of all devices while this one was captured, -1: not
 * known; and how many of them no other device has told yet. */
struct shared_drops {
	int64_t all, news;
};

struct shared_events {
	/* Its packets are captured from here on. */
	void (*listening)(void *arg);
	/* The part is gone.  FAIL_NONE in `why` after shared_part_end(): all
	 * that came before that is in its files.  Else why nothing is
	 * captured any more. */
	void (*ended)(void *arg, const struct fail *why,
	    const struct shared_drops *drops);
};

/* Beside the running program, or where both were installed; free(3). */
char *shared_capture_program(void);

/* NULL where capture_with says "tcpdump".  All but `program`, which is copied
 * (NULL: that one), outlive it. */
struct shared_capture *shared_capture_new(
    struct loop *lp, const struct agent_section *conf, const char *program);
/* Start the splitter, for the first device is not to wait for it: opening the
 * interface may take longer than an alarm does.  Where that fails it is logged,
 * and tried again for the device.  NULL is accepted. */
void shared_capture_begin(struct shared_capture *s);
/* Kill the splitter; all parts are gone.  NULL is accepted. */
void shared_capture_free(struct shared_capture *s);
/* Its process; 0: there is none. */
int shared_capture_pid(const struct shared_capture *s);

/* Capture what is from or to these addresses into `path` and a number.  Events
 * run from the loop, never inside a call.  NULL and FAIL_LOCAL in `why` if the
 * splitter cannot be started. */
struct shared_part *shared_part_start(struct shared_capture *s,
    const char *path, const struct addr *addrs, size_t n_addrs,
    const struct shared_events *events, void *arg, struct fail *why);
/* `ended` follows. */
void shared_part_end(struct shared_part *p);
/* It does not answer: kill the splitter, so `ended` follows for all. */
void shared_part_break(struct shared_part *p);
/* Forget it; no event runs.  NULL is accepted. */
void shared_part_drop(struct shared_part *p);

#endif
