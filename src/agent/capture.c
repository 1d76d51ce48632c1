/* capture.c - see capture.h. */
#include "agent/capture.h"

#include <stdlib.h>

#include "agent/tcpdump.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define RESOLVE_MS 10000

struct capture {
	struct capture_env *env;
	char *device;
	const struct capture_events *events;
	void *arg;
	struct resolve *resolving;
	struct pieces *pieces;
	struct tcpdump *tcpdump;
	struct timer soon; /* ends one that has no tcpdump yet */
	struct fail why;
	bool stopping;
	char *cpe_name;
	int64_t began_ms; /* monotonic; 0: it never captured */
};

/* Free it; the pieces, if any are left, stay where they are. */
void
capture_kill(struct capture *c)
{
	if (c == NULL)
		return;
	timer_clear(&c->soon);
	resolve_cancel(c->resolving);
	tcpdump_kill(c->tcpdump);
	pieces_free(c->pieces);
	c->env->running--;
	free(c->cpe_name);
	free(c->device);
	free(c);
}

static void
say_kept(const struct capture *c, unsigned files)
{
	char span[CLOCK_TEXT_MAX];
	struct log *lg = loop_log(c->env->lp);
	if (c->began_ms == 0 && files == 0)
		return;
	clock_span(c->began_ms ? loop_now(c->env->lp) - c->began_ms : 0, span);
	if (c->cpe_name != NULL)
		log_write(lg, LOGGING_NOTICE, c->device, "capture",
		    "stopped after %s, %u files named after %s", span, files,
		    c->cpe_name);
	else
		log_write(lg, LOGGING_NOTICE, c->device, "capture",
		    "aborted, %u files kept as ABORTED_device_...", files);
}

/* Name the pieces, tell the owner and go. */
static void
finish(struct capture *c)
{
	struct fail why = c->why;
	struct fail naming;
	unsigned files = 0;
	fail_clear(&naming);
	if (c->pieces != NULL)
		files = pieces_keep(c->pieces, c->cpe_name, &naming);
	c->pieces = NULL;
	if (why.kind == FAIL_NONE)
		why = naming;
	say_kept(c, files);
	const struct capture_events *events = c->events;
	void *arg = c->arg;
	capture_kill(c);
	events->ended(arg, &why);
}

static void
on_soon(void *arg)
{
	finish(arg);
}

static void
on_listening(void *arg)
{
	struct capture *c = arg;
	c->began_ms = loop_now(c->env->lp);
	c->env->begun++;
	log_write(loop_log(c->env->lp), LOGGING_NOTICE, c->device, "capture",
	    "tcpdump captures on %s", c->env->conf->interface);
	c->events->began(c->arg);
}

static void
on_tcpdump_ended(void *arg, const struct fail *why)
{
	struct capture *c = arg;
	c->tcpdump = NULL;
	c->why = *why;
	finish(c);
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	static const struct tcpdump_events events = {
	    on_listening, on_tcpdump_ended};
	struct capture *c = arg;
	c->resolving = NULL;
	if (n == 0) {
		c->why = *why;
		finish(c);
		return;
	}
	c->pieces = pieces_new(
	    c->env->store, c->device, loop_wall(c->env->lp), &c->why);
	if (c->pieces == NULL) {
		finish(c);
		return;
	}
	const struct tcpdump_spec spec = {.conf = c->env->conf,
	    .store = c->env->store,
	    .pieces = c->pieces,
	    .device = c->device,
	    .addrs = addrs,
	    .n_addrs = n};
	c->tcpdump = tcpdump_start(c->env->lp, &spec, &events, c);
}

static bool
has_room(const struct capture_env *env, struct fail *why)
{
	if (env->running >= (unsigned)env->conf->max_captures) {
		fail_set(why, FAIL_LOCAL,
		    "%u captures run already, which is agent.max_captures",
		    env->running);
		return false;
	}
	long long left = store_free_bytes(env->store);
	if (left >= 0 && left < env->conf->min_free) {
		fail_set(why, FAIL_LOCAL,
		    "%lld bytes are free in %s, fewer than agent.min_free "
		    "(%lld)",
		    left, env->conf->captures, (long long)env->conf->min_free);
		return false;
	}
	return true;
}

struct capture *
capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why)
{
	if (!has_room(env, why))
		return NULL;
	struct capture *c = xcalloc(1, sizeof(*c));
	env->running++;
	c->env = env;
	c->device = xstrdup(device);
	c->events = events;
	c->arg = arg;
	timer_init(&c->soon, env->lp, on_soon, c);
	c->resolving =
	    resolve_start(env->resolver, device, RESOLVE_MS, on_resolved, c);
	return c;
}

void
capture_stop(struct capture *c, const char *cpe_name)
{
	if (c->stopping)
		return;
	c->stopping = true;
	c->cpe_name = xstrdup(cpe_name);
	if (c->tcpdump != NULL) {
		tcpdump_stop(c->tcpdump);
		return;
	}
	resolve_cancel(c->resolving);
	c->resolving = NULL;
	if (cpe_name != NULL)
		fail_set(&c->why, FAIL_LOCAL,
		    "stopped before tcpdump was started: no file");
	timer_set(&c->soon, 0);
}
