/* tcpdump.c - see tcpdump.h.
 *
 * One per running capture, owned by agent/capture.  The argument vector is
 * fixed and there is no shell, so nothing of what a peer sent is interpreted:
 * of a device only its parsed addresses go in.
 */
#include "agent/tcpdump.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/ring.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/resolve.h"
#include "loop/child.h"
#include "loop/timer.h"

#define LISTEN_MS    10000 /* tcpdump needs 10 to 24 ms for it */
#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS 60000
#define STEADY_MS    60000 /* a run this long ends the doubling */
#define HELD_MS      2000  /* the kernel hands packets on once a second */
#define TERM_MS      5000  /* from SIGTERM to SIGKILL */
#define KILL_MS      5000  /* from SIGKILL to going on without it */
#define BUFFER_UNIT  1024  /* -B */
/* program, 17 words of options, 2 words an address, NULL */
#define ARGS_MAX   (1 + 17 + 2 * RESOLVE_ADDRS_MAX + 1)
#define FILTER_MAX (2 * ADDR_TEXT_MAX + 128)

enum tcpdump_state {
	TCPDUMP_STARTING,
	TCPDUMP_LISTENING,
	TCPDUMP_PAUSING,  /* it died; the next one waits */
	TCPDUMP_SETTLING, /* to be stopped, running on */
	TCPDUMP_ENDING    /* it was told to end */
};

static const struct {
	const char *name;
	int budget_ms; /* 0: none, or not a fixed one */
} states[] = {
    [TCPDUMP_STARTING] = {"starting", LISTEN_MS},
    [TCPDUMP_LISTENING] = {"listening", 0},
    [TCPDUMP_PAUSING] = {"pausing", 0},
    [TCPDUMP_SETTLING] = {"settling", 0},
    [TCPDUMP_ENDING] = {"ending", TERM_MS},
};

struct tcpdump {
	struct loop *lp;
	const struct agent_section *conf;
	struct claim *claim;
	struct pieces *pieces;
	char *device;
	char filters[RESOLVE_ADDRS_MAX][FILTER_MAX];
	size_t n_addrs;
	const struct tcpdump_events *events;
	void *arg;
	enum tcpdump_state state;
	struct timer deadline;
	struct child *child;
	bool killed;         /* SIGKILL was sent to this child */
	bool listened;       /* some run has captured */
	bool lasting;        /* it is started again, whatever happens */
	int64_t gap_from;    /* wall ms since which nothing is captured; 0 */
	bool stopping;       /* tcpdump_stop() was called */
	int64_t run_started; /* monotonic ms, when it began to listen */
	int pause_ms;
	struct fail why;
	struct log_once died;
	bool counting;       /* this one is to tell what was dropped */
	char last_line[200]; /* of stderr: the reason when it dies */
};

static void
enter(struct tcpdump *t, enum tcpdump_state to, int64_t budget_ms)
{
	log_write(loop_log(t->lp), LOGGING_DEBUG, t->device, "tcpdump",
	    "%s -> %s", states[t->state].name, states[to].name);
	t->state = to;
	if (budget_ms > 0)
		timer_set(&t->deadline, budget_ms);
	else
		timer_clear(&t->deadline);
}

/* The last act: tell the owner and go. */
static void
finish(struct tcpdump *t)
{
	const struct tcpdump_events *events = t->events;

	void *arg = t->arg;
	struct fail why = t->why;

	if (t->stopping && t->gap_from != 0 && t->died.count > 0 &&
	    events->hole != NULL)
		events->hole(arg, t->gap_from, 0);
	tcpdump_kill(t);
	events->ended(arg, &why);
}

/* Long enough for two 64-bit numbers. */
struct numbers {
	char file_size[24], files[24], snaplen[24], buffer[24];
};

static void
format_numbers(const struct agent_section *c, struct numbers *n)
{
	int64_t kib = (c->buffer + BUFFER_UNIT - 1) / BUFFER_UNIT;

	snprintf(n->file_size, sizeof(n->file_size), "%lld",
	    (long long)ring_file_units(c));
	snprintf(n->files, sizeof(n->files), "%d", c->files);
	snprintf(n->snaplen, sizeof(n->snaplen), "%d", c->snaplen);
	snprintf(n->buffer, sizeof(n->buffer), "%lld", (long long)kib);
}

static void
fill_args(const struct tcpdump *t, const struct numbers *n, const char *path,
    const char *argv[ARGS_MAX])
{
	const char *const options[] = {"-i", t->conf->interface, "-n", "-U",
	    "-B", n->buffer, "-C", n->file_size, "-W", n->files, "-s",
	    n->snaplen, "-w", path};
	size_t k = 0;

	argv[k++] = t->conf->tcpdump;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		argv[k++] = options[i];
	if (geteuid() == 0) {
		/* Else Debian's gives up root for a user who may not write
		 * the second file of a ring in our folder. */
		argv[k++] = "-Z";
		argv[k++] = "root";
	}
	for (size_t i = 0; i < t->n_addrs; i++) {
		if (i > 0)
			argv[k++] = "or";
		argv[k++] = t->filters[i];
	}
	argv[k] = NULL;
}

static void on_line(void *arg, const char *text);
static void on_exited(void *arg, int status);

static bool
spawn(struct tcpdump *t, struct fail *why)
{
	static const char *const env[] = {
	    "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
	static const struct child_events child_events = {on_line, on_exited};
	const char *argv[ARGS_MAX];
	struct numbers n;
	char *path = pieces_next_path(t->pieces);

	format_numbers(t->conf, &n);
	fill_args(t, &n, path, argv);
	t->last_line[0] = '\0';
	t->killed = false;
	t->child = child_start(t->lp, argv, env, &child_events, t, why);
	free(path);
	return t->child != NULL;
}

/* Pause, twice as long as the last time. */
static void
pause_run(struct tcpdump *t)
{
	int ms = t->pause_ms;

	t->pause_ms = ms * 2 < PAUSE_MAX_MS ? ms * 2 : PAUSE_MAX_MS;
	enter(t, TCPDUMP_PAUSING, ms);
}

static void
run_again(struct tcpdump *t)
{
	struct fail why;

	if (room_claim_ring(t->claim, &why) && spawn(t, &why)) {
		enter(t, TCPDUMP_STARTING, LISTEN_MS);
		return;
	}
	log_repeated(loop_log(t->lp), &t->died, t->device, "tcpdump",
	    "cannot start it again: %s", why.text);
	pause_run(t);
}

static void
terminate(struct tcpdump *t)
{
	child_signal(t->child, SIGTERM);
	enter(t, TCPDUMP_ENDING, states[TCPDUMP_ENDING].budget_ms);
}

static void
tell_dropped(struct tcpdump *t, int64_t packets)
{
	if (t->counting && t->events->dropped != NULL)
		t->events->dropped(t->arg, packets);
	t->counting = false;
}

/* Since when packets may be missing: what the kernel held dies with it. */
static int64_t
gap_of_death(const struct tcpdump *t)
{
	int64_t lived = loop_now(t->lp) - t->run_started;

	return loop_wall(t->lp) - (lived < HELD_MS ? lived : HELD_MS);
}

/* This run has ended: go, or go on with the next one. */
static void
run_over(struct tcpdump *t, const struct fail *why)
{
	if (!t->lasting) {
		t->why = *why;
		finish(t);
		return;
	}
	if (t->gap_from == 0)
		t->gap_from = gap_of_death(t);
	if (t->state == TCPDUMP_LISTENING &&
	    loop_now(t->lp) - t->run_started >= STEADY_MS) {
		t->pause_ms = PAUSE_MIN_MS;
		t->died.count = 0;
	}
	log_repeated(loop_log(t->lp), &t->died, t->device, "tcpdump",
	    "%s; started again in %d s", why->text, t->pause_ms / 1000);
	pause_run(t);
}

/* SIGKILL waits, too, while the kernel is busy for the process. */
static void
kill_run(struct tcpdump *t)
{
	struct fail why;

	if (!t->killed) {
		t->killed = true;
		child_signal(t->child, SIGKILL);
		timer_set(&t->deadline, KILL_MS);
		return;
	}
	child_kill(t->child);
	t->child = NULL;
	tell_dropped(t, -1);
	fail_set(&why, FAIL_LOCAL,
	    "tcpdump was killed and does not end: look for a disk or network "
	    "mount that hangs");
	if (t->stopping)
		t->lasting = false;
	run_over(t, &why);
}

static void
on_deadline(void *arg)
{
	struct tcpdump *t = arg;

	switch (t->state) {
	case TCPDUMP_STARTING:
		if (t->child == NULL) { /* could not even be started */
			finish(t);
			return;
		}
		str_copy(t->last_line, sizeof(t->last_line),
		    "it did not begin to listen within 10 s");
		kill_run(t);
		return;
	case TCPDUMP_LISTENING:
		return;
	case TCPDUMP_PAUSING:
		if (t->stopping)
			finish(t);
		else
			run_again(t);
		return;
	case TCPDUMP_SETTLING:
		terminate(t);
		return;
	case TCPDUMP_ENDING:
		if (!t->killed)
			log_write(loop_log(t->lp), LOGGING_WARNING, t->device,
			    "tcpdump", "does not end on SIGTERM: killed");
		kill_run(t);
		return;
	}
}

static void
say_gap(struct tcpdump *t)
{
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];

	if (t->gap_from == 0)
		return;
	log_write(loop_log(t->lp), LOGGING_WARNING, t->device, "tcpdump",
	    "captures again; packets are missing from %s to %s",
	    clock_rfc3339(t->gap_from, from),
	    clock_rfc3339(loop_wall(t->lp), to));
	if (t->events->hole != NULL)
		t->events->hole(t->arg, t->gap_from, loop_wall(t->lp));
	t->gap_from = 0;
}

static void
begin_listening(struct tcpdump *t)
{
	enter(t, TCPDUMP_LISTENING, 0);
	t->counting = true;
	t->last_line[0] = '\0'; /* no reason for what may come */
	t->run_started = loop_now(t->lp);
	say_gap(t);
	if (t->listened)
		return;
	t->listened = true;
	t->lasting = true;
	t->events->listening(t->arg);
}

/* "tcpdump: " in front says nothing new in our log. */
static const char *
without_name(const char *text)
{
	static const char name[] = "tcpdump: ";

	return str_starts(text, name) ? text + strlen(name) : text;
}

/* What it says last is why it dies, less the statistics at its end ("7 packets
 * captured"); a line in brackets goes on with the one before. */
static void
keep_reason(struct tcpdump *t, const char *said)
{
	size_t have = said[0] == '(' ? strlen(t->last_line) : 0;

	if (said[0] == '\0' || isdigit((unsigned char)said[0]))
		return;
	if (have > 0 && have + 2 < sizeof(t->last_line))
		t->last_line[have++] = ' ';
	str_copy(t->last_line + have, sizeof(t->last_line) - have, said);
}

/* "12 packets dropped by kernel" */
static void
count_dropped(struct tcpdump *t, const char *said)
{
	char *end;
	long long n = strtoll(said, &end, 10);

	if (end != said && n >= 0 && strstr(end, " dropped by kernel") != NULL)
		tell_dropped(t, n);
}

static void
on_line(void *arg, const char *text)
{
	struct tcpdump *t = arg;
	const char *said = without_name(text);
	bool lost =
	    strstr(said, " dropped by ") != NULL && !str_starts(said, "0 ");

	log_write(loop_log(t->lp), lost ? LOGGING_WARNING : LOGGING_DEBUG,
	    t->device, "tcpdump", "%s", said);
	keep_reason(t, said);
	count_dropped(t, said);
	if (t->state == TCPDUMP_STARTING && !t->killed &&
	    str_starts(said, "listening on "))
		begin_listening(t);
}

static void
describe_end(const struct tcpdump *t, int status, struct fail *why)
{
	const char *said = t->last_line[0] ? t->last_line : "it said nothing";
	bool privilege =
	    strstr(said, "permission to perform this capture") != NULL;

	if (WIFSIGNALED(status))
		fail_set(why, FAIL_LOCAL, "tcpdump ended by signal %d: %s",
		    WTERMSIG(status), said);
	else
		fail_set(why, FAIL_LOCAL, "tcpdump ended with status %d: %s%s",
		    WEXITSTATUS(status), said,
		    privilege ? "; run the agent with CAP_NET_RAW as an "
				"ambient capability"
			      : "");
}

static void
on_exited(void *arg, int status)
{
	struct tcpdump *t = arg;
	struct fail why;

	t->child = NULL;
	tell_dropped(t, -1);
	if (t->stopping) {
		finish(t);
		return;
	}
	describe_end(t, status, &why);
	run_over(t, &why);
}

static uint32_t
word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* All that is from or to the device; and the errors by which a router says that
 * it does not let through what goes there, which have no address of its: ICMP's
 * types 3 and 11 quote a packet (RFC 792), ICMPv6's below 128 (RFC 4443). */
static void
filter_text(const struct addr *a, char to[FILTER_MAX])
{
	char text[ADDR_TEXT_MAX];

	addr_text(a, text);
	if (a->family == AF_INET)
		snprintf(to, FILTER_MAX,
		    "(host %s or ((icmp[0] = 3 or icmp[0] = 11) and "
		    "icmp[24:4] = 0x%08x))",
		    text, word(a->ip));
	else
		snprintf(to, FILTER_MAX,
		    "(host %s or (icmp6 and ip6[40] < 128 and "
		    "ip6[72:4] = 0x%08x and ip6[76:4] = 0x%08x and "
		    "ip6[80:4] = 0x%08x and ip6[84:4] = 0x%08x))",
		    text, word(a->ip), word(a->ip + 4), word(a->ip + 8),
		    word(a->ip + 12));
}

struct tcpdump *
tcpdump_start(struct loop *lp, const struct tcpdump_spec *spec,
    const struct tcpdump_events *events, void *arg)
{
	struct tcpdump *t = xcalloc(1, sizeof(*t));

	t->lp = lp;
	t->conf = spec->conf;
	t->claim = spec->claim;
	t->pieces = spec->pieces;
	t->device = xstrdup(spec->device);
	for (size_t i = 0; i < spec->n_addrs && i < RESOLVE_ADDRS_MAX; i++)
		filter_text(&spec->addrs[i], t->filters[t->n_addrs++]);
	t->events = events;
	t->arg = arg;
	t->pause_ms = PAUSE_MIN_MS;
	timer_init(&t->deadline, lp, on_deadline, t);
	t->gap_from = spec->goes_on_from;
	t->lasting = spec->goes_on_from != 0;
	if (t->lasting)
		run_again(t);
	else if (spawn(t, &t->why))
		timer_set(&t->deadline, states[t->state].budget_ms);
	else
		timer_set(&t->deadline, 0);
	return t;
}

void
tcpdump_stop(struct tcpdump *t)
{
	if (t->stopping)
		return;
	t->stopping = true;
	fail_clear(&t->why);
	switch (t->state) {
	case TCPDUMP_STARTING:
		if (t->child != NULL)
			terminate(t);
		break; /* else the set timer ends it */
	case TCPDUMP_LISTENING:
		if (t->conf->settle > 0)
			enter(t, TCPDUMP_SETTLING, t->conf->settle);
		else
			terminate(t);
		break;
	case TCPDUMP_PAUSING:
		timer_set(&t->deadline, 0);
		break;
	case TCPDUMP_SETTLING:
	case TCPDUMP_ENDING:
		break;
	}
}

void
tcpdump_kill(struct tcpdump *t)
{
	if (t == NULL)
		return;
	timer_clear(&t->deadline);
	child_kill(t->child);
	free(t->device);
	free(t);
}
