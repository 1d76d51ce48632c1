/* capture.h - one capture of one device, from its order to its named files.
 *
 * Resolves the device, gives its pieces a folder, captures into them, and names
 * them in the end.  Sessions decide when; this knows no campaign and message.
 */
#ifndef AGENT_CAPTURE_H
#define AGENT_CAPTURE_H

#include "agent/room.h"
#include "agent/state.h"
#include "agent/store.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "io/resolve.h"
#include "loop/loop.h"
#include "verify/verify.h"
#include "wire/agent_info.h"

struct capture;
struct capture_env { /* what all captures share; outlives them */
	struct loop *lp;
	const struct agent_section *conf;
	struct store *store;
	struct room *room;
	struct resolver *resolver;
	struct shared_capture *shared; /* NULL: each has a tcpdump */
	unsigned running;              /* captures that exist */
	unsigned long begun;           /* captures that ever began */
	int64_t dropped; /* packets, by the kernel, as far as told */
};

struct capture_events {
	/* tcpdump captures: once. */
	void (*began)(void *arg);
	/* There is no room for it any more: it is to be stopped now. */
	void (*expelled)(void *arg, const struct fail *why);
	/* Before `ended`: tcpdump does not capture since then (wall ms). */
	void (*ceased)(void *arg, int64_t since);
	/* It is over and gone.  After capture_stop(): FAIL_NONE in `why` if
	 * its pieces were named; otherwise `why` tells why it never began.
	 * `pieces` is what became of them, NULL if nothing did. */
	void (*ended)(void *arg, const struct fail *why,
	    const struct info_pieces *pieces);
};

/* NULL and FAIL_LOCAL in `why` if there are max_captures or the disk has no
 * room for its ring.  Events run from the loop, but `expelled` of another. */
struct capture *capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why);
/* Go on with one that an earlier agent began: `was` is what its
 * capture_describe() told.  It is not refused for want of room and never ends
 * by itself; `began` runs once tcpdump captures.  NULL if its folder cannot be
 * opened; FAIL_FINAL in `why` if it is gone: then the pieces have names. */
struct capture *capture_resume(struct capture_env *env, const char *device,
    const struct capture_state *was, const struct capture_events *events,
    void *arg, struct fail *why);
void capture_own(struct capture *c, const char *owner); /* an address */
/* What an agent that goes on with it has to know. */
void capture_describe(const struct capture *c, struct capture_state *to);
/* The device's connection was lost: the ring is protected as it is, and once
 * more when the VERIFY traffic is over and has come out of the kernel; each
 * once a capture.  Nothing while it does not capture.  Where the disk has no
 * room for another ring, that is logged and left out. */
void capture_verify_began(struct capture *c);
/* `r` (NULL: nothing was sent) is for what is kept of the capture. */
void capture_verify_ended(struct capture *c, const struct verify_result *r);
/* End it and name its pieces after the CPE's file `cpe_name` (copied; NULL:
 * keep them as aborted); `ended` follows.  The first call counts; one that is
 * to be kept as aborted may still get a name. */
void capture_stop(struct capture *c, const char *cpe_name);
/* Nobody has asked for it since (monotonic ms): room_claim_silent(). */
void capture_silent(struct capture *c, int64_t since);
/* End it in order and leave its pieces for capture_resume(); `ended` follows,
 * with FAIL_NONE.  Nothing if it is being stopped. */
void capture_park(struct capture *c);
/* At once, without order: tcpdump is killed, the pieces stay where they are, no
 * event runs.  NULL is accepted. */
void capture_kill(struct capture *c);

#endif
