/* world.c - a heap of moments, and the packets. */
#include <stdlib.h>

#include "base/xmem.h"
#include "world.h"

void
world_init(struct world *w, const struct settings *s, struct dice d)
{
	*w = (struct world){.settings = s, .dice = d};
	w->ids[SERVER] = dice_next(&w->dice);
	w->ids[DEVICE] = dice_next(&w->dice);
	path_init(&w->path, s);
}

void
world_free(struct world *w)
{
	size_t i;

	for (i = 0; i < w->n_memory; i++)
		free(w->memory[i]);
	free(w->memory);
	free(w->packets);
	free(w->moments);
}

void *
world_alloc(struct world *w, size_t size)
{
	if (w->n_memory == w->memory_cap) {
		w->memory_cap = 2 * w->memory_cap + 64;
		w->memory =
		    xreallocarray(w->memory, w->memory_cap, sizeof(*w->memory));
	}
	return w->memory[w->n_memory++] = xcalloc(1, size);
}

static bool
before(const struct moment *a, const struct moment *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void
world_at(struct world *w, int64_t at, world_event *run, void *arg, uint64_t tag)
{
	struct moment m = {at, w->order++, tag, run, arg};
	size_t i;

	if (w->n_moments == w->moments_cap) {
		w->moments_cap = 2 * w->moments_cap + 64;
		w->moments = xreallocarray(
		    w->moments, w->moments_cap, sizeof(*w->moments));
	}
	for (i = w->n_moments++; i > 0; i = (i - 1) / 2) {
		if (!before(&m, &w->moments[(i - 1) / 2]))
			break;
		w->moments[i] = w->moments[(i - 1) / 2];
	}
	w->moments[i] = m;
}

static struct moment
next_moment(struct world *w)
{
	struct moment first = w->moments[0];
	struct moment last = w->moments[--w->n_moments];
	size_t i = 0, child;

	for (;;) {
		child = 2 * i + 1;
		if (child >= w->n_moments)
			break;
		if (child + 1 < w->n_moments &&
		    before(&w->moments[child + 1], &w->moments[child]))
			child++;
		if (!before(&w->moments[child], &last))
			break;
		w->moments[i] = w->moments[child];
		i = child;
	}
	if (w->n_moments > 0)
		w->moments[i] = last;
	return first;
}

struct flow *
world_flow(struct world *w, enum kind kind, uint8_t protocol,
    uint16_t peer_port, uint16_t device_port)
{
	struct flow *f = world_alloc(w, sizeof(*f));

	f->kind = kind;
	f->number = w->n_flows++;
	f->protocol = protocol;
	f->peer_port = peer_port;
	f->device_port[DEVICE] = f->device_port[SERVER] = device_port;
	f->icmp_id[DEVICE] = f->icmp_id[SERVER] = peer_port;
	if (w->settings->path.nat_ports) {
		if (device_port < 1024)
			f->device_port[SERVER] = 10000 + device_port;
		else
			f->device_port[SERVER] =
			    dice_in(&w->dice, 20000, 60000);
		f->icmp_id[DEVICE] = dice_in(&w->dice, 1, 65535);
	}
	if (w->settings->change.new_ports)
		f->new_port = 61000 + device_port % 4000;
	if (w->settings->path.shifts_seq) {
		f->shift[THERE] = dice_next(&w->dice);
		f->shift[BACK] = dice_next(&w->dice);
	}
	return f;
}

struct packet *
world_packet(struct world *w, struct flow *f, enum way way, size_t len)
{
	struct packet *p = world_alloc(w, sizeof(*p));

	p->flow = f;
	p->way = way;
	p->len = len;
	p->data = world_alloc(w, len + 1);
	p->arrived = p->again = -1;
	p->pieces = 1;
	p->whole = !w->settings->fragile;
	p->ttl = 64;
	return p;
}

static void
deliver(void *arg, uint64_t tag)
{
	struct world *w = arg;
	struct packet *p = w->packets[tag];

	if (p->flow->deliver != NULL)
		p->flow->deliver(p->flow->talk, p);
}

static void
keep(struct world *w, struct packet *p)
{
	if (w->n_packets == w->packets_cap) {
		w->packets_cap = 2 * w->packets_cap + 1024;
		w->packets = xreallocarray(
		    w->packets, w->packets_cap, sizeof(*w->packets));
	}
	p->id = w->n_packets;
	w->packets[w->n_packets++] = p;
}

static bool
is_muted(const struct world *w, const struct packet *p)
{
	const struct settings *s = w->settings;

	return (s->muted[p->way] & 1u << p->flow->kind) != 0 &&
	       w->now >= s->muted_from && (p->way == BACK || !p->flow->third);
}

void
world_send(struct world *w, struct packet *p)
{
	int64_t earliest = w->last_sent[p->way] + 2 * MICRO;

	if (is_muted(w, p))
		return;
	keep(w, p);
	if (p->flow->sent[THERE] + p->flow->sent[BACK] == 0) {
		p->flow->begun = w->now;
		p->flow->opener = p->way;
	}
	p->flow->sent[p->way]++;
	p->sent = w->now + dice_in(&w->dice, 10, 60) * MICRO;
	if (p->sent < earliest)
		p->sent = earliest;
	w->last_sent[p->way] = p->sent;
	p->ip_id =
	    w->settings->no_ids && p->whole ? 0 : w->ids[packet_sender(p)]++;
	p->ip_id_there = p->ip_id;
	path_fate(&w->path, &w->dice, p);
	if (packet_arrived(p))
		world_at(w, p->arrived, deliver, w, p->id);
	else if (w->on_lost != NULL)
		w->on_lost(w, p);
}

void
world_run(struct world *w)
{
	struct moment m;

	while (w->n_moments > 0) {
		m = next_moment(w);
		w->now = m.at;
		m.run(m.arg, m.tag);
	}
}
