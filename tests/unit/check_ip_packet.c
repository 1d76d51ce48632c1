/* check_ip_packet.c - IP packets and the transport headers in them. */
#include "unit.h"

#include <netinet/in.h>
#include <string.h>

#include "mutate.h"
#include "packet_rig.h"
#include "wire/ip_packet.h"

#define A 0xc0000201u /* 192.0.2.1 */
#define B 0xcb007107u

static struct ip_packet
decoded(const struct packet *spec, unsigned char buf[PACKET_MAX])
{
	struct ip_packet p;
	size_t n = packet_put(buf, spec);

	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert(!p.partial);
	ck_assert_uint_eq(p.length, n);
	ck_assert_uint_le(p.head, n);
	return p;
}

START_TEST(udp_is_read)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {.protocol = IPPROTO_UDP,
	    .from = A,
	    .to = B,
	    .from_port = 1024,
	    .to_port = 161,
	    .id = 77,
	    .ttl = 61,
	    .dscp = 46,
	    .data = "hello",
	    .n_data = 5};

	for (spec.version = 4; spec.version <= 6; spec.version += 2) {
		struct ip_packet p = decoded(&spec, buf);

		ck_assert_int_eq(p.what, IP_UDP);
		ck_assert_uint_eq(p.version, spec.version);
		ck_assert_uint_eq(p.protocol, IPPROTO_UDP);
		ck_assert_uint_eq(p.ttl, 61);
		ck_assert_uint_eq(p.dscp, 46);
		ck_assert_uint_eq(p.id, spec.version == 4 ? 77 : 0);
		ck_assert_uint_eq(p.from_port, 1024);
		ck_assert_uint_eq(p.to_port, 161);
		ck_assert_uint_eq(p.head, spec.version == 4 ? 28 : 48);
		ck_assert_uint_eq(p.data_length, 5);
		ck_assert_uint_eq(p.n_data, 5);
		ck_assert_mem_eq(p.data, "hello", 5);
		ck_assert(!p.fragment);
	}
}
END_TEST

START_TEST(tcp_is_read)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {.protocol = IPPROTO_TCP,
	    .from = A,
	    .to = B,
	    .from_port = 40000,
	    .to_port = 443,
	    .seq = 0xfedcba98,
	    .ack = 0x01020304,
	    .flags = 0xff,
	    .options = "\1\1\1\0",
	    .n_options = 4,
	    .data = "hello",
	    .n_data = 5};
	struct ip_packet p = decoded(&spec, buf);

	ck_assert_int_eq(p.what, IP_TCP);
	ck_assert_uint_eq(p.seq, 0xfedcba98);
	ck_assert_uint_eq(p.ack, 0x01020304);
	ck_assert_uint_eq(p.flags, IP_FIN | IP_SYN | IP_RST | IP_ACK);
	ck_assert_uint_eq(p.n_options, 4);
	ck_assert_mem_eq(p.options, "\1\1\1\0", 4);
	ck_assert_uint_eq(p.head, 44);
	ck_assert_uint_eq(p.data_length, 5);
	ck_assert_mem_eq(p.data, "hello", 5);
}
END_TEST

START_TEST(echoes_are_told_from_errors)
{
	static const struct {
		int version;
		uint8_t type;
		enum ip_what what;
	} types[] = {
	    {4, 8, IP_ECHO},
	    {4, 0, IP_ECHO_ANSWER},
	    {4, 3, IP_ICMP_ERROR},
	    {4, 5, IP_ICMP_ERROR},
	    {4, 11, IP_ICMP_ERROR},
	    {4, 13, IP_ICMP_OTHER},
	    {6, 128, IP_ECHO},
	    {6, 129, IP_ECHO_ANSWER},
	    {6, 1, IP_ICMP_ERROR},
	    {6, 2, IP_ICMP_ERROR},
	    {6, 0, IP_ICMP_OTHER},
	    {6, 135, IP_ICMP_OTHER},
	};
	unsigned char buf[PACKET_MAX];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct packet spec = {.version = types[i].version,
		    .protocol =
			types[i].version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
		    .type = types[i].type,
		    .code = 1,
		    .from_port = 0x1234,
		    .seq = 7,
		    .data = "x",
		    .n_data = 1};
		struct ip_packet p = decoded(&spec, buf);
		bool echo = p.what == IP_ECHO || p.what == IP_ECHO_ANSWER;

		ck_assert_int_eq(p.what, types[i].what);
		ck_assert_uint_eq(p.icmp_id, echo ? 0x1234 : 0);
		ck_assert_uint_eq(p.icmp_seq, echo ? 7 : 0);
		ck_assert_uint_eq(p.icmp_code, 1);
		ck_assert_uint_eq(p.data_length, 1);
	}
}
END_TEST

START_TEST(icmp_of_the_other_version_is_none)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {
	    .version = 6, .protocol = IPPROTO_ICMP, .type = 8};
	struct ip_packet p = decoded(&spec, buf);

	ck_assert_int_eq(p.what, IP_OTHER);
}
END_TEST

START_TEST(an_error_gives_what_it_quotes)
{
	unsigned char buf[PACKET_MAX], inner[PACKET_MAX];
	struct packet lost = {.protocol = IPPROTO_TCP,
	    .from = A,
	    .to = B,
	    .from_port = 40000,
	    .to_port = 443,
	    .seq = 0xfedcba98,
	    .id = 9,
	    .data = "much more than is quoted",
	    .n_data = 24};

	for (lost.version = 4; lost.version <= 6; lost.version += 2) {
		bool v4 = lost.version == 4;
		struct packet error = {.version = lost.version,
		    .protocol = v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
		    .type = v4 ? 3 : 1,
		    .data = inner,
		    .n_data = (v4 ? 20 : 40) + 8};
		struct ip_packet p, q;

		packet_put(inner, &lost);
		p = decoded(&error, buf);
		ck_assert(ip_packet_decode_quote(&q, &p));
		ck_assert_int_eq(q.what, IP_TCP);
		ck_assert(q.partial);
		ck_assert_uint_eq(q.n_header, 8);
		ck_assert_uint_eq(q.from_port, 40000);
		ck_assert_uint_eq(q.to_port, 443);
		ck_assert_uint_eq(q.seq, 0xfedcba98);
		ck_assert_uint_eq(q.ack, 0);
		ck_assert_uint_eq(q.data_length, 24);
		ck_assert_uint_eq(q.n_data, 0);
		/* Nothing of a transport, and nothing at all. */
		p.n_data = v4 ? 20 : 40;
		ck_assert(ip_packet_decode_quote(&q, &p));
		ck_assert(q.partial);
		ck_assert_uint_eq(q.from_port, 0);
		p.n_data--;
		ck_assert(!ip_packet_decode_quote(&q, &p));
	}
}
END_TEST

START_TEST(fragments_are_recognised)
{
	unsigned char buf[PACKET_MAX];
	char data[2000] = {0};
	struct packet spec = {.protocol = IPPROTO_UDP,
	    .from = A,
	    .to = B,
	    .from_port = 161,
	    .to_port = 1024,
	    .id = 5,
	    .data = data,
	    .n_data = sizeof(data),
	    .piece = 1480};

	for (spec.version = 4; spec.version <= 6; spec.version += 2) {
		struct ip_packet p;
		uint32_t ip = spec.version == 4 ? 20 : 48;

		spec.at = 0;
		p = decoded(&spec, buf);
		ck_assert_int_eq(p.what, IP_UDP);
		ck_assert(p.fragment && p.more);
		ck_assert_uint_eq(p.id, 5);
		ck_assert_uint_eq(p.length, ip + 1480);
		/* That of the whole datagram. */
		ck_assert_uint_eq(p.data_length, 2000);
		ck_assert_uint_eq(p.n_data, 1472);
		spec.at = 1480;
		p = decoded(&spec, buf);
		ck_assert_int_eq(p.what, IP_OTHER);
		ck_assert(p.fragment && !p.more);
		ck_assert_uint_eq(p.at, 1480);
		ck_assert_uint_eq(p.protocol, IPPROTO_UDP);
		ck_assert_uint_eq(p.from_port, 0);
		ck_assert_uint_eq(p.data_length, 2008 - 1480);
	}
}
END_TEST

START_TEST(extension_headers_are_passed_over)
{
	static const unsigned char chain[] = {43, 0, 1, 4, 0, 0, 0,
	    0,                                      /* hop by hop */
	    60, 1, 4, 0, 0, 0, 0, 0,                /* routing, 16 bytes */
	    0, 0, 0, 0, 0, 0, 0, 0, 17, 0, 1, 4, 0, /* destination */
	    0, 0, 0, 0x04, 0, 0, 161, 0, 9, 0, 0, 'x'};
	unsigned char buf[PACKET_MAX];
	struct packet spec = {.version = 6,
	    .protocol = 0,
	    .data = chain,
	    .n_data = sizeof(chain)};
	struct ip_packet p = decoded(&spec, buf);

	ck_assert_int_eq(p.what, IP_UDP);
	ck_assert_uint_eq(p.protocol, IPPROTO_UDP);
	ck_assert_uint_eq(p.to_port, 161);
	ck_assert_uint_eq(p.data_length, 1);
	ck_assert_uint_eq(p.data[0], 'x');
	/* Cut within them. */
	for (size_t n = 40; n < 40 + 32; n++) {
		ck_assert(ip_packet_decode(&p, buf, n, 81));
		ck_assert(p.partial);
	}
}
END_TEST

START_TEST(tunnels_are_recognised)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
		const char *data;
		size_t n;
		bool tunnel;
	} cases[] = {
	    {50, 0, "\0\0\0\1\0\0\0\2", 8, true},
	    {51, 0, "\4\4\0\0\0\0\0\1", 8, true},
	    {47, 0, "\0\0\x08\0", 4, true},
	    {115, 0, "\0\0\0\1", 4, true},
	    {4, 0, "E", 1, true},
	    {41, 0, "`", 1, true},
	    {132, 0, "\0\0", 2, false},
	    {17, 1701, "\x40\2", 2, true},
	    {17, 4500, "\1\2\3\4\0\0\0\1", 8, true},
	    {17, 4500, "\0\0\0\0ike", 7, false},
	    {17, 4500, "\xff", 1, false},
	    {17, 51820, "\4\0\0\0\1\2\3\4", 8, true},
	    {17, 51820, "\5\0\0\0\1\2\3\4", 8, false},
	    {17, 5000, "\4\0\0\0\1\2\3\4", 8, false},
	};
	unsigned char buf[PACKET_MAX];
	char handshake[148] = "\1";
	struct packet start = {
	    .protocol = 17, .to_port = 443, .data = handshake, .n_data = 148};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct packet spec = {.protocol = cases[i].protocol,
		    .from_port = 999,
		    .to_port = cases[i].port,
		    .data = cases[i].data,
		    .n_data = cases[i].n};
		struct ip_packet p = decoded(&spec, buf);

		ck_assert_msg((p.what == IP_TUNNEL) == cases[i].tunnel,
		    "case %zu: %d", i, (int)p.what);
	}
	ck_assert_int_eq(decoded(&start, buf).what, IP_TUNNEL);
}
END_TEST

START_TEST(padding_is_no_data)
{
	unsigned char buf[PACKET_MAX] = {0};
	struct packet spec = {.protocol = IPPROTO_TCP, .flags = IP_ACK};
	struct ip_packet p;
	size_t n = packet_put(buf, &spec);

	ck_assert(ip_packet_decode(&p, buf, n + 6, n + 6));
	ck_assert_uint_eq(p.length, n);
	ck_assert_uint_eq(p.data_length, 0);
	ck_assert_uint_eq(p.n_data, 0);
}
END_TEST

START_TEST(what_a_snaplen_cuts_is_partial)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {.protocol = IPPROTO_TCP,
	    .from_port = 1,
	    .to_port = 2,
	    .seq = 3,
	    .options = "\1\1\1\0",
	    .n_options = 4,
	    .data = "0123456789",
	    .n_data = 10};
	size_t n = packet_put(buf, &spec);
	struct ip_packet p;

	for (size_t captured = 0; captured < 20; captured++)
		ck_assert(!ip_packet_decode(&p, buf, captured, n));
	for (size_t captured = 20; captured <= n; captured++) {
		ck_assert(ip_packet_decode(&p, buf, captured, n));
		ck_assert_int_eq(p.partial, captured < 40);
		ck_assert_uint_eq(p.from_port, captured < 24 ? 0 : 1);
		ck_assert_uint_eq(p.seq, captured < 28 ? 0 : 3);
		ck_assert_uint_eq(p.n_options, captured < 44 ? 0 : 4);
		ck_assert_uint_eq(p.n_data, captured < 44 ? 0 : captured - 44);
		if (!p.partial)
			ck_assert_uint_eq(p.data_length, 10);
	}
}
END_TEST

START_TEST(a_super_packet_without_length_is_as_long_as_its_frame)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {
	    .protocol = IPPROTO_TCP, .data = "data", .n_data = 4};
	struct ip_packet p;
	size_t n = packet_put(buf, &spec);

	buf[2] = buf[3] = 0;
	ck_assert(ip_packet_decode(&p, buf, n, 100000));
	ck_assert_uint_eq(p.data_length, 100000 - 40);
	ck_assert_uint_eq(p.n_data, 4);
	spec.version = 6;
	n = packet_put(buf, &spec);
	buf[4] = buf[5] = 0;
	ck_assert(ip_packet_decode(&p, buf, n, 100000));
	ck_assert_uint_eq(p.data_length, 100000 - 60);
	/* A short one has none, and padding. */
	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert_uint_eq(p.length, 40);
}
END_TEST

START_TEST(lengths_that_lie_are_cut)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = {
	    .protocol = IPPROTO_UDP, .data = "data", .n_data = 4};
	struct ip_packet p;
	size_t n = packet_put(buf, &spec);

	buf[2] = 0xff; /* the packet's */
	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert_uint_eq(p.data_length, 4);
	buf[24] = 0xff; /* the datagram's */
	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert_uint_eq(p.data_length, 4);
	buf[24] = 0;
	buf[25] = 3;
	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert_uint_eq(p.data_length, 4);
	buf[25] = 10; /* less than there is */
	ck_assert(ip_packet_decode(&p, buf, n, n));
	ck_assert_uint_eq(p.data_length, 2);
	ck_assert_uint_eq(p.n_data, 2);
	buf[0] = 0x44; /* the header's */
	ck_assert(!ip_packet_decode(&p, buf, n, n));
	buf[0] = 0x4f;
	ck_assert(!ip_packet_decode(&p, buf, n, n));
	buf[0] = 0x55;
	ck_assert(!ip_packet_decode(&p, buf, n, n));
}
END_TEST

START_TEST(what_passes_no_router_is_local)
{
	static const struct {
		uint32_t from, to;
		bool local;
	} cases[] = {
	    {A, B, false},
	    {A, 0xe0000005, true},
	    {A, 0xffffffff, true},
	    {0, B, true},
	    {0xa9fe0001, B, true},
	    {A, 0xa9fe0001, true},
	    {0x7f000001, 0x7f000002, false},
	};
	unsigned char buf[PACKET_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct packet spec = {.protocol = IPPROTO_UDP,
		    .from = cases[i].from,
		    .to = cases[i].to};
		struct ip_packet p = decoded(&spec, buf);

		ck_assert_int_eq(ip_packet_is_local(&p), cases[i].local);
	}
	struct packet six = {.version = 6, .protocol = IPPROTO_UDP};
	struct ip_packet p = decoded(&six, buf);

	ck_assert(!ip_packet_is_local(&p));
	buf[24] = 0xff;
	ck_assert(ip_packet_is_local(&p));
	buf[24] = 0xfe;
	buf[25] = 0xbf;
	ck_assert(ip_packet_is_local(&p));
	buf[25] = 0xc0;
	ck_assert(!ip_packet_is_local(&p));
}
END_TEST

static void
sink(const void *data, size_t len)
{
	struct ip_packet p, q;

	for (size_t more = 0; more < 100; more += 99) {
		if (!ip_packet_decode(&p, data, len, len + more))
			continue;
		unit_must(p.length <= len + more && p.head <= p.length &&
			      p.n_data <= len && p.n_options <= 40,
		    "%u %u %u %u", p.length, p.head, p.n_data, p.n_options);
		if (p.what == IP_ICMP_ERROR)
			ip_packet_decode_quote(&q, &p);
	}
}

START_TEST(hostile_packets_do_no_harm)
{
	static const uint8_t protocols[] = {1, 6, 17, 50, 58, 44, 0};
	unsigned char buf[PACKET_MAX], quoted[PACKET_MAX];
	struct packet inner = {.protocol = IPPROTO_TCP};
	size_t n = packet_put(quoted, &inner);

	for (unsigned i = 0; i < 2 * sizeof(protocols); i++) {
		struct packet spec = {.version = i % 2 ? 6 : 4,
		    .protocol = protocols[i / 2],
		    .type = i % 2 ? 1 : 3,
		    .options = "\1\1\1\0",
		    .n_options = 4,
		    .data = quoted,
		    .n_data = n,
		    .piece = i % 3 ? 0 : 32};
		unsigned len = (unsigned)packet_put(buf, &spec);

		mutate_truncate(buf, len, sink);
		mutate_random(buf, len, 3000, sink);
	}
}
END_TEST

UNIT_MAIN("ip_packet", udp_is_read, tcp_is_read, echoes_are_told_from_errors,
    icmp_of_the_other_version_is_none, an_error_gives_what_it_quotes,
    fragments_are_recognised, extension_headers_are_passed_over,
    tunnels_are_recognised, padding_is_no_data, what_a_snaplen_cuts_is_partial,
    a_super_packet_without_length_is_as_long_as_its_frame,
    lengths_that_lie_are_cut, what_passes_no_router_is_local,
    hostile_packets_do_no_harm)
