/* status_text.h - what an agent told of itself, for people and for programs. */
#ifndef AGENT_STATUS_TEXT_H
#define AGENT_STATUS_TEXT_H

#include "agent/status_ask.h"
#include "base/str.h"

/* For a terminal: times are local ones (TZ). */
void status_text(const struct agent_status *s, struct strbuf *to);
/* One object, as traffic-capture-agent(8) tells it. */
void status_json(const struct agent_status *s, struct strbuf *to);

/* How many devices are in this state; the bytes of all captures that run; how
 * many devices have a rule. */
int64_t status_devices_in(
    const struct agent_status *s, enum status_state state);
int64_t status_running_bytes(const struct agent_status *s);
int64_t status_rules(const struct agent_status *s);

#endif
