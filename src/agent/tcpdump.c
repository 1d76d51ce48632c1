/* tcpdump.c - see tcpdump.h.
 *
 * One per running capture, owned by agent/capture.  What captures is a child of
 * its own or a part of what all have, and either is a run here.
 */
#include "agent/tcpdump.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "agent/captor.h"
#include "agent/tcpdump_words.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/child.h"
#include "loop/timer.h"

#define LISTEN_MS    10000 /* tcpdump needs 10 to 24 ms for it */
#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS 60000
#define STEADY_MS    60000 /* a run this long ends the doubling */
#define HELD_MS      2000  /* the kernel hands packets on once a second */
#define TERM_MS      5000  /* from SIGTERM to SIGKILL */
#define KILL_MS      5000  /* from SIGKILL to going on without it */

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
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n_addrs;
	struct shared_capture *shared; /* NULL: it has a child of its own */
	struct shared_part *part;
	const struct tcpdump_events *events;
	void *arg;
	enum tcpdump_state state;
	struct timer deadline;
	struct child *child;
	bool killed;         /* SIGKILL was sent to this run */
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

/* Who says it, in the log. */
static const char *
who(const struct tcpdump *t)
{
	return t->shared != NULL ? "splitter" : "tcpdump";
}

static void
enter(struct tcpdump *t, enum tcpdump_state to, int64_t budget_ms)
{
	log_write(loop_log(t->lp), LOGGING_DEBUG, t->device, who(t), "%s -> %s",
	    states[t->state].name, states[to].name);
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

static void on_line(void *arg, const char *text);
static void on_exited(void *arg, int status);
static void on_part_listening(void *arg);
static void on_part_ended(
    void *arg, const struct fail *why, const struct shared_drops *drops);

static bool
start_child(struct tcpdump *t, const char *path, struct fail *why)
{
	static const struct child_events child_events = {on_line, on_exited};
	struct tcpdump_words words;

	tcpdump_words_make(&words, t->conf, path, t->addrs, t->n_addrs);
	t->last_line[0] = '\0';
	t->child =
	    child_start(t->lp, words.argv, captor_env, &child_events, t, why);
	return t->child != NULL;
}

static bool
start_part(struct tcpdump *t, const char *path, struct fail *why)
{
	static const struct shared_events part_events = {
	    on_part_listening, on_part_ended};

	t->part = shared_part_start(
	    t->shared, path, t->addrs, t->n_addrs, &part_events, t, why);
	return t->part != NULL;
}

static bool
start_run(struct tcpdump *t, struct fail *why)
{
	char *path = pieces_next_path(t->pieces);
	bool good = t->shared != NULL ? start_part(t, path, why)
				      : start_child(t, path, why);

	t->killed = false;
	free(path);
	return good;
}

static bool
is_running(const struct tcpdump *t)
{
	return t->child != NULL || t->part != NULL;
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

	if (room_claim_ring(t->claim, &why) && start_run(t, &why)) {
		enter(t, TCPDUMP_STARTING, LISTEN_MS);
		return;
	}
	log_repeated(loop_log(t->lp), &t->died, t->device, who(t),
	    "cannot start it again: %s", why.text);
	pause_run(t);
}

static void
terminate(struct tcpdump *t)
{
	if (t->part != NULL)
		shared_part_end(t->part);
	else
		child_signal(t->child, SIGTERM);
	enter(t, TCPDUMP_ENDING, states[TCPDUMP_ENDING].budget_ms);
}

static void
tell_dropped(struct tcpdump *t, int64_t packets, int64_t news)
{
	if (t->counting && t->events->dropped != NULL)
		t->events->dropped(t->arg, packets, news);
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
	log_repeated(loop_log(t->lp), &t->died, t->device, who(t),
	    "%s; started again in %d s", why->text, t->pause_ms / 1000);
	pause_run(t);
}

static void
forget_run(struct tcpdump *t)
{
	shared_part_drop(t->part);
	t->part = NULL;
	child_kill(t->child);
	t->child = NULL;
}

/* SIGKILL waits, too, while the kernel is busy for the process. */
static void
kill_run(struct tcpdump *t)
{
	struct fail why;

	if (!t->killed) {
		t->killed = true;
		if (t->part != NULL)
			shared_part_break(t->part);
		else
			child_signal(t->child, SIGKILL);
		timer_set(&t->deadline, KILL_MS);
		return;
	}
	forget_run(t);
	tell_dropped(t, -1, 0);
	fail_set(&why, FAIL_LOCAL,
	    "%s was killed and does not end: look for a disk or network "
	    "mount that hangs",
	    who(t));
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
		if (!is_running(t)) { /* could not even be started */
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
			    who(t), "does not end when told: killed");
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
	log_write(loop_log(t->lp), LOGGING_WARNING, t->device, who(t),
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
		tell_dropped(t, n, n);
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
on_exited(void *arg, int status)
{
	struct tcpdump *t = arg;
	struct fail why;

	t->child = NULL;
	tell_dropped(t, -1, 0);
	if (t->stopping) {
		finish(t);
		return;
	}
	captor_describe_end("tcpdump", status, t->last_line, &why);
	run_over(t, &why);
}

static void
on_part_listening(void *arg)
{
	struct tcpdump *t = arg;

	if (t->state == TCPDUMP_STARTING && !t->killed)
		begin_listening(t);
}

static void
on_part_ended(
    void *arg, const struct fail *why, const struct shared_drops *drops)
{
	struct tcpdump *t = arg;

	t->part = NULL;
	tell_dropped(t, drops->all, drops->news);
	if (t->stopping)
		finish(t);
	else
		run_over(t, why);
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
	t->shared = spec->shared;
	for (size_t i = 0; i < spec->n_addrs && i < RESOLVE_ADDRS_MAX; i++)
		t->addrs[t->n_addrs++] = spec->addrs[i];
	t->events = events;
	t->arg = arg;
	t->pause_ms = PAUSE_MIN_MS;
	timer_init(&t->deadline, lp, on_deadline, t);
	t->gap_from = spec->goes_on_from;
	t->lasting = spec->goes_on_from != 0;
	if (t->lasting)
		run_again(t);
	else if (start_run(t, &t->why))
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
		if (is_running(t))
			terminate(t);
		break; /* else the set timer ends it */
	case TCPDUMP_LISTENING:
		if (t->part == NULL && t->conf->settle > 0)
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
	forget_run(t);
	free(t->device);
	free(t);
}
