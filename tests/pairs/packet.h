/* packet.h - a packet of the event, and what became of it.  Pure data. */
#ifndef PAIRS_PACKET_H
#define PAIRS_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "flow.h"

enum tcp_flag {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_PSH = 8,
	TCP_ACK = 16
};

struct packet {
	unsigned id; /* its private identity */
	struct flow *flow;
	enum way way;
	int64_t sent, arrived, again; /* -1: never; of the first piece */
	unsigned pieces, lost_pieces; /* on the way; a set */
	unsigned seen[SIDES]; /* pieces that are in the capture; a set */
	unsigned super;       /* same number: left as one super-packet */
	unsigned super_seen;  /* records of more than one packet */
	unsigned char *data;
	uint32_t len, note; /* `note` is for the one who sent it */
	uint32_t seq, ack;
	uint16_t ip_id, ip_id_there, icmp_seq;
	uint8_t flags, icmp_type, icmp_code, ttl;
	bool whole; /* do not fragment */
};

/* Between OVOC and the device? */
static inline bool
packet_counts(const struct packet *p)
{
	return !p->flow->third && !p->flow->router;
}

static inline enum side
packet_sender(const struct packet *p)
{
	return p->way == THERE ? SERVER : DEVICE;
}

static inline enum side
packet_receiver(const struct packet *p)
{
	return p->way == THERE ? DEVICE : SERVER;
}

/* All of it. */
static inline bool
packet_arrived(const struct packet *p)
{
	return p->arrived >= 0 && p->lost_pieces == 0;
}

#endif
