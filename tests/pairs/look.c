/* look.c - link headers by their number, addresses of the event, ports. */
#include <string.h>

#include "look.h"

struct cursor {
	const unsigned char *b;
	size_t len;
};

static unsigned
two(const struct cursor *c, size_t at)
{
	return at + 2 <= c->len ? c->b[at] << 8 | c->b[at + 1] : 0;
}

static void
skip(struct cursor *c, size_t n)
{
	n = n < c->len ? n : c->len;
	c->b += n;
	c->len -= n;
}

static void
skip_ethernet(struct cursor *c)
{
	unsigned type;

	skip(c, 12);
	while (type = two(c, 0), type == 0x8100 || type == 0x88a8)
		skip(c, 4);
	if (type == 0x8864)
		skip(c, 10);
	else if (type == 0x8847)
		skip(c, 6);
	else
		skip(c, 2);
}

static void
skip_link(struct cursor *c, unsigned link)
{
	switch (link) {
	case 1:
		skip_ethernet(c);
		break;
	case 113:
		skip(c, 16);
		break;
	case 276:
		skip(c, 20);
		break;
	case 0:
	case 108:
	case 9:
	case 50:
		skip(c, 4);
		break;
	default:
		break;
	}
}

static bool
is_device(const unsigned char *a, bool six)
{
	static const unsigned char inside[] = {10, 44, 0, 10};
	static const unsigned char outside[] = {192, 0, 2, 10};
	static const unsigned char later[] = {192, 0, 2, 77};
	static const unsigned char router[] = {198, 51, 100, 1};

	if (six)
		return a[5] == 2;
	return memcmp(a, inside, 4) == 0 || memcmp(a, outside, 4) == 0 ||
	       memcmp(a, later, 4) == 0 || memcmp(a, router, 4) == 0;
}

static bool
is_server(const unsigned char *a, bool six)
{
	static const unsigned char inside[] = {10, 1, 1, 20};
	static const unsigned char outside[] = {203, 0, 113, 20};

	if (six)
		return a[5] == 1 && a[15] == 0x20;
	return memcmp(a, inside, 4) == 0 || memcmp(a, outside, 4) == 0;
}

static const char *
kind_of(unsigned protocol, const struct cursor *c, bool there)
{
	unsigned peer = two(c, there ? 0 : 2), device = two(c, there ? 2 : 0);

	switch (protocol) {
	case 1:
	case 58:
		return "icmp";
	case 6:
		return "tcp";
	case 50:
		return "tunnel";
	case 17:
		break;
	default:
		return "other";
	}
	if (peer == 4500 && device == 4500)
		return "tunnel";
	if (device == 161 || device == 10161 || device == 61161)
		return "snmp";
	return peer == 162 || peer == 1161 ? "trap" : "udp";
}

static void
look_at_payload(struct looks *l, struct cursor c, unsigned protocol)
{
	size_t i;

	if (protocol == 6)
		skip(&c, c.len > 12 ? (c.b[12] >> 4) * 4 : 0);
	else
		skip(&c, 8);
	l->payload = 14695981039346656037u; /* FNV-1a */
	for (i = 0; i < c.len; i++)
		l->payload = (l->payload ^ c.b[i]) * 1099511628211u;
}

static unsigned
ones_sum(const unsigned char *b, size_t len)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += b[i] << 8 | b[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

bool
look(struct looks *l, const struct packet_in *p)
{
	struct cursor c = {p->bytes, p->kept};
	bool six, device_sent;
	unsigned protocol, header, fragment, length, cut = p->len - p->kept;
	const unsigned char *from, *to;

	memset(l, 0, sizeof(*l));
	skip_link(&c, p->link);
	if (c.len < 20)
		return false;
	six = c.b[0] >> 4 == 6;
	header = six ? 40 : 20;
	if (c.len < header)
		return false;
	if (!six && c.b[0] != 0x45)
		return false;
	protocol = six ? c.b[6] : c.b[9];
	fragment = six ? 0 : two(&c, 6) & 0x3fff;
	length = six ? 40 + two(&c, 4) : two(&c, 2);
	from = c.b + (six ? 8 : 12);
	to = from + (six ? 16 : 4);
	l->broken = (length != c.len + cut && p->len > 60) ||
		    length > c.len + cut ||
		    (!six && ones_sum(c.b, 20) != 0xffff);
	device_sent = is_device(from, six);
	if (!device_sent && !is_device(to, six))
		return false;
	l->there = !device_sent;
	l->first = (fragment & 0x1fff) == 0;
	l->whole = fragment == 0 && cut == 0;
	if (c.len > length)
		c.len = length; /* the frame was filled up */
	skip(&c, header);
	l->kind = kind_of(protocol, &c, l->there);
	if (!is_server(device_sent ? to : from, six) ||
	    (!six && from[3] == 1)) /* the router's address ends so */
		l->kind = "other";
	if (l->whole)
		look_at_payload(l, c, protocol);
	return true;
}
