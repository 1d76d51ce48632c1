/* ovoc.c - see ovoc.h.
 *
 * A queue of calls and a few lanes, each one rest_peer with its connection.
 * Lanes exist once the server's address is known.  Used by agent/rule.
 */
#include "agent/ovoc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "loop/timer.h"

#define LANES         4 /* requests at a time: OVOC serves people, too */
#define CONNECT_MS    5000
#define TOTAL_MS      15000
#define RESOLVE_MS    5000
#define AUTH_PAUSE_MS 60000

struct ovoc_call {
	TAILQ_ENTRY(ovoc_call) link;
	struct ovoc *ovoc;
	struct lane *lane; /* NULL: it waits in the queue */
	const char *method;
	char *path;
	char *json;
	rest_done *done;
	void *arg;
};
TAILQ_HEAD(call_queue, ovoc_call);

struct lane {
	struct ovoc *ovoc;
	struct rest_peer *peer;
	struct ovoc_call *call; /* NULL: idle */
};

struct ovoc {
	struct loop *lp;
	struct resolver *resolver;
	const struct ovoc_section *conf;
	struct rest *rest;
	struct lane lanes[LANES];
	bool reachable; /* the lanes have an address */
	struct resolve *resolving;
	struct fail trouble; /* answer what waits with this, if set */
	struct call_queue waiting;
	struct timer admit; /* set: the queue is to be looked at */
	int64_t refused_at; /* monotonic ms of the last 401; 0: none */
};

static void
call_free(struct ovoc_call *c)
{
	free(c->path);
	free(c->json);
	free(c);
}

/* Tell the caller that its request never left. */
static void
call_fail(struct ovoc_call *c, const struct fail *why)
{
	struct rest_answer a = {.status = 0, .body = "", .fail = *why};

	TAILQ_REMOVE(&c->ovoc->waiting, c, link);
	rest_done *done = c->done;
	void *arg = c->arg;
	call_free(c);
	done(arg, &a);
}

static void
drop_lanes(struct ovoc *o)
{
	for (size_t i = 0; i < LANES; i++) {
		if (o->lanes[i].call != NULL)
			return; /* others still use the address */
	}
	for (size_t i = 0; i < LANES; i++) {
		rest_peer_free(o->lanes[i].peer);
		o->lanes[i].peer = NULL;
	}
	o->reachable = false;
}

static void
on_answer(void *arg, const struct rest_answer *a)
{
	struct lane *l = arg;
	struct ovoc *o = l->ovoc;
	struct ovoc_call *c = l->call;

	l->call = NULL;
	if (a->status == 401)
		o->refused_at = loop_now(o->lp);
	rest_done *done = c->done;
	void *done_arg = c->arg;
	bool unreachable = a->fail.kind == FAIL_UNREACHABLE;
	call_free(c);
	timer_set(&o->admit, 0);
	done(done_arg, a);
	if (unreachable)
		o->reachable = false; /* look its name up again */
}

static void
lane_send(struct lane *l, struct ovoc_call *c)
{
	const struct rest_request q = {.method = c->method,
	    .path = c->path,
	    .json = c->json,
	    .connect_ms = CONNECT_MS,
	    .total_ms = TOTAL_MS};

	TAILQ_REMOVE(&l->ovoc->waiting, c, link);
	c->lane = l;
	l->call = c;
	rest_send(l->peer, &q, on_answer, l);
}

static void
make_lanes(struct ovoc *o, const struct addr *at)
{
	const struct rest_peer_spec spec = {.host = o->conf->host,
	    .addr = *at,
	    .port = (uint16_t)o->conf->port,
	    .username = o->conf->username,
	    .password = o->conf->password,
	    .insecure = o->conf->insecure,
	    .ca_file = o->conf->ca_file};

	for (size_t i = 0; i < LANES; i++)
		o->lanes[i].peer = rest_peer_new(o->rest, &spec);
	o->reachable = true;
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct ovoc *o = arg;

	o->resolving = NULL;
	if (n > 0)
		make_lanes(o, &addrs[0]);
	else
		o->trouble = *why;
	timer_set(&o->admit, 0);
}

static void
fail_waiting(struct ovoc *o, const struct fail *why)
{
	/* Only those that wait now: `done` may ask again. */
	struct ovoc_call *last = TAILQ_LAST(&o->waiting, call_queue);

	while (last != NULL) {
		struct ovoc_call *c = TAILQ_FIRST(&o->waiting);
		bool end = c == last;
		call_fail(c, why);
		if (end)
			return;
	}
}

static bool
auth_pause(const struct ovoc *o)
{
	return o->refused_at != 0 &&
	       loop_now(o->lp) - o->refused_at < AUTH_PAUSE_MS;
}

static void
on_admit(void *arg)
{
	struct ovoc *o = arg;
	struct fail why;

	if (TAILQ_EMPTY(&o->waiting) || o->resolving != NULL)
		return;
	if (auth_pause(o)) {
		fail_set(&why, FAIL_AUTH,
		    "OVOC refused user \"%s\" (HTTP 401); not tried again "
		    "for a minute",
		    o->conf->username);
		fail_waiting(o, &why);
		return;
	}
	if (o->trouble.kind != FAIL_NONE) {
		why = o->trouble;
		fail_clear(&o->trouble);
		fail_waiting(o, &why);
		return;
	}
	if (!o->reachable)
		drop_lanes(o);
	if (o->lanes[0].peer == NULL) {
		o->resolving = resolve_start(
		    o->resolver, o->conf->host, RESOLVE_MS, on_resolved, o);
		return;
	}
	for (size_t i = 0; i < LANES && !TAILQ_EMPTY(&o->waiting); i++) {
		if (o->lanes[i].call == NULL)
			lane_send(&o->lanes[i], TAILQ_FIRST(&o->waiting));
	}
}

struct ovoc *
ovoc_new(
    struct loop *lp, struct resolver *resolver, const struct ovoc_section *conf)
{
	struct ovoc *o = xcalloc(1, sizeof(*o));

	o->lp = lp;
	o->resolver = resolver;
	o->conf = conf;
	o->rest = rest_new(lp, LANES);
	for (size_t i = 0; i < LANES; i++)
		o->lanes[i].ovoc = o;
	TAILQ_INIT(&o->waiting);
	timer_init(&o->admit, lp, on_admit, o);
	return o;
}

struct ovoc_call *
ovoc_ask(struct ovoc *o, const char *method, char *path, char *json,
    rest_done *done, void *arg)
{
	struct ovoc_call *c = xcalloc(1, sizeof(*c));

	c->ovoc = o;
	c->method = method;
	c->path = path;
	c->json = json;
	c->done = done;
	c->arg = arg;
	TAILQ_INSERT_TAIL(&o->waiting, c, link);
	timer_set(&o->admit, 0);
	return c;
}

void
ovoc_cancel(struct ovoc_call *c)
{
	if (c == NULL)
		return;
	struct ovoc *o = c->ovoc;
	if (c->lane != NULL) {
		rest_cancel(c->lane->peer);
		c->lane->call = NULL;
		timer_set(&o->admit, 0);
	} else {
		TAILQ_REMOVE(&o->waiting, c, link);
	}
	call_free(c);
}

void
ovoc_free(struct ovoc *o)
{
	if (o == NULL)
		return;
	timer_clear(&o->admit);
	resolve_cancel(o->resolving);
	for (size_t i = 0; i < LANES; i++) {
		rest_peer_free(o->lanes[i].peer);
		if (o->lanes[i].call != NULL)
			call_free(o->lanes[i].call);
	}
	struct ovoc_call *c;
	while ((c = TAILQ_FIRST(&o->waiting)) != NULL) {
		TAILQ_REMOVE(&o->waiting, c, link);
		call_free(c);
	}
	rest_free(o->rest);
	free(o);
}
