/* owner.c - see owner.h.
 *
 * agent/store writes it, agent/retention asks.
 */
#include "agent/owner.h"

#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ATTRIBUTE "user.traffic-capture.owner"

void
owner_set(int fd, const char *owner)
{
	/* Without it the file is nobody's, which is good enough. */
	(void)!fsetxattr(fd, ATTRIBUTE, owner, strlen(owner), 0);
}

void
owner_get(int folder, const char *name, char owner[ADDR_TEXT_MAX])
{
	int fd = openat(
	    folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t len = -1;

	if (fd >= 0) {
		len = fgetxattr(fd, ATTRIBUTE, owner, ADDR_TEXT_MAX - 1);
		close(fd);
	}
	owner[len > 0 ? len : 0] = '\0';
}
