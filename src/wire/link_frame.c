/* link_frame.c - see link_frame.h. */
#include "wire/link_frame.h"

/* libpcap's DLT_ numbers, as pcap_datalink(3) gives them on Linux. */
enum {
	DLT_NULL_ = 0,
	DLT_EN10MB_ = 1,
	DLT_PPP_ = 9,
	DLT_RAW_ = 12,
	DLT_PPP_SERIAL_ = 50,
	DLT_PPP_ETHER_ = 51,
	DLT_LINKTYPE_RAW_ = 101,
	DLT_LOOP_ = 108,
	DLT_LINUX_SLL_ = 113,
	DLT_IPV4_ = 228,
	DLT_IPV6_ = 229,
	DLT_LINUX_SLL2_ = 276
};

/* IEEE 802 numbers. */
enum {
	ETHER_LENGTHS_END = 0x0600, /* below: a length, LLC follows */
	ETHER_IPV4 = 0x0800,
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UPSTREAM = 0x8848,
	ETHER_PPPOE_SESSION = 0x8864,
	ETHER_QINQ = 0x88a8,
	ETHER_QINQ_OLD = 0x9100
};

/* Tags, labels and sessions one in the other: nobody has as many. */
#define NESTING_MAX 8

/* What is left of a frame. */
struct rest {
	const unsigned char *data;
	size_t len, at;
};

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static bool
has(const struct rest *r, size_t n)
{
	return r->len - r->at >= n;
}

/* An IP packet begins here: of which version, it says itself. */
static enum link_verdict
at_ip(struct link_frame *f, const struct rest *r)
{
	int version;

	if (!has(r, 1))
		return LINK_CUT;
	version = r->data[r->at] >> 4;
	if (version != 4 && version != 6)
		return LINK_NO_IP;
	f->offset = r->at;
	f->version = version;
	return LINK_IP;
}

/* RFC 1661, RFC 1662: address and control may be there, the protocol's first
 * byte may be compressed away. */
static enum link_verdict
at_ppp(struct link_frame *f, struct rest *r)
{
	unsigned protocol;

	if (has(r, 2) && r->data[r->at] == 0xff && r->data[r->at + 1] == 0x03)
		r->at += 2;
	if (!has(r, 2))
		return LINK_CUT;
	protocol = r->data[r->at++];
	if ((protocol & 1) == 0)
		protocol = protocol << 8 | r->data[r->at++];
	if (protocol == 0x0021 || protocol == 0x0057)
		return at_ip(f, r);
	return LINK_NO_IP;
}

/* Below the last label, only the packet itself says what it is (RFC 3032). */
static enum link_verdict
at_mpls(struct link_frame *f, struct rest *r)
{
	bool bottom = false;

	while (!bottom) {
		if (!has(r, 4))
			return LINK_CUT;
		bottom = (r->data[r->at + 2] & 1) != 0;
		r->at += 4;
	}
	return at_ip(f, r);
}

/* RFC 2516 section 4: six bytes, then PPP's protocol. */
static enum link_verdict
at_pppoe(struct link_frame *f, struct rest *r)
{
	if (!has(r, 6))
		return LINK_CUT;
	r->at += 6;
	return at_ppp(f, r);
}

/* LLC with SNAP (RFC 1042): aa aa 03, 00 00 00, an Ethernet type. */
static bool
is_snap(const struct rest *r)
{
	const unsigned char *p = r->data + r->at;

	return has(r, 3) && p[0] == 0xaa && p[1] == 0xaa && p[2] == 3;
}

/* Pass `n` bytes, of which the last two are the next Ethernet type. */
static bool
next_type(struct rest *r, size_t n, unsigned *type)
{
	if (!has(r, n))
		return false;
	r->at += n;
	*type = get16(r->data + r->at - 2);
	return true;
}

/* What an Ethernet type of `type` announces. */
static enum link_verdict
at_type(struct link_frame *f, struct rest *r, unsigned type)
{
	for (unsigned i = 0; i < NESTING_MAX; i++) {
		switch (type) {
		case ETHER_IPV4:
		case ETHER_IPV6:
			return at_ip(f, r);
		case ETHER_MPLS:
		case ETHER_MPLS_UPSTREAM:
			return at_mpls(f, r);
		case ETHER_PPPOE_SESSION:
			return at_pppoe(f, r);
		case ETHER_VLAN:
		case ETHER_QINQ:
		case ETHER_QINQ_OLD:
			if (!next_type(r, 4, &type))
				return LINK_CUT;
			break;
		default:
			if (type >= ETHER_LENGTHS_END || !is_snap(r))
				return LINK_NO_IP;
			if (!next_type(r, 8, &type))
				return LINK_CUT;
		}
	}
	return LINK_NO_IP;
}

/* A header of `length` bytes that has an Ethernet type `at` it. */
static enum link_verdict
at_header(struct link_frame *f, struct rest *r, size_t at, size_t length)
{
	if (!has(r, length))
		return LINK_CUT;
	r->at += length;
	return at_type(f, r, get16(r->data + at));
}

static enum link_verdict
skip(struct link_frame *f, struct rest *r, size_t n)
{
	if (!has(r, n))
		return LINK_CUT;
	r->at += n;
	return at_ip(f, r);
}

/* BSD loopback: an address family of the system that captured, in its byte
 * order or, for LOOP, in network order; IPv6 is 10, 24, 28 or 30.  What follows
 * says itself what it is, so it is only asked that one byte of four is set. */
static enum link_verdict
at_loopback(struct link_frame *f, struct rest *r)
{
	const unsigned char *p = r->data;

	if (!has(r, 4))
		return LINK_CUT;
	if (p[1] != 0 || p[2] != 0 || (p[0] != 0 && p[3] != 0))
		return LINK_NO_IP;
	return skip(f, r, 4);
}

/* Cisco HDLC (address 0x0f or 0x8f) is met in files of PPP links, too. */
static enum link_verdict
at_serial(struct link_frame *f, struct rest *r)
{
	if (!has(r, 1))
		return LINK_CUT;
	if (r->data[0] != 0x0f && r->data[0] != 0x8f)
		return at_ppp(f, r);
	return at_header(f, r, 2, 4);
}

bool
link_type_known(int link_type)
{
	switch (link_type) {
	case DLT_NULL_:
	case DLT_EN10MB_:
	case DLT_PPP_:
	case DLT_RAW_:
	case DLT_PPP_SERIAL_:
	case DLT_PPP_ETHER_:
	case DLT_LINKTYPE_RAW_:
	case DLT_LOOP_:
	case DLT_LINUX_SLL_:
	case DLT_IPV4_:
	case DLT_IPV6_:
	case DLT_LINUX_SLL2_:
		return true;
	default:
		return false;
	}
}

enum link_verdict
link_frame_decode(
    struct link_frame *f, int link_type, const unsigned char *data, size_t len)
{
	struct rest r = {.data = data, .len = len};

	switch (link_type) {
	case DLT_EN10MB_:
		return at_header(f, &r, 12, 14);
	case DLT_LINUX_SLL_:
		return at_header(f, &r, 14, 16);
	case DLT_LINUX_SLL2_:
		return at_header(f, &r, 0, 20);
	case DLT_RAW_:
	case DLT_LINKTYPE_RAW_:
	case DLT_IPV4_:
	case DLT_IPV6_:
		return at_ip(f, &r);
	case DLT_NULL_:
	case DLT_LOOP_:
		return at_loopback(f, &r);
	case DLT_PPP_:
	case DLT_PPP_SERIAL_:
		return at_serial(f, &r);
	case DLT_PPP_ETHER_:
		return at_pppoe(f, &r);
	default:
		return LINK_NO_IP;
	}
}
