/* event_facts.h - what a record of an event is made of, beside its probes.
 *
 * Plain data of event_record.h, and how much of each there is at most.
 */
#ifndef WIRE_EVENT_FACTS_H
#define WIRE_EVENT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define EVENT_PIECES_MAX     4096
#define EVENT_SPANS_MAX      64
#define EVENT_PROBES_MAX     300 /* three kinds of VERIFY_COUNT_MAX */
#define EVENT_HEARTBEATS_MAX 3000
#define EVENT_ADDRS_MAX      16
#define EVENT_INTERFACES_MAX 32
#define EVENT_WORD_MAX       128

struct event_span { /* wall ms of the writer */
	int64_t from, to;
};
struct event_spans {
	struct event_span at[EVENT_SPANS_MAX];
	size_t n;
};
struct event_piece {
	unsigned number; /* the <n> of its name */
	bool aborted;    /* it has the name of one without a STOP */
	bool cut;        /* it ends within a packet */
	int64_t bytes;
	int64_t first_us, last_us; /* of its packets; else of its writing */
	int64_t packets;           /* -1: not counted */
};
struct event_addrs {
	struct addr at[EVENT_ADDRS_MAX];
	size_t n;
};
struct event_clock { /* another clock less that of the writer, ms */
	bool known;
	int64_t ahead, error; /* off by so much at most */
};

#endif
