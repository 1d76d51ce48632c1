/* traffic.c - the names of sides, ways and kinds of traffic.
 */
#include "compare/traffic.h"

#include "base/name.h"

static const char *const sides[SIDE_COUNT] = {"server", "device"};
static const char *const ways[WAY_COUNT] = {"there", "back"};
static const char *const traffics[TRAFFIC_COUNT] = {
    [TRAFFIC_SNMP] = "snmp",
    [TRAFFIC_TRAP] = "trap",
    [TRAFFIC_ICMP] = "icmp",
    [TRAFFIC_ICMP_ERROR] = "icmpError",
    [TRAFFIC_TCP] = "tcp",
    [TRAFFIC_UDP] = "udp",
    [TRAFFIC_TUNNEL] = "tunnel",
    [TRAFFIC_OTHER] = "other",
};

const char *
side_name(enum side s)
{
	return sides[s];
}

const char *
way_name(enum way w)
{
	return ways[w];
}

const char *
traffic_name(enum traffic t)
{
	return traffics[t];
}

int
way_by_name(const char *name)
{
	return NAME_FIND(ways, name);
}

int
traffic_by_name(const char *name)
{
	return NAME_FIND(traffics, name);
}
