/* tcp_talk.c - connections: two ends, and turns to speak. */
#include <netinet/in.h>

#include "tcp_end.h"
#include "tcp_talk.h"

#define TRIES     5
#define TURNS     6
#define PORT      443
#define SUPER_MAX 10 /* segments of a super-packet */

struct tcp {
	struct world *w;
	struct flow *flow;
	enum way client; /* the way of what it sends */
	struct tcp_end end[WAYS];
	uint32_t turns[TURNS];
	unsigned n, turn;
	uint64_t text; /* what it sends, by dice_byte_at() */
	int64_t patience;
	bool up, waits, dead;
};

static void pump(struct tcp *t, enum way way);
static void set_timer(struct tcp *t, enum way way);

static void
send_segment(struct tcp *t, enum way way, uint32_t off, unsigned super)
{
	struct tcp_end *e = &t->end[way], *other = &t->end[1 - way];
	uint32_t len = tcp_end_segment(e, off), i;
	bool bare = off == 0 || off >= e->limit;
	struct packet *p = world_packet(t->w, t->flow, way, bare ? 0 : len);

	for (i = 0; i < p->len; i++)
		p->data[i] = dice_byte_at(t->text + way, off + i);
	p->seq = e->iss + off;
	p->super = super;
	if (off == 0)
		p->flags |= TCP_SYN;
	else if (off == e->limit && len > 0)
		p->flags |= TCP_FIN;
	else if (len > 0 && off + len == e->limit)
		p->flags |= TCP_PSH;
	if (e->rcv > 0) {
		p->flags |= TCP_ACK;
		p->ack = other->iss + e->rcv;
	}
	p->note = off;
	world_send(t->w, p);
}

static void
send_ack(struct tcp *t, enum way way)
{
	struct tcp_end *e = &t->end[way];
	struct packet *p = world_packet(t->w, t->flow, way, 0);

	p->seq = e->iss + e->nxt;
	p->ack = t->end[1 - way].iss + e->rcv;
	p->flags = TCP_ACK;
	p->note = e->nxt;
	world_send(t->w, p);
}

static void
timed_out(void *arg, uint64_t tag)
{
	struct tcp *t = arg;
	enum way way = tag & 1;
	struct tcp_end *e = &t->end[way];

	if (t->dead || e->timer != tag >> 1 || e->una == e->nxt)
		return;
	if (++e->tries > TRIES) {
		t->dead = true;
		return;
	}
	send_segment(t, way, e->una, 0);
	set_timer(t, way);
}

static void
set_timer(struct tcp *t, enum way way)
{
	struct tcp_end *e = &t->end[way];

	world_at(t->w, t->w->now + (t->patience << e->tries), timed_out, t,
	    (uint64_t)++e->timer << 1 | way);
}

/* Send all that the window allows; true if something was sent. */
static void
pump(struct tcp *t, enum way way)
{
	struct tcp_end *e = &t->end[way];
	unsigned super = 0, n = 0;
	uint32_t len;

	while (e->nxt - e->una < TCP_END_WINDOW &&
	       (len = tcp_end_segment(e, e->nxt)) > 0) {
		if (e->nxt == 0 && t->end[way].limit == 0)
			return;
		if (n++ % SUPER_MAX == 0)
			super = ++t->w->super;
		send_segment(t, way, e->nxt,
		    e->nxt > 0 && e->nxt < e->limit ? super : 0);
		e->nxt += len;
	}
	if (n > 0)
		set_timer(t, way);
}

static void
speak(void *arg, uint64_t way)
{
	struct tcp *t = arg;
	struct tcp_end *e = &t->end[way];

	t->waits = false;
	if (t->turn >= t->n) {
		e->fin = true;
	} else {
		e->old_limit = e->limit;
		e->limit += t->turns[t->turn++];
	}
	pump(t, way);
}

/* Whose turn is it, if all that was said was heard? */
static void
go_on(struct tcp *t)
{
	enum way c = t->client, next;
	int i;

	if (t->waits || t->dead)
		return;
	if (!t->up) {
		t->up = t->end[c].una > 0 && t->end[c].rcv > 0;
		if (!t->up)
			return;
	}
	for (i = 0; i < WAYS; i++) {
		if (t->end[1 - i].rcv < t->end[i].limit)
			return;
	}
	next = t->turn % 2 == 0 || t->turn >= t->n ? c : 1 - c;
	if (t->end[next].fin)
		return;
	t->waits = true;
	world_at(t->w, t->w->now + dice_in(&t->w->dice, 2, 60) * MILLI, speak,
	    t, next);
}

static void
answer_fin(struct tcp *t, enum way way)
{
	struct tcp_end *e = &t->end[way];

	if (t->end[1 - way].fin && e->rcv > t->end[1 - way].limit && !e->fin) {
		e->fin = true;
		pump(t, way);
	}
}

static void
came(void *talk, struct packet *p)
{
	struct tcp *t = talk;
	enum way mine = 1 - p->way;
	struct tcp_end *e = &t->end[mine];
	uint32_t len = p->len + ((p->flags & (TCP_SYN | TCP_FIN)) != 0);
	uint32_t next = e->nxt;
	bool in_order = true;

	if (t->dead)
		return;
	if (len > 0)
		in_order = tcp_end_take(e, p->note, len);
	if ((p->flags & TCP_SYN) != 0 && mine != t->client) {
		if (e->nxt == 0)
			pump(t, mine);
		else if (e->una == 0)
			send_segment(t, mine, 0, 0);
		return;
	}
	if ((p->flags & TCP_ACK) != 0 &&
	    tcp_end_acknowledged(e, p->ack - e->iss, len == 0))
		send_segment(t, mine, e->una, 0);
	go_on(t);
	answer_fin(t, mine);
	pump(t, mine);
	if (len > 0 && e->nxt == next &&
	    (!in_order || p->len == 0 || (p->flags & TCP_PSH) != 0 ||
		dice_hit(&t->w->dice, 1, 2)))
		send_ack(t, mine);
}

static struct tcp *
tcp_new(struct world *w, enum way client, bool third)
{
	struct tcp *t = world_alloc(w, sizeof(*t));
	uint16_t port = dice_in(&w->dice, 32768, 60999);
	const struct path *path = &w->path;
	enum way way;

	t->w = w;
	t->client = client;
	t->flow = client == THERE
		      ? world_flow(w, KIND_TCP, IPPROTO_TCP, port, PORT)
		      : world_flow(w, KIND_TCP, IPPROTO_TCP, PORT, port);
	t->flow->bare = dice_hit(&w->dice, 1, 2);
	t->flow->third = third;
	t->flow->deliver = came;
	t->flow->talk = t;
	t->text = dice_next(&w->dice);
	t->patience = 250 * MILLI;
	for (way = THERE; way < WAYS; way++) {
		t->end[way].iss = dice_next(&w->dice);
		t->end[way].limit = t->end[way].old_limit = 1;
		t->patience += 2 * path->settings->path.base[way] +
			       2 * path->settings->path.jitter[way];
	}
	return t;
}

static void
begin(void *arg, uint64_t tag)
{
	struct tcp *t = arg;

	(void)tag;
	pump(t, t->client);
}

void
tcp_talk_https(struct world *w)
{
	int64_t at, every = w->settings->bulk ? 4 : 6;
	int most = w->settings->bulk ? 120000 : 24000;
	struct tcp *t;
	unsigned i;

	for (at = 0; at < w->settings->span;
	     at += dice_in(&w->dice, every * SECOND / 2, every * SECOND)) {
		t = tcp_new(w, dice_hit(&w->dice, 1, 3) ? BACK : THERE, false);
		t->n = dice_in(&w->dice, 1, TURNS / 2) * 2;
		for (i = 0; i < t->n; i++)
			t->turns[i] = dice_hit(&w->dice, 1, 3)
					  ? dice_in(&w->dice, 3000, most)
					  : dice_in(&w->dice, 100, 900);
		world_at(w, at, begin, t, 0);
	}
}

void
tcp_talk_probes(struct world *w, int64_t every, bool third)
{
	int64_t at;

	for (at = dice_in(&w->dice, 0, every); at < w->settings->span;
	     at += every)
		world_at(w, at, begin, tcp_new(w, THERE, third), 0);
}
