/* packet_record.h - one packet of a capture in 40 bytes.
 *
 * All that the comparison keeps of a packet.  Its key is what no hop, no
 * address translation and no capture changes (no addresses, ports, TTL, DSCP,
 * IP id, checksums, options), so one packet has the same key in both captures.
 * Pure: from a decoded packet to a record.
 */
#ifndef COMPARE_PACKET_RECORD_H
#define COMPARE_PACKET_RECORD_H

#include <stdint.h>

#include "wire/ip_packet.h"

enum record_what {
	RECORD_OTHER, /* another protocol of IP */
	RECORD_UDP,
	RECORD_TCP,
	RECORD_ECHO,
	RECORD_ECHO_ANSWER,
	RECORD_ICMP_ERROR,
	RECORD_ICMP_OTHER,
	RECORD_SNMP_REQUEST, /* encrypted SNMPv3, too: it may be reported on */
	RECORD_SNMP_RESPONSE,
	RECORD_SNMP_REPORT,
	RECORD_SNMP_TRAP,
	RECORD_SNMP_INFORM,
	RECORD_SNMP_HIDDEN, /* encrypted: a response, report or trap */
	RECORD_TUNNEL,      /* ESP, AH, GRE, L2TP, IP in IP, WireGuard, ... */
	RECORD_WHAT_COUNT
};

enum record_bits {
	RECORD_FIN = 1, /* flags of TCP */
	RECORD_SYN = 2,
	RECORD_RST = 4,
	RECORD_ACK = 8,
	RECORD_ASKS = 16,        /* `exchange` identifies a question ... */
	RECORD_ANSWERS = 32,     /* ... or the answer to one */
	RECORD_FRAGMENTED = 64,  /* in pieces here; the first piece's time */
	RECORD_INCOMPLETE = 128, /* pieces of it were not seen */
	RECORD_COPIED = 256, /* more were folded into it than each has here */
	RECORD_SHORT = 512,  /* cut so that its key means nothing */
	RECORD_MINE = 1024,  /* from here on the matcher's */
};

struct record {
	int64_t time;  /* ns since 1970 by the clock of its capture */
	uint64_t key;  /* the same in both captures */
	uint32_t flow; /* in the side's struct flow_table */
	/* High half: IP id (0: none).  Low half: hash of TCP window and
	 * options; of ICMP: type << 8 | code; else 0.  Tells equal keys apart
	 * where it survives the path. */
	uint32_t tie;
	/* What question and answer share: SNMP message or request id; echo id
	 * << 16 | sequence; SYN: sequence + 1; TCP with ACK: acknowledgment
	 * number; ICMP error: that of the packet it quotes, 0 if unknown. */
	uint32_t exchange;
	/* TCP: sequence number.  ICMP error: the flow it quotes, FLOW_NONE if
	 * unknown.  Else, if RECORD_FRAGMENTED: IP payload bytes seen. */
	uint32_t seq;
	uint32_t length : 20; /* bytes behind the transport's header, whole */
	uint32_t what : 4;    /* enum record_what */
	uint32_t head : 8;    /* of IP and transport: head + length is IP's */
	uint8_t ttl, dscp;    /* ttl: or hop limit */
	uint16_t bits;        /* of enum record_bits */
};

/* How many bytes of payload go into a key: the same for both sides. */
struct record_depth {
	uint8_t tcp, other;
};
#define RECORD_DEPTH 64 /* of either, where no packet is cut */

/* All of `r` but time, flow and an ICMP error's seq.  `quoted` (may be NULL) is
 * the packet that the error `p` quotes. */
void record_fill(struct record *r, const struct ip_packet *p,
    const struct ip_packet *quoted, const struct record_depth *depth);

#endif
