/* check_fragments.c - datagrams in pieces. */
#include "unit.h"

#include <netinet/in.h>

#include "compare/fragments.h"
#include "packet_rig.h"

#define SECOND INT64_C(1000000000)

static const struct record_depth whole = {RECORD_DEPTH, RECORD_DEPTH};

static char data[3000];
static const struct packet echo = {.protocol = IPPROTO_ICMP,
    .type = 8,
    .from = 1,
    .to = 2,
    .id = 5,
    .data = data,
    .n_data = 2992,
    .piece = 1000};

struct rig {
	struct fragments *f;
	struct record records[4096];
	uint32_t n;
};

static void
setup(struct rig *g)
{
	g->f = fragments_new();
	g->n = 0;
}

/* The piece from `at`; the first makes a record. */
static void
piece(struct rig *g, const struct packet *of, unsigned at, int64_t time)
{
	unsigned char buf[PACKET_MAX];
	struct packet spec = *of;
	struct ip_packet p;
	size_t n;

	spec.at = at;
	n = packet_put(buf, &spec);
	ck_assert(ip_packet_decode(&p, buf, n, n));
	if (at == 0)
		record_fill(&g->records[g->n++], &p, NULL, &whole);
	fragments_add(g->f, g->records, &p, time,
	    at == 0 ? g->n - 1 : FRAGMENTS_NO_RECORD);
}

static void
must_be(const struct rig *g, uint32_t i, uint32_t seen, bool is_whole)
{
	const struct record *r = &g->records[i];

	ck_assert_uint_eq(r->seq, seen);
	ck_assert_int_eq(r->bits & (RECORD_FRAGMENTED | RECORD_INCOMPLETE),
	    RECORD_FRAGMENTED | (is_whole ? 0 : RECORD_INCOMPLETE));
}

START_TEST(all_pieces_make_it_whole)
{
	static const unsigned orders[][3] = {
	    {0, 1000, 2000}, {2000, 1000, 0}, {1000, 0, 2000}};

	for (unsigned i = 0; i < 3; i++) {
		struct rig g;

		setup(&g);
		for (unsigned k = 0; k < 3; k++) {
			if (g.n > 0)
				must_be(&g, 0, 1000 * k, false);
			piece(&g, &echo, orders[i][k], k);
		}
		must_be(&g, 0, 3000, true);
		ck_assert_uint_eq(g.records[0].length, 2992);
		fragments_free(g.f);
	}
}
END_TEST

START_TEST(ipv6_and_udp_are_as_good)
{
	struct packet spec = echo;
	struct rig g;

	spec.version = 6;
	spec.protocol = IPPROTO_UDP;
	setup(&g);
	piece(&g, &spec, 0, 0);
	ck_assert_uint_eq(g.records[0].length, 2992);
	piece(&g, &spec, 1000, 0);
	must_be(&g, 0, 2000, false);
	piece(&g, &spec, 2000, 0);
	must_be(&g, 0, 3000, true);
	ck_assert_uint_eq(g.records[0].length, 2992);
	fragments_free(g.f);
}
END_TEST

START_TEST(copies_of_a_piece_do_not_count)
{
	struct rig g;

	setup(&g);
	piece(&g, &echo, 0, 0);
	piece(&g, &echo, 2000, 0);
	piece(&g, &echo, 2000, 0);
	must_be(&g, 0, 2000, false);
	piece(&g, &echo, 1000, 0);
	must_be(&g, 0, 3000, true);
	/* All of it again is another one. */
	for (unsigned at = 0; at < 3000; at += 1000)
		piece(&g, &echo, at, 1);
	must_be(&g, 1, 3000, true);
	must_be(&g, 0, 3000, true);
	fragments_free(g.f);
}
END_TEST

START_TEST(what_differs_is_another_datagram)
{
	struct rig g;
	struct packet other = echo;

	setup(&g);
	piece(&g, &echo, 0, 0);
	other.id++;
	piece(&g, &other, 1000, 0);
	other = echo;
	other.from++;
	piece(&g, &other, 1000, 0);
	other = echo;
	other.protocol = IPPROTO_UDP;
	piece(&g, &other, 1000, 0);
	must_be(&g, 0, 1000, false);
	/* Its id again, a minute later. */
	piece(&g, &echo, 1000, 60 * SECOND);
	piece(&g, &echo, 2000, 60 * SECOND);
	must_be(&g, 0, 1000, false);
	fragments_free(g.f);
}
END_TEST

START_TEST(tcp_keeps_its_sequence_number)
{
	struct packet spec = echo;
	struct rig g;

	spec.protocol = IPPROTO_TCP;
	spec.seq = 77;
	spec.n_data = 1980;
	setup(&g);
	piece(&g, &spec, 0, 0);
	piece(&g, &spec, 1000, 0);
	must_be(&g, 0, 77, true);
	ck_assert_uint_eq(g.records[0].length, 1980);
	fragments_free(g.f);
}
END_TEST

START_TEST(many_unfinished_ones_are_bounded)
{
	static struct rig g;
	struct packet spec = echo;

	setup(&g);
	for (unsigned i = 0; i < 4000; i++) {
		spec.id = (uint16_t)i;
		piece(&g, &spec, 0, 0);
	}
	/* The latest is still known. */
	piece(&g, &spec, 1000, 0);
	must_be(&g, 3999, 2000, false);
	must_be(&g, 0, 1000, false);
	fragments_free(g.f);
	fragments_free(NULL);
}
END_TEST

UNIT_MAIN("fragments", all_pieces_make_it_whole, ipv6_and_udp_are_as_good,
    copies_of_a_piece_do_not_count, what_differs_is_another_datagram,
    tcp_keeps_its_sequence_number, many_unfinished_ones_are_bounded)
