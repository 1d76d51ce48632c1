/* compare_rig.c - two captures of one path, packet by packet, without files. */
#include "compare_rig.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define MS_NS    INT64_C(1000000)
#define SERVER   0x0a000001u
#define DEVICE   0xc0000205u
#define OUTSIDE  0xc6336407u /* the device's address behind translation */
#define LATER    0xc6336463u /* ... which changed; the server's: LATER + 1 */
#define GATE     0xc0000201u /* behind which the server asks, at the device */
#define CAMPAIGN 0xcb007109u

struct compare_rig *
compare_rig_new(void)
{
	struct compare_rig *r = xcalloc(1, sizeof(*r));
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		r->table[s] = flow_table_new(SIZE_MAX);
	r->delay[WAY_THERE] = r->delay[WAY_BACK] = 10 * MS_NS;
	r->jitter[WAY_THERE] = r->jitter[WAY_BACK] = 2 * MS_NS;
	r->hops = 3;
	r->wish.patience = 5000 * MS_NS;
	srandom(7);
	return r;
}

void
compare_rig_free(struct compare_rig *r)
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		trace_free(r->trace[s]);
		flow_table_free(r->table[s]);
		free(r->rec[s]);
	}
	free(r);
}

static void
put_addr(unsigned char to[16], uint32_t ip)
{
	ip = htonl(ip);
	memcpy(to, &ip, sizeof(ip));
}

/* Is the one who sends on this way translated otherwise by then? */
static bool
is_mapped_anew(const struct compare_rig *r, enum way sends, int64_t ns,
    const struct rig_packet *p)
{
	const struct rig_map *m = &r->map;

	return m->at > 0 && m->sends == sends &&
	       ns >= (p->way == sends ? m->at : m->known) * MS_NS;
}

/* As this side sees who is not the device. */
static uint32_t
asker_at(const struct compare_rig *r, enum side s, uint32_t asker, int64_t ns,
    const struct rig_packet *p)
{
	bool trap = p->what == RECORD_SNMP_TRAP;

	if (s == SIDE_SERVER || asker != SERVER)
		return asker;
	if (r->map.address && is_mapped_anew(r, WAY_THERE, ns, p))
		return LATER + 1;
	return r->inbound_nat && !trap ? GATE : asker;
}

static uint32_t
device_at(const struct compare_rig *r, enum side s, int64_t ns,
    const struct rig_packet *p)
{
	if (s == SIDE_DEVICE)
		return DEVICE;
	if (r->map.address && is_mapped_anew(r, WAY_BACK, ns, p))
		return LATER;
	return r->nat ? OUTSIDE : DEVICE;
}

static uint16_t
device_port_at(const struct compare_rig *r, enum side s, int64_t ns,
    const struct rig_packet *p)
{
	unsigned port = p->device_port;

	if (s == SIDE_SERVER && r->map.each)
		port += 1000 + p->server_port % 1000;
	if (s == SIDE_SERVER && r->map.port &&
	    is_mapped_anew(r, WAY_BACK, ns, p))
		port += 20000;
	return (uint16_t)port;
}

static uint32_t
flow_of(struct compare_rig *r, enum side s, uint32_t asker, int64_t ns,
    const struct rig_packet *p)
{
	bool there = p->way == WAY_THERE;
	uint32_t device = device_at(r, s, ns, p);
	uint16_t port = device_port_at(r, s, ns, p);
	struct flow_id id = {.protocol = p->protocol, .family = AF_INET};
	uint32_t flow = FLOW_NONE;

	put_addr(there ? id.from : id.to, asker_at(r, s, asker, ns, p));
	put_addr(there ? id.to : id.from, device);
	id.from_port = there ? p->server_port : port;
	id.to_port = there ? port : p->server_port;
	if (!flow_table_count(r->table[s], &id, &flow) ||
	    !flow_table_settle(r->table[s]))
		abort();
	return flow;
}

static int64_t
shown(const struct compare_rig *r, enum side s, int64_t ns)
{
	if (s == SIDE_SERVER)
		return RIG_BEGAN + ns;
	if (r->step_at > 0 && ns >= r->step_at * MS_NS)
		ns += r->step;
	return RIG_BEGAN + ns + r->offset + (int64_t)(r->drift * (double)ns);
}

static void
put(struct compare_rig *r, enum side s, uint32_t asker, int64_t sent,
    int64_t late, const struct rig_packet *p, uint16_t ip_id)
{
	int64_t ns = sent + late;
	struct record rec = {.time = shown(r, s, ns),
	    .key = p->key,
	    .flow = flow_of(r, s, asker, sent, p),
	    .tie = (uint32_t)ip_id << 16,
	    .exchange = p->exchange,
	    .seq = p->seq,
	    .length = p->length & 0xfffff,
	    .head = 28,
	    .ttl = 64,
	    .dscp = r->dscp[s],
	    .what = p->what & 0xf,
	    .bits = p->bits};

	if ((s == SIDE_SERVER) != (p->way == WAY_THERE))
		rec.ttl = (uint8_t)(64 - r->hops);
	if (r->ttl_at > 0 && ns >= r->ttl_at * MS_NS)
		rec.ttl += 64;
	if (r->n[s] == r->room[s]) {
		r->room[s] = r->room[s] == 0 ? 64 : 2 * r->room[s];
		r->rec[s] =
		    xreallocarray(r->rec[s], r->room[s], sizeof(*r->rec[s]));
	}
	r->rec[s][r->n[s]++] = rec;
}

void
rig_send(
    struct compare_rig *r, int64_t ms, const struct rig_packet *p, int fate)
{
	enum side from = p->way == WAY_THERE ? SIDE_SERVER : SIDE_DEVICE;
	int64_t ns = ms * MS_NS, late = r->delay[p->way];
	uint16_t id = ++r->ip_id;

	if (r->jitter[p->way] > 0)
		late += random() % r->jitter[p->way];
	if ((fate & RIG_NOT_SENT) == 0)
		put(r, from, SERVER, ns, 0, p, id);
	if ((fate & (RIG_LOST | RIG_NOT_SEEN)) == 0)
		put(r, (enum side) !from, SERVER, ns, late, p,
		    r->new_ids ? (uint16_t)random() : id);
}

void
rig_campaign(struct compare_rig *r, int64_t ms, const struct rig_packet *p)
{
	put(r, SIDE_DEVICE, CAMPAIGN, ms * MS_NS, 0, p, ++r->ip_id);
}

/* Each kind of packet with an id has a key of its own. */
static uint64_t
key_of(unsigned kind, uint32_t id)
{
	return (uint64_t)(kind * 1000003u + id + 1) * 0x9e3779b97f4a7c15u;
}

void
rig_ask(struct compare_rig *r, int64_t ms, uint32_t id, int fate)
{
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 40000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_SNMP_REQUEST,
	    .bits = RECORD_ASKS,
	    .exchange = id,
	    .length = 90,
	    .key = key_of(1, id)};

	rig_send(r, ms, &p, fate);
}

void
rig_answer(struct compare_rig *r, int64_t ms, uint32_t id, int fate)
{
	struct rig_packet p = {.way = WAY_BACK,
	    .server_port = 40000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_SNMP_RESPONSE,
	    .bits = RECORD_ANSWERS,
	    .exchange = id,
	    .length = 120,
	    .key = key_of(2, id)};

	rig_send(r, ms, &p, fate);
}

void
rig_trap(struct compare_rig *r, int64_t ms, uint32_t id, int fate)
{
	struct rig_packet p = {.way = WAY_BACK,
	    .server_port = 162,
	    .device_port = 32768,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_SNMP_TRAP,
	    .length = 150,
	    .key = key_of(3, id)};

	rig_send(r, ms, &p, fate);
}

static int
by_time(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

/* A capture is in the order of its clock, but for a step back. */
static void
make_trace(struct compare_rig *r, enum side s)
{
	struct stretch st[2] = {{0}, {0}};
	uint32_t n = 1, cut = r->n[s], i;

	if (s == SIDE_DEVICE && r->step < 0) {
		for (i = 1; i < r->n[s] && cut == r->n[s]; i++)
			if (r->rec[s][i].time <
			    r->rec[s][i - 1].time - 100 * MS_NS)
				cut = i;
		n = cut < r->n[s] ? 2 : 1;
	}
	qsort(r->rec[s], cut, sizeof(struct record), by_time);
	qsort(r->rec[s] + cut, r->n[s] - cut, sizeof(struct record), by_time);
	st[0] = (struct stretch){
	    r->rec[s][0].time, r->rec[s][cut - 1].time, 0, cut, STRETCH_FIRST};
	if (n == 2)
		st[1] = (struct stretch){r->rec[s][cut].time,
		    r->rec[s][r->n[s] - 1].time, cut, r->n[s] - cut,
		    STRETCH_SET_BACK};
	flow_table_finish(r->table[s]);
	r->trace[s] = trace_new(s, r->rec[s], r->n[s], st, n, r->table[s]);
	r->trace[s]->makes_copies = r->copies;
}

void
rig_traces(struct compare_rig *r)
{
	make_trace(r, SIDE_SERVER);
	make_trace(r, SIDE_DEVICE);
}

const struct compare_result *
rig_judge(struct compare_rig *r)
{
	rig_traces(r);
	judge_run(&r->result, r->trace, &r->wish);
	return &r->result;
}
