/* ip.c - addresses by side, translation and peer; checksums; pieces. */
#include <netinet/in.h>
#include <string.h>

#include "changed.h"
#include "dice.h"
#include "ip.h"

struct ends {
	unsigned char from[16], to[16];
	size_t len;
};

static const unsigned char server_4[4] = {203, 0, 113, 20};
static const unsigned char server_inside_4[4] = {10, 1, 1, 20};
static const unsigned char device_4[4] = {192, 0, 2, 10};
static const unsigned char device_later_4[4] = {192, 0, 2, 77};
static const unsigned char device_inside_4[4] = {10, 44, 0, 10};
static const unsigned char router_4[4] = {198, 51, 100, 1};
static const unsigned char others_4[3][4] = {
    {203, 0, 113, 77}, {198, 51, 100, 33}, {198, 51, 100, 53}};

static void
address_6(unsigned char to[16], unsigned network, unsigned host)
{
	static const unsigned char begin[4] = {0x20, 0x01, 0x0d, 0xb8};

	memset(to, 0, 16);
	memcpy(to, begin, 4);
	to[5] = network;
	to[15] = host;
}

static void
peer_address(unsigned char to[16], const struct view *v)
{
	const struct flow *f = v->packets[0]->flow;
	bool inside = v->settings->path.nat_server && v->side == SERVER;

	if (v->settings->v6)
		address_6(to, 1, f->third ? 0x77 + f->peer : 0x20);
	else if (f->third)
		memcpy(to, others_4[f->peer], 4);
	else
		memcpy(to, inside ? server_inside_4 : server_4, 4);
}

static void
device_address(unsigned char to[16], const struct view *v)
{
	bool inside = v->settings->path.nat_device && v->side == DEVICE;
	bool later =
	    v->side == SERVER && changed_address(v->settings, v->packets[0]);

	if (v->packets[0]->flow->router)
		memcpy(to, router_4, 4);
	else if (v->settings->v6)
		address_6(to, 2, 0x10);
	else
		memcpy(to,
		    inside  ? device_inside_4
		    : later ? device_later_4
			    : device_4,
		    4);
}

static struct ends
ends_of(const struct view *v)
{
	struct ends e = {.len = v->settings->v6 ? 16 : 4};

	if (v->packets[0]->way == THERE) {
		peer_address(e.from, v);
		device_address(e.to, v);
	} else {
		device_address(e.from, v);
		peer_address(e.to, v);
	}
	return e;
}

static uint32_t
sum_of(const unsigned char *bytes, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += (i & 1) == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	return sum;
}

static unsigned
folded(uint32_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static void
put_ports(struct put *to, const struct view *v)
{
	const struct packet *p = v->packets[0];
	unsigned peer = p->flow->peer_port;
	unsigned device = p->flow->device_port[v->side];

	if (v->side == SERVER && changed_port(v->settings, p))
		device = p->flow->new_port;
	put_16(to, p->way == THERE ? peer : device);
	put_16(to, p->way == THERE ? device : peer);
}

static void
put_options(struct put *to, const struct packet *p)
{
	bool syn = (p->flags & TCP_SYN) != 0, ack = (p->flags & TCP_ACK) != 0;
	uint32_t ticks = p->sent / MILLI;

	if (syn)
		put_bytes(to, "\x02\x04\x05\xb4", 4);
	if (p->flow->bare)
		return;
	put_bytes(to, syn ? "\x04\x02" : "\x01\x01", 2);
	put_16(to, 0x080a);
	put_32(to, ticks + p->flow->icmp_id[SERVER]);
	put_32(to, ack ? ticks / 2 : 0);
	if (syn)
		put_bytes(to, "\x01\x03\x03\x07", 4);
}

static void
put_tcp(struct put *to, const struct view *v)
{
	const struct packet *p = v->packets[0];
	const struct packet *last = v->packets[v->n - 1];
	bool ack = (p->flags & TCP_ACK) != 0, there = v->side == DEVICE;
	const uint32_t *shift = p->flow->shift;
	size_t start = to->len;

	put_ports(to, v);
	put_32(to, p->seq + (there ? shift[p->way] : 0));
	put_32(to, !ack ? 0 : p->ack + (there ? shift[1 - p->way] : 0));
	put_16(to, last->flags);
	put_16(to, 64240);
	put_32(to, 0); /* checksum, urgent pointer */
	put_options(to, p);
	to->bytes[start + 12] = (to->len - start) / 4 << 4;
}

static void
put_transport(struct put *to, const struct view *v)
{
	const struct packet *p = v->packets[0];
	bool six = p->flow->protocol == IPPROTO_ICMPV6;

	switch (p->flow->protocol) {
	case IPPROTO_TCP:
		put_tcp(to, v);
		return;
	case IPPROTO_UDP:
		put_ports(to, v);
		put_16(to, 8 + p->len);
		put_16(to, 0);
		return;
	default:
		put_8(to, !six ? p->icmp_type : p->icmp_type == 8 ? 128 : 129);
		put_8(to, p->icmp_code);
		put_16(to, 0);
		put_16(to, p->flow->icmp_id[v->side]);
		put_16(to, p->icmp_seq);
	}
}

/* A server's network card fills in the checksums of TCP when it sends. */
static void
set_checksum(struct put *datagram, const struct view *v, const struct ends *e)
{
	const struct packet *p = v->packets[0];
	unsigned protocol = p->flow->protocol, at = 2;
	uint32_t sum = 0;

	if (protocol != IPPROTO_ICMP) {
		sum = sum_of(e->from, e->len, protocol + datagram->len);
		sum = sum_of(e->to, e->len, sum);
	}
	if (protocol == IPPROTO_TCP && v->side == SERVER && p->way == THERE)
		sum = folded(sum) ^ 0xffff;
	else
		sum = folded(sum_of(datagram->bytes, datagram->len, sum));
	if (protocol == IPPROTO_TCP)
		at = 16;
	else if (protocol == IPPROTO_UDP)
		at = 6;
	datagram->bytes[at] = sum >> 8;
	datagram->bytes[at + 1] = sum & 0xff;
}

static unsigned
ttl_of(const struct view *v)
{
	const struct packet *p = v->packets[0];

	return p->ttl - v->hops -
	       (packet_sender(p) == v->side ? 0 : changed_hops(v->settings, p));
}

static void
put_ip4(struct put *to, const struct view *v, const struct ends *e,
    unsigned protocol, unsigned fragment, size_t inside)
{
	const struct packet *p = v->packets[0];
	size_t start = to->len;
	unsigned sum;

	put_16(to, 0x4500 | changed_dscp(v->settings, p, v->side) << 2);
	put_16(to, 20 + inside);
	put_16(to, packet_sender(p) == v->side ? p->ip_id : p->ip_id_there);
	put_16(to, fragment);
	put_8(to, ttl_of(v));
	put_8(to, protocol);
	put_16(to, 0);
	put_bytes(to, e->from, 4);
	put_bytes(to, e->to, 4);
	sum = folded(sum_of(to->bytes + start, 20, 0));
	to->bytes[start + 10] = sum >> 8;
	to->bytes[start + 11] = sum & 0xff;
}

static void
put_ip6(struct put *to, const struct view *v, const struct ends *e,
    unsigned protocol, size_t inside)
{
	const struct packet *p = v->packets[0];

	put_32(to, 0x60000000 | changed_dscp(v->settings, p, v->side) << 22);
	put_16(to, inside);
	put_8(to, protocol);
	put_8(to, ttl_of(v));
	put_bytes(to, e->from, 16);
	put_bytes(to, e->to, 16);
}

/* ESP of the packet, which nobody can read; over UDP 4500 if so. */
static void
put_tunnel(struct put *to, const struct view *v, size_t inside)
{
	bool udp = v->settings->recorder[DEVICE].tunnel == TUNNEL_UDP;
	size_t sealed = (inside + 2 + 15) / 16 * 16 + 16 + 16 + 8, i;
	struct ends e = ends_of(v);
	bool there = v->packets[0]->way == THERE;

	put_ip4(to, v, &e, udp ? IPPROTO_UDP : IPPROTO_ESP, 0,
	    sealed + (udp ? 8 : 0));
	if (udp) {
		put_16(to, 4500);
		put_16(to, 4500);
		put_16(to, sealed + 8);
		put_16(to, 0);
	}
	put_32(to, there ? 0xc0de0001 : 0xc0de0002);
	put_32(to, v->serial);
	for (i = 0; i < sealed - 8; i++)
		put_8(to, dice_byte_at(v->serial * 2 + there, i));
}

/* One piece of a datagram that the way cut up. */
static void
put_piece(struct put *to, const struct view *v, const struct ends *e,
    const struct put *whole)
{
	size_t room = (v->settings->path.mtu - 20) / 8 * 8;
	size_t from = v->piece * room, left = whole->len - from;
	bool more = left > room;

	if (more)
		left = room;
	put_ip4(to, v, e, v->packets[0]->flow->protocol,
	    (more ? 0x2000 : 0) | from / 8, left);
	put_bytes(to, whole->bytes + from, left);
}

void
ip_write(struct put *to, const struct view *v)
{
	static unsigned char bytes[FRAME_MAX];
	struct put whole = {bytes, 0};
	const struct packet *p = v->packets[0];
	struct ends e = ends_of(v);
	bool tunnel = v->settings->recorder[v->side].tunnel != TUNNEL_NONE;
	unsigned i;

	put_transport(&whole, v);
	for (i = 0; i < v->n; i++)
		put_bytes(&whole, v->packets[i]->data, v->packets[i]->len);
	set_checksum(&whole, v, &e);
	if (tunnel && packet_counts(p)) {
		put_tunnel(to, v, whole.len + 20);
		return;
	}
	if (p->pieces > 1 && packet_receiver(p) == v->side) {
		put_piece(to, v, &e, &whole);
		return;
	}
	if (v->settings->v6)
		put_ip6(to, v, &e, p->flow->protocol, whole.len);
	else
		put_ip4(to, v, &e, p->flow->protocol, p->whole ? 0x4000 : 0,
		    whole.len);
	put_bytes(to, whole.bytes, whole.len);
}
