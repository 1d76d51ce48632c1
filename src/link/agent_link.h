/* agent_link.h - requests to one agent, made reliable over UDP.
 *
 * A request is repeated until its final answer, as the agent can bear it: ours
 * says `100 Trying` at once, even to a REGISTER, and does nothing twice.  Until
 * it has, it is taken for one of 1.0.6 (see old_agent.h and old_devices.h), but
 * not with a key.  Only ours is asked for more than a status (agent_info.h):
 * its first REGISTER goes out plain, and once more at once when it has shown
 * itself.
 */
#ifndef LINK_AGENT_LINK_H
#define LINK_AGENT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/campaign_conf.h"
#include "io/datagram.h"
#include "io/resolve.h"
#include "link/agent_about.h"
#include "link/agent_place.h"
#include "link/ask.h"
#include "link/old_book.h"

struct agent_link;
enum link_heard {
	HEARD_ANSWER,
	HEARD_ALARM,   /* of a device of this campaign */
	HEARD_REFUSED, /* neither, though it came from the agent's addresses */
	HEARD_KINDS
};
struct link_counts {
	uint64_t heard[HEARD_KINDS]; /* datagrams, by enum link_heard */
	int64_t last;     /* wall clock of the last one, ms; 0: never */
	int64_t answered; /* the same of HEARD_ANSWER */
};

/* All that is given outlives the link. */
struct agent_link *agent_link_new(struct loop *lp,
    const struct campaign_conf *conf, const struct agent_entry *agent,
    struct resolver *resolver, struct old_book *book);
void agent_link_free(struct agent_link *l); /* all asks are cancelled */
/* The socket to send from: set once, before the first ask. */
void agent_link_use(struct agent_link *l, struct datagram *socket);
/* Ask for `device` (as the agent is told it); `file` is for a STOP, else NULL.
 * `done` runs once, from the loop, never inside this call.  At most one ask of
 * a device is outstanding.  A REGISTER waits behind whatever else waits.  To an
 * agent of 1.0.6 a REGISTER may go before it, and it is not sent at all where
 * it might end it. */
void agent_link_ask(struct agent_link *l, struct ask *a, enum agent_request r,
    const char *device, const char *file, ask_done *done, void *arg);

/* Is this one of the agent's addresses, or of its `sources`? */
bool agent_link_is(const struct agent_link *l, const struct addr *from);
/* An answer's datagram from one of them; `*why` says what is wrong with it.
 * Only the port that was asked answers. */
enum link_take {
	LINK_TAKEN,
	LINK_LATE,
	LINK_ELSEWHERE,
	LINK_MALFORMED,
	LINK_UNPROVEN
};
enum link_take agent_link_take(struct agent_link *l, uint16_t port,
    const void *data, size_t len, const char **why);
/* A datagram came from it, and what it was. */
void agent_link_heard(
    struct agent_link *l, const struct addr *from, enum link_heard what);
const struct link_counts *agent_link_counts(const struct agent_link *l);
/* It is one of ours: it bears repeats and a CAPTURE asked for again. */
bool agent_link_is_ours(const struct agent_link *l);
/* It has answered, and as one of 1.0.6 does. */
bool agent_link_is_old(const struct agent_link *l);
/* A STOP of this device would be sent. */
bool agent_link_takes_stop(const struct agent_link *l, const char *device);
/* What one of ours told of itself last. */
const struct agent_about *agent_link_about(const struct agent_link *l);
const struct agent_place *agent_link_place(const struct agent_link *l);

#endif
