/* trace.h - one side's packets, and what the matcher learns of them.
 *
 * Records and flows are capture_side's, which must outlive the trace; it writes
 * to both.  Times are made to go on where a clock was set back, so that they
 * never fall: trace_stamp() has what the capture had.
 */
#ifndef COMPARE_TRACE_H
#define COMPARE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/capture_side.h"
#include "compare/mark.h"
#include "compare/traffic.h"

#define TRACE_NONE UINT32_MAX

struct trace_span {
	int64_t from, to;
};

struct trace {
	enum side side;
	struct record *rec; /* in order of time */
	uint32_t n;
	struct flow_table *table;
	struct flow *flow;
	uint32_t n_flows, n_hosts;
	bool makes_copies;       /* packets are in it more than once */
	struct trace_span *span; /* when this capture ran */
	uint32_t n_spans;
	struct trace_shift *shift;
	uint32_t n_shifts;
	/* Of those with a key: by key, equal ones in order of time.  In one
	 * piece of memory, which begins with `key`. */
	uint32_t *order;
	uint64_t *key;     /* of each in `order` */
	uint32_t *flow_of; /* the same */
	uint32_t n_order;
	uint32_t *mate;    /* record of the other side, or TRACE_NONE */
	uint32_t *twin;    /* host of the other side, or TRACE_NONE */
	unsigned char *at; /* enum host_end of a host */
	uint32_t *talk;    /* of a flow: the same number for both ways and both
	                    * sides; conversation_number() */
};

/* `stretch`: as of capture_side_stretches(). */
struct trace *trace_new(enum side side, struct record *rec, uint32_t n,
    const struct stretch *stretch, uint32_t n_stretches,
    struct flow_table *table);
/* NULL is accepted. */
void trace_free(struct trace *t);
/* It is known to have run then, or not to have run, by its own stamps. */
void trace_proof(struct trace *t, int64_t from, int64_t to);
void trace_hole(struct trace *t, int64_t from, int64_t to);

/* What this capture's clock showed. */
int64_t trace_stamp(const struct trace *t, int64_t time);
/* The first record at or behind `time`; n: none. */
uint32_t trace_at(const struct trace *t, int64_t time);
/* Did this side's host send the packets of a flow with these marks? */
bool trace_sends(const struct trace *t, unsigned marks);
/* Is one of these bits set in the marks of this record's flow? */
bool trace_marked(const struct trace *t, uint32_t record, unsigned marks);

#endif
