/* dispute.c - see dispute.h.  Used by agent/replies. */
#include "agent/dispute.h"

void
dispute_refused(struct complaints *c, const struct agent_message *m,
    const struct datagram_from *from, const struct registration_state *owner)
{
	char has[ADDR_TEXT_MAX], asks[ADDR_TEXT_MAX];

	complain(c, COMPLAINT_OWNER, &from->addr, m->device,
	    agent_request_name(m->request),
	    "refused to %s: the device is worked with for %s",
	    addr_port_text(&from->addr, from->port, asks),
	    addr_port_text(&owner->owner, owner->port, has));
}

void
dispute_taken_over(struct complaints *c, const char *device,
    const struct datagram_from *by, const struct registration_state *owner,
    bool capturing)
{
	char had[ADDR_TEXT_MAX], takes[ADDR_TEXT_MAX];

	if (owner->port == 0)
		return;
	complain(c, COMPLAINT_CHANGE, &by->addr, device, "REGISTER",
	    "%s takes the device over from %s%s",
	    addr_port_text(&by->addr, by->port, takes),
	    addr_port_text(&owner->owner, owner->port, had),
	    capturing ? ", for whom a capture runs" : "");
}
