/* status_place.c - see status_place.h. */
#include "agent/status_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

bool
status_place_open(struct status_place *p, const char *folder)
{
	char *path = p->at.sun_path;
	const size_t size = sizeof(p->at.sun_path);

	p->at.sun_family = AF_UNIX;
	p->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->folder < 0)
		return false;
	/* agent.captures may be longer than the 108 bytes of unix(7). */
	if ((size_t)snprintf(path, size, "%s/" STATUS_SOCKET, folder) >= size)
		snprintf(
		    path, size, "/proc/self/fd/%d/" STATUS_SOCKET, p->folder);
	return true;
}

void
status_place_close(struct status_place *p)
{
	if (p->folder >= 0)
		close(p->folder);
	p->folder = -1;
}
