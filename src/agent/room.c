/* room.c - see room.h.
 *
 * agent/capture claims, agent/retention deletes.  What is written is asked of
 * the captures only where promises alone leave too little: that costs a
 * stat(2) for each of their files.
 */
#include "agent/room.h"

#include <stdlib.h>

#include "agent/ring.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define LOOK_MS  1000
#define ASK_MS   5000 /* how old an answer may be */
#define EXPEL_MS 3000 /* one ends, with `settle`, before the next must */

struct room {
	struct loop *lp;
	const struct agent_section *conf;
	const struct store *store;
	room_make *make;
	void *arg;
	TAILQ_HEAD(claim_list, claim) claims; /* the newest last */
	struct timer look;
	int64_t expelled_at;
};

/* What it may still write. */
static int64_t
open_bytes(const struct claim *c)
{
	if (c->leaving || c->promised < c->written)
		return 0;
	return c->promised - c->written;
}

static void
ask(struct claim *c)
{
	c->written = c->events->written(c->arg);
	c->asked_at = loop_now(c->room->lp);
}

/* Bytes above the floor that are promised to none but `except`. */
static int64_t
left_but(const struct room *r, const struct claim *except)
{
	int64_t left = store_free_bytes(r->store) - r->conf->min_free;
	const struct claim *c;

	TAILQ_FOREACH (c, &r->claims, next) {
		if (c != except)
			left -= open_bytes(c);
	}
	return left;
}

static void
ask_all(struct room *r)
{
	struct claim *c;

	TAILQ_FOREACH (c, &r->claims, next) {
		if (loop_now(r->lp) - c->asked_at >= ASK_MS)
			ask(c);
	}
}

static bool
fits(
    struct room *r, const struct claim *except, int64_t bytes, struct fail *why)
{
	int64_t left = left_but(r, except);

	if (left < bytes) {
		ask_all(r);
		left = left_but(r, except);
	}
	if (left >= bytes)
		return true;
	fail_set(why, FAIL_LOCAL,
	    "no room on the disk of %s: %lld bytes are needed, and %lld are "
	    "free beside agent.min_free and what running captures may need; "
	    "make room, or set agent.files, agent.file_size or "
	    "agent.keep_size lower",
	    r->conf->captures, (long long)bytes,
	    (long long)(left > 0 ? left : 0));
	return false;
}

static unsigned
count(const struct room *r)
{
	const struct claim *c;
	unsigned n = 0;

	TAILQ_FOREACH (c, &r->claims, next)
		n += !c->leaving;
	return n;
}

static bool
has_place(struct room *r, struct fail *why)
{
	unsigned n = count(r);

	if (n >= (unsigned)r->conf->max_captures) {
		fail_set(why, FAIL_LOCAL,
		    "%u captures run already, which is agent.max_captures", n);
		return false;
	}
	return fits(r, NULL, ring_whole_bytes(r->conf), why);
}

static void
expel(struct claim *c, const struct fail *why)
{
	c->leaving = true;
	c->events->expelled(c->arg, why);
}

/* The longest silent, if there is one. */
static bool
give_way(struct room *r)
{
	struct claim *c, *first = NULL;
	struct fail why;

	TAILQ_FOREACH (c, &r->claims, next) {
		if (c->leaving || c->silent_since == 0)
			continue;
		if (first == NULL || c->silent_since < first->silent_since)
			first = c;
	}
	if (first == NULL)
		return false;
	fail_set(&why, FAIL_LOCAL,
	    "it gives way to a new one: its campaign has asked for nothing "
	    "for longer than agent.max_capture");
	expel(first, &why);
	return true;
}

/* --- while they run --- */

static bool
below_floor(const struct room *r)
{
	long long space = store_free_bytes(r->store);

	return space >= 0 && space < r->conf->min_free;
}

static void
delete_finished(struct room *r)
{
	if (below_floor(r))
		r->make(r->arg, r->conf->min_free);
}

static void
expel_newest(struct room *r)
{
	struct claim *c = TAILQ_LAST(&r->claims, claim_list);
	struct fail why;

	while (c != NULL && c->leaving)
		c = TAILQ_PREV(c, claim_list, next);
	if (c == NULL)
		return;
	fail_set(&why, FAIL_LOCAL,
	    "%s has %lld bytes free, agent.min_free wants %lld, and no finished "
	    "capture is left to delete: make room there",
	    r->conf->captures, store_free_bytes(r->store),
	    (long long)r->conf->min_free);
	r->expelled_at = loop_now(r->lp);
	expel(c, &why);
}

static void
on_look(void *arg)
{
	struct room *r = arg;

	timer_set(&r->look, LOOK_MS);
	delete_finished(r);
	if (below_floor(r) && (r->expelled_at == 0 ||
				  loop_now(r->lp) - r->expelled_at >= EXPEL_MS))
		expel_newest(r);
}

/* --- claims --- */

static void
add(struct room *r, struct claim *c, const struct claim_events *events,
    void *arg)
{
	c->room = r;
	c->events = events;
	c->arg = arg;
	if (TAILQ_EMPTY(&r->claims))
		timer_set(&r->look, LOOK_MS);
	TAILQ_INSERT_TAIL(&r->claims, c, next);
}

int64_t
room_left(const struct room *r)
{
	int64_t left = left_but(r, NULL);

	return left > 0 ? left : 0;
}

bool
room_claim(struct room *r, struct claim *c, const struct claim_events *events,
    void *arg, struct fail *why)
{
	delete_finished(r);
	while (!has_place(r, why)) {
		if (!give_way(r))
			return false;
	}
	add(r, c, events, arg);
	c->promised = ring_whole_bytes(r->conf);
	c->asked_at = loop_now(r->lp);
	return true;
}

void
room_claim_again(struct room *r, struct claim *c,
    const struct claim_events *events, void *arg)
{
	add(r, c, events, arg);
	ask(c);
	c->promised = c->written + ring_whole_bytes(r->conf);
}

bool
room_claim_ring(struct claim *c, struct fail *why)
{
	if (c == NULL || c->room == NULL)
		return true;
	if (!fits(c->room, c, ring_whole_bytes(c->room->conf), why))
		return false;
	ask(c);
	c->promised = c->written + ring_whole_bytes(c->room->conf);
	return true;
}

bool
room_claim_files(struct claim *c, unsigned files, struct fail *why)
{
	int64_t more = files * ring_file_bytes(c->room->conf);

	ask(c);
	if (!fits(c->room, c, open_bytes(c) + more, why))
		return false;
	c->promised += more;
	return true;
}

void
room_claim_silent(struct claim *c, int64_t since)
{
	c->silent_since = since;
}

void
room_drop(struct claim *c)
{
	struct room *r = c->room;

	if (r == NULL)
		return;
	TAILQ_REMOVE(&r->claims, c, next);
	c->room = NULL;
	if (TAILQ_EMPTY(&r->claims))
		timer_clear(&r->look);
}

struct room *
room_new(struct loop *lp, const struct agent_section *conf,
    const struct store *store, room_make *make, void *arg)
{
	struct room *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->conf = conf;
	r->store = store;
	r->make = make;
	r->arg = arg;
	TAILQ_INIT(&r->claims);
	timer_init(&r->look, lp, on_look, r);
	return r;
}

void
room_free(struct room *r)
{
	if (r == NULL)
		return;
	timer_clear(&r->look);
	free(r);
}
