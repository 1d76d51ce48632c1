/* agent_link.h - requests to one agent, made reliable over UDP.
 *
 * A request is repeated until its final answer, as the agent can bear it: ours
 * says `100 Trying` at once, even to a REGISTER, and does nothing twice.  Until
 * it has, it is taken for one of 1.0.6 (see old_agent.h), but not with a key.
 */
#ifndef CAMPAIGN_AGENT_LINK_H
#define CAMPAIGN_AGENT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "campaign/result.h"
#include "io/datagram.h"
#include "io/resolve.h"
#include "loop/timer.h"
#include "wire/auth_peer.h"

struct agent_link;
enum ask_outcome {
	ASK_ANSWERED,    /* finally: `code` is not 100 */
	ASK_SILENT,      /* nothing at all came within timeouts.agent */
	ASK_UNCONFIRMED, /* it is at work, but did not say the end */
	ASK_NO_ADDRESS   /* its name has no address; nothing was sent */
};
struct ask_end {
	enum ask_outcome outcome;
	int code;        /* of ASK_ANSWERED */
	int sent;        /* transmissions */
	const char *why; /* more words, or "" */
};
typedef void ask_done(void *arg, const struct ask_end *end);

/* Embedded in the device; zero-initialised.  The fields are the link's own. */
struct ask {
	TAILQ_ENTRY(ask) next;
	struct agent_link *link; /* NULL: not in use */
	struct agent_message message;
	ask_done *done;
	void *arg;
	struct timer repeat, deadline;
	bool open;   /* sent at least once, not only queued */
	bool trying; /* 100 Trying came */
	int sent;    /* times, the last one to the link's address `to` */
	size_t to;
	int error;     /* errno of the last transmission; 0: it left */
	int64_t since; /* monotonic ms of the first transmission */
	char nonce[AGENT_NONCE_MAX]; /* of the last one */
	bool clocked;                /* sent again by the agent's own clock */
};

/* The link counts in `result`; all outlive it. */
struct agent_link *agent_link_new(struct loop *lp,
    const struct campaign_conf *conf, struct agent_result *result,
    struct resolver *resolver);
void agent_link_free(struct agent_link *l); /* all asks are cancelled */
/* The socket to send from: set once, before the first ask. */
void agent_link_use(struct agent_link *l, struct datagram *socket);
/* Ask for `device` (as the agent is told it); `file` is for a STOP, else NULL.
 * `done` runs once, from the loop, never inside this call.  At most one ask of
 * a device is outstanding.  A REGISTER waits behind whatever else waits. */
void agent_link_ask(struct agent_link *l, struct ask *a, enum agent_request r,
    const char *device, const char *file, ask_done *done, void *arg);
void ask_cancel(struct ask *a); /* `done` will not run; harmless otherwise */
bool ask_busy(const struct ask *a);

/* Is this one of the agent's addresses, or of its `sources`? */
bool agent_link_is(const struct agent_link *l, const struct addr *from);
/* An answer's datagram from one of them; `*why` says what is wrong with it. */
enum link_take { LINK_TAKEN, LINK_LATE, LINK_MALFORMED, LINK_UNPROVEN };
enum link_take agent_link_take(
    struct agent_link *l, const void *data, size_t len, const char **why);
/* A datagram came from it. */
void agent_link_heard(
    struct agent_link *l, const struct addr *from, bool alarm);
/* It is one of ours: it bears repeats and a CAPTURE asked for again. */
bool agent_link_is_ours(const struct agent_link *l);

#endif
