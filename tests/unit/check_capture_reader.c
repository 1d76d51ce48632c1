/* check_capture_reader.c - capture files of every kind, and bad ones. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture_rig.h"
#include "compare/capture_reader.h"

/* 2023-11-14T22:13:20.123456Z */
#define T0 INT64_C(1700000000123456000)

struct rig {
	struct capture_file out;
	char path[UNIT_PATH_MAX];
	struct side_file in;
};

static void
rig_new(struct rig *g)
{
	memset(g, 0, sizeof(*g));
	unit_folder(g->path);
	strncat(g->path, "/c", sizeof(g->path) - strlen(g->path) - 1);
	g->in.name = g->path;
}

static void
rig_free(struct rig *g)
{
	capture_free(&g->out);
}

/* Read the file as it was saved; the packets that come out. */
static uint64_t
read_saved(struct rig *g)
{
	struct capture_reader *r = capture_reader_open(&g->in, -1);
	struct captured c;
	uint64_t n = 0;

	while (capture_reader_next(r, &c)) {
		unit_must(c.n <= c.length, "%u of %u", c.n, c.length);
		n++;
	}
	ck_assert(!capture_reader_next(r, &c));
	capture_reader_close(r, false);
	ck_assert_uint_eq(g->in.packets, n);
	return n;
}

static uint64_t
read_all(struct rig *g)
{
	capture_save(&g->out, g->path);
	return read_saved(g);
}

static void
put_packets(struct rig *g, unsigned n)
{
	capture_begin(&g->out, LINK_ETHERNET);
	for (unsigned i = 0; i < n; i++)
		capture_frame(&g->out, T0 + i * 1000, "0123456789", 10, 60);
}

START_TEST(every_format_is_read)
{
	static const struct capture_file formats[] = {
	    {.nano = false},
	    {.big = true},
	    {.nano = true},
	    {.nano = true, .big = true},
	    {.modified = true},
	    {.modified = true, .big = true},
	    {.ng = true},
	    {.ng = true, .big = true},
	};
	struct rig g;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct capture_reader *r;
		struct captured c;

		rig_new(&g);
		g.out = formats[i];
		put_packets(&g, 3);
		capture_save(&g.out, g.path);
		r = capture_reader_open(&g.in, -1);
		ck_assert_int_eq(g.in.state, FILE_WHOLE);
		ck_assert_int_eq(g.in.link_type, 1);
		for (unsigned k = 0; k < 3; k++) {
			ck_assert(capture_reader_next(r, &c));
			ck_assert_int_eq(c.time, T0 + k * 1000);
			ck_assert_uint_eq(c.n, 10);
			ck_assert_uint_eq(c.length, 60);
			ck_assert_mem_eq(c.data, "0123456789", 10);
		}
		ck_assert(!capture_reader_next(r, &c));
		capture_reader_close(r, false);
		ck_assert_int_eq(g.in.state, FILE_WHOLE);
		ck_assert_str_eq(g.in.trouble, "");
		ck_assert_uint_eq(g.in.packets, 3);
		ck_assert_int_eq(g.in.from, T0);
		ck_assert_int_eq(g.in.to, T0 + 2000);
		ck_assert_uint_eq(g.in.size, g.out.len);
		ck_assert(!g.in.grew);
		rig_free(&g);
	}
}
END_TEST

START_TEST(nanoseconds_are_kept)
{
	struct rig g;

	rig_new(&g);
	g.out.nano = true;
	capture_begin(&g.out, LINK_RAW);
	capture_frame(&g.out, T0 + 789, "E", 1, 1);
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_eq(g.in.from, T0 + 789);
	rig_free(&g);
}
END_TEST

START_TEST(the_digest_is_that_of_the_file)
{
	unsigned char sum[DIGEST_BYTES];
	char hex[DIGEST_HEX_MAX];
	struct rig g;

	for (unsigned n = 0; n < 40000; n = n * 10 + 3) {
		rig_new(&g);
		put_packets(&g, n);
		if (n == 3) /* an end that libpcap does not read */
			capture_bytes(&g.out,
			    "\xff\xff\xff\xff\xff\xff\xff\xff"
			    "\xff\xff\xff\xff\xff\xff\xff\xff"
			    "rest",
			    20);
		digest_of(g.out.b, g.out.len, sum);
		digest_to_hex(sum, sizeof(sum), hex);
		read_all(&g);
		ck_assert_str_eq(g.in.sha256, hex);
		/* Once is enough. */
		read_all(&g);
		ck_assert_str_eq(g.in.sha256, hex);
		rig_free(&g);
	}
}
END_TEST

START_TEST(a_cut_file_is_read_up_to_the_cut)
{
	for (unsigned ng = 0; ng < 2; ng++) {
		struct rig g;
		size_t whole, header;

		rig_new(&g);
		g.out.ng = ng != 0;
		put_packets(&g, 0);
		header = g.out.len;
		put_packets(&g, 2);
		whole = g.out.len;
		for (size_t n = whole - 1; n > header; n--) {
			size_t record = (whole - header) / 2;
			uint64_t left = (n - header) / record;
			bool clean = n == header + record;

			g.in.size = 0;
			g.out.len = n;
			ck_assert_uint_eq(read_all(&g), left);
			ck_assert_int_eq(
			    g.in.state, clean ? FILE_WHOLE : FILE_CUT);
			ck_assert_int_eq(g.in.trouble[0] == '\0', clean);
		}
		g.in.size = 0;
		g.out.len = header;
		read_all(&g);
		ck_assert_int_eq(g.in.state, FILE_NO_PACKETS);
		ck_assert_str_eq(g.in.trouble, "there is no packet in it");
		rig_free(&g);
	}
}
END_TEST

START_TEST(zeros_that_fill_the_last_block_are_no_packets)
{
	static const char zeros[512];
	struct rig g;

	for (unsigned ng = 0; ng < 2; ng++)
		for (size_t n = 16; n < sizeof(zeros); n += 36) {
			rig_new(&g);
			g.out.ng = ng != 0;
			put_packets(&g, 2);
			capture_bytes(&g.out, zeros, n);
			ck_assert_uint_eq(read_all(&g), 2);
			ck_assert_int_eq(g.in.state, FILE_WHOLE);
			/* But not if something is behind them. */
			g.in.size = 0;
			capture_bytes(&g.out, "x", 1);
			read_all(&g);
			ck_assert_int_ne(g.in.state, FILE_WHOLE);
			rig_free(&g);
		}
}
END_TEST

START_TEST(lying_lengths_end_the_reading)
{
	struct rig g;

	rig_new(&g);
	put_packets(&g, 2);
	memset(g.out.b + 24 + 26 + 8, 0x7f, 4); /* the second's */
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_eq(g.in.state, FILE_DAMAGED);
	ck_assert_ptr_nonnull(strstr(g.in.trouble, "further than 1 packet"));
	rig_free(&g);
	/* Captured more than there was. */
	rig_new(&g);
	capture_begin(&g.out, LINK_ETHERNET);
	capture_frame(&g.out, T0, "0123456789", 10, 3);
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_eq(g.in.state, FILE_WHOLE);
	rig_free(&g);
}
END_TEST

START_TEST(what_is_no_capture_is_told)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum file_state state;
		const char *words;
	} cases[] = {
	    {"", 0, FILE_NO_PACKETS, "it is empty"},
	    {"ab", 2, FILE_NO_CAPTURE, "it is no capture"},
	    {"#!/bin/sh\necho\n", 15, FILE_NO_CAPTURE, "it is no capture"},
	    {"\xd4\xc3\xb2\xa1\2\0\4\0", 8, FILE_CUT, "within its header"},
	    {"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 25,
		FILE_NO_CAPTURE, "it is no capture"},
	};
	struct rig g;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig_new(&g);
		capture_bytes(&g.out, cases[i].bytes, cases[i].n);
		ck_assert_uint_eq(read_all(&g), 0);
		ck_assert_int_eq(g.in.state, cases[i].state);
		ck_assert_ptr_nonnull(strstr(g.in.trouble, cases[i].words));
		ck_assert_int_eq(g.in.link_type, -1);
		rig_free(&g);
	}
}
END_TEST

START_TEST(what_cannot_be_opened_is_told)
{
	struct rig g;

	rig_new(&g);
	ck_assert_uint_eq(read_saved(&g), 0);
	ck_assert_int_eq(g.in.state, FILE_UNREADABLE);
	ck_assert_str_eq(
	    g.in.trouble, "it cannot be read: No such file or directory");
	g.in.name = (char *)"/";
	ck_assert_uint_eq(read_saved(&g), 0);
	ck_assert_int_eq(g.in.state, FILE_UNREADABLE);
	g.in.name = (char *)"/dev/null";
	ck_assert_uint_eq(read_saved(&g), 0);
	ck_assert_str_eq(
	    g.in.trouble, "it cannot be read: it is no regular file");
	rig_free(&g);
}
END_TEST

START_TEST(another_link_type_is_named)
{
	struct rig g;

	rig_new(&g);
	capture_begin(&g.out, 105);
	capture_frame(&g.out, T0, "0123456789", 10, 10);
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_eq(g.in.state, FILE_LINK_TYPE);
	ck_assert_int_eq(g.in.link_type, 105);
	ck_assert_str_eq(g.in.trouble,
	    "its link type IEEE802_11 is not one that can be compared");
	rig_free(&g);
	rig_new(&g);
	capture_begin(&g.out, 9999);
	read_all(&g);
	ck_assert_ptr_nonnull(strstr(g.in.trouble, "DLT 9999"));
	rig_free(&g);
}
END_TEST

START_TEST(a_file_that_grows_has_an_end)
{
	struct rig g;
	struct capture_reader *r;
	struct captured c;
	uint64_t n = 0;

	rig_new(&g);
	put_packets(&g, 20000);
	capture_save(&g.out, g.path);
	r = capture_reader_open(&g.in, -1);
	put_packets(&g, 30000);
	capture_save(&g.out, g.path);
	while (capture_reader_next(r, &c))
		n++;
	capture_reader_close(r, false);
	ck_assert_uint_eq(n, 20000);
	ck_assert(g.in.grew);
	ck_assert_int_eq(g.in.state, FILE_WHOLE);
	/* The second reading reads the same. */
	ck_assert_uint_eq(read_saved(&g), 20000);
	rig_free(&g);
}
END_TEST

START_TEST(an_open_file_is_read_from_its_beginning)
{
	struct rig g;
	struct captured c;
	int fd;

	rig_new(&g);
	put_packets(&g, 2);
	capture_save(&g.out, g.path);
	fd = open(g.path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(lseek(fd, 7, SEEK_SET), 7);
	g.in.name = (char *)"not its name";
	for (unsigned i = 0; i < 2; i++) {
		struct capture_reader *r = capture_reader_open(&g.in, fd);

		ck_assert(capture_reader_next(r, &c));
		capture_reader_close(r, i == 0);
		ck_assert_int_eq(g.in.sha256[0] == '\0', i == 0);
	}
	/* It stays ours. */
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 7);
	ck_assert_int_eq(close(fd), 0);
	rig_free(&g);
}
END_TEST

START_TEST(a_failing_disk_is_told)
{
	struct rig g;
	struct capture_reader *r;
	struct captured c;
	int fd;

	rig_new(&g);
	put_packets(&g, 2);
	capture_save(&g.out, g.path);
	fd = open(g.path, O_WRONLY | O_CLOEXEC); /* reading it is refused */
	r = capture_reader_open(&g.in, fd);
	ck_assert(!capture_reader_next(r, &c));
	capture_reader_close(r, false);
	ck_assert_int_eq(g.in.state, FILE_UNREADABLE);
	ck_assert_str_eq(
	    g.in.trouble, "it cannot be read: Bad file descriptor");
	ck_assert_int_eq(close(fd), 0);
	/* One that is closed already. */
	r = capture_reader_open(&g.in, fd);
	capture_reader_close(r, false);
	ck_assert_int_eq(g.in.state, FILE_UNREADABLE);
	rig_free(&g);
}
END_TEST

START_TEST(stamps_stay_in_64_bits)
{
	static const unsigned char late[] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0,
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 1, 0, 0, 0, 'x'};
	struct rig g;

	rig_new(&g);
	capture_bytes(&g.out, late, sizeof(late));
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_ge(g.in.from, 0);
	rig_free(&g);
	rig_new(&g);
	g.out.ng = true;
	capture_begin(&g.out, LINK_RAW);
	capture_frame(&g.out, INT64_MAX, "E", 1, 1);
	ck_assert_uint_eq(read_all(&g), 1);
	ck_assert_int_gt(g.in.from, T0);
	rig_free(&g);
}
END_TEST

UNIT_MAIN("capture_reader", every_format_is_read, nanoseconds_are_kept,
    the_digest_is_that_of_the_file, a_cut_file_is_read_up_to_the_cut,
    zeros_that_fill_the_last_block_are_no_packets,
    lying_lengths_end_the_reading, what_is_no_capture_is_told,
    what_cannot_be_opened_is_told, another_link_type_is_named,
    a_file_that_grows_has_an_end, an_open_file_is_read_from_its_beginning,
    a_failing_disk_is_told, stamps_stay_in_64_bits)
