/* packet.h - a packet of the event, a conversation it belongs to, and what
 * became of it.  Pure data.
 */
#ifndef PAIRS_PACKET_H
#define PAIRS_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

struct packet;

/* Packets of one conversation between the device and a peer.  `deliver` is
 * called when one arrived, at its receiver. */
struct flow {
	enum kind kind;
	bool bare;  /* TCP without options */
	bool third; /* the peer is not OVOC: only the device sees it */
	uint8_t protocol;
	uint16_t peer_port;
	uint16_t device_port[SIDES]; /* as each side sees it */
	uint16_t icmp_id[SIDES];
	uint32_t shift[WAYS]; /* of TCP numbers, in the device's view */
	unsigned peer;        /* which of the others */
	void (*deliver)(void *talk, struct packet *p);
	void *talk;
};

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
	uint8_t flags, icmp_type, ttl;
	bool whole; /* do not fragment */
};

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
