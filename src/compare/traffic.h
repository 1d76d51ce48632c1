/* traffic.h - what a comparison tells apart: the two captures, the two ways,
 * and kinds of traffic.
 *
 * A name (device, there, snmp) is that of the JSON: it does not change.
 */
#ifndef COMPARE_TRAFFIC_H
#define COMPARE_TRAFFIC_H

/* The server's files first, always. */
enum side { SIDE_SERVER, SIDE_DEVICE, SIDE_COUNT };
/* "There" is towards the device, "back" is from it. */
enum way { WAY_THERE, WAY_BACK, WAY_COUNT };

/* What a packet is of. */
enum traffic {
	TRAFFIC_SNMP, /* requests to the device's agent, and their answers */
	TRAFFIC_TRAP, /* the device's own: traps, informs, keepalives */
	TRAFFIC_ICMP, /* echo */
	TRAFFIC_ICMP_ERROR,
	TRAFFIC_TCP,
	TRAFFIC_UDP,    /* any other */
	TRAFFIC_TUNNEL, /* ESP, AH, GRE, L2TP, WireGuard */
	TRAFFIC_OTHER,
	TRAFFIC_COUNT
};

const char *side_name(enum side s);
const char *way_name(enum way w);
const char *traffic_name(enum traffic t);
/* The other way round; ..._COUNT: there is no such name. */
int way_by_name(const char *name);
int traffic_by_name(const char *name);

#endif
