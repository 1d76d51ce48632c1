/* world.h - the event: what happens when, and every packet of it.
 *
 * A discrete simulation in virtual time.  Talks (snmp_talk, tcp_talk, ...)
 * ask to be called at a time and send packets; the path says what becomes of
 * each; the world delivers.
 */
#ifndef PAIRS_WORLD_H
#define PAIRS_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "dice.h"
#include "packet.h"
#include "path.h"

typedef void world_event(void *arg, uint64_t tag);

struct moment {
	int64_t at;
	uint64_t order, tag;
	world_event *run;
	void *arg;
};

struct world {
	const struct settings *settings;
	struct dice dice;
	struct path path;
	int64_t now;
	struct moment *moments; /* a heap */
	size_t n_moments, moments_cap;
	uint64_t order;
	struct packet **packets; /* by identity */
	size_t n_packets, packets_cap;
	void **memory;
	size_t n_memory, memory_cap;
	int64_t last_sent[WAYS];
	uint16_t ids[SIDES];
	unsigned super, n_flows;
	/* NULL, or told of each packet that the way lost. */
	void (*on_lost)(struct world *w, const struct packet *p);
};

void world_init(struct world *w, const struct settings *s, struct dice d);
void world_free(struct world *w);
/* Zeroed memory that goes with the world. */
void *world_alloc(struct world *w, size_t size);
/* Call `run` at a time; not before now. */
void world_at(
    struct world *w, int64_t at, world_event *run, void *arg, uint64_t tag);
/* A conversation of its own; its ports as the device has them. */
struct flow *world_flow(struct world *w, enum kind kind, uint8_t protocol,
    uint16_t peer_port, uint16_t device_port);
/* A packet with room for `len` bytes, to be filled and sent now. */
struct packet *world_packet(
    struct world *w, struct flow *f, enum way way, size_t len);
void world_send(struct world *w, struct packet *p);
/* Run until nothing is left to do; nobody begins anything after the span. */
void world_run(struct world *w);

#endif
