/* status_ask.h - ask a running agent how it is, from another process. */
#ifndef AGENT_STATUS_ASK_H
#define AGENT_STATUS_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/status_facts.h"
#include "base/fail.h"

struct agent_status {
	struct status_facts all;
	struct status_device *devices; /* in the agent's order */
	size_t n;
};

/* An agent tells the next part of it within some turns of its loop. */
#define STATUS_SILENT_MS 10000

/* The one whose captures folder this is; waits a minute at most, and so long
 * for each part.  False and FAIL_LOCAL in `why`, FAIL_UNREACHABLE if none runs
 * there; `to` is empty then. */
bool agent_status_ask(const char *folder, int silent_ms,
    struct agent_status *to, struct fail *why);
void agent_status_free(struct agent_status *s);

#endif
