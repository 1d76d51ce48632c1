/* liar.c - a TCP server that accepts every connection and then lies.
 *
 * usage: liar ADDRESS PORT PROTOCOL LIE
 *
 * PROTOCOL is tls or ssh and says how the lie begins.  LIE: silent says
 * nothing; drip says a byte a second; flood says far more than is due, as fast
 * as it is taken; half closes in the middle.  The others never close.  SIGTERM
 * ends it with all its connections, a process each.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"

enum { EXIT_USAGE = 2, EXIT_HOST = 7 };

struct lie {
	const char *name;
	unsigned pause_ms;
	bool greets, goes_on, closes;
};

static const struct lie lies[] = {
    {"silent", 0, false, false, false},
    {"drip", 1000, true, true, false},
    {"flood", 0, true, true, false},
    {"half", 0, true, false, true},
};

/* What a server of the protocol may begin with; never the end of anything. */
static const char tls_greeting[] = {0x16, 0x03, 0x03, 0x3f, 0x7f, 0x02, 0x7f};
static const char ssh_greeting[] = "SSH-2.0-liar\r\n\0\0\x7f\xff\x04\x14";

static bool
say(int fd, const char *data, size_t len, unsigned pause_ms)
{
	size_t step = pause_ms > 0 ? 1 : len;

	for (size_t at = 0; at < len; at += step) {
		if (send(fd, data + at, step, MSG_NOSIGNAL) <= 0)
			return false;
		usleep(pause_ms * 1000);
	}
	return true;
}

static void
tell(int fd, const struct lie *l, bool ssh)
{
	static const char more[65536];
	const char *greeting = ssh ? ssh_greeting : tls_greeting;
	size_t len = ssh ? sizeof(ssh_greeting) - 1 : sizeof(tls_greeting);

	if (l->closes)
		len /= 2;
	if (l->greets && !say(fd, greeting, len, l->pause_ms))
		return;
	while (l->goes_on)
		if (!say(fd, more, sizeof(more), l->pause_ms))
			return;
	while (!l->closes)
		pause();
}

static int
open_listener(const struct addr *at, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(at, port, &ss);
	int fd = socket(at->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&ss, len) == 0 &&
	    listen(fd, 64) == 0)
		return fd;
	perror("liar");
	return -1;
}

static int
serve(int listener, const struct lie *l, bool ssh)
{
	int fd;

	puts("liar: ready");
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			tell(fd, l, ssh);
			_exit(0);
		}
		close(fd);
	}
	return EXIT_HOST;
}

int
main(int argc, char **argv)
{
	const struct lie *l = lies, *end = lies + sizeof(lies) / sizeof(*lies);
	struct addr at;
	int listener;

	while (argc == 5 && l < end && strcmp(l->name, argv[4]) != 0)
		l++;
	if (argc != 5 || l == end || !addr_parse(&at, argv[1])) {
		fprintf(stderr, "usage: liar ADDRESS PORT tls|ssh LIE\n");
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGCHLD, SIG_IGN);
	listener = open_listener(&at, (uint16_t)atoi(argv[2]));
	if (listener < 0)
		return EXIT_HOST;
	return serve(listener, l, strcmp(argv[3], "ssh") == 0);
}
