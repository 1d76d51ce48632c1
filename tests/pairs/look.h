/* look.h - what a frame is, read from its bytes alone. */
#ifndef PAIRS_LOOK_H
#define PAIRS_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "pcap_in.h"

struct looks {
	const char *kind; /* snmp, trap, icmp, tcp, udp, other, tunnel */
	bool there;       /* towards the device */
	bool first;       /* not a later piece of a datagram */
	bool broken;      /* a checksum of IP, or a length, is wrong */
	bool whole;       /* neither a piece nor cut */
	uint64_t payload; /* of its bytes, if whole */
};

/* False if it is not IP of this event. */
bool look(struct looks *l, const struct packet_in *p);

#endif
