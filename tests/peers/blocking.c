/* blocking.c - see blocking.h.
 *
 * The kernel stamps each message with its time of arrival, so that the order
 * of things can be told afterwards although nobody looked.
 */
#include "blocking.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"

struct blocking {
	int socket;
	int signals;
	bool ended;
};

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int
open_socket(const struct addr *address, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(address, port, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size = BLOCKING_BUFFER, on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&ss, len) == 0)
		return fd;
	close(fd);
	return -1;
}

struct blocking *
blocking_new(const struct addr *address, uint16_t port)
{
	struct blocking *b = xcalloc(1, sizeof(*b));
	char text[ADDR_TEXT_MAX];

	b->signals = open_signals();
	b->socket = open_socket(address, port);
	if (b->socket >= 0 && b->signals >= 0)
		return b;
	fprintf(stderr, "cannot listen on %s: %s\n",
	    addr_port_text(address, port, text), strerror(errno));
	blocking_free(b);
	return NULL;
}

void
blocking_free(struct blocking *b)
{
	if (!b)
		return;
	if (b->socket >= 0)
		close(b->socket);
	if (b->signals >= 0)
		close(b->signals);
	free(b);
}

bool
blocking_ended(const struct blocking *b)
{
	return b->ended;
}

/* Wait for a message, if `listening`, or until `until` (-1: for ever).  True
 * if a message is there. */
static bool
wait_until(struct blocking *b, bool listening, int64_t until)
{
	struct pollfd fds[] = {
	    {.fd = b->signals, .events = POLLIN},
	    {.fd = b->socket, .events = POLLIN},
	};
	int64_t left = -1;

	while (!b->ended) {
		if (until >= 0) {
			left = until - clock_mono_ms();
			left = left > 0 ? left : 0;
		}
		if (poll(fds, listening ? 2 : 1, (int)left) == 0)
			return false;
		b->ended = fds[0].revents != 0;
		if (!b->ended && listening && fds[1].revents)
			return true;
	}
	return false;
}

bool
blocking_sleep(struct blocking *b, int64_t ms)
{
	wait_until(b, false, clock_mono_ms() + ms);
	return !b->ended;
}

static int64_t
time_of(struct msghdr *m)
{
	struct timeval tv;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_TIMESTAMP)
			continue;
		memcpy(&tv, CMSG_DATA(c), sizeof(tv));
		return (int64_t)tv.tv_sec * 1000 + tv.tv_usec / 1000;
	}
	return clock_wall_ms();
}

bool
blocking_receive(struct blocking *b, int64_t ms, struct arrival *a)
{
	struct sockaddr_storage ss = {0};
	union {
		char bytes[CMSG_SPACE(sizeof(struct timeval))];
		struct cmsghdr align;
	} control;
	struct iovec iov = {a->text, BLOCKING_MESSAGE};
	struct msghdr m = {.msg_name = &ss, .msg_namelen = sizeof(ss)};
	ssize_t n;

	m.msg_iov = &iov;
	m.msg_iovlen = 1;
	m.msg_control = &control;
	m.msg_controllen = sizeof(control);
	if (!wait_until(b, true, ms < 0 ? -1 : clock_mono_ms() + ms))
		return false;
	n = recvmsg(b->socket, &m, MSG_DONTWAIT);
	if (n < 0 || !addr_from_sockaddr(&a->from, &a->port, &ss))
		return false;
	while (n > 0 && a->text[n - 1] == '\0')
		n--;
	a->text[n] = '\0';
	a->len = (size_t)n;
	a->at_ms = time_of(&m);
	return true;
}

void
blocking_send(struct blocking *b, const struct addr *to, uint16_t port,
    const char *text, size_t len)
{
	struct sockaddr_storage ss;
	socklen_t size = addr_to_sockaddr(to, port, &ss);

	if (sendto(b->socket, text, len, 0, (struct sockaddr *)&ss, size) < 0)
		fprintf(stderr, "sendto: %s\n", strerror(errno));
}

pid_t
blocking_spawn(char *const argv[])
{
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;
	int error;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(&pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	if (error == 0)
		return pid;
	fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
	return -1;
}

bool
blocking_run(char *const argv[])
{
	pid_t pid = blocking_spawn(argv);
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void
blocking_end_child(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}
