/* capture.c - gather, take together, miss, repeat. */
#include <netinet/in.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "capture.h"

#define SUPER_SEEN   16            /* segments of a record, at most */
#define MERGE_WITHIN (300 * MICRO) /* of one another */

static void
add(struct capture *c, struct world *w, int64_t at, struct packet *p,
    unsigned piece)
{
	struct record *r;

	if (c->n == c->cap) {
		c->cap = 2 * c->cap + 1024;
		c->records =
		    xreallocarray(c->records, c->cap, sizeof(*c->records));
	}
	r = &c->records[c->n];
	r->at = at;
	r->order = c->n++;
	r->packets = world_alloc(w, sizeof(struct packet *) * SUPER_SEEN);
	r->packets[0] = p;
	r->n = 1;
	r->piece = piece;
	r->hops = 0;
}

static void
add_arrivals(struct capture *c, struct world *w, struct packet *p)
{
	unsigned piece;

	for (piece = 0; piece < p->pieces; piece++) {
		if ((p->lost_pieces & 1u << piece) != 0)
			continue;
		add(c, w, p->arrived + piece * 12 * MICRO, p, piece);
		if (p->again >= 0)
			add(c, w, p->again + piece * 12 * MICRO, p, piece);
	}
}

static void
gather(struct capture *c, struct world *w)
{
	struct packet *p;
	size_t i;

	for (i = 0; i < w->n_packets; i++) {
		p = w->packets[i];
		if (c->side == SERVER ? p->flow->third : p->flow->router)
			continue;
		if (packet_sender(p) == c->side)
			add(c, w, p->sent, p, 0);
		else if (p->arrived >= 0)
			add_arrivals(c, w, p);
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
sort(struct capture *c)
{
	if (c->n > 0)
		qsort(c->records, c->n, sizeof(*c->records), by_time);
}

/* May the packet of `r` go into the record before it? */
static bool
continues(const struct record *last, const struct record *r, enum side side)
{
	const struct packet *p = r->packets[0];
	const struct packet *q = last->packets[last->n - 1];

	if (p->flow != q->flow || p->way != q->way || last->n == SUPER_SEEN ||
	    p->flow->protocol != IPPROTO_TCP || p->len == 0 || q->len == 0)
		return false;
	if (p->seq != q->seq + q->len || p->ack != q->ack ||
	    ((p->flags | q->flags) & (TCP_SYN | TCP_FIN)) != 0 ||
	    (q->flags & TCP_PSH) != 0)
		return false;
	if (packet_sender(p) == side)
		return p->super != 0 && p->super == q->super;
	/* What came in pieces is put together later than that. */
	return r->at - last->at < MERGE_WITHIN && p->pieces == 1 &&
	       q->pieces == 1;
}

/* Leaving, the card cuts up what the host gave it whole; coming, the host
 * takes together what came close together. */
static void
take_together(struct capture *c)
{
	struct record *last;
	size_t i, n = 0;

	for (i = 0; i < c->n; i++) {
		last = n > 0 ? &c->records[n - 1] : NULL;
		if (last != NULL && continues(last, &c->records[i], c->side)) {
			last->packets[last->n++] = c->records[i].packets[0];
			continue;
		}
		c->records[n++] = c->records[i];
	}
	c->n = n;
}

static bool
missed(const struct recorder *r, struct dice *d, const struct record *record)
{
	if ((r->ways & 1u << record->packets[0]->way) == 0 ||
	    record->at < r->from || record->at >= r->until)
		return true;
	if (record->at >= r->blind_at &&
	    record->at < r->blind_at + r->blind_for)
		return true;
	return r->drops > 0 && dice_hit(d, r->drops, 10000);
}

static void
note_seen(const struct record *r, enum side side)
{
	unsigned i;

	for (i = 0; i < r->n; i++) {
		r->packets[i]->seen[side] |= 1u << r->piece;
		if (r->n > 1)
			r->packets[i]->super_seen |= 1u << side;
	}
}

static void
miss(struct capture *c, struct world *w)
{
	const struct recorder *r = &w->settings->recorder[c->side];
	size_t i, n = 0;

	for (i = 0; i < c->n; i++) {
		if (!missed(r, &w->dice, &c->records[i]))
			c->records[n++] = c->records[i];
	}
	if (r->damage == DAMAGE_CUT)
		n = n * 7 / 8; /* and the last one is cut */
	else if (r->damage != DAMAGE_NONE)
		n = 0;
	c->n = n;
	if (n == 0)
		return;
	for (i = 0; i < n - (r->damage == DAMAGE_CUT); i++)
		note_seen(&c->records[i], c->side);
	c->first = c->records[0].at;
	c->last = c->records[n - 1].at;
}

/* Every packet twice, as "any interface" has it. */
static void
repeat(struct capture *c, struct world *w)
{
	size_t i, n = c->n;
	struct record *r;
	unsigned k;

	for (i = 0; i < n; i++) {
		add(c, w, c->records[i].at + dice_in(&w->dice, 5, 90) * MICRO,
		    c->records[i].packets[0], c->records[i].piece);
		r = &c->records[c->n - 1];
		r->n = c->records[i].n;
		r->hops = w->settings->recorder[c->side].hops;
		for (k = 1; k < r->n; k++)
			r->packets[k] = c->records[i].packets[k];
	}
	sort(c);
}

void
capture_make(struct capture *c, struct world *w, enum side side)
{
	const struct recorder *r = &w->settings->recorder[side];

	*c = (struct capture){.side = side};
	gather(c, w);
	sort(c);
	if (r->super)
		take_together(c);
	miss(c, w);
	if (r->copies)
		repeat(c, w);
}

void
capture_free(struct capture *c)
{
	free(c->records);
}
