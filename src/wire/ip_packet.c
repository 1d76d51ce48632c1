/* ip_packet.c - see ip_packet.h. */
#include "wire/ip_packet.h"

#include <netinet/in.h>
#include <string.h>

#define IPV4_LEN 20u
#define IPV6_LEN 40u
#define UDP_LEN  8u
#define TCP_LEN  20u
#define ICMP_LEN 8u
/* More extension headers than any stack sends. */
#define EXTENSIONS_MAX 8
/* Of a transport's header: TCP's is the longest. */
#define HEADER_MAX 60u

/* Types of ICMP: RFC 792; RFC 4443 section 2.1 (errors are below 128). */
enum {
	ICMP4_ECHO_ANSWER = 0,
	ICMP4_UNREACHABLE = 3,
	ICMP4_SOURCE_QUENCH = 4,
	ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP4_PARAMETER = 12,
	ICMP6_ERRORS_END = 5,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_ANSWER = 129
};

/* Ports and protocols of tunnels. */
enum {
	PORT_L2TP = 1701,       /* RFC 2661 */
	PORT_IPSEC_NAT = 4500,  /* RFC 3948 */
	PORT_WIREGUARD = 51820, /* its usual one */
	PROTOCOL_L2TP = 115,    /* RFC 3931 */
	PROTOCOL_HIP = 139,
	PROTOCOL_SHIM6 = 140
};

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* The transport's header takes `n` bytes; behind them is the data.  `captured`:
 * what there is behind the IP header. */
static void
data_behind(struct ip_packet *p, uint32_t n, uint32_t captured)
{
	uint32_t payload = p->length - p->head;

	if (n > payload)
		n = payload;
	p->head += n;
	p->data_length = payload - n;
	n = n < captured ? n : captured;
	p->data += n;
	p->n_data = captured - n;
	if (p->n_data > p->data_length)
		p->n_data = p->data_length;
}

static bool
has_port(const struct ip_packet *p, uint16_t port)
{
	return p->from_port == port || p->to_port == port;
}

/* WireGuard: type 1 to 4 and three zeros; the two of the handshake have a
 * length of their own, whatever the port (its white paper, section 5.4). */
static bool
is_wireguard(const struct ip_packet *p)
{
	const unsigned char *d = p->data;

	if (p->n_data < 4 || d[1] != 0 || d[2] != 0 || d[3] != 0)
		return false;
	if ((d[0] == 1 && p->data_length == 148) ||
	    (d[0] == 2 && p->data_length == 92))
		return true;
	return d[0] >= 1 && d[0] <= 4 && has_port(p, PORT_WIREGUARD);
}

/* UDP 4500 also has IKE, behind four zeros, and keepalives of one byte (RFC
 * 3948 section 2). */
static bool
is_udp_tunnel(const struct ip_packet *p)
{
	if (has_port(p, PORT_L2TP))
		return true;
	if (has_port(p, PORT_IPSEC_NAT))
		return p->n_data >= 4 && get32(p->data) != 0;
	return is_wireguard(p);
}

static void
read_udp(struct ip_packet *p, uint32_t captured)
{
	const unsigned char *h = p->data;

	p->what = IP_UDP;
	p->partial = captured < UDP_LEN;
	if (captured >= 4) {
		p->from_port = (uint16_t)get16(h);
		p->to_port = (uint16_t)get16(h + 2);
	}
	if (captured >= UDP_LEN)
		p->udp_length = get16(h + 4);
	data_behind(p, UDP_LEN, captured);
	/* Of a fragment it is the whole datagram's. */
	if (p->udp_length >= UDP_LEN &&
	    (p->fragment || p->udp_length - UDP_LEN < p->data_length))
		p->data_length = p->udp_length - UDP_LEN;
	if (p->n_data > p->data_length)
		p->n_data = p->data_length;
	if (is_udp_tunnel(p))
		p->what = IP_TUNNEL;
}

static void
read_tcp(struct ip_packet *p, uint32_t captured)
{
	const unsigned char *h = p->data;
	uint32_t header = TCP_LEN;

	p->what = IP_TCP;
	p->partial = captured < TCP_LEN;
	if (captured >= 4) {
		p->from_port = (uint16_t)get16(h);
		p->to_port = (uint16_t)get16(h + 2);
	}
	if (captured >= 8)
		p->seq = get32(h + 4);
	if (captured >= TCP_LEN) {
		p->ack = get32(h + 8);
		p->window = (uint16_t)get16(h + 14);
		p->flags = h[13] & (IP_FIN | IP_SYN | IP_RST | IP_ACK);
		header = (h[12] >> 4) * 4u;
		p->partial = header < TCP_LEN || header > p->length - p->head;
	}
	/* A cut list of options says nothing: as if there were none. */
	if (header > TCP_LEN && header <= captured) {
		p->options = h + TCP_LEN;
		p->n_options = header - TCP_LEN;
	}
	data_behind(p, header, captured);
}

static enum ip_what
icmp_what(const struct ip_packet *p)
{
	if (p->version == 6) {
		if (p->icmp_type > 0 && p->icmp_type < ICMP6_ERRORS_END)
			return IP_ICMP_ERROR;
		return p->icmp_type == ICMP6_ECHO          ? IP_ECHO
		       : p->icmp_type == ICMP6_ECHO_ANSWER ? IP_ECHO_ANSWER
							   : IP_ICMP_OTHER;
	}
	switch (p->icmp_type) {
	case ICMP4_ECHO_ANSWER:
		return IP_ECHO_ANSWER;
	case ICMP4_ECHO:
		return IP_ECHO;
	case ICMP4_UNREACHABLE:
	case ICMP4_SOURCE_QUENCH:
	case ICMP4_REDIRECT:
	case ICMP4_TIME_EXCEEDED:
	case ICMP4_PARAMETER:
		return IP_ICMP_ERROR;
	default:
		return IP_ICMP_OTHER;
	}
}

static void
read_icmp(struct ip_packet *p, uint32_t captured)
{
	const unsigned char *h = p->data;

	p->partial = captured < ICMP_LEN;
	p->what = IP_ICMP_OTHER;
	if (captured >= 2) {
		p->icmp_type = h[0];
		p->icmp_code = h[1];
		p->what = icmp_what(p);
	}
	if (captured >= ICMP_LEN &&
	    (p->what == IP_ECHO || p->what == IP_ECHO_ANSWER)) {
		p->icmp_id = (uint16_t)get16(h + 4);
		p->icmp_seq = (uint16_t)get16(h + 6);
	}
	data_behind(p, ICMP_LEN, captured);
}

/* `data` is behind the IP header, `captured` bytes of it are there. */
static void
read_transport(struct ip_packet *p, uint32_t captured)
{
	p->n_header = (uint8_t)(captured < HEADER_MAX ? captured : HEADER_MAX);
	switch (p->at > 0 ? IPPROTO_NONE : p->protocol) {
	case IPPROTO_UDP:
		read_udp(p, captured);
		return;
	case IPPROTO_TCP:
		read_tcp(p, captured);
		return;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if ((p->version == 4) == (p->protocol == IPPROTO_ICMP)) {
			read_icmp(p, captured);
			return;
		}
		break;
	case IPPROTO_ESP:
	case IPPROTO_AH:
	case IPPROTO_GRE:
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
	case PROTOCOL_L2TP:
		p->what = IP_TUNNEL;
		break;
	default:
		break;
	}
	data_behind(p, 0, captured);
}

/* How long a packet is that says `own` and of which `wire` bytes were there.
 * Where 16 bits do not suffice, offload leaves no length: `none`. */
static uint32_t
true_length(size_t own, bool none, size_t wire)
{
	if (none || own > wire)
		own = wire;
	return own < UINT32_MAX ? (uint32_t)own : UINT32_MAX;
}

static bool
read_ipv4(
    struct ip_packet *p, const unsigned char *d, size_t captured, size_t wire)
{
	uint32_t total, at;

	if (captured < IPV4_LEN)
		return false;
	p->head = (d[0] & 0x0fu) * 4u;
	total = get16(d + 2);
	p->length = true_length(total, total == 0, wire);
	if (p->head < IPV4_LEN || p->length < p->head)
		return false;
	p->id = get16(d + 4);
	at = get16(d + 6);
	p->more = (at & 0x2000) != 0;
	p->at = (at & 0x1fff) * 8;
	p->dscp = d[1] >> 2;
	p->ttl = d[8];
	p->protocol = d[9];
	p->from = d + 12;
	p->to = d + 16;
	return true;
}

/* RFC 8200 section 4.5. */
static void
read_fragment_header(struct ip_packet *p, const unsigned char *h)
{
	p->at = get16(h + 2) & 0xfff8u;
	p->more = (h[3] & 1) != 0;
	p->id = get32(h + 4);
}

static bool
is_extension(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MH:
	case PROTOCOL_HIP:
	case PROTOCOL_SHIM6:
		return true;
	default:
		return false;
	}
}

/* Pass over the extension headers; what is behind them is the transport's.
 * Where they are cut, it stays at the one that is. */
static void
skip_extensions(struct ip_packet *p, const unsigned char *d, size_t captured)
{
	unsigned left = EXTENSIONS_MAX;

	while (p->at == 0 && is_extension(p->protocol)) {
		const unsigned char *h = d + p->head;
		uint32_t n = 8;

		p->partial = true;
		if (left-- == 0 || captured < p->head + 8u)
			return;
		if (p->protocol == IPPROTO_FRAGMENT)
			read_fragment_header(p, h);
		else
			n += h[1] * 8u;
		if (n > p->length - p->head || n > captured - p->head)
			return;
		p->partial = false;
		p->protocol = h[0];
		p->head += n;
	}
}

static bool
read_ipv6(
    struct ip_packet *p, const unsigned char *d, size_t captured, size_t wire)
{
	uint32_t payload;

	if (captured < IPV6_LEN)
		return false;
	payload = get16(d + 4);
	p->head = IPV6_LEN;
	p->length = true_length(
	    IPV6_LEN + payload, payload == 0 && wire > UINT16_MAX, wire);
	if (p->length < p->head)
		return false;
	p->protocol = d[6];
	p->dscp = (uint8_t)(get16(d) >> 6 & 0x3f);
	p->ttl = d[7];
	p->from = d + 8;
	p->to = d + 24;
	skip_extensions(p, d, captured);
	return true;
}

bool
ip_packet_decode(struct ip_packet *p, const unsigned char *data,
    size_t captured, size_t length)
{
	bool right = false;

	memset(p, 0, sizeof(*p));
	if (captured > length)
		captured = length;
	if (captured == 0)
		return false;
	p->version = data[0] >> 4;
	if (p->version == 4)
		right = read_ipv4(p, data, captured, length);
	else if (p->version == 6)
		right = read_ipv6(p, data, captured, length);
	if (!right)
		return false;
	p->fragment = p->more || p->at > 0;
	if (captured > p->length)
		captured = p->length;
	if (captured < p->head)
		return false;
	p->data = data + p->head;
	p->payload = p->length - p->head;
	read_transport(p, (uint32_t)captured - p->head);
	return true;
}

bool
ip_packet_decode_quote(struct ip_packet *p, const struct ip_packet *icmp_error)
{
	const unsigned char *d = icmp_error->data;
	size_t n = icmp_error->n_data, own = n;

	/* Its own length is that of the packet, of which this is a part. */
	if (n >= IPV4_LEN && d[0] >> 4 == 4)
		own = get16(d + 2);
	else if (n >= IPV6_LEN && d[0] >> 4 == 6)
		own = IPV6_LEN + get16(d + 4);
	return ip_packet_decode(p, d, n, own > n ? own : n);
}

bool
ip_packet_is_local(const struct ip_packet *p)
{
	static const unsigned char zero[16];
	const unsigned char *to = p->to, *from = p->from;

	if (p->version == 6)
		return to[0] == 0xff || memcmp(from, zero, 16) == 0 ||
		       (to[0] == 0xfe && (to[1] & 0xc0) == 0x80) ||
		       (from[0] == 0xfe && (from[1] & 0xc0) == 0x80);
	return to[0] >= 224 || memcmp(from, zero, 4) == 0 ||
	       (to[0] == 169 && to[1] == 254) ||
	       (from[0] == 169 && from[1] == 254);
}
