/* resolve.c - host names to addresses through c-ares, under the loop.
 *
 * c-ares cannot forget one query, so what it knows is a `struct query` that
 * lives until c-ares has answered it, and a `struct resolve` is what the caller
 * waits for: either may go first.  Results are delivered from the timer of the
 * resolve alone: c-ares answers from inside its own calls, even from inside
 * the one that asks (/etc/hosts).
 */
#include "io/resolve.h"

#include <ares.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "loop/gate.h"
#include "loop/timer.h"

/* Names asked for at the same time.  Each is two small queries: more would
 * overflow the receive buffer of a socket (212992 bytes by default). */
#define RESOLVE_WINDOW 64
/* The first wait for a server; it doubles with every round. */
#define RESOLVE_TRY_MS 1000
#define RESOLVE_TRIES  2

struct query {
	struct resolve *waiter; /* NULL: given up */
};

struct resolve {
	struct resolver *r;
	LIST_ENTRY(resolve) link;
	struct ticket ticket; /* inside: it is asked for */
	struct query *query;  /* while it is */
	struct timer timer;   /* asked: the deadline; ended: deliver */
	char *name;
	int timeout_ms;
	resolve_done *done;
	void *arg;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n;
	struct fail why;
};

/* A socket of c-ares. */
struct ares_watch {
	struct resolver *r;
	LIST_ENTRY(ares_watch) link;
	ares_socket_t fd;
	struct watch *watch;
};

struct resolver {
	struct loop *lp;
	ares_channel channel; /* NULL: c-ares would not start */
	const char *trouble;  /* why */
	struct timer timer;   /* the next time-out of c-ares */
	LIST_HEAD(ares_watch_list, ares_watch) watches;
	struct gate *window;
	LIST_HEAD(, resolve) all;
};

/* No longer asked for: a late answer of c-ares is dropped. */
static void
resolve_detach(struct resolve *q)
{
	if (q->query != NULL)
		q->query->waiter = NULL;
	q->query = NULL;
	gate_leave(&q->ticket);
}

/* Leave the resolver, which may go first. */
static void
resolve_leave(struct resolve *q)
{
	resolve_detach(q);
	LIST_REMOVE(q, link);
}

static void
resolve_free(struct resolve *q)
{
	timer_clear(&q->timer);
	free(q->name);
	free(q);
}

/* Ended, with what is in `addrs` or `why`; delivered in the next turn. */
static void
resolve_end(struct resolve *q)
{
	resolve_detach(q);
	timer_set(&q->timer, 0);
}

static void
add_addr(struct resolve *q, const struct addr *a)
{
	for (size_t i = 0; i < q->n; i++) {
		if (addr_cmp(&q->addrs[i], a) == 0)
			return;
	}
	if (q->n < RESOLVE_ADDRS_MAX)
		q->addrs[q->n++] = *a;
}

static void
take_addrs(struct resolve *q, const struct ares_addrinfo *found)
{
	struct sockaddr_storage ss;
	struct addr a;

	for (struct ares_addrinfo_node *n = found->nodes; n != NULL;
	     n = n->ai_next) {
		if (n->ai_addrlen > sizeof(ss))
			continue;
		memset(&ss, 0, sizeof(ss));
		memcpy(&ss, n->ai_addr, n->ai_addrlen);
		if (addr_from_sockaddr(&a, NULL, &ss))
			add_addr(q, &a);
	}
}

static void
explain(struct resolve *q, int status)
{
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENOTFOUND:
	case ARES_ENODATA:
	case ARES_EBADNAME:
		fail_set(&q->why, FAIL_FINAL,
		    "no such name: %s (not in /etc/hosts, and the DNS has no "
		    "address for it): check the spelling",
		    q->name);
		return;
	case ARES_ENOMEM:
		xmem_exhausted();
	default:
		fail_set(&q->why, FAIL_UNREACHABLE,
		    "cannot resolve %s: %s: check the servers in "
		    "/etc/resolv.conf",
		    q->name, ares_strerror(status));
	}
}

/* ares_getaddrinfo(3): runs once for each query, at ares_destroy() at the
 * latest. */
static void
query_answered(void *arg, int status, int timeouts, struct ares_addrinfo *found)
{
	struct query *query = arg;
	struct resolve *q = query->waiter;

	(void)timeouts;
	if (q != NULL) {
		if (status == ARES_SUCCESS && found != NULL)
			take_addrs(q, found);
		if (q->n == 0)
			explain(q, status);
		resolve_end(q);
	}
	if (found != NULL)
		ares_freeaddrinfo(found);
	free(query);
}

static void
arm_timer(struct resolver *r)
{
	struct timeval tv;

	timer_clear(&r->timer);
	if (ares_timeout(r->channel, NULL, &tv) != NULL)
		timer_set(&r->timer, tv.tv_sec * 1000 + tv.tv_usec / 1000 + 1);
}

static void
ares_timer_due(void *arg)
{
	struct resolver *r = arg;

	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	arm_timer(r);
}

static void
ares_socket_ready(void *arg, short ready)
{
	struct ares_watch *w = arg;
	struct resolver *r = w->r;
	ares_socket_t in = ARES_SOCKET_BAD, out = ARES_SOCKET_BAD;

	if (ready & (POLLIN | POLLERR | POLLHUP))
		in = w->fd;
	if (ready & (POLLOUT | POLLERR | POLLHUP))
		out = w->fd;
	ares_process_fd(r->channel, in, out);
	arm_timer(r);
}

/* ares_init_options(3), ARES_OPT_SOCK_STATE_CB: neither means that the socket
 * is about to be closed. */
static void
ares_socket_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct resolver *r = arg;
	short events = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0);
	struct ares_watch *w = LIST_FIRST(&r->watches);

	while (w != NULL && w->fd != fd)
		w = LIST_NEXT(w, link);
	if (w != NULL && events) {
		watch_set(w->watch, events);
	} else if (w != NULL) {
		LIST_REMOVE(w, link);
		watch_free(w->watch);
		free(w);
	} else if (events) {
		w = xcalloc(1, sizeof(*w));
		w->r = r;
		w->fd = fd;
		w->watch = watch_new(r->lp, fd, events, ares_socket_ready, w);
		LIST_INSERT_HEAD(&r->watches, w, link);
	}
}

static void
resolve_ask(void *arg)
{
	struct resolve *q = arg;
	struct resolver *r = q->r;
	struct ares_addrinfo_hints hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

	q->query = xcalloc(1, sizeof(*q->query));
	q->query->waiter = q;
	timer_set(&q->timer, q->timeout_ms);
	ares_getaddrinfo(
	    r->channel, q->name, NULL, &hints, query_answered, q->query);
	arm_timer(r);
}

/* The deadline, or the turn after the end.  Nothing of the resolver is used
 * after `done`, which may free it. */
static void
resolve_due(void *arg)
{
	struct resolve *q = arg;

	if (q->query != NULL)
		fail_set(&q->why, FAIL_UNREACHABLE,
		    "cannot resolve %s: no answer from the DNS within %d ms: "
		    "check the servers in /etc/resolv.conf",
		    q->name, q->timeout_ms);
	resolve_leave(q);
	q->done(q->arg, q->addrs, q->n, &q->why);
	resolve_free(q);
}

struct resolver *
resolver_new(struct loop *lp)
{
	struct resolver *r = xcalloc(1, sizeof(*r));
	/* "fb": files, then DNS, whatever nsswitch.conf(5) says. */
	char lookups[] = "fb";
	struct ares_options o = {
	    .timeout = RESOLVE_TRY_MS,
	    .tries = RESOLVE_TRIES,
	    .lookups = lookups,
	    .sock_state_cb = ares_socket_state,
	    .sock_state_cb_data = r,
	};
	int status;

	r->lp = lp;
	r->window = gate_new(lp, RESOLVE_WINDOW);
	LIST_INIT(&r->watches);
	LIST_INIT(&r->all);
	timer_init(&r->timer, lp, ares_timer_due, r);
	status = ares_init_options(&r->channel, &o,
	    ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
		ARES_OPT_SOCK_STATE_CB);
	if (status == ARES_ENOMEM)
		xmem_exhausted();
	if (status != ARES_SUCCESS) {
		r->channel = NULL;
		r->trouble = ares_strerror(status);
	}
	return r;
}

void
resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	while (!LIST_EMPTY(&r->all))
		resolve_cancel(LIST_FIRST(&r->all));
	gate_free(r->window);
	/* Queries of c-ares end here, without a waiter. */
	if (r->channel != NULL)
		ares_destroy(r->channel);
	timer_clear(&r->timer);
	free(r);
}

void
resolver_use_server(
    struct resolver *r, const struct addr *server, uint16_t port)
{
	char text[ADDR_TEXT_MAX];

	if (r->channel == NULL)
		return;
	addr_port_text(server, port, text);
	if (ares_set_servers_ports_csv(r->channel, text) == ARES_ENOMEM)
		xmem_exhausted();
}

struct resolve *
resolve_start(struct resolver *r, const char *name, int timeout_ms,
    resolve_done *done, void *arg)
{
	struct resolve *q = xcalloc(1, sizeof(*q));
	struct addr numeric;

	q->r = r;
	q->name = xstrdup(name);
	q->timeout_ms = timeout_ms;
	q->done = done;
	q->arg = arg;
	timer_init(&q->timer, r->lp, resolve_due, q);
	LIST_INSERT_HEAD(&r->all, q, link);
	if (addr_parse(&numeric, name)) {
		add_addr(q, &numeric);
		resolve_end(q);
	} else if (r->channel == NULL) {
		fail_set(&q->why, FAIL_LOCAL,
		    "cannot resolve %s: %s: check /etc/resolv.conf", name,
		    r->trouble);
		resolve_end(q);
	} else if (gate_try(r->window, &q->ticket)) {
		resolve_ask(q);
	} else {
		gate_enter(r->window, &q->ticket, false, resolve_ask, q);
	}
	return q;
}

void
resolve_cancel(struct resolve *q)
{
	if (q == NULL)
		return;
	resolve_leave(q);
	resolve_free(q);
}
