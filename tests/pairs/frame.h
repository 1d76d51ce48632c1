/* frame.h - the bytes of a packet as one side has them. */
#ifndef PAIRS_FRAME_H
#define PAIRS_FRAME_H

#include <stddef.h>

#include "packet.h"

#define FRAME_MAX 66000

/* What a record shows: packets of one super-packet, or one piece of one. */
struct view {
	const struct settings *settings;
	enum side side;
	struct packet *const *packets;
	unsigned n, piece, hops; /* as of a record */
	bool swapped;            /* for a link type of the host's byte order */
	uint32_t serial;         /* a tunnel counts */
};

/* Write the frame; its length. */
size_t frame_write(unsigned char to[FRAME_MAX], const struct view *v);
/* The number of a link type in a file's header. */
unsigned frame_link_number(enum link link);

#endif
