/* old_agent.h - the times of an agent of version 1.0.6, and its late answers.
 *
 * It handles one message at a time and blocks meanwhile: up to 16 s for a
 * REGISTER, 10 to 20 s for a VERIFY (measured).  It works through every repeat
 * of a REGISTER that came while it was busy with the first, and answers each;
 * until then nothing else may be sent to it, and its answers, which may lack
 * the request's name, are not those to anything else.
 */
#ifndef LINK_OLD_AGENT_H
#define LINK_OLD_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/timer.h"
#include "wire/agent_message.h"

struct old_agent { /* embedded in the link; the fields are its own */
	int late;  /* answers that nobody waits for, still to come */
	enum agent_request request; /* to this, */
	char device[HOST_TEXT_MAX]; /* of this device */
	int64_t took;               /* what the first answer took, ms */
	bool measured;              /* by this agent; else it is a guess */
	int64_t slowest;            /* a REGISTER of this agent so far, ms */
	struct timer over;          /* runs out when they do not come */
};

/* `free_again` runs, from the loop, when no late answer is waited for any
 * more. */
void old_agent_init(struct old_agent *o, struct loop *lp,
    void (*free_again)(void *arg), void *arg);
void old_agent_clear(struct old_agent *o);
/* Milliseconds to the next repeat of a REGISTER that was first sent `passed` ms
 * ago; -1: no more.  Nothing else is repeated as it is: then a REGISTER is sent
 * to see what became of it, which was answered with 100 Trying or not at all.
 */
int64_t old_agent_repeat(const struct old_agent *o, enum agent_request r,
    bool trying, int64_t passed);
/* The final answer to a REGISTER of `device`, which was sent so often. */
void old_agent_registered(
    struct old_agent *o, const char *device, int sent, int64_t took);
/* A request that was sent so often is not waited for any more. */
void old_agent_left(
    struct old_agent *o, enum agent_request r, const char *device, int sent);
/* Is it still at work on one of those? */
bool old_agent_busy(const struct old_agent *o);
/* Is this a late answer to one of them?  Then it is counted. */
bool old_agent_late(struct old_agent *o, const struct agent_message *m);

#endif
