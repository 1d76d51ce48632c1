/* pcap_out.c - the formats of draft-ietf-opsawg-pcap and -pcapng, and that of
 * Kuznetzov's patched libpcap ("modified"), whose records have 8 bytes more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "frame.h"
#include "pcap_out.h"

#define MAGIC          0xa1b2c3d4
#define MAGIC_NANO     0xa1b23c4d
#define MAGIC_MODIFIED 0xa1b2cd34
#define BLOCK_SECTION  0x0a0d0d0a
#define BLOCK_LINK     1
#define BLOCK_PACKET   6

struct pcap_out {
	FILE *f;
	char *path;
	enum format format;
	unsigned snaplen;
};

bool
pcap_out_swapped(enum format format)
{
	return format == FORMAT_SWAPPED || format == FORMAT_SWAPPED_NANO;
}

static bool
is_nano(enum format format)
{
	return format == FORMAT_NANO || format == FORMAT_SWAPPED_NANO ||
	       format == FORMAT_NG_NANO;
}

static bool
is_ng(enum format format)
{
	return format == FORMAT_NG || format == FORMAT_NG_NANO;
}

static void
out_32(struct pcap_out *out, uint32_t value)
{
	unsigned char b[4];
	int i;

	for (i = 0; i < 4; i++)
		b[pcap_out_swapped(out->format) ? 3 - i : i] =
		    value >> (8 * i) & 0xff;
	fwrite(b, 4, 1, out->f);
}

/* Two of 16 bits. */
static void
out_16s(struct pcap_out *out, unsigned first, unsigned second)
{
	if (pcap_out_swapped(out->format))
		out_32(out, first << 16 | second);
	else
		out_32(out, second << 16 | first);
}

static void
write_ng_header(struct pcap_out *out, enum link link)
{
	bool nano = is_nano(out->format);
	unsigned len = nano ? 32 : 20;

	out_32(out, BLOCK_SECTION);
	out_32(out, 28);
	out_32(out, 0x1a2b3c4d);
	out_16s(out, 1, 0);
	out_32(out, 0xffffffff);
	out_32(out, 0xffffffff);
	out_32(out, 28);
	out_32(out, BLOCK_LINK);
	out_32(out, len);
	out_16s(out, frame_link_number(link), 0);
	out_32(out, out->snaplen);
	if (nano) {
		out_16s(out, 9, 1); /* if_tsresol */
		out_32(out, 9);
		out_32(out, 0);
	}
	out_32(out, len);
}

static void
write_header(struct pcap_out *out, enum link link)
{
	uint32_t magic = MAGIC;

	if (is_ng(out->format)) {
		write_ng_header(out, link);
		return;
	}
	if (out->format == FORMAT_MODIFIED)
		magic = MAGIC_MODIFIED;
	else if (is_nano(out->format))
		magic = MAGIC_NANO;
	out_32(out, magic);
	out_16s(out, 2, 4);
	out_32(out, 0);
	out_32(out, 0);
	out_32(out, out->snaplen);
	out_32(out, frame_link_number(link));
}

struct pcap_out *
pcap_out_open(
    const char *path, enum format format, enum link link, unsigned snaplen)
{
	struct pcap_out *out;
	FILE *f = fopen(path, "wb");

	if (f == NULL) {
		perror(path);
		return NULL;
	}
	out = xcalloc(1, sizeof(*out));
	out->f = f;
	out->path = xstrdup(path);
	out->format = format;
	out->snaplen = snaplen != 0 ? snaplen : 262144;
	write_header(out, link);
	return out;
}

void
pcap_out_packet(
    struct pcap_out *out, int64_t wall, const unsigned char *bytes, size_t len)
{
	uint32_t kept = len < out->snaplen ? len : out->snaplen;
	uint32_t block = 32 + (kept + 3) / 4 * 4;
	bool nano = is_nano(out->format), ng = is_ng(out->format);
	uint64_t units = wall / (nano ? 1 : MICRO);
	uint64_t second = nano ? SECOND : SECOND / MICRO;

	if (ng) {
		out_32(out, BLOCK_PACKET);
		out_32(out, block);
		out_32(out, 0);
		out_32(out, units >> 32);
		out_32(out, units & 0xffffffff);
	} else {
		out_32(out, units / second);
		out_32(out, units % second);
	}
	out_32(out, kept);
	out_32(out, len);
	if (out->format == FORMAT_MODIFIED) {
		out_32(out, 2);
		out_32(out, 0);
	}
	fwrite(bytes, kept, 1, out->f);
	if (ng) {
		fwrite("\0\0\0", (4 - kept % 4) % 4, 1, out->f);
		out_32(out, block);
	}
}

bool
pcap_out_close(struct pcap_out *out)
{
	bool good = !ferror(out->f);

	if (fclose(out->f) != 0)
		good = false;
	if (!good)
		fprintf(stderr, "%s: not written\n", out->path);
	free(out->path);
	free(out);
	return good;
}
