/* packet_hosts.h - the addresses by which a captured frame is a device's.
 *
 * Those that tcpdump's `host` looks at: source and destination of IPv4, IPv6,
 * ARP and RARP, also behind the one VLAN tag that the kernel takes off and
 * libpcap puts back.  And, as agent/tcpdump asks for, of an ICMP error where
 * the packet went that it quotes: ICMP's types 3 and 11 (RFC 792), ICMPv6's
 * below 128 (RFC 4443).  Pure.
 */
#ifndef SPLIT_PACKET_HOSTS_H
#define SPLIT_PACKET_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* So much of a frame is enough: an IPv4 header of 60 bytes, or IPv6's, an ICMP
 * error and the header that it quotes, behind the longest link header. */
#define PACKET_HOSTS_BYTES 128

#define PACKET_HOSTS_MAX 3
struct packet_hosts {
	sa_family_t family; /* of all of them */
	size_t n;
	const unsigned char *ip[PACKET_HOSTS_MAX]; /* in the frame */
};

/* Link types are libpcap's DLT_ numbers: Ethernet, Linux cooked 1 and 2, raw
 * IP. */
bool packet_hosts_knows(int link_type);
/* The first `len` bytes of a frame of such a link type; `n` is 0 for what is
 * neither IP nor ARP, or is cut. */
void packet_hosts_find(struct packet_hosts *h, int link_type,
    const unsigned char *data, size_t len);

#endif
