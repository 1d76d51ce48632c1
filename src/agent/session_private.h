/* session_private.h - what the files of a session share. */
#ifndef AGENT_SESSION_PRIVATE_H
#define AGENT_SESSION_PRIVATE_H

#include "agent/rule.h"
#include "agent/session.h"
#include "loop/timer.h"

enum phase {
	PHASE_NONE,     /* no capture */
	PHASE_STARTING, /* CAPTURE came, tcpdump does not capture yet */
	PHASE_RUNNING,
	PHASE_REPLACING, /* to be kept as aborted, then a new one begins */
	PHASE_STOPPING,  /* STOP came */
	PHASE_ABORTING,  /* we end, or nobody renewed it */
	PHASE_PARKING    /* the next agent goes on with it */
};

struct session {
	struct session_env *env;
	char device[HOST_TEXT_MAX];
	char key[HOST_TEXT_MAX];    /* the same, canonical */
	struct datagram_from owner; /* port 0: nobody's */
	struct rule *rule;          /* NULL: rules are not ours to manage */
	bool registering;
	bool registered;
	int64_t registered_at; /* monotonic ms */
	bool armed;            /* a CAPTURE would count */
	bool next;             /* ... behind the end under way */
	bool waiting;          /* it came, and waits for that end */
	enum phase phase;
	struct capture *capture; /* NULL in PHASE_NONE only */
	bool renew;              /* the next CAPTURE begins a new one */
	struct probing *probing;
	int verify_code; /* of the last VERIFY for this capture; 0: none */
	int64_t verify_at;
	char last_file
	    [CAPTURE_NAME_MAX]; /* of the last STOP that was answered */
	int stop_code;
	char stop_file[CAPTURE_NAME_MAX]; /* of the STOP under way */
	int64_t renewed_at; /* monotonic ms, when the owner last asked */
	bool quiet;         /* it goes on by itself: nobody waits for it */
	struct capture_state parked;
	struct timer idle;
	struct timer limit; /* of a capture that nobody renews */
	bool leaving;       /* the rule goes, then the session */
	bool ending;        /* with the whole agent */
	bool parking;       /* that is, for the next one to go on */
};

/* How a capture reports back. */
extern const struct capture_events session_capture_events;

void session_phase_goto(struct session *s, enum phase to);
/* The time without a capture begins now. */
void session_become_idle(struct session *s);
/* Something is under way for its owner. */
bool session_working(const struct session *s);
/* End what it has, step by step: called again after each. */
void session_leave(struct session *s);
/* Of the timers `idle` and `limit`. */
void session_on_idle(void *arg);
void session_on_limit(void *arg);

#endif
