/* dispute.h - what the log says when two campaigns want one device. */
#ifndef AGENT_DISPUTE_H
#define AGENT_DISPUTE_H

#include "agent/complaints.h"
#include "agent/state.h"
#include "io/datagram.h"
#include "wire/agent_message.h"

/* `from` asks in vain for what is the owner's. */
void dispute_refused(struct complaints *c, const struct agent_message *m,
    const struct datagram_from *from, const struct registration_state *owner);
/* `by` takes it from the owner, if there was one. */
void dispute_taken_over(struct complaints *c, const char *device,
    const struct datagram_from *by, const struct registration_state *owner,
    bool capturing);

#endif
