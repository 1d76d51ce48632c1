/* ip_packet.h - an IPv4 or IPv6 packet and the transport header in it.
 *
 * RFC 791, RFC 8200, RFC 768, RFC 9293, RFC 792, RFC 4443.  Pure; no checksum
 * is verified (offload fills them in late).  Lengths are the packet's own, cut
 * to what was on the wire.
 */
#ifndef WIRE_IP_PACKET_H
#define WIRE_IP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ip_what {
	IP_OTHER, /* another protocol, or a fragment that is not the first */
	IP_UDP,
	IP_TCP,
	IP_ECHO,
	IP_ECHO_ANSWER,
	IP_ICMP_ERROR, /* `data` is the packet that it quotes */
	IP_ICMP_OTHER,
	IP_TUNNEL /* ESP, AH, GRE, L2TP, IP in IP, WireGuard, ... */
};

enum ip_flags { IP_FIN = 1, IP_SYN = 2, IP_RST = 4, IP_ACK = 16 }; /* TCP's */

struct ip_packet {
	const unsigned char *from, *to; /* 4 or 16 bytes */
	uint8_t version;                /* 4 or 6 */
	uint8_t protocol; /* of the transport, behind all extension headers */
	uint8_t ttl;
	uint8_t dscp;  /* RFC 2474: 6 bits */
	uint8_t flags; /* enum ip_flags */
	enum ip_what what;
	bool partial;     /* the transport's header is cut or wrong: of ports,
			   * ids and numbers those beyond n_header are 0 */
	uint8_t n_header; /* bytes of it that are there, at most 60 */
	bool fragment;    /* `at` or `more` is not 0 */
	bool more;
	uint32_t at; /* the fragment's offset in bytes */
	uint32_t id; /* IPv4 id; IPv6: of its fragment header, or 0 */
	uint16_t from_port, to_port; /* UDP and TCP */
	uint16_t icmp_id, icmp_seq;  /* echo */
	uint8_t icmp_type, icmp_code;
	uint32_t seq, ack;   /* TCP */
	uint32_t udp_length; /* as it stands in the header */
	uint16_t window;
	const unsigned char *options; /* TCP's */
	uint32_t n_options;
	uint32_t length;  /* of the IP packet; of a fragment, this piece's */
	uint32_t payload; /* of it behind the IP header */
	uint32_t head;    /* bytes of it before the data */
	/* Behind the transport's header (behind IP's if IP_OTHER): bytes that
	 * were on the wire, and the captured ones. */
	uint32_t data_length;
	const unsigned char *data;
	uint32_t n_data;
};

/* `data` are the `captured` first bytes of a packet that had `length` on the
 * wire (what is behind its own end is padding).  False if its IP header is
 * broken or cut; `p` is not to be used then. */
bool ip_packet_decode(struct ip_packet *p, const unsigned char *data,
    size_t captured, size_t length);
/* The packet that an ICMP error quotes, which is cut by nature (8 bytes of the
 * transport's header at the least, RFC 792). */
bool ip_packet_decode_quote(
    struct ip_packet *p, const struct ip_packet *icmp_error);
/* Multicast, broadcast, link-local or unspecified: it goes over no router.
 * (Tests have loopback addresses, and those are no others' concern.) */
bool ip_packet_is_local(const struct ip_packet *p);

#endif
