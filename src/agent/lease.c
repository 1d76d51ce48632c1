/* lease.c - see lease.h.
 *
 * Sessions give the orders and renew it; agent/capture does the work.
 */
#include "agent/lease.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"

/* Of a device's log lines, those of agent/session among them. */
#define SUBSYSTEM "session"
/* A campaign that asks once may wait as long as this. */
#define SILENT_MS (30 * INT64_C(86400000))

static const char *const phase_names[] = {
    [LEASE_NONE] = "none",
    [LEASE_STARTING] = "starting",
    [LEASE_RUNNING] = "running",
    [LEASE_STOPPING] = "stopping",
    [LEASE_ABORTING] = "aborting",
    [LEASE_PARKING] = "parking",
};

struct lease {
	struct capture_env *env;
	char *device;
	const struct lease_events *events;
	void *arg;
	enum lease_phase phase;
	bool told; /* the owner, by us or by the last agent */
	struct capture *capture;
	char folder[CAPTURE_NAME_MAX]; /* of its pieces; "": none yet */
	char file[CAPTURE_NAME_MAX];   /* of its STOP */
	char ended_why[ENDED_WHY_MAX]; /* without a STOP; "": it did not */
	int64_t renewed_at;            /* monotonic ms */
	bool modern;                   /* else its campaign may be of 1.0 */
	struct timer limit;            /* `max_capture` after renewed_at */
};

static void
lease_goto(struct lease *l, enum lease_phase to)
{
	log_about(loop_log(l->env->lp), LOGGING_DEBUG, l->device, SUBSYSTEM,
	    &(struct log_facts){.device = l->device, .state = phase_names[to]},
	    "capture %s -> %s", phase_names[l->phase], phase_names[to]);
	l->phase = to;
}

static void
on_began(void *arg)
{
	struct lease *l = arg;
	struct capture_state now;
	bool awaited = !l->told;

	capture_describe(l->capture, &now);
	str_copy(l->folder, sizeof(l->folder), now.folder);
	if (l->phase != LEASE_STARTING)
		return; /* an order to end has overtaken it */
	lease_goto(l, LEASE_RUNNING);
	l->told = true;
	l->events->began(l->arg, awaited);
}

static void
on_ended(void *arg, const struct fail *why, const struct info_pieces *pieces)
{
	struct lease *l = arg;

	l->capture = NULL;
	l->events->ended(l->arg, why, pieces);
	lease_kill(l);
}

/* It ends, or has ended, by itself; the first reason counts. */
static void
note_end(struct lease *l, int64_t wall_ms, const char *how, const char *why)
{
	struct strbuf all = STRBUF_INIT;
	char at[CLOCK_TEXT_MAX];

	if (l->ended_why[0] != '\0')
		return;
	strbuf_addf(&all, "the capture ended at %s %s%s",
	    clock_rfc3339(wall_ms, at), how, why);
	str_copy(l->ended_why, sizeof(l->ended_why), all.s);
	strbuf_free(&all);
}

static void
on_ceased(void *arg, int64_t since)
{
	note_end(arg, since, "as tcpdump did, which did not capture again", "");
}

static void
on_expelled(void *arg, const struct fail *why)
{
	struct lease *l = arg;

	if (!lease_goes_on(l))
		return;
	log_about(loop_log(l->env->lp), LOGGING_ERROR, l->device, SUBSYSTEM,
	    &(struct log_facts){
		.device = l->device, .error = fail_kind_name(why->kind)},
	    "the capture is ended and kept as aborted: %s", why->text);
	note_end(l, loop_wall(l->env->lp), "for want of room: ", why->text);
	lease_abort(l);
}

static const struct capture_events capture_events = {
    on_began, on_expelled, on_ceased, on_ended};

/* How long from its last request. */
static void
set_limit(struct lease *l, int64_t ms)
{
	int64_t left = l->renewed_at + ms - loop_now(l->env->lp);

	timer_set(&l->limit, left > 0 ? left : 0);
}

static void
on_limit(void *arg)
{
	struct lease *l = arg;
	const int64_t most = l->env->conf->max_capture;
	int64_t silent = loop_now(l->env->lp) - l->renewed_at;
	bool wait = !l->modern && silent < SILENT_MS;
	char span[CLOCK_TEXT_MAX];

	if (!lease_goes_on(l))
		return;
	log_write(loop_log(l->env->lp), LOGGING_WARNING, l->device, SUBSYSTEM,
	    "the campaign has asked for nothing in %s (agent.max_capture): %s",
	    clock_span(silent > most ? silent : most, span),
	    wait ? "it may be of version 1.0, which asks once, so the capture "
		   "goes on until another one needs its place"
		 : "the capture is ended and kept as aborted");
	if (!wait) {
		note_end(l, loop_wall(l->env->lp),
		    "as its campaign asked for nothing in agent.max_capture",
		    "");
		lease_abort(l);
		return;
	}
	capture_silent(l->capture, l->renewed_at);
	set_limit(l, SILENT_MS);
}

/* --- the beginning --- */

static struct lease *
lease_new(struct capture_env *env, const char *device,
    const struct lease_events *events, void *arg)
{
	struct lease *l = xcalloc(1, sizeof(*l));

	l->env = env;
	l->device = xstrdup(device);
	l->events = events;
	l->arg = arg;
	timer_init(&l->limit, env->lp, on_limit, l);
	return l;
}

/* It lives from the time that the owner last asked for it. */
static struct lease *
lease_granted(struct lease *l, int64_t renewed_at)
{
	if (l->capture == NULL) {
		lease_kill(l);
		return NULL;
	}
	lease_goto(l, LEASE_STARTING);
	l->renewed_at = renewed_at;
	set_limit(l, l->env->conf->max_capture);
	return l;
}

struct lease *
lease_start(struct capture_env *env, const char *device,
    const struct addr *owner, const struct lease_events *events, void *arg,
    struct fail *why)
{
	char host[ADDR_TEXT_MAX];
	struct lease *l = lease_new(env, device, events, arg);

	l->capture = capture_start(env, device, &capture_events, l, why);
	if (l->capture != NULL)
		capture_own(l->capture, addr_text(owner, host));
	return lease_granted(l, loop_now(env->lp));
}

struct lease *
lease_resume(struct capture_env *env, const char *device,
    const struct lease_state *was, const struct lease_events *events, void *arg,
    struct fail *why)
{
	struct lease *l = lease_new(env, device, events, arg);

	l->capture =
	    capture_resume(env, device, &was->capture, &capture_events, l, why);
	if (l->capture == NULL)
		log_write(loop_log(env->lp),
		    why->kind == FAIL_FINAL ? LOGGING_NOTICE : LOGGING_WARNING,
		    device, SUBSYSTEM,
		    "its capture does not go on: %s; a STOP names what was "
		    "kept of it",
		    why->text);
	l->told = true;
	l->modern = was->modern;
	str_copy(l->folder, sizeof(l->folder), was->capture.folder);
	return lease_granted(l, was->renewed_at);
}

/* --- its life --- */

void
lease_renew(struct lease *l)
{
	l->renewed_at = loop_now(l->env->lp);
	set_limit(l, l->env->conf->max_capture);
	if (l->capture != NULL)
		capture_silent(l->capture, 0);
}

void
lease_modern(struct lease *l)
{
	l->modern = true;
}

void
lease_await(struct lease *l)
{
	lease_modern(l);
	if (l->phase == LEASE_STARTING)
		l->told = false;
}

void
lease_verify_began(struct lease *l)
{
	if (lease_phase(l) == LEASE_RUNNING)
		capture_verify_began(l->capture);
}

void
lease_verify_ended(struct lease *l, const struct verify_result *r)
{
	if (lease_phase(l) == LEASE_RUNNING)
		capture_verify_ended(l->capture, r);
}

void
lease_own(struct lease *l, const struct addr *owner)
{
	char host[ADDR_TEXT_MAX];

	if (l != NULL && l->capture != NULL)
		capture_own(l->capture, addr_text(owner, host));
}

/* --- its end --- */

void
lease_stop(struct lease *l, const char *cpe_name)
{
	if (!lease_goes_on(l) && l->phase != LEASE_ABORTING)
		return;
	lease_goto(l, LEASE_STOPPING);
	str_copy(l->file, sizeof(l->file), cpe_name);
	capture_stop(l->capture, cpe_name);
}

void
lease_abort(struct lease *l)
{
	if (!lease_goes_on(l))
		return;
	lease_goto(l, LEASE_ABORTING);
	capture_stop(l->capture, NULL);
}

void
lease_park(struct lease *l)
{
	if (!lease_goes_on(l))
		return;
	lease_goto(l, LEASE_PARKING);
	capture_park(l->capture);
}

void
lease_kill(struct lease *l)
{
	if (l == NULL)
		return;
	timer_clear(&l->limit);
	capture_kill(l->capture);
	free(l->device);
	free(l);
}

void
lease_name_ended(struct capture_env *env, const char *device,
    const char *folder, const char *cpe_name, struct info_pieces *pieces,
    struct fail *why)
{
	unsigned files =
	    store_name_aborted(env->store, folder, cpe_name, pieces, why);

	log_write(loop_log(env->lp), LOGGING_NOTICE, device, SUBSYSTEM,
	    "the capture ended before its STOP; %u file%s named after %s",
	    files, files == 1 ? "" : "s", cpe_name);
}

/* --- what it tells --- */

enum lease_phase
lease_phase(const struct lease *l)
{
	return l != NULL ? l->phase : LEASE_NONE;
}

bool
lease_goes_on(const struct lease *l)
{
	enum lease_phase now = lease_phase(l);

	return now == LEASE_STARTING || now == LEASE_RUNNING;
}

bool
lease_in_hand(const struct lease *l)
{
	return lease_goes_on(l) && l->told;
}

const char *
lease_file(const struct lease *l)
{
	return l != NULL ? l->file : "";
}

const char *
lease_folder(const struct lease *l)
{
	return l != NULL ? l->folder : "";
}

const char *
lease_ended_why(const struct lease *l)
{
	return l != NULL ? l->ended_why : "";
}

void
lease_keep(const struct lease *l, struct lease_state *to)
{
	*to = (struct lease_state){
	    .renewed_at = l->renewed_at, .modern = l->modern};
	if (l->phase != LEASE_ABORTING)
		capture_describe(l->capture, &to->capture);
}
