/* stamps.c - SO_TIMESTAMPNS of socket(7). */
#include "stamps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xmem.h"

#define ROOM (16 << 20)

static int64_t
us_of(const struct timespec *t)
{
	return t->tv_sec * INT64_C(1000000) + t->tv_nsec / 1000;
}

int64_t
stamp_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return us_of(&t);
}

void
stamp_prepare(int fd)
{
	int on = 1, room = ROOM;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) !=
	    0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
}

ssize_t
stamp_receive(
    int fd, void *data, size_t size, struct sockaddr_storage *from, int64_t *at)
{
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec io = {data, size};
	struct msghdr m = {.msg_name = from,
	    .msg_namelen = sizeof(*from),
	    .msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	ssize_t len = recvmsg(fd, &m, MSG_DONTWAIT);
	struct cmsghdr *c;
	struct timespec t;

	if (len < 0)
		return -1;
	*at = stamp_now();
	for (c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&t, CMSG_DATA(c), sizeof(t));
		*at = us_of(&t);
	}
	return len;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
stamp_print(const char *name, const int64_t *from, const int64_t *to, size_t n)
{
	int64_t *took = xcalloc(n + 1, sizeof(*took));
	size_t got = 0, missing = 0, i;

	for (i = 0; i < n; i++) {
		missing += from[i] != 0 && to[i] == 0;
		if (from[i] != 0 && to[i] != 0)
			took[got++] = to[i] - from[i];
	}
	qsort(took, got, sizeof(*took), by_size);
	printf("%s %.3f %.3f %zu\n", name, (double)took[got / 2] / 1000,
	    (double)took[got > 0 ? got - 1 : 0] / 1000, missing);
	free(took);
}
