/* check_ring_writer.c - one device's files, as tcpdump has them. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent_folder.h"
#include "base/xmem.h"
#include "capture_rig.h"
#include "split/ring_writer.h"

#define RECORD_LEN 16

struct rig {
	struct ring_plan plan;
	struct ring_writer *w;
	char folder[UNIT_PATH_MAX];
	char *path;
	unsigned packets;
	struct fail why;
};

static struct rig *
rig_new(int64_t file_bytes, unsigned files)
{
	static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 96, 1};
	struct rig *r = xcalloc(1, sizeof(*r));

	unit_folder(r->folder);
	r->path = xasprintf("%s/run000.pcap", r->folder);
	memcpy(r->plan.header, header, sizeof(header));
	r->plan.file_bytes = file_bytes;
	r->plan.files = files;
	r->plan.snaplen = 96;
	r->w = ring_writer_open(&r->plan, r->path, &r->why);
	return r;
}

static void
rig_free(struct rig *r)
{
	ring_writer_close(r->w);
	free(r->path);
	free(r);
}

/* One of `n` bytes, each of which is the packet's number. */
static bool
put(struct rig *r, uint32_t n)
{
	unsigned char data[200];
	const struct ring_packet p = {.at = {1000 + r->packets, 5},
	    .captured = n,
	    .length = n,
	    .data = data};

	memset(data, (int)r->packets++, sizeof(data));
	return ring_writer_add(r->w, &p, &r->why);
}

static int64_t
packets_in(const struct rig *r, const char *name, int64_t *first)
{
	char *path = xasprintf("%s/%s", r->folder, name);
	char *data = unit_read(path);
	int64_t n;

	ck_assert_int_ge(unit_file_size(path), RING_HEADER_LEN);
	ck_assert_mem_eq(data, r->plan.header, RING_HEADER_LEN);
	n = capture_packets_in(path, first);
	*first /= 1000000;
	free(data);
	free(path);
	return n;
}

START_TEST(a_file_is_there_at_once_and_a_packet_once_it_is_flushed)
{
	struct rig *r = rig_new(1000, 10);
	char *file = xasprintf("%s0", r->path), *data;
	uint32_t head[4];
	int64_t first;

	folder_is(r->folder, "run000.pcap0 ");
	ck_assert_int_eq(packets_in(r, "run000.pcap0", &first), 0);
	ck_assert(put(r, 20));
	ck_assert(put(r, 150)); /* longer than what is kept */
	ck_assert(ring_writer_flush(r->w, &r->why));
	ck_assert_int_eq(packets_in(r, "run000.pcap0", &first), 2);
	ck_assert_int_eq(first, 1000);
	data = unit_read(file);
	memcpy(head, data + RING_HEADER_LEN + RECORD_LEN + 20, sizeof(head));
	ck_assert_uint_eq(head[0], 1001);
	ck_assert_uint_eq(head[1], 5);
	ck_assert_uint_eq(head[2], 96);
	ck_assert_uint_eq(head[3], 150);
	ck_assert_int_eq(
	    unit_file_size(file), RING_HEADER_LEN + 2 * RECORD_LEN + 20 + 96);
	free(data);
	free(file);
	rig_free(r);
}
END_TEST

/* tcpdump looks before it writes: a file is longer than its limit by less than
 * a packet. */
START_TEST(it_turns_over_as_tcpdump_does)
{
	struct rig *r = rig_new(RING_HEADER_LEN + 2 * (RECORD_LEN + 20), 3);
	int64_t first;

	for (int i = 0; i < 7; i++)
		ck_assert(put(r, 20));
	ck_assert(ring_writer_flush(r->w, &r->why));
	folder_is(r->folder, "run000.pcap0 run000.pcap1 run000.pcap2 ");
	ck_assert_int_eq(packets_in(r, "run000.pcap0", &first), 3);
	ck_assert_int_eq(first, 1000);
	ck_assert_int_eq(packets_in(r, "run000.pcap1", &first), 3);
	ck_assert_int_eq(first, 1003);
	ck_assert_int_eq(packets_in(r, "run000.pcap2", &first), 1);
	for (int i = 0; i < 3; i++)
		ck_assert(put(r, 20));
	ck_assert(ring_writer_flush(r->w, &r->why));
	ck_assert_int_eq(packets_in(r, "run000.pcap0", &first), 1);
	ck_assert_int_eq(first, 1009);
	rig_free(r);
}
END_TEST

START_TEST(what_got_another_name_is_not_overwritten)
{
	struct rig *r = rig_new(RING_HEADER_LEN + RECORD_LEN, 2);
	char *kept = xasprintf("%s/kept1-run000.pcap0", r->folder);
	char *file = xasprintf("%s0", r->path);
	int64_t first;

	ck_assert(put(r, 20));
	ck_assert(ring_writer_flush(r->w, &r->why));
	ck_assert_int_eq(rename(file, kept), 0);
	for (int i = 0; i < 3; i++)
		ck_assert(put(r, 20));
	ck_assert(ring_writer_flush(r->w, &r->why));
	folder_is(r->folder, "kept1-run000.pcap0 run000.pcap0 run000.pcap1 ");
	ck_assert_int_eq(packets_in(r, "kept1-run000.pcap0", &first), 1);
	ck_assert_int_eq(first, 1000);
	ck_assert_int_eq(packets_in(r, "run000.pcap0", &first), 1);
	ck_assert_int_eq(first, 1002);
	free(kept);
	free(file);
	rig_free(r);
}
END_TEST

START_TEST(numbers_have_the_digits_of_the_last)
{
	struct rig *r = rig_new(1000, 10);

	folder_is(r->folder, "run000.pcap0 ");
	rig_free(r);
	r = rig_new(1000, 11);
	folder_is(r->folder, "run000.pcap00 ");
	rig_free(r);
	r = rig_new(1000, 1000);
	folder_is(r->folder, "run000.pcap000 ");
	rig_free(r);
}
END_TEST

START_TEST(what_cannot_be_opened_is_told)
{
	struct rig *r = rig_new(RING_HEADER_LEN, 2);
	char *next = xasprintf("%s1", r->path);

	ck_assert_int_eq(mkdir(next, 0700), 0);
	ck_assert(put(r, 20));
	ck_assert(!put(r, 20));
	ck_assert_int_eq(r->why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(r->why.text, "run000.pcap1: "));
	ring_writer_close(r->w);
	r->plan.files = 1;
	r->w = ring_writer_open(&r->plan, "/nonexistent/x", &r->why);
	ck_assert_ptr_null(r->w);
	ck_assert_str_eq(r->why.text,
	    "cannot open /nonexistent/x0: No such file or directory; create "
	    "that folder");
	free(next);
	rig_free(r);
}
END_TEST

static void
files_end_at(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* As on a full disk; libcheck has files of its own. */
START_TEST(what_cannot_be_written_is_told)
{
	struct rig *r = rig_new(100000, 2);
	bool good;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert(put(r, 20));
	ck_assert(ring_writer_flush(r->w, &r->why));
	ck_assert(put(r, 90));
	files_end_at(100);
	good = ring_writer_flush(r->w, &r->why);
	files_end_at(RLIM_INFINITY);
	ck_assert(!good);
	ck_assert_ptr_nonnull(strstr(r->why.text, "cannot write to "));
	rig_free(r);
}
END_TEST

START_TEST(much_is_written_before_it_is_flushed)
{
	struct rig *r = rig_new(1000000, 2);
	char *file = xasprintf("%s0", r->path);

	for (int i = 0; i < 700; i++)
		ck_assert(put(r, 96));
	ck_assert_int_gt(unit_file_size(file), 65536);
	free(file);
	rig_free(r);
}
END_TEST

UNIT_MAIN("ring_writer",
    a_file_is_there_at_once_and_a_packet_once_it_is_flushed,
    it_turns_over_as_tcpdump_does, what_got_another_name_is_not_overwritten,
    numbers_have_the_digits_of_the_last, what_cannot_be_opened_is_told,
    what_cannot_be_written_is_told, much_is_written_before_it_is_flushed)
