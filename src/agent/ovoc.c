/* ovoc.c - see ovoc.h.
 *
 * A gate before a few lanes, each one rest_peer with its connection.  A lane
 * has one once the server's address is known.  Used by agent/rule.
 */
#include "agent/ovoc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/gate.h"
#include "loop/timer.h"
#include "wire/peer_words.h"

#define LANES        4 /* requests at a time: OVOC serves people, too */
#define CONNECT_MS   5000
#define TOTAL_MS     15000
#define RESOLVE_MS   5000
#define PAUSE_MIN_MS 60000
#define PAUSE_MAX_MS 1800000

struct ovoc_call {
	LIST_ENTRY(ovoc_call) link;
	struct ovoc *ovoc;
	struct ticket ticket; /* a place is a lane */
	uint64_t number;      /* in the order that they were asked */
	struct lane *lane;    /* NULL: it waits in line */
	bool hopeless;        /* its server's name was not to be resolved */
	const char *method;
	char *path;
	char *json;
	rest_done *done;
	void *arg;
};

struct lane {
	struct ovoc *ovoc;
	struct rest_peer *peer; /* NULL: no address is known */
	struct ovoc_call *call; /* NULL: idle */
	bool sent;
};

struct ovoc {
	struct loop *lp;
	struct resolver *resolver;
	const struct ovoc_section *conf;
	struct rest *rest;
	struct lane lanes[LANES];
	struct gate *gate; /* as many places as lanes */
	LIST_HEAD(, ovoc_call) calls;
	unsigned waiting; /* as many */
	uint64_t asked;   /* ever */
	bool reachable;   /* the lanes have an address that is any good */
	struct resolve *resolving;
	struct fail trouble; /* of those that are hopeless */
	/* The login: */
	bool proven;             /* it was taken, and not refused since */
	struct ovoc_call *trial; /* what finds that out; NULL: none */
	int refused;             /* by this HTTP status, ... */
	int64_t refused_at;      /* ... in monotonic ms */
	int64_t pause_ms;        /* ... for so long; 0: it was not */
	struct timer kick;       /* who waited for the trial goes on */
	struct ovoc_health seen; /* when it answered, and when not */
};

static void
call_free(struct ovoc_call *c)
{
	if (c->lane != NULL)
		c->lane->call = NULL;
	if (c->ovoc->trial == c) {
		c->ovoc->trial = NULL;
		timer_set(&c->ovoc->kick, 0);
	}
	gate_leave(&c->ticket);
	LIST_REMOVE(c, link);
	c->ovoc->waiting--;
	free(c->path);
	free(c->json);
	free(c);
}

static void
call_end(struct ovoc_call *c, const struct rest_answer *a)
{
	rest_done *done = c->done;
	void *arg = c->arg;

	call_free(c);
	done(arg, a);
}

/* Tell the caller that its request never left. */
static void
call_fail(struct ovoc_call *c, const struct fail *why)
{
	struct rest_answer a = {.status = 0, .body = "", .fail = *why};

	call_end(c, &a);
}

static bool
auth_pause(const struct ovoc *o)
{
	return o->pause_ms != 0 &&
	       loop_now(o->lp) - o->refused_at < o->pause_ms;
}

/* A server in trouble has not judged it. */
static void
judge_login(struct ovoc *o, int status)
{
	if (status == 0 || status >= 500)
		return;
	o->proven = status != 401 && status != 403;
	if (o->proven) {
		o->pause_ms = 0;
		return;
	}
	o->refused = status;
	/* Those that were sent together are refused together. */
	if (auth_pause(o))
		return;
	o->pause_ms = o->pause_ms == 0 ? PAUSE_MIN_MS : o->pause_ms * 2;
	if (o->pause_ms > PAUSE_MAX_MS)
		o->pause_ms = PAUSE_MAX_MS;
	o->refused_at = loop_now(o->lp);
}

static void
note_failure(struct ovoc *o, const struct fail *why)
{
	o->seen.failed = loop_wall(o->lp);
	o->seen.reachable = false;
	str_copy(o->seen.trouble, sizeof(o->seen.trouble), why->text);
}

static void
note_answer(struct ovoc *o, const struct rest_answer *a)
{
	if (a->status == 0) {
		note_failure(o, &a->fail);
		return;
	}
	o->seen.answered = loop_wall(o->lp);
	o->seen.reachable = true;
	o->seen.trouble[0] = '\0';
}

static void
on_answer(void *arg, const struct rest_answer *a)
{
	struct lane *l = arg;
	struct ovoc *o = l->ovoc;

	judge_login(o, a->status);
	note_answer(o, a);
	if (a->fail.kind == FAIL_UNREACHABLE)
		o->reachable = false; /* look its name up again */
	call_end(l->call, a);
}

static void
lane_send(struct lane *l)
{
	const struct rest_request q = {.method = l->call->method,
	    .path = l->call->path,
	    .json = l->call->json,
	    .connect_ms = CONNECT_MS,
	    .total_ms = TOTAL_MS};

	l->sent = true;
	rest_send(l->peer, &q, on_answer, l);
}

/* One at a time until the login is proven. */
static void
lane_try(struct lane *l)
{
	struct ovoc *o = l->ovoc;

	if (!o->proven && o->trial != NULL)
		return;
	if (!o->proven)
		o->trial = l->call;
	lane_send(l);
}

static void on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why);

/* It has its lane: send it, once there is an address. */
static void
call_go_on(struct ovoc_call *c)
{
	struct ovoc *o = c->ovoc;
	char span[CLOCK_TEXT_MAX];
	struct fail why;

	if (auth_pause(o)) {
		fail_set(&why, FAIL_AUTH,
		    "OVOC refused user \"%s\" (HTTP %d); not tried again "
		    "for %s",
		    o->conf->username, o->refused,
		    clock_span(o->pause_ms, span));
		call_fail(c, &why);
	} else if (c->hopeless) {
		call_fail(c, &o->trouble);
	} else if (c->lane->peer != NULL) {
		lane_try(c->lane);
	} else if (o->resolving == NULL) {
		o->resolving = resolve_start(
		    o->resolver, o->conf->host, RESOLVE_MS, on_resolved, o);
	}
}

/* All that wait now hear of it; a later call looks the name up again. */
static void
unresolved(struct ovoc *o, const struct fail *why)
{
	struct ovoc_call *c;

	o->trouble = *why;
	note_failure(o, why);
	LIST_FOREACH (c, &o->calls, link)
		c->hopeless = true;
}

static void
make_lanes(struct ovoc *o, const struct addr *at)
{
	const struct rest_peer_spec spec = {.host = o->conf->host,
	    .addr = *at,
	    .port = (uint16_t)o->conf->port,
	    .username = o->conf->username,
	    .password = o->conf->password,
	    .tls.fixed = true,
	    .tls.insecure = o->conf->insecure,
	    .ca_file = o->conf->ca_file};

	for (size_t i = 0; i < LANES; i++)
		o->lanes[i].peer = rest_peer_new(o->rest, &spec);
	o->reachable = true;
}

/* The lane whose call was asked for first behind number `after`. */
static struct lane *
next_unsent(struct ovoc *o, uint64_t after)
{
	struct lane *next = NULL;

	for (size_t i = 0; i < LANES; i++) {
		struct lane *l = &o->lanes[i];

		if (l->call != NULL && !l->sent && l->call->number > after &&
		    (next == NULL || l->call->number < next->call->number))
			next = l;
	}
	return next;
}

static void
go_on_all(struct ovoc *o)
{
	uint64_t number = 0;
	struct lane *l;

	while ((l = next_unsent(o, number)) != NULL) {
		number = l->call->number;
		call_go_on(l->call);
	}
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
		unresolved(o, why);
	go_on_all(o);
}

static void
on_kick(void *arg)
{
	go_on_all(arg);
}

/* Forget an address that nobody uses any more. */
static void
drop_lanes(struct ovoc *o)
{
	for (size_t i = 0; i < LANES; i++)
		if (o->lanes[i].call != NULL)
			return;
	for (size_t i = 0; i < LANES; i++) {
		rest_peer_free(o->lanes[i].peer);
		o->lanes[i].peer = NULL;
	}
}

static void
on_place(void *arg)
{
	struct ovoc_call *c = arg;
	struct ovoc *o = c->ovoc;
	struct lane *l = o->lanes;

	if (!o->reachable)
		drop_lanes(o);
	while (l->call != NULL)
		l++; /* there is one: the gate counts them */
	l->call = c;
	l->sent = false;
	c->lane = l;
	call_go_on(c);
}

struct ovoc *
ovoc_new(
    struct loop *lp, struct resolver *resolver, const struct ovoc_section *conf)
{
	struct ovoc *o = xcalloc(1, sizeof(*o));

	o->lp = lp;
	o->resolver = resolver;
	o->conf = conf;
	o->rest = rest_new(lp, LANES, LANES);
	for (size_t i = 0; i < LANES; i++)
		o->lanes[i].ovoc = o;
	o->gate = gate_new(lp, LANES);
	LIST_INIT(&o->calls);
	timer_init(&o->kick, lp, on_kick, o);
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
	LIST_INSERT_HEAD(&o->calls, c, link);
	o->waiting++;
	c->number = ++o->asked;
	gate_enter(o->gate, &c->ticket, false, on_place, c);
	return c;
}

unsigned
ovoc_waiting(const struct ovoc *o)
{
	return o->waiting;
}

void
ovoc_describe(const struct ovoc *o, struct ovoc_health *to)
{
	*to = o->seen;
	to->login = o->proven          ? OVOC_TAKEN
		    : o->pause_ms != 0 ? OVOC_REFUSED
				       : OVOC_UNTRIED;
	if (to->login == OVOC_REFUSED)
		to->refused = o->refused;
	if (auth_pause(o))
		to->pause = o->refused_at + o->pause_ms - loop_now(o->lp);
	to->waiting = o->waiting;
}

void
ovoc_cancel(struct ovoc_call *c)
{
	if (c == NULL)
		return;
	if (c->lane != NULL && c->lane->peer != NULL)
		rest_cancel(c->lane->peer);
	call_free(c);
}

void
ovoc_free(struct ovoc *o)
{
	if (o == NULL)
		return;
	resolve_cancel(o->resolving);
	while (!LIST_EMPTY(&o->calls))
		ovoc_cancel(LIST_FIRST(&o->calls));
	timer_clear(&o->kick);
	gate_free(o->gate);
	for (size_t i = 0; i < LANES; i++)
		rest_peer_free(o->lanes[i].peer);
	rest_free(o->rest);
	free(o);
}

void
ovoc_words(
    const struct ovoc *o, const struct rest_answer *a, char *to, size_t size)
{
	char *basic = secret_basic(o->conf->username, o->conf->password);
	const char *const secrets[] = {
	    basic != NULL ? o->conf->password : NULL, basic, NULL};

	peer_words_body(a->body, a->len, secrets, to, size);
	secret_free(basic);
}
