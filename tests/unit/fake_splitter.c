/* fake_splitter.c - see fake_splitter.h. */
#include "fake_splitter.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/child.h"
#include "split/order.h"

#define WORDS 6

/* The kernel drops two packets for each order. */
static int64_t drops;

static void
say(const char *text, size_t len)
{
	if (send(CHILD_FD_FIRST, text, len, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void
answer(enum order_kind kind, uint64_t id)
{
	const struct order o = {
	    .kind = kind, .id = id, .drops = drops, .text = "no such file"};
	char text[ORDER_MAX];

	say(text, order_format(text, &o));
}

/* tcpdump's first file, for who counts pieces. */
static void
make_file(const char *path)
{
	char *name = xasprintf("%s0", path);
	FILE *f = fopen(name, "we");

	if (f != NULL)
		fclose(f);
	free(name);
}

static void
add(const char *how, const struct order *o)
{
	if (strcmp(how, "deaf") == 0)
		return;
	if (strcmp(how, "fails") == 0) {
		answer(ORDER_FAILED, o->id);
		return;
	}
	make_file(o->text);
	answer(ORDER_LISTENING, o->id);
	if (strcmp(how, "lies") == 0)
		say("nonsense", 8);
}

static void
end(const char *how, const struct order *o)
{
	if (strcmp(how, "dies") == 0) {
		fprintf(stderr, "it is too much\n");
		raise(SIGKILL);
	}
	if (strcmp(how, "good") == 0)
		answer(ORDER_ENDED, o->id);
}

bool
fake_splitter(int argc, char **argv)
{
	char text[ORDER_MAX];
	struct order o;
	ssize_t n;

	if (argc != WORDS)
		return false;
	if (strcmp(argv[1], "none") == 0) {
		fprintf(stderr, "none: No such device exists\n");
		exit(1);
	}
	fprintf(stderr, "listening on %s %s %s %s %s\n", argv[1], argv[2],
	    argv[3], argv[4], argv[5]);
	while ((n = recv(CHILD_FD_FIRST, text, sizeof(text) - 1, 0)) > 0) {
		text[n] = '\0';
		if (!order_parse(&o, text))
			exit(3);
		drops += 2;
		if (o.kind == ORDER_ADD)
			add(argv[1], &o);
		else
			end(argv[1], &o);
	}
	exit(0);
}

char *
fake_splitter_program(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n > 0 ? n : 0] = '\0';
	return xstrdup(path);
}
