/* slow_proxy.c - a TCP proxy on which bytes take their time, as many as come.
 *
 * usage: slow_proxy AT PORT TO PORT DELAY
 *
 * What arrives leaves DELAY ms later, either way, one process a connection; it
 * prints `ready` and ends when it is killed.  Nothing but the delay is slow: a
 * connection may have as much on its way as it wants.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"

#define CHUNK 65536

struct chunk {
	STAILQ_ENTRY(chunk) next;
	int64_t due; /* us */
	size_t len, gone;
	char data[CHUNK];
};

struct way {
	int from, to;
	bool ended; /* no more comes */
	STAILQ_HEAD(, chunk) chunks;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void
take(struct way *w, int64_t delay)
{
	struct chunk *c = xcalloc(1, sizeof(*c));
	ssize_t len = recv(w->from, c->data, sizeof(c->data), MSG_DONTWAIT);

	if (len <= 0) {
		w->ended = len == 0;
		free(c);
		return;
	}
	c->len = (size_t)len;
	c->due = now_us() + delay;
	STAILQ_INSERT_TAIL(&w->chunks, c, next);
}

/* Give what is due; false: the other end is gone, or all was given. */
static bool
give(struct way *w)
{
	struct chunk *c;
	ssize_t len;

	while ((c = STAILQ_FIRST(&w->chunks)) != NULL && c->due <= now_us()) {
		len = send(w->to, c->data + c->gone, c->len - c->gone,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (len < 0)
			return true;
		c->gone += (size_t)len;
		if (c->gone < c->len)
			return true;
		STAILQ_REMOVE_HEAD(&w->chunks, next);
		free(c);
	}
	return c != NULL || !w->ended;
}

/* Microseconds until something is due, a second at most. */
static int64_t
until_due(const struct way ways[2])
{
	int64_t least = 1000000, left;

	for (int i = 0; i < 2; i++) {
		const struct chunk *c = STAILQ_FIRST(&ways[i].chunks);

		left = c == NULL ? least : c->due - now_us();
		/* It is due, and the way is full: not a busy loop. */
		if (left <= 0)
			left = 200;
		if (left < least)
			least = left;
	}
	return least;
}

static void
carry(int one, int other, int64_t delay)
{
	struct way ways[2] = {
	    {.from = one, .to = other}, {.from = other, .to = one}};

	STAILQ_INIT(&ways[0].chunks);
	STAILQ_INIT(&ways[1].chunks);
	for (;;) {
		struct pollfd p[2] = {{ways[0].ended ? -1 : one, POLLIN, 0},
		    {ways[1].ended ? -1 : other, POLLIN, 0}};
		struct timespec t = {0, until_due(ways) * 1000 - 1};

		ppoll(p, 2, &t, NULL);
		for (int i = 0; i < 2; i++) {
			if ((p[i].revents & (POLLERR | POLLNVAL)) != 0)
				return;
			if (p[i].revents != 0)
				take(&ways[i], delay);
			if (!give(&ways[i]))
				return;
		}
	}
}

static int
tcp(const char *at, const char *port, bool listens)
{
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || inet_pton(AF_INET, at, &a.sin_addr) != 1 ||
	    (listens ? bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
			   listen(fd, 64) != 0
		     : connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)) {
		perror("slow_proxy");
		exit(1);
	}
	return fd;
}

int
main(int argc, char **argv)
{
	int listener, fd, on = 1;

	if (argc != 6) {
		fprintf(stderr, "usage: slow_proxy AT PORT TO PORT DELAY\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	listener = tcp(argv[1], argv[2], true);
	puts("ready");
	fflush(stdout);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			setsockopt(
			    fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			carry(fd, tcp(argv[3], argv[4], false),
			    atoll(argv[5]) * 1000);
			_exit(0);
		}
		close(fd);
	}
	return 1;
}
