/* session_list.h - the sessions of an agent, by device: one for each address or
 * name, however it is spelled.
 */
#ifndef AGENT_SESSION_LIST_H
#define AGENT_SESSION_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/session.h"

struct session_list { /* zero-initialised; `v` is free(3)d by its owner */
	struct session **v;
	size_t n;
};

/* The place of the device's session, or where one would be inserted. */
size_t session_list_place(
    const struct session_list *l, const char *device, bool *found);
/* The session becomes the list's, at its place. */
void session_list_insert(struct session_list *l, struct session *s, size_t at);
/* It is not freed. */
void session_list_remove(struct session_list *l, size_t at);
/* How many capture. */
unsigned session_list_capturing(const struct session_list *l);

#endif
