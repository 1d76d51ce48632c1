/* icmp.c - ICMP and ICMPv6 echo messages (RFC 792, RFC 4443).
 *
 * Called by io/ping for each echo it sends and each message it receives.  The
 * cookie tells our answers from others', so no checksum is verified here.
 */
#include "wire/icmp.h"

#include <endian.h>
#include <netinet/in.h>
#include <string.h>

/* Message types: RFC 792; RFC 4443 sections 3.1, 4.1 and 4.2. */
enum {
	ICMP4_ECHO_ANSWER = 0,
	ICMP4_UNREACHABLE = 3,
	ICMP4_ECHO = 8,
	ICMP6_UNREACHABLE = 1,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_ANSWER = 129
};

/* Where things are in an echo: RFC 792's header, then our payload. */
enum {
	AT_CHECKSUM = 2,
	AT_ID = 4,
	AT_SEQ = 6,
	AT_COOKIE = 8,
	AT_SLOT = 16,
	AT_PADDING = 20
};
#define HEADER_LEN 8  /* of any ICMP message */
#define IPV4_LEN   20 /* of a header without options */
#define IPV6_LEN   40

static uint16_t
get16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void
put16(unsigned char *p, uint16_t value)
{
	p[0] = (unsigned char)(value >> 8);
	p[1] = (unsigned char)value;
}

/* RFC 1071 section 4.1; `len` is even. */
static uint16_t
checksum(const unsigned char *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void
icmp_echo_encode(unsigned char buf[ICMP_ECHO_LEN], sa_family_t family,
    const struct icmp_echo *e)
{
	uint64_t cookie = htobe64(e->cookie);
	uint32_t slot = htobe32(e->slot);

	memset(buf, 0, ICMP_ECHO_LEN);
	buf[0] = family == AF_INET ? ICMP4_ECHO : ICMP6_ECHO;
	put16(buf + AT_ID, e->id);
	put16(buf + AT_SEQ, e->seq);
	memcpy(buf + AT_COOKIE, &cookie, sizeof(cookie));
	memcpy(buf + AT_SLOT, &slot, sizeof(slot));
	for (unsigned i = AT_PADDING; i < ICMP_ECHO_LEN; i++)
		buf[i] = (unsigned char)i;
	if (family == AF_INET)
		put16(buf + AT_CHECKSUM, checksum(buf, ICMP_ECHO_LEN));
}

/* Read an echo message of at least HEADER_LEN bytes. */
static void
read_echo(const unsigned char *data, size_t len, struct icmp_echo *e)
{
	uint64_t cookie;
	uint32_t slot;

	e->id = get16(data + AT_ID);
	e->seq = get16(data + AT_SEQ);
	if (len < AT_PADDING)
		return;
	memcpy(&cookie, data + AT_COOKIE, sizeof(cookie));
	memcpy(&slot, data + AT_SLOT, sizeof(slot));
	e->cookie = be64toh(cookie);
	e->slot = be32toh(slot);
}

/* Length of the IPv4 header at `data` if it carries ICMP, otherwise 0. */
static size_t
ipv4_header(const unsigned char *data, size_t len)
{
	size_t header;

	if (len < IPV4_LEN || data[0] >> 4 != 4 || data[9] != IPPROTO_ICMP)
		return 0;
	header = (data[0] & 0x0fu) * 4u;
	return header >= IPV4_LEN && header <= len ? header : 0;
}

/* The same for IPv6; our echoes have no extension headers. */
static size_t
ipv6_header(const unsigned char *data, size_t len)
{
	if (len < IPV6_LEN || data[0] >> 4 != 6 || data[6] != IPPROTO_ICMPV6)
		return 0;
	return IPV6_LEN;
}

/* Read the datagram that an error message quotes: is it an echo? */
static enum icmp_kind
read_quote(const unsigned char *data, size_t len, sa_family_t family,
    struct icmp_echo *e)
{
	bool v4 = family == AF_INET;
	size_t skip = v4 ? ipv4_header(data, len) : ipv6_header(data, len);

	if (!skip || len - skip < HEADER_LEN)
		return ICMP_OTHER;
	data += skip;
	if (data[0] != (v4 ? ICMP4_ECHO : ICMP6_ECHO))
		return ICMP_OTHER;
	read_echo(data, len - skip, e);
	return ICMP_UNREACHABLE_ANSWER;
}

enum icmp_kind
icmp_decode(const unsigned char *data, size_t len, sa_family_t family,
    bool ip_header, struct icmp_echo *e)
{
	bool v4 = family == AF_INET;

	memset(e, 0, sizeof(*e));
	if (v4 && ip_header) {
		size_t skip = ipv4_header(data, len);

		if (!skip)
			return ICMP_OTHER;
		data += skip;
		len -= skip;
	}
	if (len < HEADER_LEN)
		return ICMP_OTHER;
	if (data[0] == (v4 ? ICMP4_UNREACHABLE : ICMP6_UNREACHABLE))
		return read_quote(
		    data + HEADER_LEN, len - HEADER_LEN, family, e);
	/* An echo answer returns all that was sent. */
	if (data[0] != (v4 ? ICMP4_ECHO_ANSWER : ICMP6_ECHO_ANSWER) ||
	    len < AT_PADDING)
		return ICMP_OTHER;
	read_echo(data, len, e);
	return ICMP_ECHO_ANSWER;
}
