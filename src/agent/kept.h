/* kept.h - the pieces of a capture that has ended: what agent/store moved. */
#ifndef AGENT_KEPT_H
#define AGENT_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/agent_info.h"

struct kept_piece {
	char *name;
	char *was;        /* its name before, in its folder; NULL: not known */
	int64_t first_us; /* microseconds since 1970; without a packet, when it
			     was written */
	int64_t last_us;
	int64_t bytes;
	int64_t packets; /* -1: not counted; `last_us` is of its writing then */
	bool cut;
};
struct kept_pieces { /* zero-initialised */
	struct kept_piece *all;
	size_t n;
};

/* The same in short, for the campaign.  `dropped`: by the kernel, -1 if that is
 * not known. */
struct info_pieces kept_told(const struct kept_pieces *k, int64_t dropped);
/* A copy, its name too. */
void kept_add(struct kept_pieces *k, const struct kept_piece *p);
void kept_free(struct kept_pieces *k);

#endif
