/* flow.h - who sends to whom in one capture: a table of directional flows.
 *
 * A flow is addresses, protocol and ports, in the direction of its packets; its
 * answers are another flow, its reverse.  Flows and hosts are numbered from 0
 * in the order in which they were first seen.  Owned by capture_side.
 */
#ifndef COMPARE_FLOW_H
#define COMPARE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define FLOW_NONE UINT32_MAX

struct flow {
	uint32_t from, to; /* hosts */
	/* UDP, TCP.  Echo: its id is the port of who asks, the other is 0.
	 * Anything else: 0. */
	uint16_t from_port, to_port;
	uint8_t protocol; /* of IP; an ICMP error's own flow: without ports */
	bool tunnel;      /* its packets are RECORD_TUNNEL */
	uint16_t reserved;
	uint32_t reverse; /* FLOW_NONE: never seen */
	uint32_t packets; /* copies included; 0: only quoted by ICMP errors */
	/* The matcher's, who learns them; as they are made: */
	uint32_t partner; /* FLOW_NONE */
	uint16_t class;   /* 0 */
	uint16_t marks;   /* 0 */
};

/* What identifies a flow; all zero first (it is compared as bytes). */
struct flow_id {
	unsigned char from[16], to[16]; /* IPv4: the first four bytes */
	uint16_t from_port, to_port;
	uint8_t protocol;
	uint8_t family; /* AF_INET, AF_INET6 */
};

struct flow_table;

/* `bytes_max`: what it may take of memory. */
struct flow_table *flow_table_new(size_t bytes_max);
/* NULL is accepted. */
void flow_table_free(struct flow_table *t);
/* From now on it may take so much. */
void flow_table_limit(struct flow_table *t, size_t bytes_max);
/* The number of this flow, which is made if it is new; FLOW_NONE: the table is
 * as large as it may be. */
uint32_t flow_table_find(struct flow_table *t, const struct flow_id *id);
/* The same, and one more packet of it; but the number comes into `*flow` some
 * calls later, when the flow's place has come out of the memory, at the latest
 * by flow_table_settle(), which flow_table_find() does, too.  False: for one
 * that was counted there was no room. */
bool flow_table_count(
    struct flow_table *t, const struct flow_id *id, uint32_t *flow);
bool flow_table_settle(struct flow_table *t);
/* All packets are counted and settled: fill in `packets` and `reverse`.  From
 * then on flows are known by their numbers; none is found or made. */
void flow_table_finish(struct flow_table *t);

uint32_t flow_table_size(const struct flow_table *t);
/* All flows; valid until the next is made. */
struct flow *flow_table_flows(struct flow_table *t);
uint32_t flow_table_hosts(const struct flow_table *t);
const struct addr *flow_table_host(const struct flow_table *t, uint32_t host);
/* Bytes it takes now. */
size_t flow_table_bytes(const struct flow_table *t);

#endif
