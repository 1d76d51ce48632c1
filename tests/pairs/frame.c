/* frame.c - from the link's header to the payload. */
#include <netinet/in.h>
#include <string.h>

#include "frame.h"
#include "ip.h"
#include "put.h"

enum {
	TYPE_IP = 0x0800,
	TYPE_IP6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_PPPOE = 0x8864,
	TYPE_MPLS = 0x8847,
	PPP_IP = 0x0021,
	PPP_IP6 = 0x0057
};

#define ETHERNET_LEAST 60 /* without its checksum */

static const unsigned link_numbers[] = {
    1, 1, 1, 1, 1, 113, 276, 101, 228, 0, 108, 9, 50};

unsigned
frame_link_number(enum link link)
{
	return link_numbers[link];
}

static unsigned
type_of(const struct view *v)
{
	return v->settings->v6 ? TYPE_IP6 : TYPE_IP;
}

static bool
leaves(const struct view *v)
{
	return packet_sender(v->packets[0]) == v->side;
}

static void
put_ethernet(struct put *to, const struct view *v)
{
	static const unsigned char own[] = {0x00, 0x90, 0x8f, 0x11, 0x22, 0x33};
	static const unsigned char next[] = {
	    0x00, 0x1b, 0x21, 0x44, 0x55, 0x66};

	put_bytes(to, leaves(v) ? next : own, 6);
	put_bytes(to, leaves(v) ? own : next, 6);
}

static void
put_vlan(struct put *to, unsigned type, unsigned number)
{
	put_16(to, type);
	put_16(to, number);
}

static void
put_pppoe(struct put *to, const struct view *v, size_t inside)
{
	put_16(to, TYPE_PPPOE);
	put_16(to, 0x1100);
	put_16(to, 0x0017);
	put_16(to, inside + 2);
	put_16(to, v->settings->v6 ? PPP_IP6 : PPP_IP);
}

static void
put_cooked(struct put *to, const struct view *v)
{
	put_16(to, leaves(v) ? 4 : 0);
	put_16(to, 1);
	put_16(to, 6);
	put_bytes(to, "\0\x90\x8f\x11\x22\x33\0\0", 8);
	put_16(to, type_of(v));
}

static void
put_cooked2(struct put *to, const struct view *v)
{
	put_16(to, type_of(v));
	put_16(to, 0);
	put_32(to, 2);
	put_16(to, 1);
	put_8(to, leaves(v) ? 4 : 0);
	put_8(to, 6);
	put_bytes(to, "\0\x90\x8f\x11\x22\x33\0\0", 8);
}

static void
put_family(struct put *to, const struct view *v, bool network_order)
{
	unsigned family = v->settings->v6 ? 24 : 2;

	if (network_order || v->swapped)
		put_32(to, family);
	else
		put_32(to, family << 24);
}

static void
put_link(struct put *to, const struct view *v, enum link link, size_t inside)
{
	if (link <= LINK_MPLS)
		put_ethernet(to, v);
	switch (link) {
	case LINK_ETHERNET:
		put_16(to, type_of(v));
		break;
	case LINK_QINQ:
		put_vlan(to, TYPE_QINQ, 7);
		/* fall through */
	case LINK_VLAN:
		put_vlan(to, TYPE_VLAN, 42);
		put_16(to, type_of(v));
		break;
	case LINK_PPPOE:
		put_pppoe(to, v, inside);
		break;
	case LINK_MPLS:
		put_16(to, TYPE_MPLS);
		put_32(to, 0x0001f140);
		break;
	case LINK_SLL:
		put_cooked(to, v);
		break;
	case LINK_SLL2:
		put_cooked2(to, v);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		put_family(to, v, link == LINK_LOOP);
		break;
	case LINK_PPP:
	case LINK_PPP_SERIAL:
		put_16(to, 0xff03);
		put_16(to, v->settings->v6 ? PPP_IP6 : PPP_IP);
		break;
	case LINK_RAW:
	case LINK_IPV4:
		break;
	}
}

size_t
frame_write(unsigned char to[FRAME_MAX], const struct view *v)
{
	static const size_t room = 64; /* for the link's header */
	unsigned char head[64];
	struct put inside = {to + room, 0}, link = {head, 0};

	ip_write(&inside, v);
	put_link(&link, v, v->settings->recorder[v->side].link, inside.len);
	memmove(to + link.len, to + room, inside.len);
	memcpy(to, head, link.len);
	link.len += inside.len;
	/* A card gives what it received as it was: filled up. */
	if (v->settings->recorder[v->side].link <= LINK_MPLS && !leaves(v)) {
		while (link.len < ETHERNET_LEAST)
			to[link.len++] = 0;
	}
	return link.len;
}
