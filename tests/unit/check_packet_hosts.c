/* check_packet_hosts.c - whose a frame is, by link type and protocol. */
#include "unit.h"

#include <string.h>

#include "base/addr.h"
#include "mutate.h"
#include "split/packet_hosts.h"

#define MACS   "\1\2\3\4\5\6\6\5\4\3\2\1"
#define SLL    "\0\0\0\1\0\6\1\2\3\4\5\6\0\0"
#define SLL2   "\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0"
#define A      "\xc0\0\2\1"
#define B      "\xc0\0\2\2"
#define C      "\xc0\0\2\3"
#define A6     "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define B6     "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
#define C6     "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\3"
#define A_TEXT "192.0.2.1 "
#define B_TEXT "192.0.2.2 "
#define C_TEXT "192.0.2.3 "
#define IP(protocol, from, to) \
	"\x45\0\0\x1c\0\0\0\0\x40" protocol "\0\0" from to
#define PIECE(protocol, from, to) \
	"\x45\0\0\x1c\0\0\0\1\x40" protocol "\0\0" from to
#define OPTIONS(protocol, from, to) \
	"\x46\0\0\x1c\0\0\0\0\x40" protocol "\0\0" from to "\1\1\1\1"
#define IP6(next, from, to) "\x60\0\0\0\0\0" next "\x40" from to
#define UDP                 "\0\7\0\7\0\x8\0\0"
#define ICMP(type)          type "\0\0\0\0\0\0\0"
#define ARP                 "\0\1\x8\0\6\4\0\1"

/* A frame and the addresses found in it. */
static const struct frame {
	const char *what;
	int link_type;
	const char *bytes;
	size_t len;
	const char *found;
} frames[] = {
#define FRAME(what, type, bytes, found)                     \
	{                                                   \
		what, type, bytes, sizeof(bytes) - 1, found \
	}
    FRAME("IPv4", 1, MACS "\x8\0" IP("\x11", A, B) UDP, A_TEXT B_TEXT),
    FRAME("IPv6", 1, MACS "\x86\xdd" IP6("\x11", A6, B6) UDP,
	"2001:db8::1 2001:db8::2 "),
    FRAME("ARP", 1, MACS "\x8\6" ARP "\1\2\3\4\5\6" A "\0\0\0\0\0\0" B,
	A_TEXT B_TEXT),
    FRAME("RARP", 1, MACS "\x80\x35" ARP "\1\2\3\4\5\6" A "\0\0\0\0\0\0" B,
	A_TEXT B_TEXT),
    FRAME("in a VLAN", 1, MACS "\x81\0\0\7\x8\0" IP("\x11", A, B) UDP,
	A_TEXT B_TEXT),
    FRAME("in an outer VLAN", 1, MACS "\x88\xa8\0\7\x8\0" IP("\x11", A, B) UDP,
	A_TEXT B_TEXT),
    FRAME("in two VLANs, as tcpdump", 1,
	MACS "\x88\xa8\0\7\x81\0\0\7\x8\0" IP("\x11", A, B) UDP, ""),
    FRAME("another type", 1, MACS "\x88\xcc" IP("\x11", A, B) UDP, ""),
    FRAME("a length", 1, MACS "\0\x26\x42\x42\3" IP("\x11", A, B), ""),
    FRAME("cooked", 113, SLL "\x8\0" IP("\x11", A, B) UDP, A_TEXT B_TEXT),
    FRAME("cooked 2", 276, "\x8\0" SLL2 IP("\x11", A, B) UDP, A_TEXT B_TEXT),
    FRAME("raw", 12, IP("\x11", A, B) UDP, A_TEXT B_TEXT),
    FRAME("raw IPv6", 12, IP6("\x11", A6, B6) UDP, "2001:db8::1 2001:db8::2 "),
    FRAME("raw, no IP", 12, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", ""),
    FRAME("unreachable", 1,
	MACS "\x8\0" IP("\1", A, B) ICMP("\3") IP("\x11", B, C) UDP,
	A_TEXT B_TEXT C_TEXT),
    FRAME("time exceeded, behind options", 1,
	MACS "\x8\0" OPTIONS("\1", A, B) ICMP("\xb") IP("\x11", B, C) UDP,
	A_TEXT B_TEXT C_TEXT),
    FRAME("a redirect, as tcpdump", 1,
	MACS "\x8\0" IP("\1", A, B) ICMP("\5") IP("\x11", B, C) UDP,
	A_TEXT B_TEXT),
    FRAME("a later piece of an ICMP packet", 1,
	MACS "\x8\0" PIECE("\1", A, B) ICMP("\3") IP("\x11", B, C) UDP,
	A_TEXT B_TEXT),
    FRAME("an ICMP error of UDP's", 1,
	MACS "\x8\0" IP("\x11", A, B) ICMP("\3") IP("\x11", B, C) UDP,
	A_TEXT B_TEXT),
    FRAME("an ICMP error that is cut", 1,
	MACS "\x8\0" IP("\1", A, B) ICMP("\3") "\x45\0\0", A_TEXT B_TEXT),
    FRAME("ICMPv6 error", 1,
	MACS "\x86\xdd" IP6("\x3a", A6, B6) ICMP("\1") IP6("\x11", B6, C6) UDP,
	"2001:db8::1 2001:db8::2 2001:db8::3 "),
    FRAME("ICMPv6 query", 1,
	MACS "\x86\xdd" IP6("\x3a", A6, B6) ICMP("\x87") IP6("\x11", B6, C6)
	    UDP,
	"2001:db8::1 2001:db8::2 "),
};
#define N_FRAMES (sizeof(frames) / sizeof(frames[0]))

static void
text_of(const struct packet_hosts *h, char to[PACKET_HOSTS_MAX * ADDR_TEXT_MAX])
{
	size_t len = h->family == AF_INET6 ? 16 : 4;
	char text[ADDR_TEXT_MAX];

	to[0] = '\0';
	for (size_t i = 0; i < h->n; i++) {
		struct addr a = {.family = h->family};

		memcpy(a.ip, h->ip[i], len);
		addr_text(&a, text);
		memcpy(to, text, strlen(text) + 1);
		to += strlen(text);
		*to++ = ' ';
		*to = '\0';
	}
}

START_TEST(addresses_are_found)
{
	const struct frame *t = &frames[_i];
	char text[PACKET_HOSTS_MAX * ADDR_TEXT_MAX];
	struct packet_hosts h;

	ck_assert(packet_hosts_knows(t->link_type));
	ck_assert_uint_le(t->len, PACKET_HOSTS_BYTES);
	packet_hosts_find(
	    &h, t->link_type, (const unsigned char *)t->bytes, t->len);
	text_of(&h, text);
	ck_assert_msg(strcmp(text, t->found) == 0, "%s: %s", t->what, text);
}
END_TEST

static void
sink(const void *data, size_t len)
{
	static const int types[] = {1, 12, 113, 228, 229, 276, 105};
	const unsigned char *p = data;

	for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
		struct packet_hosts h;

		packet_hosts_find(&h, types[k], data, len);
		unit_must(h.n <= PACKET_HOSTS_MAX, "%zu addresses", h.n);
		for (size_t i = 0; i < h.n; i++)
			unit_must(
			    h.ip[i] >= p &&
				h.ip[i] + (h.family == AF_INET6 ? 16 : 4) <=
				    p + len,
			    "an address beyond the frame");
	}
}

START_TEST(hostile_frames_do_no_harm)
{
	for (size_t i = 0; i < N_FRAMES; i++) {
		mutate_truncate(frames[i].bytes, frames[i].len, sink);
		mutate_random(frames[i].bytes, frames[i].len, 500, sink);
	}
}
END_TEST

START_TEST(other_link_types_are_not_known)
{
	ck_assert(!packet_hosts_knows(105)); /* 802.11 */
	ck_assert(!packet_hosts_knows(0));
}
END_TEST

UNIT_TABLE("packet_hosts", addresses_are_found, N_FRAMES,
    hostile_frames_do_no_harm, other_link_types_are_not_known)
