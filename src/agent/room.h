/* room.h - the disk that captures may fill: promised before, watched meanwhile.
 *
 * Each capture has a claim: what its ring, what is protected of it and what
 * runs before left may come to.  A claim is made, or grows, only where the disk
 * keeps `min_free` even once all claims are used up.  Others write there, too:
 * while there are claims it looks every second, and below the floor finished
 * captures go, and where that does not help the newest captures.
 */
#ifndef AGENT_ROOM_H
#define AGENT_ROOM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "agent/store.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "loop/loop.h"

struct room;

struct claim_events {
	/* Bytes that it has on the disk now. */
	int64_t (*written)(void *arg);
	/* It has to end, and counts no more.  May run inside room_claim() of
	 * another one. */
	void (*expelled)(void *arg, const struct fail *why);
};

/* Embedded in who captures; zero-initialised.  The fields are the room's. */
struct claim {
	TAILQ_ENTRY(claim) next;
	struct room *room; /* NULL: none is made */
	const struct claim_events *events;
	void *arg;
	int64_t promised; /* bytes that it may have on the disk */
	int64_t written;  /* ... and had, when it was asked */
	int64_t asked_at; /* monotonic ms */
	int64_t silent_since;
	bool leaving;
};

/* Delete finished captures until `bytes` are free, as far as that goes. */
typedef void room_make(void *arg, int64_t bytes);

/* All but `arg`, which is for `make`, outlive it. */
struct room *room_new(struct loop *lp, const struct agent_section *conf,
    const struct store *store, room_make *make, void *arg);
/* All claims were dropped.  NULL is accepted. */
void room_free(struct room *r);

/* Bytes for captures that are still to begin, beside `min_free` and what those
 * that run may need. */
int64_t room_left(const struct room *r);
/* For a capture that begins: its ring.  False and FAIL_LOCAL in `why` if the
 * disk has no room, or there are max_captures, and nobody gives way. */
bool room_claim(struct room *r, struct claim *c,
    const struct claim_events *events, void *arg, struct fail *why);
/* For one that goes on: never refused. */
void room_claim_again(struct room *r, struct claim *c,
    const struct claim_events *events, void *arg);
/* Another ring beside all that it has written: the next run of its tcpdump.
 * False as room_claim(); true for a claim that is not made. */
bool room_claim_ring(struct claim *c, struct fail *why);
/* This many files of its ring are to be kept beside the ring. */
bool room_claim_files(struct claim *c, unsigned files, struct fail *why);
/* Nobody has asked for it since (monotonic ms), and nobody may ever: it gives
 * way to one that begins, the longest silent first.  0: somebody did. */
void room_claim_silent(struct claim *c, int64_t since);
/* It has ended.  Harmless for one that is not made. */
void room_drop(struct claim *c);

#endif
