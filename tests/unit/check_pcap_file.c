/* check_pcap_file.c - walking pcap and pcapng files, whole and in pieces. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "mutate.h"
#include "wire/pcap_file.h"

/* 2023-11-14T22:13:20Z */
#define T0_S  1700000000u
#define T0_US (T0_S * 1000000ll)

/* A file being built. */
struct file {
	unsigned char b[8192];
	size_t len;
	bool big;      /* byte order */
	bool modified; /* longer headers of records */
};

static void
put(struct file *f, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (f->big ? bytes - 1 - i : i);

		f->b[f->len++] = (unsigned char)(value >> shift);
	}
}

static void
put_zeros(struct file *f, size_t n)
{
	memset(f->b + f->len, 0, n);
	f->len += n;
}

static void
put_pcap_header(struct file *f, uint32_t magic)
{
	put(f, magic, 4);
	put(f, 2, 2);
	put(f, 4, 2);
	put(f, 0, 4);
	put(f, 0, 4);
	put(f, 262144, 4);
	put(f, 1, 4);
}

static void
put_record(struct file *f, uint32_t s, uint32_t fraction, uint32_t len)
{
	put(f, s, 4);
	put(f, fraction, 4);
	put(f, len, 4);
	put(f, len, 4);
	if (f->modified) {
		put(f, 2, 4); /* interface */
		put(f, 0x0800, 2);
		put(f, 4, 1);
		put(f, 0, 1);
	}
	put_zeros(f, len);
}

static void
put_section(struct file *f)
{
	put(f, 0x0a0d0d0a, 4);
	put(f, 32, 4);
	put(f, 0x1a2b3c4d, 4);
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, UINT64_MAX, 8);
	put(f, 0, 4); /* opt_endofopt */
	put(f, 32, 4);
}

/* An interface with no option. */
static void
put_interface(struct file *f)
{
	put(f, 1, 4);
	put(f, 20, 4);
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, 65535, 4);
	put(f, 20, 4);
}

/* An interface with a name, a time resolution and an offset. */
static void
put_interface_clock(struct file *f, unsigned resolution, int64_t offset)
{
	put(f, 1, 4);
	put(f, 52, 4);
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, 0, 4);
	put(f, 2, 2); /* if_name */
	put(f, 3, 2);
	memcpy(f->b + f->len, "eth", 4);
	f->len += 4;
	put(f, 9, 2); /* if_tsresol */
	put(f, 1, 2);
	f->b[f->len++] = (unsigned char)resolution;
	put_zeros(f, 3);
	put(f, 14, 2); /* if_tsoffset */
	put(f, 8, 2);
	put(f, (uint64_t)offset, 8);
	put(f, 0, 4);
	put(f, 52, 4);
}

static void
put_enhanced(struct file *f, uint32_t interface, uint64_t stamp, uint32_t len)
{
	uint32_t padded = (len + 3) & ~3u;

	put(f, 6, 4);
	put(f, 32 + padded, 4);
	put(f, interface, 4);
	put(f, stamp >> 32, 4);
	put(f, stamp & 0xffffffff, 4);
	put(f, len, 4);
	put(f, len, 4);
	put_zeros(f, padded);
	put(f, 32 + padded, 4);
}

static void
put_old_packet(struct file *f, uint16_t interface, uint64_t stamp)
{
	put(f, 2, 4);
	put(f, 36, 4);
	put(f, interface, 2);
	put(f, 0xffff, 2);
	put(f, stamp >> 32, 4);
	put(f, stamp & 0xffffffff, 4);
	put(f, 4, 4);
	put(f, 60, 4);
	put_zeros(f, 4);
	put(f, 36, 4);
}

static void
put_simple(struct file *f)
{
	put(f, 3, 4);
	put(f, 24, 4);
	put(f, 60, 4);
	put_zeros(f, 8);
	put(f, 24, 4);
}

static void
put_block(struct file *f, uint32_t type, uint32_t body)
{
	put(f, type, 4);
	put(f, body + 12, 4);
	put_zeros(f, body);
	put(f, body + 12, 4);
}

/* What a walk says of some bytes. */
struct seen {
	enum pcap_verdict verdict;
	uint64_t packets;
	int64_t first_us, last_us;
};

static struct seen
see(const struct pcap_walk *w)
{
	return (struct seen){pcap_walk_verdict(w), pcap_walk_packets(w),
	    pcap_walk_first_us(w), pcap_walk_last_us(w)};
}

/* Walk in pieces of `piece` bytes. */
static struct seen
walk(const void *data, size_t len, size_t piece)
{
	struct pcap_walk *w = pcap_walk_new();
	struct seen s;

	for (size_t at = 0; at < len; at += piece)
		pcap_walk_add(w, (const char *)data + at,
		    len - at < piece ? len - at : piece);
	s = see(w);
	pcap_walk_free(w);
	return s;
}

static void
assert_same(struct seen a, struct seen b)
{
	ck_assert_int_eq(a.verdict, b.verdict);
	ck_assert_uint_eq(a.packets, b.packets);
	ck_assert_int_eq(a.first_us, b.first_us);
	ck_assert_int_eq(a.last_us, b.last_us);
}

static void
assert_seen(const struct file *f, enum pcap_verdict verdict, uint64_t packets,
    int64_t first_us, int64_t last_us)
{
	struct seen want = {verdict, packets, first_us, last_us};

	assert_same(walk(f->b, f->len, f->len ? f->len : 1), want);
	assert_same(walk(f->b, f->len, 1), want);
	assert_same(walk(f->b, f->len, 7), want);
}

static void
assert_verdict(const struct file *f, enum pcap_verdict verdict)
{
	ck_assert_int_eq(walk(f->b, f->len, 1).verdict, verdict);
	ck_assert_int_eq(walk(f->b, f->len, f->len).verdict, verdict);
}

static struct file
pcap_file(bool big, bool nano)
{
	struct file f = {.big = big};
	uint32_t unit = nano ? 1000 : 1;

	put_pcap_header(&f, nano ? 0xa1b23c4d : 0xa1b2c3d4);
	put_record(&f, T0_S, 5 * unit, 60);
	put_record(&f, T0_S - 1, 7 * unit, 0);
	put_record(&f, T0_S + 2, 999999 * unit, 1514);
	return f;
}

static struct file
pcapng_file(bool big)
{
	struct file f = {.big = big};

	put_section(&f);
	put_interface(&f);
	put_interface_clock(&f, 9, 10);
	put_block(&f, 4, 40); /* names: passed over */
	put_enhanced(&f, 0, T0_US + 5, 61);
	put_enhanced(&f, 1, T0_US * 1000 + 6000, 0);
	put_old_packet(&f, 0, T0_US - 3);
	put_simple(&f);
	put_block(&f, 0x80000bad, 0);
	return f;
}

START_TEST(nothing_is_empty)
{
	struct file f = {0};

	assert_seen(&f, PCAP_EMPTY, 0, 0, 0);
}
END_TEST

START_TEST(pcap_is_walked_in_all_its_variants)
{
	for (unsigned i = 0; i < 4; i++) {
		struct file f = pcap_file(i & 1, i & 2);

		assert_seen(
		    &f, PCAP_WHOLE, 3, T0_US - 1000000 + 7, T0_US + 2999999);
	}
}
END_TEST

START_TEST(a_modified_pcap_is_walked)
{
	for (int i = 0; i < 2; i++) {
		struct file f = {.big = i, .modified = true};

		put_pcap_header(&f, 0xa1b2cd34);
		put_record(&f, T0_S, 5, 60);
		put_record(&f, T0_S + 2, 999999, 0);
		assert_seen(&f, PCAP_WHOLE, 2, T0_US + 5, T0_US + 2999999);
		put_zeros(&f, 512 - f.len % 512);
		assert_seen(&f, PCAP_WHOLE, 2, T0_US + 5, T0_US + 2999999);
	}
}
END_TEST

/* A block of a file system's, filled up with zeros. */
START_TEST(trailing_zeros_are_no_packets)
{
	for (size_t n = 4; n < 100; n++) {
		struct file f = pcap_file(n & 1, n & 2), g = pcapng_file(n & 1);

		put_zeros(&f, n);
		assert_seen(
		    &f, PCAP_WHOLE, 3, T0_US - 1000000 + 7, T0_US + 2999999);
		put_zeros(&g, n);
		assert_seen(&g, PCAP_WHOLE, 4, T0_US - 3, T0_US + 10000006);
	}
}
END_TEST

/* A clock that stands in 1970, and what only looks like a block's rest. */
START_TEST(packets_of_1970_are_packets)
{
	struct file f = {0};

	put_pcap_header(&f, 0xa1b2c3d4);
	put_record(&f, 0, 0, 60);
	put_record(&f, 0, 1, 0);
	assert_seen(&f, PCAP_WHOLE, 2, 0, 1);
	put_zeros(&f, 3);
	assert_seen(&f, PCAP_CUT, 2, 0, 1);
	put_zeros(&f, 4);
	f.b[f.len++] = 1;
	assert_seen(&f, PCAP_CUT, 2, 0, 1);
}
END_TEST

START_TEST(a_header_alone_is_whole)
{
	struct file f = {0}, g = {.big = true};

	put_pcap_header(&f, 0xa1b2c3d4);
	assert_seen(&f, PCAP_WHOLE, 0, 0, 0);
	put_section(&g);
	assert_seen(&g, PCAP_WHOLE, 0, 0, 0);
}
END_TEST

START_TEST(pcapng_is_walked_in_both_byte_orders)
{
	for (unsigned i = 0; i < 2; i++) {
		struct file f = pcapng_file(i);

		assert_seen(&f, PCAP_WHOLE, 4, T0_US - 3, T0_US + 10000006);
	}
}
END_TEST

START_TEST(sections_have_their_own_order_and_interfaces)
{
	struct file f = {.big = true};

	put_section(&f);
	put_interface_clock(&f, 6, 100);
	put_enhanced(&f, 0, T0_US, 4);
	f.big = false;
	put_section(&f);
	put_interface(&f);
	put_enhanced(&f, 0, T0_US + 1, 4);
	assert_seen(&f, PCAP_WHOLE, 2, T0_US + 1, T0_US + 100000000);
	/* The first section's interface is not the third's. */
	f.big = true;
	put_section(&f);
	put_enhanced(&f, 0, T0_US, 4);
	assert_verdict(&f, PCAP_INVALID);
}
END_TEST

static int64_t
stamp(unsigned resolution, int64_t offset, uint64_t value)
{
	struct file f = {0};

	put_section(&f);
	put_interface_clock(&f, resolution, offset);
	put_enhanced(&f, 0, value, 0);
	return walk(f.b, f.len, 3).first_us;
}

START_TEST(time_stamps_count_in_their_interfaces_units)
{
	ck_assert_int_eq(stamp(6, 0, T0_US), T0_US);
	ck_assert_int_eq(stamp(0, 0, T0_S), T0_US);
	ck_assert_int_eq(stamp(3, 0, T0_US / 1000), T0_US);
	ck_assert_int_eq(stamp(9, 0, T0_US * 1000), T0_US);
	ck_assert_int_eq(stamp(0x80, 0, T0_S), T0_US);
	ck_assert_int_eq(
	    stamp(0x80 | 20, 0, ((uint64_t)T0_S << 20) + (1 << 19)),
	    T0_US + 500000);
	ck_assert_int_eq(
	    stamp(0x80 | 32, 0, ((uint64_t)T0_S << 32) + (1u << 31)),
	    T0_US + 500000);
	ck_assert_int_eq(stamp(6, 3600, T0_US), T0_US + 3600000000);
	ck_assert_int_eq(stamp(6, -3600, T0_US), T0_US - 3600000000);
}
END_TEST

START_TEST(absurd_clocks_do_not_overflow)
{
	ck_assert_int_eq(stamp(0, 0, UINT64_MAX), INT64_MAX);
	ck_assert_int_eq(stamp(0, INT64_MAX, UINT64_MAX), INT64_MAX);
	ck_assert_int_eq(stamp(6, INT64_MIN, 0), INT64_MIN);
	ck_assert_int_eq(stamp(127, 5, UINT64_MAX), 5000000);
	ck_assert_int_eq(stamp(0xff, 5, UINT64_MAX), 5000000);
}
END_TEST

START_TEST(a_cut_file_keeps_what_was_whole)
{
	struct file f = pcap_file(false, false);

	for (size_t n = 1; n < f.len; n++) {
		struct seen s = walk(f.b, n, n);
		bool whole = n == 24 || n == 24 + 76 || n == 24 + 76 + 16;

		ck_assert_int_eq(s.verdict, whole ? PCAP_WHOLE : PCAP_CUT);
		ck_assert_uint_eq(
		    s.packets, (n >= 24 + 76) + (n >= 24 + 76 + 16));
		assert_same(s, walk(f.b, n, 1));
	}
}
END_TEST

START_TEST(a_cut_pcapng_is_never_invalid)
{
	struct file f = pcapng_file(true);
	unsigned whole = 0;

	for (size_t n = 1; n < f.len; n++) {
		struct seen s = walk(f.b, n, n);

		ck_assert(s.verdict == PCAP_CUT || s.verdict == PCAP_WHOLE);
		whole += s.verdict == PCAP_WHOLE;
		assert_same(s, walk(f.b, n, 1));
	}
	/* After each block but the last. */
	ck_assert_uint_eq(whole, 8);
}
END_TEST

START_TEST(what_is_no_capture_is_invalid_at_once)
{
	static const char *const bad[] = {"h", "<html>", "\xa1\xb2\xcd\x35",
	    "\x34\xcd\xb2\xa2", "\x0a\x0d\x0d\x0b", "\xa1\xb2\xc3\xd5"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(
		    walk(bad[i], strlen(bad[i]), 1).verdict, PCAP_INVALID);
		ck_assert_int_eq(
		    walk(bad[i], strlen(bad[i]), 99).verdict, PCAP_INVALID);
	}
}
END_TEST

START_TEST(a_record_that_cannot_be_is_invalid)
{
	struct file f = pcap_file(true, false);

	put(&f, T0_S, 4);
	put(&f, 0, 4);
	put(&f, 262145, 4);
	put(&f, 262145, 4);
	assert_seen(&f, PCAP_INVALID, 3, T0_US - 1000000 + 7, T0_US + 2999999);
	/* It stays so, whatever follows. */
	put_record(&f, T0_S, 0, 10);
	assert_seen(&f, PCAP_INVALID, 3, T0_US - 1000000 + 7, T0_US + 2999999);
}
END_TEST

START_TEST(another_version_is_invalid)
{
	struct file f = pcap_file(false, false), g = pcapng_file(false);

	f.b[4] = 3;
	assert_verdict(&f, PCAP_INVALID);
	g.b[12] = 2;
	assert_verdict(&g, PCAP_INVALID);
}
END_TEST

/* A section, an interface, and then a packet with a number
 * of four bytes changed, `at` bytes into it. */
static enum pcap_verdict
damaged(unsigned at, uint32_t value)
{
	struct file f = {0};
	size_t start, end;

	put_section(&f);
	put_interface(&f);
	start = f.len;
	put_enhanced(&f, 0, T0_US, 16);
	end = f.len;
	f.len = start + at;
	put(&f, value, 4);
	f.len = end;
	return walk(f.b, f.len, 5).verdict;
}

START_TEST(a_block_that_cannot_be_is_invalid)
{
	ck_assert_int_eq(damaged(4, 48), PCAP_WHOLE);
	ck_assert_int_eq(damaged(4, 0), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, 8), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, 28), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, 47), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, 44), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, (64u << 20) + 4), PCAP_INVALID);
	ck_assert_int_eq(damaged(4, 64u << 20), PCAP_CUT);
	ck_assert_int_eq(damaged(4, UINT32_MAX), PCAP_INVALID);
	/* interface, captured length, trailer */
	ck_assert_int_eq(damaged(8, 1), PCAP_INVALID);
	ck_assert_int_eq(damaged(8, UINT32_MAX), PCAP_INVALID);
	ck_assert_int_eq(damaged(20, 17), PCAP_INVALID);
	ck_assert_int_eq(damaged(20, UINT32_MAX), PCAP_INVALID);
	ck_assert_int_eq(damaged(44, 52), PCAP_INVALID);
}
END_TEST

START_TEST(a_packet_needs_an_interface)
{
	struct file f = {0}, g = {0}, h = {0};

	put_section(&f);
	put_simple(&f);
	assert_verdict(&f, PCAP_INVALID);
	put_section(&g);
	put_old_packet(&g, 0, 0);
	assert_verdict(&g, PCAP_INVALID);
	put_section(&h);
	put_interface(&h);
	put_old_packet(&h, 1, 0);
	assert_verdict(&h, PCAP_INVALID);
}
END_TEST

START_TEST(an_option_beyond_its_block_is_invalid)
{
	struct file f = {0};

	put_section(&f);
	put_interface_clock(&f, 6, 0);
	/* The length of if_name, after the section and 16 bytes. */
	f.b[32 + 18] = 200;
	assert_verdict(&f, PCAP_INVALID);
}
END_TEST

START_TEST(the_last_option_may_be_a_skipped_one)
{
	struct file f = {0};

	put_section(&f);
	put(&f, 1, 4);
	put(&f, 28, 4);
	put_zeros(&f, 8);
	put(&f, 2, 2);
	put(&f, 4, 2);
	put(&f, 0xffffffff, 4);
	put(&f, 28, 4);
	assert_seen(&f, PCAP_WHOLE, 0, 0, 0);
}
END_TEST

START_TEST(options_of_a_wrong_length_are_passed_over)
{
	struct file f = {0};

	put_section(&f);
	put(&f, 1, 4);
	put(&f, 28, 4);
	put_zeros(&f, 8);
	put(&f, 9, 2); /* if_tsresol has one byte */
	put(&f, 2, 2);
	put(&f, 0x0909, 4);
	put(&f, 28, 4);
	put_enhanced(&f, 0, T0_US, 0);
	assert_seen(&f, PCAP_WHOLE, 1, T0_US, T0_US);
}
END_TEST

START_TEST(reset_forgets_all)
{
	struct file f = pcapng_file(true), g = pcap_file(false, true);
	struct pcap_walk *w = pcap_walk_new();

	pcap_walk_add(w, f.b, f.len - 3);
	pcap_walk_reset(w);
	ck_assert_int_eq(pcap_walk_verdict(w), PCAP_EMPTY);
	ck_assert_uint_eq(pcap_walk_packets(w), 0);
	pcap_walk_add(w, g.b, g.len);
	assert_same(see(w), walk(g.b, g.len, g.len));
	pcap_walk_add(w, "", 0);
	ck_assert_int_eq(pcap_walk_verdict(w), PCAP_WHOLE);
	pcap_walk_free(w);
	pcap_walk_free(NULL);
}
END_TEST

START_TEST(interfaces_of_a_section_are_limited)
{
	struct pcap_walk *w = pcap_walk_new();
	struct file f = {0}, g = {0};

	put_section(&f);
	put_interface(&g);
	pcap_walk_add(w, f.b, f.len);
	for (unsigned i = 0; i < 65536; i++)
		pcap_walk_add(w, g.b, g.len);
	ck_assert_int_eq(pcap_walk_verdict(w), PCAP_WHOLE);
	pcap_walk_add(w, g.b, g.len);
	ck_assert_int_eq(pcap_walk_verdict(w), PCAP_INVALID);
	pcap_walk_free(w);
}
END_TEST

START_TEST(verdicts_have_names)
{
	ck_assert_str_eq(pcap_verdict_name(PCAP_EMPTY), "empty");
	ck_assert_str_eq(pcap_verdict_name(PCAP_WHOLE), "whole");
	ck_assert_str_eq(pcap_verdict_name(PCAP_CUT), "cut");
	ck_assert_str_eq(pcap_verdict_name(PCAP_INVALID), "invalid");
}
END_TEST

/* However the bytes come, the walk says the same. */
static void
sink(const void *data, size_t len)
{
	struct seen whole = walk(data, len, len ? len : 1);

	assert_same(whole, walk(data, len, 1));
	assert_same(whole, walk(data, len, 13));
	ck_assert_int_le(whole.first_us, whole.last_us);
}

START_TEST(hostile_files_do_no_harm)
{
	for (unsigned i = 0; i < 2; i++) {
		struct file f = pcapng_file(i), g = pcap_file(i, !i);

		mutate_truncate(f.b, f.len, sink);
		mutate_random(f.b, f.len, 5000, sink);
		mutate_random(g.b, 116, 5000, sink);
	}
}
END_TEST

UNIT_MAIN("pcap_file", a_modified_pcap_is_walked, trailing_zeros_are_no_packets,
    packets_of_1970_are_packets, nothing_is_empty,
    pcap_is_walked_in_all_its_variants, a_header_alone_is_whole,
    pcapng_is_walked_in_both_byte_orders,
    sections_have_their_own_order_and_interfaces,
    time_stamps_count_in_their_interfaces_units, absurd_clocks_do_not_overflow,
    a_cut_file_keeps_what_was_whole, a_cut_pcapng_is_never_invalid,
    what_is_no_capture_is_invalid_at_once, a_record_that_cannot_be_is_invalid,
    another_version_is_invalid, a_block_that_cannot_be_is_invalid,
    a_packet_needs_an_interface, an_option_beyond_its_block_is_invalid,
    the_last_option_may_be_a_skipped_one,
    options_of_a_wrong_length_are_passed_over, reset_forgets_all,
    interfaces_of_a_section_are_limited, verdicts_have_names,
    hostile_files_do_no_harm)
