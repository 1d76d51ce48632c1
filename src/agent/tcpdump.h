/* tcpdump.h - one device's tcpdump, or what it has of the capture that all
 * devices share, kept running until it is stopped.
 *
 * It captures once tcpdump says "listening on" (which it does after the socket
 * is bound and the filter set).  One that dies later is started again after a
 * pause that doubles from 1 s to 60 s, into new files, and the gap is logged.
 * On SIGTERM tcpdump loses what the kernel has not handed over yet, up to a
 * second of packets (libpcap's TPACKET_V3 block timeout), so it runs on for the
 * configured `settle` before the signal.  The shared capture waits by itself,
 * as long as its packets need.
 */
#ifndef AGENT_TCPDUMP_H
#define AGENT_TCPDUMP_H

#include <stddef.h>

#include "agent/room.h"
#include "agent/shared_capture.h"
#include "agent/store.h"
#include "base/addr.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "loop/loop.h"

struct tcpdump;

struct tcpdump_events {
	/* It captures: once, the first time. */
	void (*listening)(void *arg);
	/* It has ended for good, no process is left; the object is gone after
	 * the call.  `why`: FAIL_NONE after tcpdump_stop(), else why it never
	 * captured, with tcpdump's own words; or that it was killed and still
	 * does not end (then a process may be left). */
	void (*ended)(void *arg, const struct fail *why);
	/* A run that has listened is over: the kernel dropped so many packets
	 * (where the capture is shared: of all devices), -1: it did not tell,
	 * and so many that nobody else tells; and nothing was captured between
	 * these (wall ms; `to` 0: it was stopped before).  Both may be NULL. */
	void (*dropped)(void *arg, int64_t packets, int64_t news);
	void (*hole)(void *arg, int64_t from, int64_t to);
};

struct tcpdump_spec {
	const struct agent_section *conf; /* outlives the tcpdump, as do... */
	struct shared_capture *shared;    /* NULL: a tcpdump of its own */
	struct claim *claim; /* of the disk, for each run; NULL: none */
	struct pieces *pieces;
	const char *device; /* for the log; copied */
	const struct addr
	    *addrs;     /* what to capture: host a or host b; copied */
	size_t n_addrs; /* 1 or more */
	/* It goes on with pieces of an earlier agent, that were last written
	 * at this time (wall-clock ms; 0: a new capture).  Then it is started
	 * again even if it never listened, as one that died. */
	int64_t goes_on_from;
};

/* Events run from the loop, never inside this call. */
struct tcpdump *tcpdump_start(struct loop *lp, const struct tcpdump_spec *spec,
    const struct tcpdump_events *events, void *arg);
/* Settle, SIGTERM, SIGKILL if that does not help (which a shared capture has
 * for all); `ended` follows.  Twice is harmless. */
void tcpdump_stop(struct tcpdump *t);
/* Kill it at once and free; no event runs.  NULL is accepted. */
void tcpdump_kill(struct tcpdump *t);

#endif
