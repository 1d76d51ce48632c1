/* status_place.h - where a running agent is asked how it is: a socket in its
 * captures folder, for itself and for who asks.
 */
#ifndef AGENT_STATUS_PLACE_H
#define AGENT_STATUS_PLACE_H

#include <stdbool.h>
#include <sys/un.h>

#define STATUS_SOCKET "agent-status.sock"

struct status_place {
	int folder; /* open, -1: not */
	struct sockaddr_un at;
};

/* False with errno if there is no such folder.  However long its name is, the
 * address fits, and is good for as long as the place is open. */
bool status_place_open(struct status_place *p, const char *folder);
/* Twice is harmless. */
void status_place_close(struct status_place *p);

#endif
