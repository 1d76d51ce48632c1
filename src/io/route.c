/* route.c - see route.h.
 */
#include "io/route.h"

#include <unistd.h>

/* Any port will do: a datagram socket that is connected sends nothing. */
#define SOME_PORT 9

bool
route_source(const struct addr *to, struct addr *from)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(to, SOME_PORT, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	ok = connect(fd, (struct sockaddr *)&ss, len) == 0;
	len = sizeof(ss);
	ok = ok && getsockname(fd, (struct sockaddr *)&ss, &len) == 0 &&
	     addr_from_sockaddr(from, NULL, &ss);
	close(fd);
	return ok;
}
