/* complaints.h - what senders cause in the log, bounded.
 *
 * A kind of complaint about one sender is told some times an hour; the rest is
 * counted, and the next one that is told says how many there were (base/tally).
 * What is not told is a debug line.
 */
#ifndef AGENT_COMPLAINTS_H
#define AGENT_COMPLAINTS_H

#include "base/addr.h"
#include "loop/loop.h"

enum complaint {
	COMPLAINT_SENDER,   /* not in agent.allow */
	COMPLAINT_TEXT,     /* no request */
	COMPLAINT_PROOF,    /* not signed as it should be */
	COMPLAINT_SPELLING, /* registered in another one */
	COMPLAINT_CROWD,    /* too many devices, or REGISTERs at once */
	COMPLAINT_OWNER,    /* it is somebody else's */
	COMPLAINT_CHANGE,   /* it becomes somebody else's */
	COMPLAINT_REQUEST,  /* it could not be done */
	COMPLAINT_RULE,     /* a rule was changed for it: only a notice */
	COMPLAINT_COUNT
};

struct complaints;

struct complaints *complaints_new(struct loop *lp);
/* NULL is accepted. */
void complaints_free(struct complaints *c);
/* A warning, or what it says above, about `from`; `who` and `subsystem` as in
 * log_write().  With `c` NULL nothing is said. */
void complain(struct complaints *c, enum complaint kind,
    const struct addr *from, const char *who, const char *subsystem,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
