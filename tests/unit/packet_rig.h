/* packet_rig.h - IP packets to be captured. */
#ifndef UNIT_PACKET_RIG_H
#define UNIT_PACKET_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 4096

/* What is not said is 0, and with `version` 0 it is IPv4, with `ttl` 0, 64. */
struct packet {
	int version;
	uint8_t protocol;
	uint32_t from, to; /* the last four bytes of the addresses */
	uint16_t from_port, to_port;
	uint32_t seq, ack; /* of TCP */
	uint8_t flags;
	uint16_t window;
	uint8_t type, code; /* ICMP; `from_port` is the id, `seq` its number */
	uint16_t id;
	uint8_t ttl, dscp;
	const char *options; /* of TCP, of a length that 4 divides */
	size_t n_options;
	const void *data;
	size_t n_data;
	/* One fragment of it, if `piece` is not 0: so many bytes of what the IP
	 * packet carries, from `at`. */
	unsigned at, piece;
};

/* Returns the length of the IP packet, no checksum is right. */
size_t packet_put(unsigned char to[PACKET_MAX], const struct packet *p);

#endif
