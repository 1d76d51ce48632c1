/* ask.h - one request to an agent, until its final answer.
 *
 * Embedded in who asks and handed to the link (agent_link.h), which owns it
 * from agent_link_ask() until `done` runs or ask_cancel().
 */
#ifndef LINK_ASK_H
#define LINK_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "loop/timer.h"
#include "wire/agent_auth.h"
#include "wire/agent_info.h"
#include "wire/agent_message.h"

struct agent_link;
enum ask_outcome {
	ASK_ANSWERED,    /* finally: `code` is not 100 */
	ASK_SILENT,      /* nothing at all came within timeouts.agent */
	ASK_UNCONFIRMED, /* it is at work, but did not say the end */
	ASK_LOST,        /* it is there: this or its answer was lost */
	ASK_NO_ADDRESS,  /* its name has no address; nothing was sent */
	/* Not sent, to an agent of 1.0.6: */
	ASK_UNREGISTERED, /* the REGISTER that goes first had `code` */
	ASK_WITHHELD      /* it might end it, as `why` says */
};
struct ask_end {
	enum ask_outcome outcome;
	int code;        /* of ASK_ANSWERED and ASK_UNREGISTERED */
	const char *why; /* more words, or "" */
	const struct agent_info *info; /* hostile text; NULL: none came */
};
/* What is open of it. */
enum ask_step {
	ASK_ITSELF,
	ASK_BEFORE, /* of 1.0.6: a REGISTER that goes before it */
	ASK_WHETHER /* ... it had no final answer: a REGISTER, to see why */
};
typedef void ask_done(void *arg, const struct ask_end *end);

/* Zero-initialised.  The fields are the link's own. */
struct ask {
	TAILQ_ENTRY(ask) next;
	LIST_ENTRY(ask) of_device; /* while it is open */
	struct agent_link *link;   /* NULL: not in use */
	struct agent_message message;
	ask_done *done;
	void *arg;
	struct timer repeat, deadline;
	enum ask_step step;
	const char *who; /* whose REGISTER it is, where not ASK_ITSELF */
	bool once_more;  /* of 1.0.6: the second time */
	bool open;       /* sent at least once, not only queued */
	bool trying;     /* 100 Trying came */
	int sent; /* times in this step, the last one to the address `to` */
	size_t to;
	int error;     /* errno of the last transmission; 0: it left */
	int64_t since; /* monotonic ms of the first one */
	char nonce[AGENT_NONCE_MAX]; /* of the last one */
	bool clocked;                /* sent again by the agent's own clock */
	bool plain; /* sent without `want info`, too, in this step */
	int bare;   /* the answer to that, which waits for more; 0: none */
};

void ask_cancel(struct ask *a); /* `done` will not run; harmless otherwise */
bool ask_busy(const struct ask *a);

#endif
