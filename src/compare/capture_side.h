/* capture_side.h - all captures of one end as one: its records and flows.
 *
 * The files come in any order, overlap, have pieces missing between them; what
 * comes out is in the order of time.  Owns records and flows.
 */
#ifndef COMPARE_CAPTURE_SIDE_H
#define COMPARE_CAPTURE_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/flow.h"
#include "compare/packet_record.h"
#include "compare/side_facts.h"
#include "compare/stretch.h"

struct capture_limits {
	size_t memory;    /* bytes for records and flows, sorting included */
	size_t of;        /* ... of so many that are allowed for all */
	int64_t from, to; /* ns by this side's clock: other packets are left */
};

struct capture_side;

/* `name` ("server", "device") is used in sentences. */
struct capture_side *capture_side_new(
    const char *name, const struct capture_limits *limits);
/* NULL is accepted. */
void capture_side_free(struct capture_side *s);
/* One more file, by its name in `path`; `fd` if it is open already, which stays
 * the caller's, else -1. */
void capture_side_add(struct capture_side *s, const char *path, int fd);
/* Read all files; keys take `depth` bytes of payload.  Again with a smaller one
 * where capture_side_depth() of either side says so: all of the first reading
 * is forgotten then.  What came out is `facts.status`. */
enum side_status capture_side_read(
    struct capture_side *s, const struct record_depth *depth);
/* The depth at which every packet of this side has a whole key: RECORD_DEPTH,
 * less if packets are cut.  Read both sides, take the smaller ones, read again
 * the side (or both) that was read deeper. */
struct record_depth capture_side_depth(const struct capture_side *s);

const struct side_facts *capture_side_facts(const struct capture_side *s);
/* In the order of time: by stretches, in a stretch by stamps. */
struct record *capture_side_records(struct capture_side *s);
uint32_t capture_side_size(const struct capture_side *s);
/* At least one if there is a record; they hold all records. */
const struct stretch *capture_side_stretches(
    const struct capture_side *s, uint32_t *n);
struct flow_table *capture_side_flows(struct capture_side *s);
/* Bytes that records and flows take now. */
size_t capture_side_bytes(const struct capture_side *s);

#endif
