/* status_source.h - the running agent, looked at for who asks how it is.
 *
 * A part at a time, in a few milliseconds each: the ring of each capture is
 * looked into, and there may be thousands.  Devices may come and go between two
 * parts; what is told of each is true when its part is made.
 */
#ifndef AGENT_STATUS_SOURCE_H
#define AGENT_STATUS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/mailbox.h"
#include "agent/ovoc.h"
#include "agent/retention.h"
#include "agent/room.h"
#include "agent/session_list.h"
#include "conf/agent_conf.h"

struct status_source { /* what is looked at */
	struct loop *lp;
	const struct agent_conf *conf;
	const struct store *store;
	const struct room *room;
	const struct retention *retention;
	const struct ovoc *ovoc; /* NULL: rules are not ours to manage */
	const struct mailbox *mailbox;
	const struct session_list *sessions;
	const struct capture_env *capture;
	const bool *ending;
	int64_t began; /* monotonic ms */
};

/* How far one answer is.  Zeroed it is at its beginning. */
struct status_walk {
	bool begun;
	char after[HOST_TEXT_MAX]; /* the device that was told last */
	int64_t told;              /* so many were */
};

/* Add the next lines (status_facts.h) to `to`; false: these are the last. */
bool status_source_next(
    const struct status_source *s, struct status_walk *walk, struct strbuf *to);

#endif
