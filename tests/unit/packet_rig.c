/* packet_rig.c - see packet_rig.h. */
#include "packet_rig.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

static void
put16(unsigned char *p, unsigned value)
{
	p[0] = (unsigned char)(value >> 8);
	p[1] = (unsigned char)value;
}

static void
put32(unsigned char *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static size_t
put_header(unsigned char *h, const struct packet *p)
{
	memset(h, 0, 20);
	switch (p->protocol) {
	case IPPROTO_UDP:
		put16(h, p->from_port);
		put16(h + 2, p->to_port);
		put16(h + 4, (unsigned)(8 + p->n_data));
		return 8;
	case IPPROTO_TCP:
		put16(h, p->from_port);
		put16(h + 2, p->to_port);
		put32(h + 4, p->seq);
		put32(h + 8, p->ack);
		h[12] = (unsigned char)((20 + p->n_options) << 2);
		h[13] = p->flags;
		put16(h + 14, p->window);
		memcpy(
		    h + 20, p->n_options > 0 ? p->options : "", p->n_options);
		return 20 + p->n_options;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		h[0] = p->type;
		h[1] = p->code;
		put16(h + 4, p->from_port);
		put16(h + 6, p->seq);
		return 8;
	default:
		return 0;
	}
}

static size_t
put_ipv4(unsigned char *h, const struct packet *p, size_t n, bool more)
{
	memset(h, 0, 20);
	h[0] = 0x45;
	h[1] = (unsigned char)(p->dscp << 2 | 1); /* and ECN */
	put16(h + 2, (unsigned)(20 + n));
	put16(h + 4, p->id);
	put16(h + 6, p->at / 8 | (more ? 0x2000 : 0));
	h[8] = p->ttl ? p->ttl : 64;
	h[9] = p->protocol;
	put32(h + 12, p->from);
	put32(h + 16, p->to);
	return 20;
}

static size_t
put_ipv6(unsigned char *h, const struct packet *p, size_t n, bool more)
{
	memset(h, 0, 48);
	h[0] = 0x60 | p->dscp >> 2;
	h[1] = (unsigned char)((p->dscp & 3) << 6 | 0x1f); /* ECN, label */
	h[6] = p->protocol;
	h[7] = p->ttl ? p->ttl : 64;
	h[8] = h[24] = 0x20;
	h[9] = h[25] = 0x01;
	put32(h + 20, p->from);
	put32(h + 36, p->to);
	if (p->piece == 0) {
		put16(h + 4, (unsigned)n);
		return 40;
	}
	put16(h + 4, (unsigned)(8 + n));
	h[6] = IPPROTO_FRAGMENT;
	h[40] = p->protocol;
	put16(h + 42, p->at | more);
	put32(h + 44, p->id);
	return 48;
}

size_t
packet_put(unsigned char to[PACKET_MAX], const struct packet *p)
{
	unsigned char inside[PACKET_MAX];
	size_t n = put_header(inside, p), from = p->at, left, head;
	bool more = false;

	assert(n + p->n_data + 48 <= PACKET_MAX);
	memcpy(inside + n, p->n_data > 0 ? p->data : "", p->n_data);
	n += p->n_data;
	assert(from <= n);
	left = n - from;
	if (p->piece > 0 && p->piece < left) {
		left = p->piece;
		more = true;
	}
	head = p->version == 6 ? put_ipv6(to, p, left, more)
			       : put_ipv4(to, p, left, more);
	memcpy(to + head, inside + from, left);
	return head + left;
}
