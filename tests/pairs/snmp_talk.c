/* snmp_talk.c - one asker a kind of question; traps need no answer. */
#include <netinet/in.h>
#include <string.h>

#include "ber.h"
#include "snmp_talk.h"

#define PORT_SNMP  161
#define PATIENCE   (2 * SECOND) /* for each of the tries */
#define TRIES      3
#define ENGINE_AGE 8640000 /* hundredths of a second, when it began */

struct asker {
	struct world *w;
	struct flow *flow;
	int64_t every;
	uint32_t id;
	unsigned tries, turn, generation;
	bool probes, third, discovers;
	struct packet *question; /* the last */
};

static uint32_t
engine_ticks(const struct world *w)
{
	return ENGINE_AGE + w->now / (SECOND / 100);
}

static void
say(struct asker *a, enum way way, struct ber_message *m)
{
	unsigned char bytes[BER_MAX];
	struct packet *p;
	size_t len;

	m->v2c = a->w->settings->v2c && !a->probes;
	m->up = engine_ticks(a->w);
	len = ber_message(bytes, m, &a->w->dice);
	p = world_packet(a->w, a->flow, way, len);
	memcpy(p->data, bytes, len);
	p->note = m->id;
	if (way == THERE)
		a->question = p;
	world_send(a->w, p);
}

static void ask(struct asker *a);

static void
given_up(void *arg, uint64_t tag)
{
	struct asker *a = arg;

	if (a->generation != tag || a->tries >= TRIES)
		return;
	ask(a);
}

/* Version 3 makes every try anew, the second one repeats its bytes. */
static void
ask(struct asker *a)
{
	struct ber_message m = {.pdu = BER_GET, .discovers = a->discovers};
	struct packet *p;

	if (a->w->settings->v2c && !a->probes && a->tries > 0) {
		p = world_packet(a->w, a->flow, THERE, a->question->len);
		memcpy(p->data, a->question->data, p->len);
		p->note = a->question->note;
		a->question = p;
		world_send(a->w, p);
	} else {
		if (!a->probes && a->turn % 2 == 1)
			m.pdu = BER_GET_BULK;
		m.id = ++a->id;
		say(a, THERE, &m);
	}
	a->tries++;
	world_at(a->w, a->w->now + PATIENCE, given_up, a, ++a->generation);
}

static void
answer(void *arg, uint64_t id)
{
	struct asker *a = arg;
	const struct packet *p = a->w->packets[id];
	struct ber_message m = {.pdu = BER_RESPONSE, .id = p->note};
	struct flow *now = a->flow;

	if (a->probes && a->discovers && p->flow == a->flow) {
		m.pdu = BER_REPORT;
		m.discovers = true;
	} else {
		m.room = a->probes ? 60 : 40 + a->turn % 2 * 1000;
	}
	a->flow = p->flow;
	say(a, BACK, &m);
	a->flow = now;
}

static void
heard(void *talk, struct packet *p)
{
	struct asker *a = talk;

	if (p->way == THERE) {
		world_at(a->w, a->w->now + dice_in(&a->w->dice, 1, 20) * MILLI,
		    answer, a, p->id);
		return;
	}
	if (p->flow != a->flow || p->note != a->id)
		return; /* too late */
	a->generation++;
	if (!a->discovers)
		return;
	a->discovers = false;
	a->tries = 0;
	ask(a);
}

static struct flow *
new_flow(struct asker *a)
{
	struct flow *f = world_flow(a->w, KIND_SNMP, IPPROTO_UDP,
	    dice_in(&a->w->dice, 32768, 60999), PORT_SNMP);

	f->third = a->third;
	f->deliver = heard;
	f->talk = a;
	return f;
}

static void
turn(void *arg, uint64_t tag)
{
	struct asker *a = arg;
	struct world *w = a->w;

	if (w->now > w->settings->span)
		return;
	if (a->flow == NULL || a->probes)
		a->flow = new_flow(a);
	a->turn++;
	a->tries = 0;
	a->discovers = a->probes;
	ask(a);
	world_at(w, w->now + a->every + dice_in(&w->dice, 0, 40) * MILLI, turn,
	    a, tag);
}

static void
asker_start(struct world *w, int64_t every, bool probes, bool third)
{
	struct asker *a = world_alloc(w, sizeof(*a));

	a->w = w;
	a->every = every;
	a->probes = probes;
	a->third = third;
	a->id = dice_in(&w->dice, 1000, 1 << 30);
	world_at(w, dice_in(&w->dice, 0, SECOND), turn, a, 0);
}

void
snmp_talk_polls(struct world *w)
{
	asker_start(w, SECOND, false, false);
}

void
snmp_talk_probes(struct world *w, int64_t every, bool third)
{
	asker_start(w, every, true, third);
}

static void
trap(void *arg, uint64_t every)
{
	struct asker *a = arg;
	struct ber_message m = {.pdu = BER_TRAP, .room = 90};

	if (a->w->now > a->w->settings->span)
		return;
	m.id = ++a->id;
	say(a, BACK, &m);
	world_at(a->w, a->w->now + every, trap, a, every);
}

static void
traps_start(struct world *w, uint16_t port, int64_t every)
{
	struct asker *a = world_alloc(w, sizeof(*a));

	a->w = w;
	a->id = dice_in(&w->dice, 1000, 1 << 30);
	a->flow = world_flow(
	    w, KIND_TRAP, IPPROTO_UDP, port, dice_in(&w->dice, 40000, 50000));
	world_at(w, dice_in(&w->dice, 0, every), trap, a, every);
}

void
snmp_talk_traps(struct world *w)
{
	traps_start(w, 162, 14 * SECOND);
	traps_start(w, 1161, 5 * SECOND);
}
