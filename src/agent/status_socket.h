/* status_socket.h - where the running agent is asked how it is.
 *
 * A UNIX stream socket for root and the agent's own user.  Who connects gets
 * the lines of agent/status_source until their end, and need say nothing.  What
 * it does not read waits without holding anything else up, for a bounded time;
 * so many are answered at once, the others after them.
 */
#ifndef AGENT_STATUS_SOCKET_H
#define AGENT_STATUS_SOCKET_H

#include "agent/status_source.h"
#include "loop/loop.h"

struct status_socket;

/* In agent.captures; what an agent that was killed left in its place goes: that
 * folder is locked by us.  NULL, and a warning, if there can be none: nothing
 * else depends on it.  `source` is copied. */
struct status_socket *status_socket_new(
    struct loop *lp, const struct status_source *source);
/* Who is being answered is cut off, and the socket's file goes.  NULL is
 * accepted. */
void status_socket_free(struct status_socket *s);

#endif
