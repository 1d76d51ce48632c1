/* small_talk.c - each a function that calls itself again after a while. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "small_talk.h"

enum { ECHO_REPLY = 0, ECHO = 8, PORT_TIME = 123 };

struct small {
	struct world *w;
	struct flow *flow;
	int64_t every;
	uint16_t seq;
	world_event *say;
};

static bool
again(struct small *t, uint64_t tag)
{
	struct world *w = t->w;

	if (w->now > w->settings->span)
		return false;
	world_at(w, w->now + t->every + dice_in(&w->dice, 0, t->every / 10),
	    t->say, t, tag);
	return true;
}

static struct small *
small_start(struct world *w, struct flow *f, int64_t every, world_event *say)
{
	struct small *t = world_alloc(w, sizeof(*t));

	t->w = w;
	t->flow = f;
	t->every = every;
	t->say = say;
	f->talk = t;
	world_at(w, dice_in(&w->dice, 0, every), say, t, 0);
	return t;
}

static void
send_noise(struct small *t, enum way way, size_t len)
{
	struct packet *p = world_packet(t->w, t->flow, way, len);

	dice_fill(&t->w->dice, p->data, len);
	if (t->flow->peer_port == PORT_TIME)
		p->data[0] = way == BACK ? 0x23 : 0x24; /* RFC 5905 */
	world_send(t->w, p);
}

/* --- pings --- */

static void
ping(void *arg, uint64_t tag)
{
	struct small *t = arg;
	struct packet *p;

	if (!again(t, tag))
		return;
	p = world_packet(t->w, t->flow, THERE, 56);
	p->icmp_type = ECHO;
	p->icmp_seq = t->seq++;
	if (t->w->settings->like_pings) {
		p->icmp_seq %= 8;
		memset(p->data, 0x42, p->len);
	} else {
		dice_fill(&t->w->dice, p->data, p->len);
	}
	world_send(t->w, p);
}

static void
pong(void *talk, struct packet *p)
{
	struct small *t = talk;
	struct packet *reply;

	if (p->way == BACK)
		return;
	reply = world_packet(t->w, t->flow, BACK, p->len);
	reply->icmp_type = ECHO_REPLY;
	reply->icmp_seq = p->icmp_seq;
	memcpy(reply->data, p->data, p->len);
	world_send(t->w, reply);
}

void
small_talk_pings(struct world *w, int64_t every, bool third)
{
	struct flow *f = world_flow(w, KIND_ICMP,
	    w->settings->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
	    dice_in(&w->dice, 1, 65535), 0);

	f->third = third;
	f->deliver = pong;
	small_start(w, f, every, ping);
}

/* --- the time, and the log --- */

static void
ask_time(void *arg, uint64_t tag)
{
	struct small *t = arg;

	if (again(t, tag))
		send_noise(t, BACK, 48);
}

static void
tell_time(void *talk, struct packet *p)
{
	if (p->way == BACK)
		send_noise(talk, THERE, 48);
}

static struct flow *
log_flow(struct world *w)
{
	bool fresh = w->settings->fresh_ports;

	return world_flow(w, KIND_UDP, IPPROTO_UDP, 514,
	    fresh ? dice_in(&w->dice, 30000, 60000) : 514);
}

static void
log_line(void *arg, uint64_t tag)
{
	struct small *t = arg;
	struct packet *p;
	char text[160];
	int len;

	if (!again(t, tag))
		return;
	if (t->w->settings->fresh_ports)
		t->flow = log_flow(t->w);
	len = snprintf(text, sizeof(text),
	    "<134>[S=%u] [SID=9a1f:%u] device line %016llx of %d", t->seq,
	    t->seq / 7, (unsigned long long)dice_next(&t->w->dice),
	    (int)dice_in(&t->w->dice, 1, 1 << 20));
	t->seq++;
	p = world_packet(t->w, t->flow, BACK, len);
	memcpy(p->data, text, len);
	world_send(t->w, p);
}

void
small_talk_udp(struct world *w)
{
	struct flow *f = world_flow(w, KIND_UDP, IPPROTO_UDP, PORT_TIME,
	    dice_in(&w->dice, 40000, 50000));

	f->deliver = tell_time;
	small_start(w, f, 4 * SECOND, ask_time);
	small_start(w, log_flow(w), 1500 * MILLI, log_line);
}

/* --- others --- */

static void
speech(void *arg, uint64_t tag)
{
	struct small *t = arg;

	if (!again(t, tag))
		return;
	send_noise(t, THERE, 172);
	send_noise(t, BACK, 172);
}

static void
names(void *arg, uint64_t tag)
{
	struct small *t = arg;

	if (again(t, tag))
		send_noise(t, BACK, dice_in(&t->w->dice, 30, 60));
}

void
small_talk_noise(struct world *w)
{
	struct flow *f = world_flow(w, KIND_UDP, IPPROTO_UDP, 6000, 6010);

	f->third = true;
	f->peer = 1;
	small_start(w, f, 250 * MILLI, speech);
	f = world_flow(w, KIND_UDP, IPPROTO_UDP, 53, 41053);
	f->third = true;
	f->peer = 2;
	f->deliver = NULL;
	small_start(w, f, 2 * SECOND, names);
}
