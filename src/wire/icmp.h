/* icmp.h - ICMP and ICMPv6 echo messages (RFC 792, RFC 4443).
 *
 * The payload carries a cookie of this process, so that a reply to another
 * program, or a forged one, is not taken for ours.
 */
#ifndef WIRE_ICMP_H
#define WIRE_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ICMP_ECHO_LEN 64 /* bytes on the wire after the IP header */

struct icmp_echo {
	uint16_t id; /* a ping socket has its own: 0 there */
	uint16_t seq;
	uint64_t cookie; /* random, one a process */
	uint32_t slot;   /* which probe */
};

/* Encode an echo request; the checksum is filled in for AF_INET (the kernel
 * does it for AF_INET6).  Always ICMP_ECHO_LEN bytes. */
void icmp_echo_encode(unsigned char buf[ICMP_ECHO_LEN], sa_family_t family,
    const struct icmp_echo *e);

enum icmp_kind { ICMP_OTHER, ICMP_ECHO_ANSWER, ICMP_UNREACHABLE_ANSWER };
/* Decode what a socket received; `ip_header`: the datagram begins with an IPv4
 * header (a raw IPv4 socket).  For an unreachable message `e` is the echo that
 * it quotes, so far as the quote reaches (cookie 0 if it does not). */
enum icmp_kind icmp_decode(const unsigned char *data, size_t len,
    sa_family_t family, bool ip_header, struct icmp_echo *e);

#endif
