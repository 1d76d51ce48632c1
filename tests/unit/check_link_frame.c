/* check_link_frame.c - where the IP packet begins, by link type. */
#include "unit.h"

#include <string.h>

#include "mutate.h"
#include "wire/link_frame.h"

#define MACS "\1\2\3\4\5\6\6\5\4\3\2\1"
#define V4   "\x45" /* how an IPv4 packet begins */
#define V6   "\x60"

/* A frame and what is in it; version 0: no IP. */
static const struct frame {
	const char *what;
	int link_type;
	const char *bytes;
	size_t len, offset;
	int version;
} frames[] = {
#define FRAME(what, type, bytes, offset, version)                     \
	{                                                             \
		what, type, bytes, sizeof(bytes) - 1, offset, version \
	}
    FRAME("IPv4", 1, MACS "\x08\x00" V4, 14, 4),
    FRAME("IPv6", 1, MACS "\x86\xdd" V6, 14, 6),
    FRAME("VLAN", 1, MACS "\x81\x00\x00\x07\x08\x00" V4, 18, 4),
    FRAME("priority tag", 1, MACS "\x81\x00\x00\x00\x08\x00" V4, 18, 4),
    FRAME("QinQ", 1, MACS "\x88\xa8\x00\x07\x81\x00\x00\x08\x86\xdd" V6, 22, 6),
    FRAME("old QinQ", 1, MACS "\x91\x00\x00\x07\x81\x00\x00\x08\x08\x00" V4, 22,
	4),
    FRAME(
	"PPPoE", 1, MACS "\x88\x64\x11\x00\x00\x01\x00\x16\x00\x21" V4, 22, 4),
    FRAME("PPPoE, IPv6", 1, MACS "\x88\x64\x11\x00\x00\x01\x00\x16\x00\x57" V6,
	22, 6),
    FRAME("PPPoE in a VLAN, protocol of one byte", 1,
	MACS "\x81\x00\x00\x07\x88\x64\x11\x00\x00\x01\x00\x16\x21" V4, 25, 4),
    FRAME("PPPoE, LCP", 1, MACS "\x88\x64\x11\x00\x00\x01\x00\x16\xc0\x21" V4,
	0, 0),
    FRAME("PPPoE discovery", 1,
	MACS "\x88\x63\x11\x09\x00\x00\x00\x04\x01\x01" V4, 0, 0),
    FRAME("MPLS", 1, MACS "\x88\x47\x00\x01\x01\xff" V4, 18, 4),
    FRAME("two labels", 1, MACS "\x88\x47\x00\x01\x00\xff\x00\x01\x01\xff" V6,
	22, 6),
    FRAME("MPLS, a pseudo wire", 1,
	MACS "\x88\x47\x00\x01\x01\xff\x00\x00\x00\x00", 0, 0),
    FRAME("SNAP", 1, MACS "\x00\x20\xaa\xaa\x03\x00\x00\x00\x08\x00" V4, 22, 4),
    FRAME("spanning tree", 1, MACS "\x00\x26\x42\x42\x03\x00\x00\x00", 0, 0),
    FRAME("ARP", 1, MACS "\x08\x06\x00\x01\x08\x00", 0, 0),
    FRAME("IPv4 that is none", 1, MACS "\x08\x00\x55", 0, 0),
    FRAME("IPv6 by an IPv4 type", 1, MACS "\x08\x00" V6, 14, 6),
    FRAME("cooked", 113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\x00" V4, 16, 4),
    FRAME("cooked, VLAN", 113,
	"\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x81\x00\0\7\x86\xdd" V6, 20, 6),
    FRAME("cooked 2", 276, "\x08\x00\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0" V4,
	20, 4),
    FRAME("cooked 2, VLAN", 276,
	"\x81\x00\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0\0\7\x08\x00" V4, 24, 4),
    FRAME("cooked 2, ARP", 276,
	"\x08\x06\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0" V4, 0, 0),
    FRAME("raw", 12, V4, 0, 4),
    FRAME("raw, by its number in files", 101, V6, 0, 6),
    FRAME("raw IPv4", 228, V4, 0, 4),
    FRAME("raw IPv6", 229, V6, 0, 6),
    FRAME("raw, no IP", 12, "\x00", 0, 0),
    FRAME("loopback, small end first", 0, "\2\0\0\0" V4, 4, 4),
    FRAME("loopback, big end first", 0, "\0\0\0\x1e" V6, 4, 6),
    FRAME("OpenBSD's", 108, "\0\0\0\2" V4, 4, 4),
    FRAME("loopback, no family", 0, "\2\0\0\2" V4, 0, 0),
    FRAME("PPP", 9, "\xff\x03\x00\x21" V4, 4, 4),
    FRAME("PPP without address", 9, "\x00\x57" V6, 2, 6),
    FRAME("PPP, protocol of one byte", 9, "\x21" V4, 1, 4),
    FRAME("serial", 50, "\xff\x03\x00\x21" V4, 4, 4),
    FRAME("Cisco HDLC", 50, "\x0f\x00\x08\x00" V4, 4, 4),
    FRAME("Cisco HDLC, keepalive", 50, "\x8f\x00\x80\x35\0\0\0\2", 0, 0),
    FRAME("PPPoE alone", 51, "\x11\x00\x00\x01\x00\x16\x00\x21" V4, 8, 4),
};
#define N_FRAMES (sizeof(frames) / sizeof(frames[0]))

START_TEST(ip_is_found)
{
	const struct frame *t = &frames[_i];
	struct link_frame f = {.version = 99};
	enum link_verdict v = link_frame_decode(
	    &f, t->link_type, (const unsigned char *)t->bytes, t->len);

	ck_assert(link_type_known(t->link_type));
	ck_assert_msg(v == (t->version ? LINK_IP : LINK_NO_IP), "%s: %d",
	    t->what, (int)v);
	if (t->version == 0)
		return;
	ck_assert_msg(f.offset == t->offset, "%s: %zu", t->what, f.offset);
	ck_assert_msg(f.version == t->version, "%s: %d", t->what, f.version);
	/* A frame that ends before the IP packet does not have one. */
	for (size_t n = 0; n <= t->offset; n++) {
		v = link_frame_decode(
		    &f, t->link_type, (const unsigned char *)t->bytes, n);
		ck_assert_msg(v != LINK_IP, "%s of %zu", t->what, n);
	}
}
END_TEST

static void
sink(const void *data, size_t len)
{
	for (int type = 0; type < 300; type++) {
		struct link_frame f;

		if (link_frame_decode(&f, type, data, len) == LINK_IP)
			unit_must(link_type_known(type) && f.offset < len,
			    "type %d, offset %zu of %zu", type, f.offset, len);
	}
}

START_TEST(hostile_frames_do_no_harm)
{
	for (size_t i = 0; i < N_FRAMES; i++) {
		mutate_truncate(frames[i].bytes, frames[i].len, sink);
		mutate_random(frames[i].bytes, frames[i].len, 100, sink);
	}
}
END_TEST

START_TEST(nesting_has_an_end)
{
	unsigned char data[4096];
	struct link_frame f;

	/* Nothing but tags. */
	for (size_t i = 0; i < sizeof(data); i += 2)
		memcpy(data + i, "\x81\x00", 2);
	ck_assert_int_eq(
	    link_frame_decode(&f, 1, data, sizeof(data)), LINK_NO_IP);
	/* Nothing but labels. */
	memset(data, 0, sizeof(data));
	memcpy(data + 12, "\x88\x47", 2);
	ck_assert_int_eq(
	    link_frame_decode(&f, 1, data, sizeof(data)), LINK_CUT);
}
END_TEST

START_TEST(other_link_types_are_not_known)
{
	struct link_frame f;

	ck_assert(!link_type_known(105)); /* 802.11 */
	ck_assert(!link_type_known(-1));
	ck_assert_int_eq(
	    link_frame_decode(&f, 105, (const unsigned char *)V4, 1),
	    LINK_NO_IP);
}
END_TEST

UNIT_TABLE("link_frame", ip_is_found, N_FRAMES, hostile_frames_do_no_harm,
    nesting_has_an_end, other_link_types_are_not_known)
