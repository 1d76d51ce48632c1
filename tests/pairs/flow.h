/* flow.h - a conversation of the device with somebody.  Pure data. */
#ifndef PAIRS_FLOW_H
#define PAIRS_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

struct packet;

/* Packets of one conversation between the device and a peer.  `deliver` is
 * called when one arrived, at its receiver. */
struct flow {
	enum kind kind;
	bool bare;   /* TCP without options */
	bool router; /* one on the way, seen by OVOC only */
	bool third;  /* the peer is not OVOC: only the device sees it */
	uint8_t protocol;
	int64_t begun; /* when its first packet was sent, on that way */
	enum way opener;
	uint16_t peer_port;
	uint16_t device_port[SIDES]; /* as each side sees it */
	uint16_t new_port;           /* the server, where it is mapped anew */
	uint16_t icmp_id[SIDES];
	uint32_t shift[WAYS]; /* of TCP numbers, in the device's view */
	unsigned number, sent[WAYS];
	bool met[SIDES]; /* that side's files have a packet of it */
	bool common;     /* both have the same one */
	unsigned peer;   /* which of the others */
	void (*deliver)(void *talk, struct packet *p);
	void *talk;
};

#endif
