/* packet_hosts.c - see packet_hosts.h.  For split/splitter. */
#include "split/packet_hosts.h"

#include <net/ethernet.h>
#include <netinet/in.h>

/* libpcap's numbers, as pcap_datalink(3) gives them on Linux. */
enum {
	DLT_EN10MB_ = 1,
	DLT_RAW_ = 12,
	DLT_LINUX_SLL_ = 113,
	DLT_IPV4_ = 228,
	DLT_IPV6_ = 229,
	DLT_LINUX_SLL2_ = 276
};

#define IPV4_LEN 20
#define IPV6_LEN 40
#define ARP_LEN  28 /* of Ethernet and IPv4, RFC 826 */
#define VLAN_LEN 4

enum {
	ETHER_QINQ = 0x88a8,
	ETHER_QINQ_OLD = 0x9100,
	ICMP4_UNREACHABLE = 3,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP6_QUERIES = 128 /* below: errors */
};

static const struct link {
	int type;
	size_t ether_type_at, length;
} links[] = {
    {DLT_EN10MB_, 12, 14}, {DLT_LINUX_SLL_, 14, 16}, {DLT_LINUX_SLL2_, 0, 20}};

static const struct link *
link_find(int type)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].type == type)
			return &links[i];
	return NULL;
}

static bool
is_raw(int link_type)
{
	return link_type == DLT_RAW_ || link_type == DLT_IPV4_ ||
	       link_type == DLT_IPV6_;
}

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static void
both(struct packet_hosts *h, sa_family_t family, const unsigned char *from,
    const unsigned char *to)
{
	h->family = family;
	h->ip[h->n++] = from;
	h->ip[h->n++] = to;
}

static void
in_ipv4(struct packet_hosts *h, const unsigned char *p, size_t n)
{
	size_t head = (p[0] & 15u) * 4u;
	const unsigned char *icmp = p + head;

	both(h, AF_INET, p + 12, p + 16);
	/* It quotes from its byte 8 on; of a fragment only the first does. */
	if (p[9] == IPPROTO_ICMP && (get16(p + 6) & 0x1fff) == 0 &&
	    n >= head + 8 + IPV4_LEN &&
	    (icmp[0] == ICMP4_UNREACHABLE || icmp[0] == ICMP4_TIME_EXCEEDED))
		h->ip[h->n++] = icmp + 8 + 16;
}

static void
in_ipv6(struct packet_hosts *h, const unsigned char *p, size_t n)
{
	const unsigned char *icmp = p + IPV6_LEN;

	both(h, AF_INET6, p + 8, p + 24);
	if (p[6] == IPPROTO_ICMPV6 && n >= IPV6_LEN + 8 + IPV6_LEN &&
	    icmp[0] < ICMP6_QUERIES)
		h->ip[h->n++] = icmp + 8 + 24;
}

static void
in_type(struct packet_hosts *h, unsigned type, const unsigned char *p, size_t n)
{
	switch (type) {
	case ETHERTYPE_IP:
		if (n >= IPV4_LEN)
			in_ipv4(h, p, n);
		return;
	case ETHERTYPE_IPV6:
		if (n >= IPV6_LEN)
			in_ipv6(h, p, n);
		return;
	case ETHERTYPE_ARP:
	case ETHERTYPE_REVARP:
		if (n >= ARP_LEN)
			both(h, AF_INET, p + 14, p + 24);
		return;
	default:
		return;
	}
}

static bool
is_tag(unsigned type)
{
	return type == ETHERTYPE_VLAN || type == ETHER_QINQ ||
	       type == ETHER_QINQ_OLD;
}

bool
packet_hosts_knows(int link_type)
{
	return link_find(link_type) != NULL || is_raw(link_type);
}

void
packet_hosts_find(struct packet_hosts *h, int link_type,
    const unsigned char *data, size_t len)
{
	const struct link *l = link_find(link_type);
	size_t at = l != NULL ? l->length : 0;
	unsigned type;

	h->n = 0;
	if (len <= at)
		return;
	if (l != NULL)
		type = get16(data + l->ether_type_at);
	else
		type = data[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP;
	if (l == NULL && data[0] >> 4 != 6 && data[0] >> 4 != 4)
		return;
	if (is_tag(type) && len >= at + VLAN_LEN) {
		type = get16(data + at + 2);
		at += VLAN_LEN;
	}
	in_type(h, type, data + at, len - at);
}
