/* flow.c - see flow.h.
 *
 * A flow is found by a hash of 64 bits alone, with a secret of this process in
 * it: that two of a million flows share one has a probability of 1 in 10^7, and
 * nothing but the slot is read for a packet.
 */
#include "compare/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/xmem.h"

#define SLOTS_FIRST 1024u /* powers of two */
#define HOSTS_FIRST 256u
/* Flows that are looked up while their slots come out of the memory: more would
 * not come sooner. */
#define SOON 16u

struct slot {
	uint64_t hash; /* 0: free */
	uint32_t flow, packets;
};

/* To be counted soon. */
struct soon {
	struct flow_id id;
	uint64_t hash;
	uint32_t *flow; /* where its number goes */
};

struct flow_table {
	uint64_t secret;
	size_t bytes_max, bytes;
	struct slot *slots;
	uint32_t n_slots, n_flows, cap_flows;
	struct flow *flows;
	struct addr *hosts;
	uint32_t *host_slots; /* number + 1; 0: free */
	uint32_t n_host_slots, n_hosts, cap_hosts;
	struct soon soon[SOON];  /* a ring */
	uint32_t asked, settled; /* of those: how many ever */
	bool full;               /* for one of those there was no room */
};

/* May so many bytes more be taken?  They are, then. */
static bool
take(struct flow_table *t, size_t bytes)
{
	if (t->bytes > t->bytes_max || bytes > t->bytes_max - t->bytes)
		return false;
	t->bytes += bytes;
	return true;
}

struct flow_table *
flow_table_new(size_t bytes_max)
{
	struct flow_table *t = xcalloc(1, sizeof(*t));

	random_bytes(&t->secret, sizeof(t->secret));
	t->bytes_max = bytes_max;
	t->n_slots = SLOTS_FIRST;
	t->slots = xcalloc(t->n_slots, sizeof(*t->slots));
	t->n_host_slots = HOSTS_FIRST;
	t->host_slots = xcalloc(t->n_host_slots, sizeof(*t->host_slots));
	t->bytes = t->n_slots * sizeof(*t->slots) +
		   t->n_host_slots * sizeof(*t->host_slots);
	return t;
}

void
flow_table_free(struct flow_table *t)
{
	if (t == NULL)
		return;
	free(t->slots);
	free(t->flows);
	free(t->hosts);
	free(t->host_slots);
	free(t);
}

void
flow_table_limit(struct flow_table *t, size_t bytes_max)
{
	t->bytes_max = bytes_max;
}

static uint64_t
hash_addr(const struct flow_table *t, const struct addr *a)
{
	return hash_bytes(t->secret ^ a->family, a->ip, sizeof(a->ip));
}

/* Its slot, or the free one where it would be. */
static uint32_t
host_slot(const struct flow_table *t, const struct addr *a)
{
	uint32_t mask = t->n_host_slots - 1;
	uint32_t i = (uint32_t)hash_addr(t, a) & mask;

	while (t->host_slots[i] != 0 &&
	       addr_cmp(&t->hosts[t->host_slots[i] - 1], a) != 0)
		i = (i + 1) & mask;
	return i;
}

static bool
grow_hosts(struct flow_table *t)
{
	uint32_t cap = t->cap_hosts > 0 ? t->cap_hosts * 2 : HOSTS_FIRST / 2;

	if (!take(t, (cap - t->cap_hosts) * sizeof(*t->hosts) +
			 (2 * cap - t->n_host_slots) * sizeof(*t->host_slots)))
		return false;
	t->hosts = xreallocarray(t->hosts, cap, sizeof(*t->hosts));
	t->cap_hosts = cap;
	free(t->host_slots);
	t->n_host_slots = 2 * cap;
	t->host_slots = xcalloc(t->n_host_slots, sizeof(*t->host_slots));
	for (uint32_t i = 0; i < t->n_hosts; i++)
		t->host_slots[host_slot(t, &t->hosts[i])] = i + 1;
	return true;
}

/* The number of a host, which is made if it is new; FLOW_NONE: no room. */
static uint32_t
find_host(struct flow_table *t, uint8_t family, const unsigned char ip[16])
{
	struct addr a = {.family = family};
	uint32_t i;

	memcpy(a.ip, ip, sizeof(a.ip));
	i = host_slot(t, &a);
	if (t->host_slots[i] != 0)
		return t->host_slots[i] - 1;
	if (t->n_hosts == t->cap_hosts) {
		if (!grow_hosts(t))
			return FLOW_NONE;
		i = host_slot(t, &a);
	}
	t->hosts[t->n_hosts++] = a;
	t->host_slots[i] = t->n_hosts;
	return t->n_hosts - 1;
}

static uint64_t
hash_id(const struct flow_table *t, const struct flow_id *id)
{
	uint64_t rest = (uint64_t)id->from_port << 32 |
			(uint64_t)id->to_port << 16 |
			(uint64_t)id->protocol << 8 | id->family;
	uint64_t hash = hash_word(t->secret, rest);

	if (id->family == AF_INET) {
		uint32_t from, to;

		memcpy(&from, id->from, sizeof(from));
		memcpy(&to, id->to, sizeof(to));
		hash = hash_word(hash, (uint64_t)from << 32 | to);
	} else {
		hash = hash_bytes(hash, id->from, sizeof(id->from));
		hash = hash_bytes(hash, id->to, sizeof(id->to));
	}
	return hash != 0 ? hash : 1;
}

static struct slot *
find_slot(const struct flow_table *t, uint64_t hash)
{
	uint32_t mask = t->n_slots - 1;
	uint32_t i = (uint32_t)hash & mask;

	while (t->slots[i].hash != 0 && t->slots[i].hash != hash)
		i = (i + 1) & mask;
	return &t->slots[i];
}

/* Twice as many slots, and flows for half of them. */
static bool
grow(struct flow_table *t)
{
	struct slot *old = t->slots;
	uint32_t n = t->n_slots, cap = n;
	size_t slots = 2 * (size_t)n * sizeof(*old);

	/* Old and new slots are there at the same time. */
	if (n > UINT32_MAX / 4 ||
	    !take(t, slots + (cap - t->cap_flows) * sizeof(*t->flows)))
		return false;
	t->flows = xreallocarray(t->flows, cap, sizeof(*t->flows));
	t->cap_flows = cap;
	t->n_slots = 2 * n;
	t->slots = xcalloc(t->n_slots, sizeof(*t->slots));
	for (uint32_t i = 0; i < n; i++)
		if (old[i].hash != 0)
			*find_slot(t, old[i].hash) = old[i];
	free(old);
	t->bytes -= n * sizeof(*old);
	return true;
}

/* A flow that is new, in its slot. */
static bool
make_flow(struct flow_table *t, struct slot *slot, uint64_t hash,
    const struct flow_id *id)
{
	uint32_t from = find_host(t, id->family, id->from);
	uint32_t to = find_host(t, id->family, id->to);

	if (from == FLOW_NONE || to == FLOW_NONE)
		return false;
	t->flows[t->n_flows] = (struct flow){.from = from,
	    .to = to,
	    .from_port = id->from_port,
	    .to_port = id->to_port,
	    .protocol = id->protocol,
	    .reverse = FLOW_NONE,
	    .partner = FLOW_NONE};
	slot->hash = hash;
	slot->flow = t->n_flows++;
	return true;
}

static struct slot *
find_or_make(struct flow_table *t, const struct flow_id *id, uint64_t hash)
{
	struct slot *slot = find_slot(t, hash);

	if (slot->hash != 0)
		return slot;
	if (t->n_flows == t->cap_flows) {
		if (!grow(t))
			return NULL;
		slot = find_slot(t, hash);
	}
	return make_flow(t, slot, hash, id) ? slot : NULL;
}

/* Count the one that was asked for first. */
static void
settle_one(struct flow_table *t)
{
	const struct soon *s = &t->soon[t->settled++ % SOON];
	struct slot *slot = find_or_make(t, &s->id, s->hash);

	if (slot == NULL) {
		*s->flow = FLOW_NONE;
		t->full = true;
		return;
	}
	if (slot->packets < UINT32_MAX)
		slot->packets++;
	*s->flow = slot->flow;
}

bool
flow_table_settle(struct flow_table *t)
{
	while (t->settled != t->asked)
		settle_one(t);
	return !t->full;
}

uint32_t
flow_table_find(struct flow_table *t, const struct flow_id *id)
{
	const struct slot *slot;

	(void)flow_table_settle(t);
	slot = find_or_make(t, id, hash_id(t, id));
	return slot != NULL ? slot->flow : FLOW_NONE;
}

bool
flow_table_count(struct flow_table *t, const struct flow_id *id, uint32_t *flow)
{
	uint64_t hash = hash_id(t, id);

	if (t->asked - t->settled == SOON)
		settle_one(t);
	t->soon[t->asked++ % SOON] = (struct soon){*id, hash, flow};
	__builtin_prefetch(&t->slots[(uint32_t)hash & (t->n_slots - 1)], 1);
	return !t->full;
}

static uint64_t
hash_of_reverse(const struct flow_table *t, const struct flow *f)
{
	const struct addr *from = &t->hosts[f->from], *to = &t->hosts[f->to];
	struct flow_id id = {.from_port = f->to_port,
	    .to_port = f->from_port,
	    .protocol = f->protocol,
	    .family = (uint8_t)from->family};

	memcpy(id.from, to->ip, sizeof(id.from));
	memcpy(id.to, from->ip, sizeof(id.to));
	return hash_id(t, &id);
}

void
flow_table_finish(struct flow_table *t)
{
	for (uint32_t i = 0; i < t->n_slots; i++)
		if (t->slots[i].hash != 0)
			t->flows[t->slots[i].flow].packets =
			    t->slots[i].packets;
	for (uint32_t i = 0; i < t->n_flows; i++) {
		struct flow *f = &t->flows[i];
		const struct slot *slot = find_slot(t, hash_of_reverse(t, f));

		f->reverse = slot->hash != 0 ? slot->flow : FLOW_NONE;
	}
	free(t->slots);
	t->slots = NULL;
	t->bytes -= t->n_slots * sizeof(*t->slots);
	t->n_slots = 0;
}

uint32_t
flow_table_size(const struct flow_table *t)
{
	return t->n_flows;
}

struct flow *
flow_table_flows(struct flow_table *t)
{
	return t->flows;
}

uint32_t
flow_table_hosts(const struct flow_table *t)
{
	return t->n_hosts;
}

const struct addr *
flow_table_host(const struct flow_table *t, uint32_t host)
{
	assert(host < t->n_hosts);
	return &t->hosts[host];
}

size_t
flow_table_bytes(const struct flow_table *t)
{
	return t->bytes;
}
