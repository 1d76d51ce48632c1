/* capture_rig.c - see capture_rig.h. */
#include "capture_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "unit.h"
#include "wire/pcap_file.h"

#define NS INT64_C(1000000000)

void
capture_bytes(struct capture_file *f, const void *data, size_t n)
{
	if (n == 0)
		return;
	if (f->len + n > f->cap) {
		f->cap = 2 * (f->len + n);
		f->b = xreallocarray(f->b, f->cap, 1);
	}
	memcpy(f->b + f->len, data, n);
	f->len += n;
}

static void
put(struct capture_file *f, uint64_t value, unsigned bytes)
{
	unsigned char b[8];

	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (f->big ? bytes - 1 - i : i);

		b[i] = (unsigned char)(value >> shift);
	}
	capture_bytes(f, b, bytes);
}

static void
begin_ng(struct capture_file *f, int link_type)
{
	put(f, 0x0a0d0d0a, 4); /* section */
	put(f, 28, 4);
	put(f, 0x1a2b3c4d, 4);
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, UINT64_MAX, 8);
	put(f, 28, 4);
	put(f, 1, 4); /* interface */
	put(f, 32, 4);
	put(f, (unsigned)link_type, 2);
	put(f, 0, 2);
	put(f, f->snaplen, 4);
	put(f, 9, 2); /* if_tsresol: nanoseconds */
	put(f, 1, 2);
	put(f, 9, 1);
	put(f, 0, 3);
	put(f, 0, 4); /* end of options */
	put(f, 32, 4);
}

void
capture_begin(struct capture_file *f, int link_type)
{
	f->len = 0;
	if (f->snaplen == 0)
		f->snaplen = 262144;
	if (f->ng) {
		begin_ng(f, link_type);
		return;
	}
	put(f, f->modified ? 0xa1b2cd34 : f->nano ? 0xa1b23c4d : 0xa1b2c3d4, 4);
	put(f, 2, 2);
	put(f, 4, 2);
	put(f, 0, 8);
	put(f, f->snaplen, 4);
	put(f, (unsigned)link_type, 4);
}

static void
frame_ng(struct capture_file *f, int64_t time, const void *data, size_t n,
    size_t length)
{
	unsigned padding = (unsigned)(-n & 3);

	put(f, 6, 4);
	put(f, 32 + n + padding, 4);
	put(f, 0, 4);
	put(f, (uint64_t)time >> 32, 4);
	put(f, (uint64_t)time & UINT32_MAX, 4);
	put(f, n, 4);
	put(f, length, 4);
	capture_bytes(f, data, n);
	put(f, 0, padding);
	put(f, 32 + n + padding, 4);
}

void
capture_frame(struct capture_file *f, int64_t time, const void *data, size_t n,
    size_t length)
{
	if (f->ng) {
		frame_ng(f, time, data, n, length);
		return;
	}
	put(f, (uint64_t)(time / NS), 4);
	put(f, (uint64_t)(time % NS / (f->nano ? 1 : 1000)), 4);
	put(f, n, 4);
	put(f, length, 4);
	if (f->modified)
		put(f, 0, 8);
	capture_bytes(f, data, n);
}

void
capture_packet(struct capture_file *f, int64_t time, const struct packet *p)
{
	unsigned char buf[PACKET_MAX];
	size_t length = packet_put(buf, p);

	capture_frame(
	    f, time, buf, length < f->snaplen ? length : f->snaplen, length);
}

void
capture_save(const struct capture_file *f, const char *path)
{
	FILE *to = fopen(path, "wb");

	ck_assert_ptr_nonnull(to);
	if (f->len > 0)
		ck_assert_uint_eq(fwrite(f->b, 1, f->len, to), f->len);
	ck_assert_int_eq(fclose(to), 0);
}

void
capture_free(struct capture_file *f)
{
	free(f->b);
	f->b = NULL;
}

int64_t
capture_packets_in(const char *path, int64_t *first_us)
{
	struct pcap_walk *walk = pcap_walk_new();
	long size = unit_file_size(path);
	char *data = unit_read(path);
	int64_t n;

	pcap_walk_add(walk, data, (size_t)size);
	ck_assert_int_eq(pcap_walk_verdict(walk), PCAP_WHOLE);
	n = (int64_t)pcap_walk_packets(walk);
	if (first_us != NULL)
		*first_us = pcap_walk_first_us(walk);
	pcap_walk_free(walk);
	free(data);
	return n;
}
