/* truth.c - count, then say what may be said. */
#include <stdlib.h>
#include <string.h>

#include "truth.h"

#define SLACK     (3 * SECOND) /* between the last records and the end */
#define CLEAR_RUN 8            /* losses in a row that leave no doubt */
#define FEW       4

static bool
near(int64_t at, int64_t from, int64_t until, int64_t guard)
{
	return at >= from - guard && at <= until + guard;
}

/* Behind an address that is translated there may be others: a connection that
 * the file there has nothing of may be one of theirs.  Where ports are
 * translated, too, only a packet of both files tells which one is which. */
static bool
is_anothers(const struct settings *s, const struct packet *p)
{
	bool translated =
	    p->way == THERE ? s->path.nat_device : s->path.nat_server;

	return (translated && !p->flow->met[packet_receiver(p)]) ||
	       (s->path.nat_ports && !p->flow->common);
}

/* Is there another reason than the way why it may be in one file only? */
static bool
is_doubtful(
    const struct truth *t, const struct settings *s, const struct packet *p)
{
	const struct recorder *r;
	enum side side;

	if (p->sent < t->from + t->guard || p->sent > t->until - t->guard)
		return true;
	if (is_anothers(s, p))
		return true;
	for (side = SERVER; side < SIDES; side++) {
		r = &s->recorder[side];
		if (r->blind_for > 0 &&
		    near(p->sent, r->blind_at, r->blind_at + r->blind_for,
			t->guard))
			return true;
	}
	return s->clock.step_by != 0 &&
	       near(p->sent, s->clock.step_at, s->clock.step_at, t->guard);
}

static void
find_common_time(struct truth *t, const struct world *w,
    const struct capture captures[SIDES])
{
	const struct recorder *a = &w->settings->recorder[SERVER];
	const struct recorder *b = &w->settings->recorder[DEVICE];
	int64_t slowest = 0;
	size_t i;

	t->from = a->from > b->from ? a->from : b->from;
	t->until = captures[SERVER].last < captures[DEVICE].last
		       ? captures[SERVER].last
		       : captures[DEVICE].last;
	for (i = 0; i < w->n_packets; i++) {
		const struct packet *p = w->packets[i];

		if (p->arrived >= 0 && p->arrived - p->sent > slowest)
			slowest = p->arrived - p->sent;
		p->flow->met[SERVER] |= p->seen[SERVER] != 0;
		p->flow->met[DEVICE] |= p->seen[DEVICE] != 0;
		p->flow->common |= p->seen[SERVER] != 0 && p->seen[DEVICE] != 0;
	}
	t->guard = 2 * slowest + SLACK;
}

static bool
in_file(const struct packet *p, enum side side)
{
	unsigned all = packet_sender(p) == side ? 1 : (1u << p->pieces) - 1;

	return p->seen[side] == all;
}

static void
count_seen(struct truth *t, struct tally *n, const struct packet *p)
{
	bool a = in_file(p, SERVER), b = in_file(p, DEVICE);

	n->in_server += a;
	n->in_device += b;
	n->in_both += a && b;
	t->met += a && b;
	t->met_way[p->way] += a && b;
	n->sent_most += p->seen[SERVER] != 0 || p->seen[DEVICE] != 0;
}

static void
note_time(struct tally *n, const struct packet *p, bool doubtful)
{
	if (n->lost_most == 0)
		n->most_first = p->sent;
	n->most_last = p->sent;
	if (doubtful)
		return;
	if (n->lost_least == 0)
		n->least_first = p->sent;
	n->least_last = p->sent;
}

static void
count(struct truth *t, const struct settings *s, const struct packet *p,
    unsigned *run)
{
	struct tally *n = &t->tally[p->flow->kind][p->way];
	bool left = in_file(p, packet_sender(p));
	bool doubtful = is_doubtful(t, s, p), came = packet_arrived(p);

	count_seen(t, n, p);
	if (p->sent >= t->from && p->sent <= t->until) {
		n->sent++;
		n->arrived += came;
		n->lost += !came;
	}
	if (!left)
		return;
	n->sent_least += !doubtful;
	if (came) {
		n->missed += !in_file(p, packet_receiver(p));
		*run = 0;
		return;
	}
	if (p->sent < t->from - t->guard || p->sent > t->until + t->guard)
		return; /* the other one did not record */
	note_time(n, p, doubtful);
	n->lost_most++;
	n->lost_least += !doubtful;
	*run += !doubtful;
	if (*run > n->run)
		n->run = *run;
}

/* Of packets that were taken together nobody can tell how many were lost;
 * equal ones in a burst look like copies of one. */
static void
soften(struct tally *n, const struct settings *s, enum kind kind)
{
	if (kind != KIND_TCP)
		return;
	if (s->recorder[SERVER].super || s->recorder[DEVICE].super) {
		n->sent_least = 0;
		n->lost_least = n->lost_least > 0;
	}
	if (s->no_ids || s->v6) /* which has none */
		n->lost_least -= (n->lost_least + 9) / 10;
	if (s->path.shifts_seq)
		n->lost_least = 0;
}

static bool
is_murky(const struct settings *s)
{
	const struct recorder *r;
	enum side side;

	for (side = SERVER; side < SIDES; side++) {
		r = &s->recorder[side];
		if (r->drops > 0 || r->blind_for > 0 || r->ways != WAYS_BOTH ||
		    r->damage != DAMAGE_NONE || r->from > s->span / 6 ||
		    r->until < s->span * 5 / 6)
			return true;
	}
	return s->clock.step_by != 0;
}

static unsigned
may_of(const struct truth *t, const struct settings *s, const struct tally *n,
    enum kind kind)
{
	bool unknown = t->murky || n->sent < FEW || t->met < 40 ||
		       (kind == KIND_TCP && s->path.shifts_seq);
	unsigned may = unknown ? MAY_UNKNOWN : 0;

	if (t->met == 0)
		return n->lost_least > 0 ? MAY_LIKELY | MAY_UNKNOWN
					 : MAY_ARRIVED | MAY_UNKNOWN;
	if (n->lost_least == 0)
		may |= MAY_ARRIVED;
	else if (s->mixture && n->lost * 200 < n->sent)
		may |= MAY_ARRIVED;
	if (n->lost_most > 0)
		may |= MAY_LIKELY;
	if (n->lost_most > 1)
		may |= MAY_CERTAIN;
	if (!s->mixture && !unknown && n->run >= CLEAR_RUN &&
	    t->met_way[THERE] > 0 && t->met_way[BACK] > 0)
		may = MAY_CERTAIN;
	return may;
}

static void
find_status(struct truth *t)
{
	bool clear = false, can = false, unknown = false, none = true;
	unsigned may;
	int i;

	for (i = 0; i < KIND_COUNT * WAYS; i++) {
		if (t->tally[i / WAYS][i % WAYS].sent_most == 0)
			continue;
		may = t->tally[i / WAYS][i % WAYS].may;
		can = can || (may & (MAY_CERTAIN | MAY_LIKELY)) != 0;
		clear = clear || (may & (MAY_ARRIVED | MAY_UNKNOWN)) == 0;
		unknown = unknown || (may & MAY_UNKNOWN) != 0;
		none = none && (may & MAY_ARRIVED) != 0;
	}
	t->status = can ? 1u << 1 : 0;
	if (none)
		t->status |= 1u << 0;
	if (unknown && !clear)
		t->status |= 1u << 3;
}

/* Where the files themselves forbid a verdict; an answer proves, all the same,
 * that its question arrived. */
static void
forbid(struct truth *t, unsigned status)
{
	struct tally *n;
	int i;

	for (i = 0; i < KIND_COUNT * WAYS; i++) {
		n = &t->tally[i / WAYS][i % WAYS];
		n->may = MAY_UNKNOWN;
		if (n->lost_most == 0)
			n->may |= MAY_ARRIVED;
	}
	t->murky = true;
	t->status = status;
}

static void
find_forbidden(struct truth *t, const struct settings *s)
{
	enum damage worst = s->recorder[SERVER].damage;

	if (s->recorder[DEVICE].damage > worst)
		worst = s->recorder[DEVICE].damage;
	switch (worst) {
	case DAMAGE_NONE:
	case DAMAGE_CUT:
		break;
	case DAMAGE_EMPTY:
		forbid(t, 1u << 3);
		return;
	case DAMAGE_ZERO:
	case DAMAGE_LENGTH:
		forbid(t, 1u << 3 | 1u << 7);
		return;
	case DAMAGE_GARBAGE:
		forbid(t, 1u << 7);
		return;
	}
	if (s->recorder[DEVICE].tunnel != TUNNEL_NONE || t->until <= t->from)
		forbid(t, 1u << 3);
}

void
truth_find(struct truth *t, const struct world *w,
    const struct capture captures[SIDES])
{
	unsigned runs[KIND_COUNT][WAYS] = {{0}};
	const struct packet *p;
	struct tally *n;
	size_t i;

	memset(t, 0, sizeof(*t));
	find_common_time(t, w, captures);
	for (i = 0; i < w->n_packets; i++) {
		p = w->packets[i];
		if (packet_counts(p))
			count(t, w->settings, p, &runs[p->flow->kind][p->way]);
	}
	t->murky = is_murky(w->settings);
	for (i = 0; i < KIND_COUNT * WAYS; i++) {
		n = &t->tally[i / WAYS][i % WAYS];
		soften(n, w->settings, i / WAYS);
		n->may = may_of(t, w->settings, n, i / WAYS);
	}
	find_status(t);
	find_forbidden(t, w->settings);
}
