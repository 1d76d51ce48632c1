/* gate.c - places and rates, as a line of tickets.
 *
 * A device takes a ticket for every REST request and every SFTP session and
 * gives it back with the answer; names that are resolved and requests to OVOC
 * stand in line here, too.  Admitting happens in the gate's own timer, so that
 * one turn of the loop admits for all who left in it.
 */
#include "loop/gate.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "loop/timer.h"
#include "loop/turn_time.h"

/* A rate in steps this long: short enough to be smooth, long enough that a
 * rate of 200 a second is a whole number in each. */
#define RATE_STEP_MS 50

struct login_rate {
	struct loop *lp;
	struct login_rate *whole; /* NULL: this is it */
	int64_t per_second;
	int64_t credit; /* thousandths of a login */
	int64_t since;
};

struct gate {
	struct loop *lp;
	int places;
	int inside;
	struct login_rate *rate;
	struct timer admit;
	uint64_t entries; /* so many have come so far */
	TAILQ_HEAD(line, ticket) waiting, logins;
};

struct login_rate *
login_rate_new(struct loop *lp, int per_second)
{
	struct login_rate *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->per_second = per_second;
	r->since = loop_now(lp);
	return r;
}

struct login_rate *
login_rate_part(struct login_rate *whole, int per_second)
{
	struct login_rate *r = login_rate_new(whole->lp, per_second);

	r->whole = whole;
	return r;
}

void
login_rate_free(struct login_rate *r)
{
	free(r);
}

/* No more than what comes in one step, and the part of a login left from the
 * last, can be saved up, so a quiet minute does not become a burst. */
static bool
login_rate_has(struct login_rate *r)
{
	int64_t now = loop_now(r->lp);
	int64_t most = r->per_second * RATE_STEP_MS + 1000;

	r->credit += (now - r->since) * r->per_second;
	r->since = now;
	if (r->credit > most)
		r->credit = most;
	return r->credit >= 1000;
}

/* Take one login; false if there is none yet. */
static bool
login_rate_take(struct login_rate *r)
{
	for (struct login_rate *q = r; q != NULL; q = q->whole)
		if (!login_rate_has(q))
			return false;
	for (struct login_rate *q = r; q != NULL; q = q->whole)
		q->credit -= 1000;
	return true;
}

static struct line *
line_of(struct gate *g, const struct ticket *t)
{
	return t->login ? &g->logins : &g->waiting;
}

static bool
nobody_waits(const struct gate *g)
{
	return TAILQ_EMPTY(&g->waiting) && TAILQ_EMPTY(&g->logins);
}

/* Who came until now and is next; NULL: nobody, or a login that has to wait for
 * the rate. */
static struct ticket *
next_in_line(struct gate *g, uint64_t last)
{
	struct ticket *t = TAILQ_FIRST(&g->waiting);

	if (t != NULL && t->number <= last)
		return t;
	t = TAILQ_FIRST(&g->logins);
	if (t == NULL || t->number > last)
		return NULL;
	if (g->rate == NULL || login_rate_take(g->rate))
		return t;
	timer_set(&g->admit, RATE_STEP_MS);
	return NULL;
}

/* `now`: somebody waits who need not wait for the rate. */
static void
admit_soon(struct gate *g, bool now)
{
	if (now || (!nobody_waits(g) && !timer_is_set(&g->admit)))
		timer_set(&g->admit, 0);
}

static void
admit(struct gate *g, struct ticket *t)
{
	TAILQ_REMOVE(line_of(g, t), t, next);
	t->inside = true;
	g->inside++;
	t->fn(t->arg);
}

/* As many as the part of the turn that timers have is long enough for. */
static void
gate_admit(void *arg)
{
	struct gate *g = arg;
	uint64_t last = g->entries;
	struct ticket *t;

	loop_doing(g->lp, "what begins");
	while (g->inside < g->places && (t = next_in_line(g, last)) != NULL) {
		admit(g, t);
		if (!loop_part_is_over(g->lp))
			continue;
		admit_soon(g, false);
		return;
	}
}

struct gate *
gate_new(struct loop *lp, int places)
{
	struct gate *g = xcalloc(1, sizeof(*g));

	assert(places > 0);
	g->lp = lp;
	g->places = places;
	TAILQ_INIT(&g->waiting);
	TAILQ_INIT(&g->logins);
	timer_init(&g->admit, lp, gate_admit, g);
	return g;
}

void
gate_free(struct gate *g)
{
	if (g == NULL)
		return;
	assert(nobody_waits(g) && g->inside == 0);
	timer_clear(&g->admit);
	free(g);
}

void
gate_limit_logins(struct gate *g, struct login_rate *r)
{
	g->rate = r;
}

void
gate_enter(struct gate *g, struct ticket *t, bool login, gate_fn *fn, void *arg)
{
	assert(t->gate == NULL);
	t->gate = g;
	t->number = ++g->entries;
	t->inside = false;
	t->login = login;
	t->fn = fn;
	t->arg = arg;
	TAILQ_INSERT_TAIL(line_of(g, t), t, next);
	admit_soon(g, !login);
}

bool
gate_try(struct gate *g, struct ticket *t)
{
	assert(t->gate == NULL);
	if (g->inside >= g->places || !nobody_waits(g))
		return false;
	t->gate = g;
	t->inside = true;
	g->inside++;
	return true;
}

bool
gate_is_full(const struct gate *g)
{
	return g->inside >= g->places && !nobody_waits(g);
}

bool
gate_is_idle(const struct gate *g)
{
	return g->inside == 0 && nobody_waits(g);
}

void
gate_leave(struct ticket *t)
{
	struct gate *g = t->gate;

	if (g == NULL)
		return;
	t->gate = NULL;
	if (!t->inside) {
		TAILQ_REMOVE(line_of(g, t), t, next);
		return;
	}
	g->inside--;
	admit_soon(g, !TAILQ_EMPTY(&g->waiting));
}
