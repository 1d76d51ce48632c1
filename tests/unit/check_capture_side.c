/* check_capture_side.c - the captures of one end as one. */
#include "unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture_rig.h"
#include "compare/capture_side.h"

#define T0 INT64_C(1700000000000000000)
#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

#define HOST   0xc0000201u
#define DEVICE 0xcb007107u

static const struct record_depth whole = {RECORD_DEPTH, RECORD_DEPTH};
static const struct capture_limits no_limits = {
    1 << 26, 5 << 20, INT64_MIN, INT64_MAX};

struct rig {
	char folder[UNIT_PATH_MAX];
	struct capture_file out;
	struct capture_side *side;
};

static void
setup_limited(struct rig *g, const struct capture_limits *limits)
{
	memset(g, 0, sizeof(*g));
	unit_folder(g->folder);
	g->side = capture_side_new("server", limits);
	capture_begin(&g->out, LINK_RAW);
}

static void
setup(struct rig *g)
{
	setup_limited(g, &no_limits);
}

/* Save what was put, as one more file, and begin the next. */
static void
save(struct rig *g, const char *name)
{
	char path[2 * UNIT_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", g->folder, name);
	capture_save(&g->out, path);
	capture_side_add(g->side, path, -1);
	capture_begin(&g->out, LINK_RAW);
}

static const struct side_facts *
read_side(struct rig *g, enum side_status expected)
{
	const struct side_facts *f = capture_side_facts(g->side);

	ck_assert_int_eq(capture_side_read(g->side, &whole), expected);
	ck_assert_int_eq(f->status, expected);
	ck_assert_int_eq(f->trouble[0] == '\0', expected == SIDE_READ);
	if (expected != SIDE_MEMORY)
		ck_assert_uint_eq(f->packets,
		    f->records + f->copies + f->pieces + f->no_ip + f->local +
			f->left + f->other_link + f->broken);
	ck_assert_uint_eq(
	    capture_side_size(g->side), expected == SIDE_READ ? f->records : 0);
	return f;
}

static void
teardown(struct rig *g)
{
	capture_side_free(g->side);
	capture_free(&g->out);
}

static struct packet
ping(unsigned n)
{
	return (struct packet){.protocol = IPPROTO_ICMP,
	    .from = HOST,
	    .to = DEVICE,
	    .type = 8,
	    .from_port = 77,
	    .seq = n,
	    .id = (uint16_t)(n + 1),
	    .data = "ping",
	    .n_data = 4};
}

static struct packet
pong(unsigned n)
{
	struct packet p = ping(n);

	p.from = DEVICE;
	p.to = HOST;
	p.type = 0;
	return p;
}

static void
put(struct rig *g, int64_t time, struct packet p)
{
	capture_packet(&g->out, T0 + time, &p);
}

START_TEST(records_and_flows_come_out)
{
	struct rig g;
	const struct side_facts *f;
	const struct record *r;
	const struct stretch *t;
	const struct flow *flows;
	uint32_t n;

	setup(&g);
	for (unsigned i = 0; i < 100; i++) {
		put(&g, i * S, ping(i));
		put(&g, i * S + MS, pong(i));
	}
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->records, 200);
	ck_assert_uint_eq(f->n_files, 1);
	ck_assert_uint_eq(f->files[0].packets, 200);
	ck_assert_uint_eq(strlen(f->files[0].sha256), 64);
	ck_assert(f->both_ways);
	ck_assert_uint_eq(f->snaplen, 0);
	ck_assert_uint_eq(f->n_link_types, 1);
	ck_assert_str_eq(f->link_types[0], "RAW");
	t = capture_side_stretches(g.side, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(t->from, T0);
	ck_assert_int_eq(t->to, T0 + 99 * S + MS);
	flows = flow_table_flows(capture_side_flows(g.side));
	ck_assert_uint_eq(flow_table_size(capture_side_flows(g.side)), 2);
	ck_assert_uint_eq(flows[0].from_port, 77);
	ck_assert_uint_eq(flows[1].to_port, 77);
	ck_assert_uint_eq(flows[0].reverse, 1);
	ck_assert_uint_eq(flows[0].packets, 100);
	r = capture_side_records(g.side);
	for (uint32_t i = 0; i < 200; i++) {
		unit_must(r[i].flow == i % 2, "flow of %u", i);
		unit_must(r[i].exchange == (77u << 16 | i / 2), "%u", i);
		unit_must(r[i].time == T0 + i / 2 * S + i % 2 * MS, "%u", i);
	}
	ck_assert_uint_ge(
	    capture_side_bytes(g.side), 200 * sizeof(struct record));
	ck_assert_uint_eq(capture_side_depth(g.side).other, RECORD_DEPTH);
	teardown(&g);
	capture_side_free(NULL);
}
END_TEST

START_TEST(files_come_in_any_order)
{
	static const unsigned orders[][3] = {
	    {0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};

	for (unsigned k = 0; k < 4; k++) {
		struct rig g;
		const struct side_facts *f;
		uint32_t n;

		setup(&g);
		for (unsigned i = 0; i < 3; i++) {
			unsigned file = orders[k][i];
			char name[] = "s-0.pcap";

			name[2] = (char)('0' + file);
			for (unsigned p = 0; p < 10; p++)
				put(&g, (file * 10 + p) * S,
				    ping(file * 10 + p));
			save(&g, name);
		}
		f = read_side(&g, SIDE_READ);
		(void)capture_side_stretches(g.side, &n);
		ck_assert_uint_eq(n, 1);
		for (uint32_t i = 0; i < 30; i++)
			ck_assert_uint_eq(
			    capture_side_records(g.side)[i].exchange & 0xff, i);
		for (unsigned i = 0; i < 3; i++)
			ck_assert_int_eq(f->files[i].from, T0 + i * 10 * S);
		teardown(&g);
	}
}
END_TEST

START_TEST(overlapping_files_have_each_packet_once)
{
	struct rig g;
	const struct side_facts *f;

	setup(&g);
	for (unsigned i = 0; i < 20; i++)
		put(&g, i * S, ping(i));
	save(&g, "a.pcap");
	for (unsigned i = 10; i < 30; i++)
		put(&g, i * S, ping(i));
	save(&g, "b.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->records, 30);
	ck_assert_uint_eq(f->copies, 10);
	teardown(&g);
}
END_TEST

START_TEST(what_is_not_compared_is_counted)
{
	static const unsigned char arp[60] = {[12] = 0x08, [13] = 0x06};
	struct packet lone = ping(1), group = ping(2), piece = ping(3);
	struct rig g;
	const struct side_facts *f;

	setup(&g);
	group.to = 0xe0000001;
	piece.at = 8;
	piece.piece = 8;
	put(&g, 0, lone);
	put(&g, 0, lone);
	put(&g, 0, group);
	put(&g, 0, piece);
	capture_frame(&g.out, T0, "\x45\0\0\x14", 4, 20);
	capture_frame(&g.out, T0, "\x05", 1, 1);
	capture_frame(&g.out, T0, "", 0, 20);
	save(&g, "a.pcap");
	capture_begin(&g.out, LINK_ETHERNET);
	capture_frame(&g.out, T0, arp, sizeof(arp), sizeof(arp));
	save(&g, "b.pcap");
	capture_begin(&g.out, 105);
	capture_frame(&g.out, T0, arp, sizeof(arp), sizeof(arp));
	save(&g, "c.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->packets, 9);
	ck_assert_uint_eq(f->records, 1);
	ck_assert_uint_eq(f->copies, 1);
	ck_assert_uint_eq(f->local, 1);
	ck_assert_uint_eq(f->pieces, 1);
	ck_assert_uint_eq(f->broken, 2);
	ck_assert_uint_eq(f->no_ip, 2);
	ck_assert_uint_eq(f->other_link, 1);
	ck_assert(!f->both_ways);
	ck_assert_uint_eq(f->n_link_types, 3);
	teardown(&g);
}
END_TEST

START_TEST(cut_packets_lessen_the_depth)
{
	char data[200] = "data";
	struct packet udp = {.protocol = IPPROTO_UDP,
	    .from = HOST,
	    .to = DEVICE,
	    .from_port = 5060,
	    .to_port = 5060,
	    .data = data,
	    .n_data = sizeof(data)};
	struct packet tcp = udp;
	struct record_depth depth;
	struct rig g;
	const struct side_facts *f;
	uint64_t key;

	setup(&g);
	tcp.protocol = IPPROTO_TCP;
	g.out.snaplen = 68;
	put(&g, 0, ping(1)); /* short, but not cut */
	put(&g, 1, udp);
	put(&g, 2, tcp);
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->snaplen, 68);
	depth = capture_side_depth(g.side);
	ck_assert_uint_eq(depth.other, 40);
	ck_assert_uint_eq(depth.tcp, 28);
	ck_assert_uint_eq(
	    capture_side_records(g.side)[1].bits & RECORD_SHORT, RECORD_SHORT);
	/* Again, at that depth. */
	ck_assert_int_eq(capture_side_read(g.side, &depth), SIDE_READ);
	ck_assert_uint_eq(f->records, 3);
	ck_assert_uint_eq(capture_side_depth(g.side).tcp, 28);
	ck_assert_uint_eq(strlen(f->files[0].sha256), 64);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(
		    capture_side_records(g.side)[i].bits & RECORD_SHORT, 0);
	key = capture_side_records(g.side)[1].key;
	teardown(&g);
	/* The other side, read to the same depth, has the same key. */
	setup(&g);
	put(&g, 5, udp);
	save(&g, "b.pcap");
	ck_assert_int_eq(capture_side_read(g.side, &depth), SIDE_READ);
	ck_assert_uint_eq(capture_side_records(g.side)[0].key, key);
	teardown(&g);
}
END_TEST

START_TEST(a_packet_without_payload_does_not_spoil_all)
{
	char data[200] = "data";
	struct packet udp = {.protocol = IPPROTO_UDP,
	    .from = HOST,
	    .to = DEVICE,
	    .data = data,
	    .n_data = sizeof(data)};
	unsigned char buf[PACKET_MAX];
	size_t n = packet_put(buf, &udp);
	struct rig g;

	setup(&g);
	capture_frame(&g.out, T0, buf, 28 + 3, n);
	save(&g, "a.pcap");
	read_side(&g, SIDE_READ);
	ck_assert_uint_eq(capture_side_depth(g.side).other, RECORD_DEPTH);
	ck_assert_uint_eq(
	    capture_side_records(g.side)[0].bits & RECORD_SHORT, RECORD_SHORT);
	teardown(&g);
}
END_TEST

START_TEST(pieces_are_one_record)
{
	char data[2992] = "data";
	struct packet big = ping(1);
	struct rig g;
	const struct side_facts *f;
	const struct record *r;

	big.data = data;
	big.n_data = sizeof(data);
	big.piece = 1000;
	setup(&g);
	for (big.at = 0; big.at < 3000; big.at += 1000)
		put(&g, big.at, big);
	big.id++;
	for (big.at = 0; big.at < 2000; big.at += 1000)
		put(&g, S + big.at, big);
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->records, 2);
	ck_assert_uint_eq(f->pieces, 3);
	r = capture_side_records(g.side);
	ck_assert_uint_eq(r[0].bits & RECORD_INCOMPLETE, 0);
	ck_assert_uint_eq(r[0].length, 2992);
	ck_assert_uint_eq(r[1].bits & RECORD_INCOMPLETE, RECORD_INCOMPLETE);
	ck_assert_uint_eq(r[1].seq, 2000);
	teardown(&g);
}
END_TEST

START_TEST(an_error_names_the_flow_it_quotes)
{
	unsigned char inner[PACKET_MAX];
	struct packet lost = ping(5);
	struct packet error = {.protocol = IPPROTO_ICMP,
	    .from = 1,
	    .to = HOST,
	    .type = 3,
	    .code = 1,
	    .data = inner};
	struct packet esp = {.protocol = IPPROTO_ESP,
	    .from = HOST,
	    .to = DEVICE,
	    .data = "\0\0\0\1\0\0\0\2",
	    .n_data = 8};
	struct rig g;
	const struct record *r;
	const struct flow *flows;

	setup(&g);
	error.n_data = packet_put(inner, &lost);
	put(&g, 0, lost);
	put(&g, 1, error);
	error.code = 0;
	lost.from_port = 99; /* of one that was not seen */
	packet_put(inner, &lost);
	put(&g, 2, error);
	error.n_data = 12; /* of nobody knows which */
	put(&g, 3, error);
	put(&g, 4, esp);
	save(&g, "a.pcap");
	ck_assert_uint_eq(read_side(&g, SIDE_READ)->tunnel, 1);
	r = capture_side_records(g.side);
	flows = flow_table_flows(capture_side_flows(g.side));
	ck_assert_uint_eq(r[1].seq, r[0].flow);
	ck_assert_uint_eq(r[1].exchange, r[0].exchange);
	ck_assert_uint_eq(flows[r[2].seq].packets, 0);
	ck_assert_uint_eq(flows[r[2].seq].from_port, 99);
	ck_assert_uint_eq(r[3].seq, FLOW_NONE);
	ck_assert(flows[r[4].flow].tunnel);
	ck_assert(!flows[r[0].flow].tunnel);
	teardown(&g);
}
END_TEST

START_TEST(only_the_time_that_is_asked_for_is_read)
{
	struct capture_limits limits = {
	    1 << 26, 5 << 20, T0 + 10 * S, T0 + 19 * S};
	struct rig g;
	const struct side_facts *f;

	setup_limited(&g, &limits);
	for (unsigned i = 0; i < 30; i++)
		put(&g, i * S, ping(i));
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->records, 10);
	ck_assert_uint_eq(f->left, 20);
	teardown(&g);
}
END_TEST

START_TEST(memory_has_a_limit)
{
	struct capture_limits limits = {1 << 20, 5 << 20, INT64_MIN, INT64_MAX};
	struct rig g;
	const struct side_facts *f;

	setup_limited(&g, &limits);
	for (unsigned i = 0; i < 20000; i++)
		put(&g, i * MS, ping(i));
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_MEMORY);
	ck_assert_uint_gt(f->packets, 10000);
	ck_assert_ptr_nonnull(strstr(f->trouble, "with 5 MB of memory"));
	teardown(&g);
	/* As many flows as packets. */
	setup_limited(&g, &limits);
	for (unsigned i = 0; i < 20000; i++) {
		struct packet p = ping(i);

		p.from += i;
		put(&g, i * MS, p);
	}
	save(&g, "a.pcap");
	f = read_side(&g, SIDE_MEMORY);
	ck_assert_uint_gt(f->packets, 3000);
	ck_assert_uint_lt(f->packets, 14000);
	teardown(&g);
	limits.memory = 0;
	setup_limited(&g, &limits);
	put(&g, 0, ping(0));
	save(&g, "a.pcap");
	read_side(&g, SIDE_MEMORY);
	teardown(&g);
}
END_TEST

START_TEST(bad_files_do_not_spoil_good_ones)
{
	struct rig g;
	const struct side_facts *f;

	setup(&g);
	put(&g, 0, ping(0));
	put(&g, S, ping(1));
	g.out.len -= 3;
	save(&g, "a.pcap");
	put(&g, 2 * S, ping(2));
	save(&g, "b.pcap");
	g.out.len = 0;
	save(&g, "empty.pcap");
	g.out.len = 0;
	capture_bytes(&g.out, "no capture", 10);
	save(&g, "c.pcap");
	capture_side_add(g.side, "/not/there", -1);
	f = read_side(&g, SIDE_READ);
	ck_assert_uint_eq(f->records, 2);
	ck_assert_uint_eq(f->n_files, 5);
	ck_assert_int_eq(f->files[0].state, FILE_CUT);
	ck_assert_int_eq(f->files[1].state, FILE_WHOLE);
	ck_assert_int_eq(f->files[2].state, FILE_NO_PACKETS);
	ck_assert_int_eq(f->files[3].state, FILE_NO_CAPTURE);
	ck_assert_int_eq(f->files[4].state, FILE_UNREADABLE);
	teardown(&g);
	/* Alone, they are nothing. */
	setup(&g);
	capture_side_add(g.side, "/not/there", -1);
	read_side(&g, SIDE_UNREADABLE);
	teardown(&g);
	setup(&g);
	save(&g, "header.pcap");
	read_side(&g, SIDE_NOTHING);
	teardown(&g);
	setup(&g);
	read_side(&g, SIDE_NOTHING);
	teardown(&g);
}
END_TEST

START_TEST(open_files_are_read)
{
	struct rig g;
	char path[2 * UNIT_PATH_MAX];
	int fd;

	setup(&g);
	put(&g, 0, ping(0));
	(void)snprintf(path, sizeof(path), "%s/x", g.folder);
	capture_save(&g.out, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(unlink(path), 0);
	capture_side_add(g.side, "a.pcap", fd);
	capture_side_add(g.side, "b.pcap", fd);
	ck_assert_uint_eq(read_side(&g, SIDE_READ)->copies, 1);
	ck_assert_int_eq(close(fd), 0);
	teardown(&g);
}
END_TEST

UNIT_MAIN("capture_side", records_and_flows_come_out, files_come_in_any_order,
    overlapping_files_have_each_packet_once, what_is_not_compared_is_counted,
    cut_packets_lessen_the_depth, a_packet_without_payload_does_not_spoil_all,
    pieces_are_one_record, an_error_names_the_flow_it_quotes,
    only_the_time_that_is_asked_for_is_read, memory_has_a_limit,
    bad_files_do_not_spoil_good_ones, open_files_are_read)
