/* replies.h - what is answered for one device: to its owner, and to others.
 *
 * Each answer is of its own request: nobody gets the `info` that somebody else
 * asked for, nor the reason of another's refusal.  What is wrong is logged
 * besides, bounded (agent/complaints).
 */
#ifndef AGENT_REPLIES_H
#define AGENT_REPLIES_H

#include "agent/complaints.h"
#include "agent/registration.h"
#include "agent/telling.h"
#include "io/datagram.h"
#include "wire/agent_message.h"

struct replies_env { /* outlives all */
	struct loop *lp;
	const struct store *store; /* NULL: its room is not told */
	struct complaints *complaints;
	/* Send an answer; `info` (NULL: none) is the JSON of its second line.
	 * May run inside session_handle(). */
	void (*send)(void *arg, const struct datagram_from *to,
	    const struct agent_message *m, const char *info);
	void *arg;
};

/* Embedded; the fields are its own. */
struct replies {
	const struct replies_env *env;
	const char *device;
	const struct registration *registration; /* knows the owner */
	struct telling owner;
	struct telling others; /* of the request that is handled now */
};

/* `device` and `registration` outlive it. */
void replies_init(struct replies *r, const struct replies_env *env,
    const char *device, const struct registration *registration);
void replies_free(struct replies *r);

/* A request came; first of all. */
void replies_asked(struct replies *r, const struct agent_message *m,
    const struct datagram_from *from);
/* Who sent it takes the device over; before it becomes the owner. */
void replies_owner_changes(struct replies *r, const struct agent_message *m,
    const struct datagram_from *to, bool capturing);
/* Why the owner's request cannot be done: for the log, and for an answer that
 * says so. */
void replies_complain(
    struct replies *r, enum agent_request request, const char *reason);
/* Answer the owner; or whoever asks just now. */
void replies_answer(struct replies *r, enum agent_request request, int code);
void replies_answer_to(struct replies *r, const struct datagram_from *to,
    enum agent_request request, int code);
/* Somebody asks in vain for what is the owner's. */
void replies_refuse(struct replies *r, const struct agent_message *m,
    const struct datagram_from *from, const char *reason);

#endif
