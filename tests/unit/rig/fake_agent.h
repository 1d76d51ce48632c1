/* fake_agent.h - an agent: of ours, or of version 1.0.6.
 *
 * Ours says 100 Trying at once to everything and does nothing twice.  1.0.6
 * does one thing at a time and is deaf meanwhile, says no 100 Trying to a
 * REGISTER, starts again what it is asked again, and ends where the real one
 * does: after a 404 when it knows no device, and at a STOP or CAPTURE behind a
 * STOP that it did not expect.  A test that ends it so fails at once, unless it
 * was restarted within the 60 s between its last answer and that request.
 */
#ifndef RIG_FAKE_AGENT_H
#define RIG_FAKE_AGENT_H

#include <sys/queue.h>

#include "base/addr.h"
#include "loop/timer.h"
#include "old_mark.h"
#include "wire/auth_peer.h"

#define AGENT_RULES_MAX 16

struct agent_rule { /* what it says in place of 200 */
	enum agent_request request;
	int code;  /* 0: no final answer, only 100 Trying */
	int times; /* left; -1: for ever */
};

struct agent_device { /* what it knows of one */
	STAILQ_ENTRY(agent_device) next;
	struct fake_agent *agent;
	char device[HOST_TEXT_MAX];
	bool registered, capturing;
	enum old_mark mark; /* 1.0.6 */
	enum agent_request doing;
	int answered[REQUEST_STOP + 1];   /* the code, 0: not yet */
	bool wants[REQUEST_STOP + 1];     /* to be told more */
	char stop_file[CAPTURE_NAME_MAX]; /* of the last STOP */
	struct timer work;
};

struct fake_agent {
	struct loop *lp;
	char address[ADDR_TEXT_MAX];
	const char *from;       /* answers leave from here; NULL: `address` */
	bool short_words;       /* up to 1.0.5: without the request's name */
	bool old, silent;       /* 1.0.6; it says nothing */
	bool ended, fresh;      /* 1.0.6: by us; no answer since it began */
	int64_t said_at;        /* its last answer, monotonic ms */
	struct auth_peer *peer; /* of one with a key */
	int unproven, clocked;  /* what it ignored for that; 408 it said */
	const char *info[REQUEST_STOP + 1]; /* its JSON; NULL: "{}" */
	bool bare;                          /* one that knows no info yet */
	int64_t work[REQUEST_STOP + 1];     /* ms a request takes */
	struct agent_rule rules[AGENT_RULES_MAX];
	size_t n_rules;
	int done[REQUEST_STOP + 1]; /* how often each was carried out */
	int aborted;                /* captures lost to a second CAPTURE */
	int at_work, most;          /* requests at once, as it saw them */
	char stop_file[CAPTURE_NAME_MAX];
	STAILQ_HEAD(, agent_device) devices;
	void *by_name;                     /* the same, tsearch(3) */
	STAILQ_HEAD(, agent_queued) queue; /* 1.0.6, as these: */
	struct agent_message now;          /* what it is at */
	struct timer busy;
};

void fake_agent_init(
    struct fake_agent *a, struct loop *lp, const char *address);
void fake_agent_clear(struct fake_agent *a);
void fake_agent_rule(
    struct fake_agent *a, enum agent_request r, int code, int times);
/* It has this key (static text), and its clock is `ahead` ms ahead of ours;
 * again: it was restarted with another clock. */
void fake_agent_key(struct fake_agent *a, const char *key, int64_t ahead);
/* It was restarted: it knows nothing, and (the second) is there again. */
void fake_agent_forget(struct fake_agent *a);
void fake_agent_restart(struct fake_agent *a);
void fake_agent_received(struct fake_agent *a, const void *data, size_t len);

#endif
