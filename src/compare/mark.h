/* mark.h - what the matcher learns, in bits: of flows, records and hosts. */
#ifndef COMPARE_MARK_H
#define COMPARE_MARK_H

#include "compare/packet_record.h"

/* What is learned of a flow, in its `marks`; its `class` is enum traffic. */
enum flow_mark {
	FLOW_THERE = 1,    /* towards the device */
	FLOW_BACK = 2,     /* from the device */
	FLOW_SHARED = 4,   /* the other capture has to have its packets */
	FLOW_MATCHED = 8,  /* and has some of them */
	FLOW_CHANGED = 16, /* both have packets, and none are the same */
	FLOW_PAIRED = 32,  /* its partner is proved by packets */
	FLOW_HIDDEN = 64,  /* UDP, some of it not as SNMP */
	FLOW_SEVERAL = 128 /* its packets are in others than its partner */
};

/* What is learned of a record, in its `bits`. */
enum trace_bit {
	TRACE_ONLY = RECORD_MINE,       /* its key is once in its own capture */
	TRACE_ABSENT = RECORD_MINE * 2, /* ... is not at all in the other */
	/* It was answered, or acknowledged: it arrived, even if the other
	 * capture lacks it. */
	TRACE_PROVED = RECORD_MINE * 4,
	TRACE_BYTES = RECORD_MINE * 8, /* its bytes are in other packets */
	/* So many are like it that not all were looked at. */
	TRACE_ALIKE = RECORD_MINE * 16,
	/* The like of it in the other capture is not it: it is others', or it
	 * is the one that this one is a copy of, which the network made. */
	TRACE_OTHER = RECORD_MINE * 32
};

/* At which end a host is. */
enum host_end { END_UNKNOWN, END_SERVER, END_DEVICE };

#endif
