/* capture.h - one capture of one device, from its order to its named files.
 *
 * Resolves the device, gives its pieces a folder, runs tcpdump, and names the
 * pieces when it has ended.  Sessions decide when; this knows nothing of
 * campaigns and messages.
 */
#ifndef AGENT_CAPTURE_H
#define AGENT_CAPTURE_H

#include "agent/store.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "io/resolve.h"
#include "loop/loop.h"

struct capture;

/* What all captures share; outlives them. */
struct capture_env {
	struct loop *lp;
	const struct agent_section *conf;
	struct store *store;
	struct resolver *resolver;
	unsigned running;    /* captures that exist: at most max_captures */
	unsigned long begun; /* captures that ever began */
};

struct capture_events {
	/* tcpdump captures: once. */
	void (*began)(void *arg);
	/* It is over and gone.  After capture_stop(): FAIL_NONE in `why` if
	 * its pieces were named; otherwise `why` tells why it never began. */
	void (*ended)(void *arg, const struct fail *why);
};

/* Start one.  NULL and FAIL_LOCAL in `why` if there are max_captures or the
 * disk has less than min_free.  Events run from the loop, never inside. */
struct capture *capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why);
/* End it and name its pieces after the CPE's file `cpe_name` (copied; NULL:
 * keep them as aborted); `ended` follows.  The first call counts. */
void capture_stop(struct capture *c, const char *cpe_name);
/* At once, without order: tcpdump is killed, the pieces stay where they are, no
 * event runs.  NULL is accepted. */
void capture_kill(struct capture *c);

#endif
