/* lease.h - a device's capture, for as long as its owner asks for it.
 *
 * It ends by a STOP, by an order to keep it as aborted or to leave it for the
 * next agent, or by itself: if tcpdump never captures, and kept as aborted if
 * the disk has no room for it any more, or the owner asks for nothing in
 * `max_capture`.  Those of version 1.0 ask once: theirs goes on until another
 * needs its place, for 30 days at the most.
 */
#ifndef AGENT_LEASE_H
#define AGENT_LEASE_H

#include <stdbool.h>

#include "agent/capture.h"
#include "agent/state.h"

struct lease;

enum lease_phase {
	LEASE_NONE,     /* there is none */
	LEASE_STARTING, /* tcpdump does not capture yet */
	LEASE_RUNNING,
	LEASE_STOPPING, /* its pieces get the names that a STOP told */
	LEASE_ABORTING, /* they are kept as aborted */
	LEASE_PARKING   /* the next agent goes on with them */
};

struct lease_events { /* from the loop */
	/* tcpdump captures: once, and not if it is to end already.  Unless
	 * `awaited`, the owner was told so by an earlier agent. */
	void (*began)(void *arg, bool awaited);
	/* As of capture_events; it still tells its phase and file. */
	void (*ended)(void *arg, const struct fail *why,
	    const struct info_pieces *pieces);
};

/* `owner`: a numeric address.  `env` and `events` outlive it.  NULL and a
 * reason in `why` if there can be no capture now. */
struct lease *lease_start(struct capture_env *env, const char *device,
    const struct addr *owner, const struct lease_events *events, void *arg,
    struct fail *why);
/* Go on with one that an earlier agent had; the time without one counts. */
struct lease *lease_resume(struct capture_env *env, const char *device,
    const struct lease_state *was, const struct lease_events *events, void *arg,
    struct fail *why);
/* The owner asked for something; and is none of version 1.0. */
void lease_renew(struct lease *l);
void lease_modern(struct lease *l);
/* It asked again for the capture, and waits for `began` if that is to come. */
void lease_await(struct lease *l);
/* NULL is accepted by these: the VERIFY traffic begins, is over, for the ring
 * of one that is running; whose it is, a numeric address. */
void lease_verify_began(struct lease *l);
void lease_verify_ended(struct lease *l, const struct verify_result *r);
void lease_own(struct lease *l, const struct addr *owner);
/* End it; `ended` follows.  The first order counts, but for a late STOP. */
void lease_stop(struct lease *l, const char *cpe_name);
void lease_abort(struct lease *l);
void lease_park(struct lease *l);
/* The STOP of one that had ended: name what was kept, and tell `pieces`. */
void lease_name_ended(struct capture_env *env, const char *device,
    const char *folder, const char *cpe_name, struct info_pieces *pieces,
    struct fail *why);
void lease_kill(struct lease *l); /* at once, no event; NULL is accepted */
/* These six accept NULL: LEASE_NONE, false, false, "", "", "". */
enum lease_phase lease_phase(const struct lease *l);
/* Starting or running: it goes on unless it is told to end. */
bool lease_goes_on(const struct lease *l);
/* It goes on, and its owner was told that it captures. */
bool lease_in_hand(const struct lease *l);
/* What lease_stop() named, and the folder of its pieces; "": none yet. */
const char *lease_file(const struct lease *l);
const char *lease_folder(const struct lease *l);
/* A sentence: when and why it ended before its STOP; "": it did not. */
const char *lease_ended_why(const struct lease *l);
/* For lease_resume().  Also of one that is stopped, until its pieces have their
 * names; of one that is aborted: nothing. */
void lease_keep(const struct lease *l, struct lease_state *to);

#endif
