/* check_packet_record.c - what is kept of a packet, what its key is made of. */
#include "unit.h"

#include <netinet/in.h>
#include <string.h>

#include "base/hash.h"
#include "compare/flow.h"
#include "compare/packet_record.h"
#include "packet_rig.h"

static const struct record_depth whole = {RECORD_DEPTH, RECORD_DEPTH};

#define V2_GET                                               \
	"\x30\x1a\x02\x01\x01\x04\x06public\xa0\x0d\x02\x04" \
	"\x11\x22\x33\x44\x02\x01\x00\x02\x01\x00\x30\x00"
#define V3_HIDDEN(flags)                                       \
	"\x30\x4d\x02\x01\x03\x30\x10\x02\x04\x12\x34\x56\x78" \
	"\x02\x03\x00\xff\xe3\x04\x01" flags                   \
	"\x02\x01\x03\x04\x02\x30\x00\x04\x20garble"

static struct record
record_cut(const struct packet *spec, size_t cut)
{
	unsigned char buf[PACKET_MAX];
	struct ip_packet p, quoted;
	struct record r;
	size_t n = packet_put(buf, spec);
	bool quotes;

	ck_assert(ip_packet_decode(&p, buf, n - cut, n));
	quotes = p.what == IP_ICMP_ERROR && ip_packet_decode_quote(&quoted, &p);
	record_fill(&r, &p, quotes ? &quoted : NULL, &whole);
	return r;
}

static struct record
record_of(const struct packet *spec)
{
	return record_cut(spec, 0);
}

static const struct packet snmp = {.protocol = IPPROTO_UDP,
    .from = 1,
    .to = 2,
    .from_port = 1024,
    .to_port = 161,
    .id = 7,
    .data = V2_GET,
    .n_data = sizeof(V2_GET) - 1};
static const struct packet tcp = {.protocol = IPPROTO_TCP,
    .from = 1,
    .to = 2,
    .from_port = 1024,
    .to_port = 443,
    .seq = 1000,
    .ack = 2000,
    .flags = IP_ACK,
    .id = 7,
    .options = "\1\1\1\0",
    .n_options = 4,
    .data = "hello",
    .n_data = 5};
static const struct packet echo = {.protocol = IPPROTO_ICMP,
    .from = 1,
    .to = 2,
    .type = 8,
    .from_port = 0x1234,
    .seq = 9,
    .data = "x",
    .n_data = 1};

/* What routers and address translation change is not in the key. */
START_TEST(the_key_survives_the_path)
{
	const struct packet *specs[] = {&snmp, &tcp, &echo};

	for (unsigned i = 0; i < 3; i++) {
		struct packet far = *specs[i];
		struct record near = record_of(specs[i]);

		far.from = 99;
		far.to = 98;
		far.from_port = 97;
		far.ttl = 3;
		far.dscp = 34;
		far.id = 6;
		if (far.protocol != IPPROTO_ICMP)
			far.to_port = 10161;
		far.options = "\1\1\1\1";
		ck_assert_uint_eq(record_of(&far).key, near.key);
		ck_assert_uint_ne(record_of(&far).tie, near.tie);
		ck_assert_uint_eq(record_of(&far).ttl, 3);
		ck_assert_uint_eq(record_of(&far).dscp, 34);
		ck_assert_uint_eq(near.dscp, 0);
		far.data = "y234567890123456789012345678901";
		ck_assert_uint_ne(record_of(&far).key, near.key);
	}
}
END_TEST

START_TEST(lengths_are_kept)
{
	struct record r = record_of(&tcp);

	ck_assert_uint_eq(r.head, 44);
	ck_assert_uint_eq(r.length, 5);
	r = record_of(&snmp);
	ck_assert_uint_eq(r.head, 28);
	ck_assert_uint_eq(r.length, snmp.n_data);
	ck_assert_uint_eq(r.tie, 7u << 16);
	ck_assert_uint_eq(record_of(&echo).tie, 0x0800);
}
END_TEST

/* An acknowledgment, and a window that opens: no copies. */
START_TEST(equal_keys_are_told_apart_by_window_and_options)
{
	struct packet spec = tcp;
	struct record r;

	spec.n_data = 0;
	r = record_of(&spec);
	spec.window++;
	ck_assert_uint_eq(record_of(&spec).key, r.key);
	ck_assert_uint_ne(record_of(&spec).tie, r.tie);
	spec.window--;
	ck_assert_uint_eq(record_of(&spec).tie, r.tie);
	spec.options = "\1\1\1\1";
	ck_assert_uint_eq(record_of(&spec).key, r.key);
	ck_assert_uint_ne(record_of(&spec).tie, r.tie);
}
END_TEST

START_TEST(snmp_is_told_by_what_it_is)
{
	struct packet spec = snmp;
	struct record r = record_of(&spec);

	ck_assert_uint_eq(r.what, RECORD_SNMP_REQUEST);
	ck_assert_uint_eq(r.exchange, 0x11223344);
	ck_assert_uint_eq(r.bits, RECORD_ASKS);
	spec.data = V3_HIDDEN("\7");
	spec.n_data = sizeof(V3_HIDDEN("\7")) - 1;
	r = record_of(&spec);
	ck_assert_uint_eq(r.what, RECORD_SNMP_REQUEST);
	ck_assert_uint_eq(r.exchange, 0x12345678);
	ck_assert_uint_eq(r.bits, RECORD_ASKS);
	spec.to_port = 162;
	ck_assert_uint_eq(record_of(&spec).what, RECORD_SNMP_INFORM);
	spec.data = V3_HIDDEN("\3");
	r = record_of(&spec);
	ck_assert_uint_eq(r.what, RECORD_SNMP_TRAP);
	ck_assert_uint_eq(r.bits, 0);
	spec.to_port = 1024;
	r = record_of(&spec);
	ck_assert_uint_eq(r.what, RECORD_SNMP_HIDDEN);
	ck_assert_uint_eq(r.bits, RECORD_ANSWERS);
	spec.data = "sip";
	spec.n_data = 3;
	ck_assert_uint_eq(record_of(&spec).what, RECORD_UDP);
}
END_TEST

START_TEST(a_connection_is_an_exchange)
{
	struct packet spec = tcp;
	struct record r;

	spec.flags = IP_SYN;
	r = record_of(&spec);
	ck_assert_uint_eq(r.exchange, 1001);
	ck_assert_uint_eq(r.bits, RECORD_SYN | RECORD_ASKS);
	spec.flags = IP_SYN | IP_ACK;
	spec.ack = 1001;
	r = record_of(&spec);
	ck_assert_uint_eq(r.exchange, 1001);
	ck_assert_uint_eq(r.bits, RECORD_SYN | RECORD_ACK | RECORD_ANSWERS);
	spec.flags = IP_RST | IP_ACK;
	ck_assert_uint_eq(
	    record_of(&spec).bits, RECORD_RST | RECORD_ACK | RECORD_ANSWERS);
	r = record_of(&tcp);
	ck_assert_uint_eq(r.seq, 1000);
	ck_assert_uint_eq(r.exchange, 2000);
	ck_assert_uint_eq(r.bits, RECORD_ACK);
}
END_TEST

START_TEST(tcp_keys_differ_by_numbers_and_flags)
{
	struct packet spec = tcp;
	uint64_t keys[6];
	unsigned n = 0;

	keys[n++] = record_of(&spec).key;
	spec.seq++;
	keys[n++] = record_of(&spec).key;
	spec.ack++;
	keys[n++] = record_of(&spec).key;
	spec.flags |= IP_FIN;
	keys[n++] = record_of(&spec).key;
	spec.n_data = 0;
	keys[n++] = record_of(&spec).key;
	spec.flags = IP_RST;
	keys[n++] = record_of(&spec).key;
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < i; j++)
			ck_assert_uint_ne(keys[i], keys[j]);
}
END_TEST

START_TEST(a_super_packet_has_the_key_of_its_first_segment)
{
	char data[3000];
	struct packet spec = tcp;
	struct record super, segment;

	memset(data, 'a', sizeof(data));
	spec.data = data;
	spec.n_data = sizeof(data);
	super = record_of(&spec);
	spec.n_data = 1448;
	segment = record_of(&spec);
	ck_assert_uint_eq(super.key, segment.key);
	ck_assert_uint_eq(super.length, 3000);
}
END_TEST

START_TEST(a_datagram_in_pieces_has_the_key_of_the_whole)
{
	static const uint8_t protocols[] = {IPPROTO_UDP, IPPROTO_ICMP, 50};
	char data[2000] = "data";

	for (unsigned i = 0; i < sizeof(protocols); i++) {
		struct packet spec = {.protocol = protocols[i],
		    .type = 8,
		    .data = data,
		    .n_data = sizeof(data)};
		struct record whole_one = record_of(&spec), piece;

		spec.piece = 1480;
		piece = record_of(&spec);
		ck_assert_uint_eq(piece.key, whole_one.key);
		ck_assert_uint_eq(
		    piece.bits & RECORD_FRAGMENTED, RECORD_FRAGMENTED);
		ck_assert_uint_eq(whole_one.bits & RECORD_FRAGMENTED, 0);
	}
}
END_TEST

START_TEST(a_cut_payload_is_short)
{
	char data[100] = "data";
	struct packet spec = snmp;

	spec.data = data;
	spec.n_data = sizeof(data);
	ck_assert_uint_eq(record_cut(&spec, 36).bits & RECORD_SHORT, 0);
	ck_assert_uint_eq(record_cut(&spec, 36).key, record_of(&spec).key);
	ck_assert_uint_eq(record_cut(&spec, 37).bits, RECORD_SHORT);
	ck_assert_uint_eq(record_cut(&spec, 100).bits, RECORD_SHORT);
}
END_TEST

START_TEST(an_error_is_known_by_what_it_quotes)
{
	unsigned char inner[PACKET_MAX];
	struct packet lost = snmp;
	struct packet error = {.protocol = IPPROTO_ICMP,
	    .from = 3,
	    .to = 1,
	    .type = 3,
	    .code = 3,
	    .data = inner};
	struct record r;
	uint64_t key;

	error.n_data = packet_put(inner, &lost);
	r = record_of(&error);
	key = r.key;
	ck_assert_uint_eq(r.what, RECORD_ICMP_ERROR);
	ck_assert_uint_eq(r.exchange, 0x11223344);
	ck_assert_uint_eq(r.seq, FLOW_NONE);
	ck_assert_uint_eq(r.bits, 0);
	ck_assert_uint_eq(r.tie, 0x0303);
	/* The translated one quotes translated addresses. */
	lost.from = 77;
	lost.from_port = 78;
	packet_put(inner, &lost);
	ck_assert_uint_eq(record_of(&error).key, key);
	/* Without the quote: nothing to know it by. */
	error.n_data = 10;
	r = record_of(&error);
	ck_assert_uint_ne(r.key, key);
	ck_assert_uint_eq(r.exchange, 0);
	/* An error about an error. */
	lost = error;
	error.n_data = packet_put(inner, &lost);
	ck_assert_uint_eq(record_of(&error).what, RECORD_ICMP_ERROR);
}
END_TEST

START_TEST(hash_depends_on_each_bit)
{
	unsigned char data[24] = {0};
	uint64_t zero = hash_bytes(0, data, sizeof(data));

	for (unsigned i = 0; i < 8 * sizeof(data); i++) {
		uint64_t bits;

		data[i / 8] = (unsigned char)(1u << i % 8);
		bits = zero ^ hash_bytes(0, data, sizeof(data));
		data[i / 8] = 0;
		unit_must(__builtin_popcountll(bits) > 12, "bit %u: %d", i,
		    __builtin_popcountll(bits));
	}
	for (size_t n = 0; n < sizeof(data); n++)
		ck_assert_uint_ne(hash_bytes(0, data, n), zero);
}
END_TEST

UNIT_MAIN("packet_record", the_key_survives_the_path, lengths_are_kept,
    equal_keys_are_told_apart_by_window_and_options, snmp_is_told_by_what_it_is,
    a_connection_is_an_exchange, tcp_keys_differ_by_numbers_and_flags,
    a_super_packet_has_the_key_of_its_first_segment,
    a_datagram_in_pieces_has_the_key_of_the_whole, a_cut_payload_is_short,
    an_error_is_known_by_what_it_quotes, hash_depends_on_each_bit)
