/* old_agent.c - an agent that behaves like the one of version 1.0.6.
 *
 * It takes one message at a time and blocks meanwhile, knows nothing of
 * repeats, and ends where the real one does: on any request but REGISTER while
 * it knows no device, and as rig/old_mark says.  What came, and when, is
 * written to a file at the end.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "blocking.h"
#include "diary.h"
#include "dump.h"
#include "../unit/rig/old_mark.h"
#include "wire/agent_message.h"

/* Exit: ended by a signal; failed, as 1.0.6 does; wrong command line; trouble
 * on this host. */
enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_HOST = 7 };

#define PROBES           10
#define PROBE_TIMEOUT_MS 1000

struct known {
	char name[HOST_TEXT_MAX];
	struct dump dump;
	enum old_mark mark;
};

struct old_agent {
	struct addr listen;
	int64_t port;
	int64_t register_ms;
	int64_t verify_ms;
	int64_t tcp_port;
	bool brief; /* answers as up to 1.0.5 */
	const char *statistics;
	struct dump_env dump;
	struct blocking *b;
	struct diary *diary;
	struct known *devices;
	size_t n;
	bool failed;
};

/* One request that is worked on. */
struct work {
	struct agent_message message;
	const struct arrival *from;
	size_t number;
};

static void
answer(struct old_agent *o, const struct work *w, int code)
{
	struct agent_message m = w->message;
	char text[AGENT_MESSAGE_MAX];
	size_t len;

	m.code = code;
	if (o->brief)
		m.request = REQUEST_NONE;
	len = agent_message_format_answer(text, &m);
	if (code != AGENT_TRYING)
		diary_end(o->diary, w->number, code);
	blocking_send(o->b, &w->from->from, w->from->port, text, len);
	printf("%s %s: %s\n", agent_request_name(w->message.request), m.device,
	    text);
}

static struct known *
find_device(struct old_agent *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++) {
		if (strcmp(o->devices[i].name, name) == 0)
			return &o->devices[i];
	}
	return NULL;
}

static void
do_register(struct old_agent *o, const struct work *w)
{
	struct known *k = find_device(o, w->message.device);

	if (!blocking_sleep(o->b, o->register_ms))
		return;
	if (!k) {
		o->devices =
		    xreallocarray(o->devices, o->n + 1, sizeof(*o->devices));
		k = &o->devices[o->n++];
		*k = (struct known){0};
		str_copy(k->name, sizeof(k->name), w->message.device);
	}
	answer(o, w, AGENT_OK);
}

static bool
tcp_answers(const struct addr *to, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(to, port, &ss);
	int fd =
	    socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = -1;
	socklen_t size = sizeof(error);

	if (fd < 0)
		return false;
	connect(fd, (struct sockaddr *)&ss, len);
	if (poll(&p, 1, PROBE_TIMEOUT_MS) == 1)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	close(fd);
	return error == 0;
}

static void
do_verify(struct old_agent *o, const struct work *w)
{
	struct addr to;
	int answered = 0;

	answer(o, w, AGENT_TRYING);
	for (int i = 0; i < PROBES; i++) {
		if (!blocking_sleep(o->b, o->verify_ms / PROBES))
			return;
		if (addr_parse(&to, w->message.device))
			answered += tcp_answers(&to, (uint16_t)o->tcp_port);
	}
	answer(o, w, answered == PROBES ? AGENT_OK : AGENT_FLOW_FAILED);
}

/* Whether the tcpdump lives, nobody looks. */
static void
do_capture(struct old_agent *o, const struct work *w, struct known *k)
{
	answer(o, w, AGENT_TRYING);
	if (old_mark_capture(&k->mark, true)) {
		dump_start(&k->dump, &o->dump, k->name);
		answer(o, w, AGENT_OK);
	} else {
		answer(o, w, AGENT_UNAVAILABLE);
	}
}

static void
do_stop(struct old_agent *o, const struct work *w, struct known *k)
{
	bool lives;

	answer(o, w, AGENT_TRYING);
	lives = dump_stop(&k->dump, &o->dump, w->message.file);
	answer(o, w,
	    old_mark_stop(&k->mark, lives) ? AGENT_OK : AGENT_UNAVAILABLE);
}

/* A request of a device that is known. */
static void
do_request(struct old_agent *o, const struct work *w, struct known *k)
{
	if (old_mark_ends(k->mark, w->message.request)) {
		answer(o, w, AGENT_TRYING);
		o->failed = true;
		return;
	}
	switch (w->message.request) {
	case REQUEST_NONE:
	case REQUEST_REGISTER:
		return;
	case REQUEST_CAPTURE:
		do_capture(o, w, k);
		return;
	case REQUEST_VERIFY:
		do_verify(o, w);
		return;
	case REQUEST_STOP:
		do_stop(o, w, k);
		return;
	}
}

static void
handle(struct old_agent *o, const struct arrival *a)
{
	struct work w = {.from = a};
	const char *why;
	struct known *k;

	if (!agent_message_parse_request(a->text, a->len, &w.message, &why)) {
		printf("malformed: %s\n", why);
		diary_malformed(o->diary);
		return;
	}
	w.number = diary_begin(o->diary, &w.message, a->at_ms);
	if (w.message.request == REQUEST_REGISTER) {
		do_register(o, &w);
		return;
	}
	k = find_device(o, w.message.device);
	if (k) {
		do_request(o, &w, k);
		return;
	}
	answer(o, &w, AGENT_NOT_FOUND);
	o->failed = o->n == 0;
}

static void
say_end(const struct old_agent *o)
{
	if (o->failed)
		puts("old-agent: it was ended by that");
}

enum {
	OPT_LISTEN = 256,
	OPT_PORT,
	OPT_FOLDER,
	OPT_INTERFACE,
	OPT_TCPDUMP,
	OPT_REGISTER,
	OPT_VERIFY,
	OPT_TCP_PORT,
	OPT_SHORT,
	OPT_STATISTICS
};
static const struct option options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"port", required_argument, NULL, OPT_PORT},
    {"folder", required_argument, NULL, OPT_FOLDER},
    {"interface", required_argument, NULL, OPT_INTERFACE},
    {"tcpdump", required_argument, NULL, OPT_TCPDUMP},
    {"register-ms", required_argument, NULL, OPT_REGISTER},
    {"verify-ms", required_argument, NULL, OPT_VERIFY},
    {"tcp-port", required_argument, NULL, OPT_TCP_PORT},
    {"short", no_argument, NULL, OPT_SHORT},
    {"statistics", required_argument, NULL, OPT_STATISTICS},
    {NULL, 0, NULL, 0},
};

static bool
take_option(struct old_agent *o, int option)
{
	switch (option) {
	case OPT_LISTEN:
		return addr_parse(&o->listen, optarg);
	case OPT_PORT:
		return str_to_int64(optarg, 1, 65535, &o->port);
	case OPT_FOLDER:
		o->dump.folder = optarg;
		return true;
	case OPT_INTERFACE:
		o->dump.interface = optarg;
		return true;
	case OPT_TCPDUMP:
		o->dump.tcpdump = optarg;
		return true;
	case OPT_REGISTER:
		return str_to_int64(optarg, 0, 60000, &o->register_ms);
	case OPT_VERIFY:
		return str_to_int64(optarg, 0, 60000, &o->verify_ms);
	case OPT_TCP_PORT:
		return str_to_int64(optarg, 1, 65535, &o->tcp_port);
	case OPT_SHORT:
		o->brief = true;
		return true;
	case OPT_STATISTICS:
		o->statistics = optarg;
		return true;
	default:
		return false;
	}
}

static bool
read_options(struct old_agent *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(o, option)) {
			fprintf(stderr, "%s: wrong option or value\n", argv[0]);
			return false;
		}
	}
	return optind == argc;
}

static int
run(struct old_agent *o)
{
	struct arrival a;
	int status;

	puts("old-agent: ready");
	while (!o->failed && !blocking_ended(o->b)) {
		if (blocking_receive(o->b, -1, &a))
			handle(o, &a);
	}
	for (size_t i = 0; i < o->n; i++)
		dump_abort(&o->devices[i].dump);
	say_end(o);
	status = o->failed ? EXIT_FAILED : EXIT_GOOD;
	if (o->statistics && !diary_write(o->diary, o->statistics))
		status = EXIT_HOST;
	return status;
}

int
main(int argc, char **argv)
{
	/* Without options, as long as things take in life. */
	struct old_agent o = {.port = 20001,
	    .register_ms = 6000,
	    .verify_ms = 10000,
	    .tcp_port = 443,
	    .dump = {"/usr/bin/tcpdump", "lo", "."}};
	int status;

	addr_parse(&o.listen, "127.0.0.1");
	if (!read_options(&o, argc, argv))
		return EXIT_USAGE;
	setvbuf(stdout, NULL, _IOLBF, 0);
	o.b = blocking_new(&o.listen, (uint16_t)o.port);
	if (!o.b)
		return EXIT_HOST;
	o.diary = diary_new();
	status = run(&o);
	diary_free(o.diary);
	blocking_free(o.b);
	free(o.devices);
	return status;
}
