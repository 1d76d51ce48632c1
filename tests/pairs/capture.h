/* capture.h - what one side's recorder made of the event.
 *
 * A list of records in the order of the file; what the recorder missed, wrote
 * twice or took together is settled here, and noted in the packets (`seen`).
 */
#ifndef PAIRS_CAPTURE_H
#define PAIRS_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "world.h"

struct record {
	int64_t at; /* by a clock that is right */
	uint64_t order;
	struct packet **packets; /* `n` of a super-packet, else one */
	unsigned n, piece, hops; /* hops: it was forwarded */
};

struct capture {
	enum side side;
	struct record *records;
	size_t n, cap;
	int64_t first, last; /* records */
};

void capture_make(struct capture *c, struct world *w, enum side side);
void capture_free(struct capture *c);

#endif
