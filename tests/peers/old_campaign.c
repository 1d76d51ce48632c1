/* old_campaign.c - a campaign that behaves like the script of version 1.0.6.
 *
 * It looks at its socket once in a few seconds and then reads all that has
 * queued up; it sends CAPTURE, VERIFY and STOP once each and never repeats
 * them; it registers once, whatever the number of events.  What it does to a
 * device is left to two programs, called with the device's address.  The end
 * is 0 if all was answered as it should be, in time.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "blocking.h"
#include "local_time.h"
#include "old_alarm.h"
#include "wire/agent_message.h"

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_HOST = 7 };

enum stage {
	STAGE_REGISTER, /* asked, and so on */
	STAGE_CAPTURE,
	STAGE_WAIT,
	STAGE_VERIFY,
	STAGE_STOP,
	STAGE_DONE,
	STAGE_FAILED
};

static const char *const stage_names[] = {
    [STAGE_REGISTER] = "REGISTER",
    [STAGE_CAPTURE] = "CAPTURE",
    [STAGE_WAIT] = "waiting for the alarm",
    [STAGE_VERIFY] = "VERIFY",
    [STAGE_STOP] = "STOP",
    [STAGE_DONE] = "done",
    [STAGE_FAILED] = "failed",
};

struct managed {
	const char *address;
	enum stage stage;
	int64_t events;
};

struct old_campaign {
	struct addr listen, agent;
	int64_t listen_port, agent_port;
	int64_t attempts, register_ms, poll_ms, limit_ms, events;
	char *start, *stop;
	struct managed *devices;
	size_t n;
	struct blocking *b;
};

static void
send_request(struct old_campaign *c, const struct managed *d,
    enum agent_request r, const char *file)
{
	struct agent_message m = {.request = r};
	char text[AGENT_MESSAGE_MAX];
	size_t len;

	str_copy(m.device, sizeof(m.device), d->address);
	str_copy(m.file, sizeof(m.file), file);
	len = agent_message_format_request(text, &m);
	printf("sent %s\n", text);
	blocking_send(c->b, &c->agent, (uint16_t)c->agent_port, text, len);
}

static void
fail(struct managed *d, const char *why)
{
	printf("%s failed: %s\n", d->address, why);
	d->stage = STAGE_FAILED;
}

/* Call one of the two programs; true if there is none. */
static bool
call(struct managed *d, char *program)
{
	char *argv[] = {program, (char *)d->address, NULL};

	if (!program || blocking_run(argv))
		return true;
	fail(d, program);
	return false;
}

static void
begin_capture(struct old_campaign *c, struct managed *d)
{
	if (!call(d, c->start))
		return;
	d->stage = STAGE_CAPTURE;
	send_request(c, d, REQUEST_CAPTURE, "");
}

static void
begin_stop(struct old_campaign *c, struct managed *d)
{
	char when[LOCAL_TIME_MAX];
	char *file;

	if (!call(d, c->stop))
		return;
	d->stage = STAGE_STOP;
	file = xasprintf("CPE_device_%s_%s.pcap", d->address,
	    local_time(clock_wall_ms(), when));
	for (char *p = file; *p; p++)
		*p = *p == ':' ? '.' : *p;
	send_request(c, d, REQUEST_STOP, file);
	free(file);
}

static void
end_event(struct old_campaign *c, struct managed *d)
{
	d->events++;
	if (d->events < c->events)
		begin_capture(c, d);
	else
		d->stage = STAGE_DONE;
}

/* A final answer to what the device waits for. */
static void
proceed(struct old_campaign *c, struct managed *d, int code)
{
	bool good = code == AGENT_OK ||
		    (d->stage == STAGE_VERIFY && code == AGENT_FLOW_FAILED);

	if (!good) {
		fail(d, agent_code_reason(code));
		return;
	}
	switch (d->stage) {
	case STAGE_REGISTER:
		begin_capture(c, d);
		return;
	case STAGE_CAPTURE:
		d->stage = STAGE_WAIT;
		return;
	case STAGE_VERIFY:
		begin_stop(c, d);
		return;
	case STAGE_STOP:
		end_event(c, d);
		return;
	case STAGE_WAIT:
	case STAGE_DONE:
	case STAGE_FAILED:
		return;
	}
}

static struct managed *
find_device(struct old_campaign *c, const char *address)
{
	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->devices[i].address, address) == 0)
			return &c->devices[i];
	}
	return NULL;
}

/* Answers are read with their request's name, and about addresses. */
static void
take_answer(struct old_campaign *c, const struct arrival *a)
{
	struct agent_message m;
	const char *why = "";
	struct addr address;
	struct managed *d = NULL;

	if (agent_message_parse_answer(a->text, a->len, &m, &why) &&
	    m.request != REQUEST_NONE && addr_parse(&address, m.device))
		d = find_device(c, m.device);
	if (!d) {
		printf("not understood: %s (%s)\n", a->text, why);
		return;
	}
	printf("got %s\n", a->text);
	if (m.code != AGENT_TRYING &&
	    strcmp(agent_request_name(m.request), stage_names[d->stage]) == 0)
		proceed(c, d, m.code);
}

static void
take_alarm(struct old_campaign *c, const struct arrival *a)
{
	struct old_alarm alarm;
	struct managed *d = NULL;

	if (old_alarm_parse(a->text, &alarm))
		d = find_device(c, alarm.address);
	if (!d || !old_alarm_is_lost(&alarm)) {
		printf("no trigger: %s\n", a->text);
		return;
	}
	printf("lost %s\n", d->address);
	if (d->stage != STAGE_WAIT)
		return;
	d->stage = STAGE_VERIFY;
	send_request(c, d, REQUEST_VERIFY, "");
}

/* Sleep, then read everything that has come meanwhile. */
static void
look(struct old_campaign *c, int64_t ms)
{
	struct arrival a;

	if (!blocking_sleep(c->b, ms))
		return;
	while (blocking_receive(c->b, 0, &a)) {
		if (agent_message_is_answer(a.text, a.len))
			take_answer(c, &a);
		else
			take_alarm(c, &a);
	}
}

static void
register_all(struct old_campaign *c)
{
	for (int64_t i = 0; i < c->attempts; i++) {
		size_t sent = 0;

		for (size_t k = 0; k < c->n; k++) {
			if (c->devices[k].stage != STAGE_REGISTER)
				continue;
			send_request(c, &c->devices[k], REQUEST_REGISTER, "");
			sent++;
		}
		if (sent == 0)
			return;
		look(c, c->register_ms);
	}
	for (size_t k = 0; k < c->n; k++) {
		if (c->devices[k].stage == STAGE_REGISTER)
			fail(&c->devices[k], "registration: aborted");
	}
}

static size_t
count(const struct old_campaign *c, enum stage stage)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->devices[i].stage == stage;
	return n;
}

static int
run(struct old_campaign *c)
{
	int64_t end = clock_mono_ms() + c->limit_ms;

	register_all(c);
	while (count(c, STAGE_DONE) + count(c, STAGE_FAILED) < c->n &&
	       clock_mono_ms() < end && !blocking_ended(c->b))
		look(c, c->poll_ms);
	for (size_t i = 0; i < c->n; i++)
		printf("%s: %s, %lld events\n", c->devices[i].address,
		    stage_names[c->devices[i].stage],
		    (long long)c->devices[i].events);
	return count(c, STAGE_DONE) == c->n ? EXIT_GOOD : EXIT_FAILED;
}

enum {
	OPT_AGENT = 256,
	OPT_PORT,
	OPT_LISTEN,
	OPT_LISTEN_PORT,
	OPT_ATTEMPTS,
	OPT_REGISTER,
	OPT_POLL,
	OPT_EVENTS,
	OPT_LIMIT,
	OPT_START,
	OPT_STOP
};
static const struct option options[] = {
    {"agent", required_argument, NULL, OPT_AGENT},
    {"port", required_argument, NULL, OPT_PORT},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"listen-port", required_argument, NULL, OPT_LISTEN_PORT},
    {"attempts", required_argument, NULL, OPT_ATTEMPTS},
    {"register-ms", required_argument, NULL, OPT_REGISTER},
    {"poll-ms", required_argument, NULL, OPT_POLL},
    {"events", required_argument, NULL, OPT_EVENTS},
    {"limit-ms", required_argument, NULL, OPT_LIMIT},
    {"start", required_argument, NULL, OPT_START},
    {"stop", required_argument, NULL, OPT_STOP},
    {NULL, 0, NULL, 0},
};

static bool
take_option(struct old_campaign *c, int option)
{
	switch (option) {
	case OPT_AGENT:
		return addr_parse(&c->agent, optarg);
	case OPT_PORT:
		return str_to_int64(optarg, 1, 65535, &c->agent_port);
	case OPT_LISTEN:
		return addr_parse(&c->listen, optarg);
	case OPT_LISTEN_PORT:
		return str_to_int64(optarg, 1, 65535, &c->listen_port);
	case OPT_ATTEMPTS:
		return str_to_int64(optarg, 1, 25, &c->attempts);
	case OPT_REGISTER:
		return str_to_int64(optarg, 1, 60000, &c->register_ms);
	case OPT_POLL:
		return str_to_int64(optarg, 1, 60000, &c->poll_ms);
	case OPT_EVENTS:
		return str_to_int64(optarg, 1, 50, &c->events);
	case OPT_LIMIT:
		return str_to_int64(optarg, 1, 3600000, &c->limit_ms);
	case OPT_START:
		c->start = optarg;
		return true;
	case OPT_STOP:
		c->stop = optarg;
		return true;
	default:
		return false;
	}
}

static bool
read_options(struct old_campaign *c, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(c, option)) {
			fprintf(stderr, "%s: wrong option or value\n", argv[0]);
			return false;
		}
	}
	c->n = (size_t)(argc - optind);
	c->devices = xcalloc(c->n + 1, sizeof(*c->devices));
	for (size_t i = 0; i < c->n; i++)
		c->devices[i].address = argv[optind + (int)i];
	return c->n > 0;
}

int
main(int argc, char **argv)
{
	/* Without options, the times of 1.0.6. */
	struct old_campaign c = {.listen_port = 20001,
	    .agent_port = 20001,
	    .attempts = 2,
	    .register_ms = 3000,
	    .poll_ms = 3000,
	    .events = 1,
	    .limit_ms = 300000};
	int status = EXIT_HOST;

	addr_parse(&c.listen, "127.0.0.2");
	addr_parse(&c.agent, "127.0.0.1");
	if (!read_options(&c, argc, argv)) {
		free(c.devices);
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	c.b = blocking_new(&c.listen, (uint16_t)c.listen_port);
	if (c.b)
		status = run(&c);
	blocking_free(c.b);
	free(c.devices);
	return status;
}
