/* talk.h - a device's dialogue with its agent: REGISTER, CAPTURE, VERIFY, STOP.
 *
 * One request at a time, each with its row.  REGISTER is tried every
 * timeouts.register_pause, for timeouts.unreachable_limit at most.  A 404 to
 * another one (the agent was restarted) is answered by a REGISTER and the same
 * request again, once.
 */
#ifndef DEVICE_TALK_H
#define DEVICE_TALK_H

#include "device/ledger.h"
#include "link/agent_link.h"

/* `r` has its final answer, or none.  `why` for a REGISTER that was given up,
 * else FAIL_NONE: a missing server side is never the end of a device. */
typedef void talk_done(void *arg, enum agent_request r, const struct fail *why);

struct talk { /* embedded in the device; the fields are its own */
	const struct tools *tools;
	struct agent_link *link;
	const char *told; /* the device's name there */
	talk_done *done;
	void *arg;
	struct ledger *ledger;
	struct ask ask;
	struct begun begun;
	enum agent_request after_register; /* what a 404 interrupted */
	bool registered_again;             /* after a 404, for this request */
	int tries;                         /* of REGISTER, that failed */
	int64_t register_since;            /* monotonic ms */
	bool hasty;
	struct timer pause;
};

void talk_init(struct talk *t, const struct tools *tools,
    struct agent_link *link, const char *told, talk_done *done, void *arg);
/* `done` runs once, from the loop.  Nothing else is asked now: see talk_busy().
 * For a CAPTURE the round knows that the agent may be capturing before it is
 * sent; a STOP names the round's file. */
void talk_ask(struct talk *t, struct ledger *l, enum agent_request r);
/* REGISTER, with few attempts: something is to be stopped. */
void talk_register_hastily(struct talk *t, struct ledger *l);
/* A request is with the agent, or waits for its turn there. */
bool talk_busy(const struct talk *t);
/* `done` will not run.  Harmless when nothing is asked. */
void talk_cancel(struct talk *t);
/* May it be told to stop what an earlier run began?  `known`: its REGISTER for
 * that was confirmed. */
bool talk_takes_stop(const struct talk *t, bool known);
/* What it means that the agent is not told of an end. */
const char *talk_untold(const struct talk *t);
/* Do not wait for the pause before the next REGISTER. */
void talk_hurry(struct talk *t);
/* A row for the request that is not waited for any more, if there is one. */
void talk_cut_short(struct talk *t, const char *text);

#endif
