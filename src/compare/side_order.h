/* side_order.h - the packets of a side's files in the order of time.
 *
 * Told of each packet as it is read, and then asked to sort: files overlap,
 * packets of several interfaces come a little late, a clock is set back.
 */
#ifndef COMPARE_SIDE_ORDER_H
#define COMPARE_SIDE_ORDER_H

#include <stdint.h>

#include "compare/packet_record.h"
#include "compare/side_facts.h"
#include "compare/stretch.h"

/* What sorting takes for each record, where it is necessary. */
#define SIDE_ORDER_BYTES 32

struct side_order;

struct side_order *side_order_new(void);
/* NULL is accepted. */
void side_order_free(struct side_order *o);
/* The packets that come now are of this file; files come in the order of their
 * first stamps. */
void side_order_file(struct side_order *o, unsigned file);
/* Record number `index`, from 0 without a gap. */
void side_order_packet(struct side_order *o, uint32_t index, int64_t time);
/* Put all `n` records into order.  `files` tell, by their names and states,
 * whether something is missing between them. */
void side_order_finish(struct side_order *o, struct record *records, uint32_t n,
    const struct side_file *files);
/* Then: in the order of time. */
struct stretch *side_order_stretches(struct side_order *o, uint32_t *n);

#endif
