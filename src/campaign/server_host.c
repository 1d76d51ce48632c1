/* server_host.c - one OVOC server, and the events whose files it has.
 *
 * One timer drives it: at each step it does the next thing that is to be done,
 * and whatever ends (a name, a login, a file, a pause) comes back to it.
 */
#include "campaign/server_host.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "campaign/server_fetch.h"
#include "device/retry.h"

/* So long the devices' own files go before each of the server's, and so often
 * it is looked whether they still do. */
#define YIELD_MS      60000
#define YIELD_LOOK_MS 250
/* A session that has nothing to do stays so long: when many devices are lost at
 * once, their events end within seconds of one another. */
#define LINGER_MS      30000
#define LINGER_LOOK_MS 1000 /* does another server wait for the place? */

struct job {
	struct past_event *event;
	STAILQ_ENTRY(job) next;
};

struct server_host {
	const struct server_host_env *env;
	const struct agent_entry *agent;
	STAILQ_HEAD(, job) jobs; /* the first is under way once `fetch` is */
	struct server_fetch *fetch;
	struct timer step;
	struct timer linger;
	struct ticket ticket;
	struct resolve *resolving;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n_addrs, tried;
	struct sftp *session; /* NULL: there is none */
	int64_t yields_since; /* monotonic ms, 0: it does not */
	int64_t rests_since;  /* the session has nothing to do */
	struct retry retry;
	int tries;             /* for the event under way */
	struct fail refused;   /* for good; FAIL_NONE: it is not */
	struct fail last_told; /* trouble in the log */
};

static void
go_on(struct server_host *h, int64_t ms)
{
	timer_set(&h->step, ms);
}

static void
say(struct server_host *h, enum log_level level, const struct fail *why)
{
	log_about(loop_log(h->env->tools->lp), level, h->agent->address,
	    "server",
	    &(struct log_facts){
		.agent = h->agent->address, .error = fail_kind_name(why->kind)},
	    "%s", why->text);
}

/* --- events --- */

static void
end_session(struct server_host *h)
{
	timer_clear(&h->linger);
	sftp_cancel(h->session);
	h->session = NULL;
	gate_leave(&h->ticket);
}

static void
take_off(struct server_host *h)
{
	struct job *j = STAILQ_FIRST(&h->jobs);
	struct past_event *event = j->event;

	STAILQ_REMOVE_HEAD(&h->jobs, next);
	free(j);
	server_fetch_free(h->fetch);
	h->fetch = NULL;
	h->tries = 0;
	retry_next_step(&h->retry);
	h->env->done(h->env->arg, event);
}

/* The first event is done: with all its files, or `why` not. */
static void
end_event(struct server_host *h, const struct fail *why)
{
	if (why->kind != FAIL_NONE && h->fetch == NULL)
		server_fetch_skip(
		    h->env->tools, STAILQ_FIRST(&h->jobs)->event, why->text);
	else
		server_fetch_end(h->fetch, why, h->tries);
	take_off(h);
}

/* What waits for this server waits no longer. */
static void
end_all(struct server_host *h, const struct fail *why)
{
	end_session(h);
	while (!STAILQ_EMPTY(&h->jobs))
		end_event(h, why);
}

/* --- trouble --- */

static void
tell(struct server_host *h, const struct fail *why)
{
	bool again = h->last_told.kind == why->kind;

	h->last_told = *why;
	say(h, again ? LOGGING_DEBUG : LOGGING_WARNING, why);
}

/* It is the server, not the event, that nothing comes of. */
static void
give_up_server(struct server_host *h, const struct fail *why)
{
	if (why->kind != FAIL_UNREACHABLE && why->kind != FAIL_LOCAL) {
		fail_set(&h->refused, why->kind,
		    "not asked again in this run: %s", why->text);
		say(h, LOGGING_ERROR, &h->refused);
	}
	end_all(h, why);
}

static void
failed(struct server_host *h, const struct fail *why, bool logged_in)
{
	const struct tools *t = h->env->tools;
	int64_t pause;

	h->tries++;
	if (logged_in)
		h->retry.unreachable_since = 0;
	tell(h, why);
	pause = retry_after(&h->retry, why, t->conf, loop_now(t->lp));
	if (pause == RETRY_NEVER && !logged_in) {
		give_up_server(h, why);
	} else if (pause == RETRY_NEVER) {
		end_event(h, why);
		go_on(h, 0);
	} else {
		go_on(h, pause);
	}
}

/* --- a session --- */

static void
on_session(void *arg, bool logged_in, const struct fail *why)
{
	struct server_host *h = arg;

	if (why->kind == FAIL_NONE) {
		h->retry.unreachable_since = 0;
		h->last_told.kind = FAIL_NONE;
		go_on(h, 0);
		return;
	}
	end_session(h);
	h->tried++;
	failed(h, why, logged_in);
}

static void
on_place(void *arg)
{
	static const struct sftp_events events = {.done = on_session};
	struct server_host *h = arg;
	const struct agent_sftp *s = &h->agent->sftp;
	const struct tools *t = h->env->tools;
	struct sftp_spec spec = {
	    .addr = h->addrs[h->tried % h->n_addrs],
	    .port = (uint16_t)s->port,
	    .host = h->agent->address,
	    .username = s->username,
	    .password = s->password,
	    .private_key = s->private_key,
	    .hosts = t->hosts,
	    .host_keys = (const char *const *)s->host_keys,
	    .n_host_keys = s->n_host_keys,
	    .keep = true,
	    .narrow =
		t->conf->ssh.narrow || server_fetch_wants_narrow(h->fetch),
	    .connect_ms = (int)t->conf->timeouts.connect,
	    .stall_ms = (int)t->conf->timeouts.sftp_stall,
	};

	h->session = sftp_start(t->lp, &spec, &events, h);
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct server_host *h = arg;

	h->resolving = NULL;
	h->n_addrs = n;
	for (size_t i = 0; i < n; i++)
		h->addrs[i] = addrs[i];
	if (n > 0)
		go_on(h, 0);
	else
		failed(h, why, false);
}

static void
begin_session(struct server_host *h)
{
	const struct tools *t = h->env->tools;

	if (h->n_addrs == 0)
		h->resolving = resolve_start(t->resolver, h->agent->address,
		    (int)t->conf->timeouts.rest, on_resolved, h);
	else
		gate_enter(h->env->gate, &h->ticket, true, on_place, h);
}

/* --- step by step --- */

static void
on_file(void *arg, const struct fail *why)
{
	struct server_host *h = arg;

	if (why->kind == FAIL_NONE) {
		retry_next_step(&h->retry);
		go_on(h, 0);
		return;
	}
	failed(h, why, true);
}

/* A server is not to be in the way of what the night is for. */
static bool
devices_go_first(struct server_host *h)
{
	const struct tools *t = h->env->tools;
	int64_t now = loop_now(t->lp);

	if (gate_is_idle(t->sftp_gate))
		return false;
	if (h->yields_since == 0)
		h->yields_since = now;
	return now - h->yields_since < YIELD_MS;
}

static void
fetch_next(struct server_host *h)
{
	if (devices_go_first(h)) {
		go_on(h, YIELD_LOOK_MS);
		return;
	}
	h->yields_since = 0;
	if (h->session == NULL) {
		begin_session(h);
	} else if (!server_fetch_next(h->fetch, h->session, on_file, h)) {
		end_session(h);
		go_on(h, 0);
	}
}

/* Nothing is left; others wait for the place, or an event may come soon. */
static void
on_linger(void *arg)
{
	struct server_host *h = arg;

	if (gate_is_full(h->env->gate) ||
	    loop_now(h->env->tools->lp) - h->rests_since >= LINGER_MS)
		end_session(h);
	else
		timer_set(&h->linger, LINGER_LOOK_MS);
}

static void
rest(struct server_host *h)
{
	h->rests_since = loop_now(h->env->tools->lp);
	if (h->session != NULL)
		on_linger(h);
}

static void
on_step(void *arg)
{
	static const struct fail none = {.kind = FAIL_NONE};
	struct server_host *h = arg;
	struct server_clock clock;

	if (STAILQ_EMPTY(&h->jobs)) {
		rest(h);
		return;
	}
	timer_clear(&h->linger);
	if (h->refused.kind != FAIL_NONE) {
		end_all(h, &h->refused);
		return;
	}
	if (h->fetch == NULL) {
		clock = h->env->clock(h->env->clock_arg, h->agent);
		h->fetch = server_fetch_new(
		    h->env->tools, STAILQ_FIRST(&h->jobs)->event, &clock);
	}
	if (server_fetch_has_more(h->fetch)) {
		fetch_next(h);
		return;
	}
	end_event(h, &none);
	if (gate_is_full(h->env->gate))
		end_session(h);
	go_on(h, 0);
}

/* --- public --- */

struct server_host *
server_host_new(
    const struct server_host_env *env, const struct agent_entry *agent)
{
	struct server_host *h = xcalloc(1, sizeof(*h));
	struct loop *lp = env->tools->lp;

	h->env = env;
	h->agent = agent;
	STAILQ_INIT(&h->jobs);
	timer_init(&h->step, lp, on_step, h);
	timer_init(&h->linger, lp, on_linger, h);
	return h;
}

static void
stop(struct server_host *h)
{
	timer_clear(&h->step);
	resolve_cancel(h->resolving);
	h->resolving = NULL;
	end_session(h);
}

void
server_host_free(struct server_host *h)
{
	struct job *j;

	if (h == NULL)
		return;
	stop(h);
	server_fetch_free(h->fetch);
	while ((j = STAILQ_FIRST(&h->jobs)) != NULL) {
		STAILQ_REMOVE_HEAD(&h->jobs, next);
		free(j);
	}
	free(h);
}

const struct agent_entry *
server_host_agent(const struct server_host *h)
{
	return h->agent;
}

void
server_host_add(struct server_host *h, struct past_event *event)
{
	bool idle = STAILQ_EMPTY(&h->jobs);
	struct job *j = xcalloc(1, sizeof(*j));

	j->event = event;
	STAILQ_INSERT_TAIL(&h->jobs, j, next);
	if (idle)
		go_on(h, 0);
}

void
server_host_abandon(struct server_host *h, const char *why)
{
	struct fail over;

	fail_set(&over, FAIL_FINAL, "%s", why);
	stop(h);
	end_all(h, &over);
}
