/* snmp.c - GETs to a device's SNMP engine, each with its verdict.
 *
 * Called by verify/ for each SNMP probe.  A peer owns its engine and its GETs.
 * Each GET to an engine that is not known yet sends a discovery request of its
 * own (RFC 3414 section 4), and the first answer lets all that wait go on.
 * Verdicts are told from timers, never while the engine reads.
 */
#include "io/snmp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "base/os_error.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/snmp_engine.h"
#include "loop/crowd.h"
#include "loop/timer.h"

/* Datagrams of a device that may still be unread when its time is up. */
#define LATE_READS 8
#define UNREADABLE "unreadable answers: another engine ID or other keys?"

enum get_state { GET_DISCOVERING, GET_ASKED, GET_DECIDED };

struct get {
	struct snmp_peer *peer;
	LIST_ENTRY(get) link;
	enum get_state state;
	bool light; /* the answer to its discovery is its verdict */
	/* Of the last message sent; another for each, so that an answer to an
	 * earlier one, or to a freed GET, finds nobody. */
	uintptr_t ticket;
	uint32_t message; /* id of the last one sent; 0: none */
	int timeout_ms;
	struct timer timer;
	enum snmp_verdict verdict; /* when the timer runs */
	char reason[96];
	snmp_done *done;
	void *arg;
};

struct snmp_peer {
	struct snmp *s;
	LIST_ENTRY(snmp_peer) link;
	struct addr to;
	uint16_t port;
	struct snmp_engine *engine; /* NULL: not open yet */
	struct crowd_member *watch;
	LIST_HEAD(, get) gets;
	uint32_t message; /* of the GET that is told of */
};

struct snmp {
	struct loop *lp;
	struct crowd *crowd; /* the peers' sockets */
	struct snmp_library *library;
	uintptr_t last_ticket;
	LIST_HEAD(, snmp_peer) peers;
};

/* --- verdicts --- */

static void
get_free(struct get *g)
{
	LIST_REMOVE(g, link);
	timer_clear(&g->timer);
	free(g);
}

static void
say(struct get *g, const char *reason)
{
	str_copy(g->reason, sizeof(g->reason), reason);
	str_printable(g->reason);
}

static void
decide(struct get *g, enum snmp_verdict v, const char *reason)
{
	g->state = GET_DECIDED;
	g->verdict = v;
	say(g, reason);
	timer_set(&g->timer, 0);
}

/* --- sending --- */

static void
get_send(struct get *g)
{
	struct snmp_peer *p = g->peer;
	bool known = !g->light && snmp_engine_known(p->engine);
	struct fail why;
	bool sent;

	g->ticket = ++p->s->last_ticket;
	g->state = known ? GET_ASKED : GET_DISCOVERING;
	if (known)
		sent =
		    snmp_engine_get(p->engine, g->ticket, g->timeout_ms, &why);
	else
		sent = snmp_engine_discover(
		    p->engine, g->ticket, g->timeout_ms, &why);
	if (sent)
		g->message = snmp_engine_message(p->engine);
	else
		decide(g, SNMP_TROUBLE, why.text);
}

/* --- hearing --- */

static struct get *
get_by_ticket(struct snmp_peer *p, uintptr_t ticket)
{
	struct get *g;

	LIST_FOREACH (g, &p->gets, link)
		if (g->ticket == ticket && g->state != GET_DECIDED)
			return g;
	return NULL;
}

static void
on_heard(void *arg, uintptr_t ticket, enum snmp_heard what, const char *text)
{
	struct get *g = get_by_ticket(arg, ticket);

	if (g == NULL)
		return;
	switch (what) {
	case SNMP_HEARD_RESPONSE:
		decide(g, SNMP_ANSWERED, "");
		break;
	case SNMP_HEARD_ENGINE: /* on_ready() goes on from here */
		if (g->light)
			decide(g, SNMP_ANSWERED, "");
		else if (g->state == GET_ASKED)
			decide(g, SNMP_REPORTED, text);
		break;
	case SNMP_HEARD_NOT_TIME: /* the last word only if no other comes */
		g->verdict = SNMP_REPORTED;
		say(g, text);
		break;
	case SNMP_HEARD_REPORT:
		decide(g, SNMP_REPORTED, text);
		break;
	case SNMP_HEARD_NOT_SENT:
		decide(g, SNMP_TROUBLE, text);
		break;
	}
}

/* Something came that is no verdict; said should the time run out. */
static void
note(struct snmp_peer *p, const char *text)
{
	struct get *g;

	LIST_FOREACH (g, &p->gets, link)
		if (g->state != GET_DECIDED && g->verdict == SNMP_SILENT)
			say(g, text);
}

static void
on_ready(void *arg, short ready)
{
	struct snmp_peer *p = arg;
	int error = ready & POLLERR ? snmp_engine_take_error(p->engine) : 0;
	struct get *g;

	loop_doing(p->s->lp, "SNMP");
	if (error == ECONNREFUSED)
		note(p, "port unreachable");
	else if (error != 0)
		note(p, os_error_network(error));
	if (!(ready & POLLIN))
		return;
	if (!snmp_engine_read(p->engine))
		note(p, UNREADABLE);
	if (!snmp_engine_known(p->engine))
		return;
	LIST_FOREACH (g, &p->gets, link)
		if (g->state == GET_DISCOVERING && !g->light)
			get_send(g);
}

/* --- when the time is up --- */

/* The loop may have been too busy to see what has come meanwhile. */
static void
hear_late(struct snmp_peer *p)
{
	struct pollfd at = {.fd = snmp_engine_fd(p->engine), .events = POLLIN};

	for (int i = 0; i < LATE_READS && poll(&at, 1, 0) == 1; i++)
		on_ready(p, at.revents);
}

/* Then it is decided and told in its turn, or, behind the answer to a
 * discovery, has the time that a GET has. */
static bool
has_come(struct get *g)
{
	enum get_state before = g->state;

	hear_late(g->peer);
	if (g->state != before && g->state != GET_DECIDED)
		timer_set(&g->timer, g->timeout_ms);
	return g->state != before;
}

/* Decided, or the time is up. */
static void
on_get_timer(void *arg)
{
	struct get *g = arg;
	struct get told;

	if (g->state != GET_DECIDED && has_come(g))
		return;
	told = *g;
	if (g->state != GET_DECIDED)
		snmp_engine_expire(g->peer->engine);
	g->peer->message = g->message;
	get_free(g);
	told.done(told.arg, told.verdict, told.reason);
}

/* --- a peer --- */

struct snmp_peer *
snmp_peer_new(struct snmp *s, const struct addr *to, uint16_t port)
{
	struct snmp_peer *p = xcalloc(1, sizeof(*p));

	p->s = s;
	p->to = *to;
	p->port = port;
	LIST_INIT(&p->gets);
	LIST_INSERT_HEAD(&s->peers, p, link);
	return p;
}

void
snmp_peer_free(struct snmp_peer *p)
{
	struct get *g;

	if (p == NULL)
		return;
	while ((g = LIST_FIRST(&p->gets)) != NULL)
		get_free(g);
	crowd_leave(p->watch);
	snmp_engine_free(p->engine);
	LIST_REMOVE(p, link);
	free(p);
}

/* A descriptor that was short is tried for again at the next GET. */
static bool
peer_open(struct snmp_peer *p, struct fail *why)
{
	if (p->engine != NULL)
		return true;
	p->engine =
	    snmp_engine_new(p->s->library, &p->to, p->port, on_heard, p, why);
	if (p->engine == NULL)
		return false;
	p->watch = crowd_join(
	    p->s->crowd, snmp_engine_fd(p->engine), POLLIN, on_ready, p);
	return true;
}

static void
get_start(
    struct snmp_peer *p, bool light, int timeout_ms, snmp_done *done, void *arg)
{
	struct get *g = xcalloc(1, sizeof(*g));
	struct fail why;

	g->peer = p;
	g->light = light;
	g->timeout_ms = timeout_ms;
	g->verdict = SNMP_SILENT;
	g->done = done;
	g->arg = arg;
	LIST_INSERT_HEAD(&p->gets, g, link);
	timer_init(&g->timer, p->s->lp, on_get_timer, g);
	timer_set(&g->timer, timeout_ms);
	if (peer_open(p, &why))
		get_send(g);
	else
		decide(g, SNMP_TROUBLE, why.text);
}

void
snmp_get(struct snmp_peer *p, int timeout_ms, snmp_done *done, void *arg)
{
	get_start(p, false, timeout_ms, done, arg);
}

void
snmp_discover(struct snmp_peer *p, int timeout_ms, snmp_done *done, void *arg)
{
	get_start(p, true, timeout_ms, done, arg);
}

uint32_t
snmp_peer_message(const struct snmp_peer *p, uint16_t *port)
{
	*port =
	    p->engine == NULL ? 0 : addr_port_here(snmp_engine_fd(p->engine));
	return p->message;
}

/* --- life --- */

struct snmp *
snmp_new(struct loop *lp, const char *user, const char *auth, const char *priv,
    struct fail *why)
{
	struct snmp_library *library =
	    snmp_library_new(loop_log(lp), user, auth, priv, why);
	struct snmp *s;

	if (library == NULL)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->lp = lp;
	s->library = library;
	s->crowd = crowd_new(lp);
	LIST_INIT(&s->peers);
	return s;
}

void
snmp_free(struct snmp *s)
{
	struct snmp_peer *p;

	if (s == NULL)
		return;
	while ((p = LIST_FIRST(&s->peers)) != NULL)
		snmp_peer_free(p);
	crowd_free(s->crowd);
	snmp_library_free(s->library);
	free(s);
}
