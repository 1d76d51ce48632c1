/* ping.c - echo requests out, replies and unreachables matched to them.
 *
 * Called by verify/ for each ICMP probe.  Owns one socket a family and a table
 * of the echoes under way.  A request carries our cookie and a tag (place in
 * the table and how often the place was used), so a reply is found without a
 * search and one that comes too late matches nothing.
 */
#include "io/ping.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/random.h"
#include "base/xmem.h"
#include "io/echo_socket.h"
#include "loop/timer.h"

/* The default receive buffer (net.core.rmem_default) holds about 256 small
 * replies; more requests than this at a time and they could overflow it. */
#define SENDS_AT_ONCE 50
/* The kernel's buffer is full: when to try again. */
#define CONGESTION_PAUSE_MS 2
/* A tag is 20 bits of place and 12 bits of generation. */
#define PLACE_BITS  20
#define PLACES_MAX  (1u << PLACE_BITS)
#define GENERATIONS (1u << (32 - PLACE_BITS))

enum echo_state { ECHO_QUEUED, ECHO_SENT, ECHO_DECIDED };

struct echo {
	struct ping *ping;
	TAILQ_ENTRY(echo) link; /* in the queue */
	enum echo_state state;
	struct addr to;
	uint16_t seq;
	uint32_t place;
	int timeout_ms;
	struct timer timer;
	enum ping_verdict verdict; /* when the timer runs */
	const char *reason;
	ping_done *done;
	void *arg;
};

struct place {
	struct echo *echo;   /* NULL: free */
	uint32_t generation; /* of the echo that has it, or will */
	uint32_t next_free;
};

struct ping {
	struct loop *lp;
	struct echo_socket *v4;
	struct echo_socket *v6;
	uint64_t cookie; /* a reply without it is not for us */
	struct place *places;
	uint32_t nplaces;
	uint32_t first_free;      /* == nplaces: none */
	TAILQ_HEAD(, echo) queue; /* of those to be sent */
	int budget;               /* sends that are left */
	struct timer pump;
};

/* --- the table of echoes under way --- */

static void
places_grow(struct ping *p)
{
	uint32_t n = p->nplaces ? p->nplaces * 2 : 64;

	p->places = xreallocarray(p->places, n, sizeof(*p->places));
	for (uint32_t i = p->nplaces; i < n; i++)
		p->places[i] = (struct place){NULL, 0, i + 1};
	p->nplaces = n;
}

static void
place_take(struct echo *e)
{
	struct ping *p = e->ping;

	if (p->first_free == p->nplaces)
		places_grow(p);
	/* A million echoes at once would need 100 MB of handles first. */
	assert(p->first_free < PLACES_MAX);
	e->place = p->first_free;
	p->first_free = p->places[e->place].next_free;
	p->places[e->place].echo = e;
}

static void
place_release(struct echo *e)
{
	struct ping *p = e->ping;
	struct place *at = &p->places[e->place];

	at->echo = NULL;
	at->generation = (at->generation + 1) % GENERATIONS;
	at->next_free = p->first_free;
	p->first_free = e->place;
}

static uint32_t
echo_tag(const struct echo *e)
{
	return e->ping->places[e->place].generation << PLACE_BITS | e->place;
}

static struct echo_socket *
socket_of(const struct echo *e)
{
	return e->to.family == AF_INET ? e->ping->v4 : e->ping->v6;
}

static struct echo *
echo_by_tag(const struct ping *p, uint32_t tag)
{
	uint32_t place = tag & (PLACES_MAX - 1);
	struct echo *e;

	if (place >= p->nplaces)
		return NULL;
	e = p->places[place].echo;
	return e != NULL && e->state == ECHO_SENT && echo_tag(e) == tag ? e
									: NULL;
}

/* --- an echo's end --- */

static void
leave_queue(struct echo *e)
{
	if (e->state == ECHO_QUEUED)
		TAILQ_REMOVE(&e->ping->queue, e, link);
}

static void
echo_free(struct echo *e)
{
	leave_queue(e);
	timer_clear(&e->timer);
	place_release(e);
	free(e);
}

/* The verdict is known; it is told from the timer, so never to a caller who is
 * still in the middle of something. */
static void
decide(struct echo *e, enum ping_verdict v, const char *reason)
{
	leave_queue(e);
	e->state = ECHO_DECIDED;
	e->verdict = v;
	e->reason = reason;
	timer_set(&e->timer, 0);
}

/* The loop may have been too busy to see what has come meanwhile: then it is
 * told in its turn. */
static bool
has_come(struct echo *e)
{
	if (e->state != ECHO_SENT)
		return false;
	echo_socket_read(socket_of(e));
	return e->state == ECHO_DECIDED;
}

static void
on_echo_timer(void *arg)
{
	struct echo *e = arg;
	ping_done *done = e->done;
	void *done_arg = e->arg;
	enum ping_verdict v = e->verdict;
	const char *reason = e->reason;

	if (has_come(e))
		return;
	if (e->state == ECHO_QUEUED) {
		v = PING_UNREACHABLE;
		reason = "the network of this host is congested";
	}
	echo_free(e);
	done(done_arg, v, reason);
}

/* --- hearing and sending --- */

static void
on_heard(void *arg, const struct icmp_echo *got, const struct addr *from,
    const char *error)
{
	struct ping *p = arg;
	struct echo *e;

	if (got->cookie != p->cookie)
		return;
	e = echo_by_tag(p, got->slot);
	if (e == NULL || got->seq != e->seq)
		return;
	if (error != NULL)
		decide(e, PING_UNREACHABLE, error);
	else if (addr_cmp(from, &e->to) == 0)
		decide(e, PING_ANSWERED, "");
}

/* False: the kernel takes no more at present. */
static bool
echo_send(struct echo *e)
{
	struct ping *p = e->ping;
	struct echo_socket *s = socket_of(e);
	struct icmp_echo request = {
	    .seq = e->seq, .cookie = p->cookie, .slot = echo_tag(e)};
	const char *why = echo_socket_open(s);
	int error;

	if (why != NULL) {
		decide(e, PING_IMPOSSIBLE, why);
		return true;
	}
	error = echo_socket_send(s, &e->to, &request);
	if (error == EAGAIN || error == ENOBUFS)
		return false;
	if (error) {
		decide(e, PING_UNREACHABLE, echo_error_text(error));
		return true;
	}
	leave_queue(e);
	e->state = ECHO_SENT;
	e->verdict = PING_SILENT;
	e->reason = "";
	timer_set(&e->timer, e->timeout_ms);
	return true;
}

static void
queue_send(struct ping *p)
{
	struct echo *e;

	while ((e = TAILQ_FIRST(&p->queue)) != NULL && p->budget > 0) {
		p->budget--;
		if (echo_send(e))
			continue;
		p->budget = 0;
		timer_set(&p->pump, CONGESTION_PAUSE_MS);
		return;
	}
	/* Who is in the queue goes before what is due; the budget of those who
	 * are to come does not. */
	if (!TAILQ_EMPTY(&p->queue))
		timer_set_first(&p->pump);
	else if (!timer_is_set(&p->pump))
		timer_set(&p->pump, 0);
}

/* Others may be sent when the replies to those before are read: in a burst of
 * alarms nobody else does it (loop/urgent.h). */
static void
on_pump(void *arg)
{
	struct ping *p = arg;

	loop_doing(p->lp, "ICMP");
	echo_socket_read(p->v4);
	echo_socket_read(p->v6);
	p->budget = SENDS_AT_ONCE;
	if (!TAILQ_EMPTY(&p->queue))
		queue_send(p);
}

/* --- life --- */

struct ping *
ping_new(struct loop *lp)
{
	struct ping *p = xcalloc(1, sizeof(*p));

	random_bytes(&p->cookie, sizeof(p->cookie));
	p->lp = lp;
	p->v4 = echo_socket_new(lp, AF_INET, on_heard, p);
	p->v6 = echo_socket_new(lp, AF_INET6, on_heard, p);
	p->budget = SENDS_AT_ONCE;
	TAILQ_INIT(&p->queue);
	timer_init(&p->pump, lp, on_pump, p);
	return p;
}

void
ping_free(struct ping *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->nplaces; i++)
		ping_cancel(p->places[i].echo);
	timer_clear(&p->pump);
	echo_socket_free(p->v4);
	echo_socket_free(p->v6);
	free(p->places);
	free(p);
}

struct echo *
ping_send(struct ping *p, const struct addr *to, uint16_t seq, int timeout_ms,
    ping_done *done, void *arg)
{
	struct echo *e = xcalloc(1, sizeof(*e));
	bool idle = TAILQ_EMPTY(&p->queue);

	e->ping = p;
	e->to = *to;
	e->seq = seq;
	e->timeout_ms = timeout_ms;
	e->done = done;
	e->arg = arg;
	timer_init(&e->timer, p->lp, on_echo_timer, e);
	place_take(e);
	e->state = ECHO_QUEUED;
	TAILQ_INSERT_TAIL(&p->queue, e, link);
	if (idle)
		queue_send(p);
	if (e->state == ECHO_QUEUED) /* perhaps it is never sent */
		timer_set(&e->timer, timeout_ms);
	return e;
}

uint16_t
ping_identifier(const struct ping *p, const struct addr *to)
{
	return echo_socket_identifier(to->family == AF_INET ? p->v4 : p->v6);
}

void
ping_cancel(struct echo *e)
{
	if (e != NULL)
		echo_free(e);
}
