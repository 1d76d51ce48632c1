/* pcap_file.c - walks a pcap or pcapng file as its bytes arrive.
 *
 * Called with each piece that comes over SFTP and by the agent for the files
 * of tcpdump.  This file runs the steps and has those of the pcap format; those
 * of pcapng are in pcapng_block.c, what both need is in pcap_walk.c.  The
 * verdict does not depend on the pieces.
 */
#include "wire/pcap_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "wire/pcap_walk.h"
#include "wire/pcapng_block.h"

/* No link layer that devices or tcpdump capture has longer packets: libpcap's
 * MAXIMUM_SNAPLEN. */
#define PACKET_MAX 262144u

static const unsigned char magics[][4] = {
    {0xa1, 0xb2, 0xc3, 0xd4}, /* microseconds, big-endian */
    {0xd4, 0xc3, 0xb2, 0xa1}, /* the same, little-endian */
    {0xa1, 0xb2, 0x3c, 0x4d}, /* nanoseconds, big-endian */
    {0x4d, 0x3c, 0xb2, 0xa1}, /* the same, little-endian */
    {0xa1, 0xb2, 0xcd, 0x34}, /* modified (Kuznetzov), big-endian */
    {0x34, 0xcd, 0xb2, 0xa1}, /* the same, little-endian */
    {0x0a, 0x0d, 0x0d, 0x0a}, /* pcapng, both */
};
#define N_MAGICS       (sizeof(magics) / sizeof(magics[0]))
#define MAGIC_NANO     2
#define MAGIC_MODIFIED 4
#define MAGIC_PCAPNG   (N_MAGICS - 1)

/* Headers of records: the modified format has interface, protocol and packet
 * type behind the four members of the other (libpcap's sf-pcap.c, struct
 * pcap_sf_patched_pkthdr). */
#define RECORD_HEAD_LEN   16
#define MODIFIED_HEAD_LEN 24

static size_t
magic_of(const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < N_MAGICS; i++) {
		if (!memcmp(p, magics[i], len))
			break;
	}
	return i;
}

static void
step_magic(struct pcap_walk *w)
{
	size_t magic = magic_of(w->head, w->have);

	if (magic == N_MAGICS) {
		walk_refuse(w);
	} else if (magic == MAGIC_PCAPNG) {
		walk_expect_more(w, STAGE_BLOCK, BLOCK_HEAD_LEN);
	} else {
		w->swapped = magic & 1;
		w->nano = (magic & ~(size_t)1) == MAGIC_NANO;
		w->modified = (magic & ~(size_t)1) == MAGIC_MODIFIED;
		walk_expect_more(w, STAGE_PCAP_HEADER, 24);
	}
}

static void
expect_record(struct pcap_walk *w)
{
	walk_expect(
	    w, STAGE_RECORD, w->modified ? MODIFIED_HEAD_LEN : RECORD_HEAD_LEN);
}

/* draft-ietf-opsawg-pcap section 4 */
static void
step_pcap_header(struct pcap_walk *w)
{
	if (walk_get16(w, 4) != 2)
		walk_refuse(w);
	else
		expect_record(w);
}

/* draft-ietf-opsawg-pcap section 5 */
static void
step_record(struct pcap_walk *w)
{
	uint32_t fraction = walk_get32(w, 4);
	uint32_t captured = walk_get32(w, 8);

	if (walk_is_padding(w)) {
		w->padded = true;
		expect_record(w);
		return;
	}
	if (captured > PACKET_MAX) {
		walk_refuse(w);
		return;
	}
	w->pending = true;
	w->timed = true;
	w->time_us = (int64_t)walk_get32(w, 0) * 1000000 +
		     (w->nano ? fraction / 1000 : fraction);
	w->skip = captured;
	walk_expect(w, STAGE_RECORD_END, 0);
}

static void
step_record_end(struct pcap_walk *w)
{
	walk_record_done(w);
	expect_record(w);
}

static void
step(struct pcap_walk *w)
{
	switch (w->stage) {
	case STAGE_MAGIC:
		step_magic(w);
		break;
	case STAGE_PCAP_HEADER:
		step_pcap_header(w);
		break;
	case STAGE_RECORD:
		step_record(w);
		break;
	case STAGE_RECORD_END:
		step_record_end(w);
		break;
	case STAGE_BLOCK:
		pcapng_step_block(w);
		break;
	case STAGE_SECTION:
		pcapng_step_section(w);
		break;
	case STAGE_FIXED:
		pcapng_step_fixed(w);
		break;
	case STAGE_OPTION:
		pcapng_step_option(w);
		break;
	case STAGE_OPTION_VALUE:
		pcapng_step_option_value(w);
		break;
	case STAGE_TRAILER:
		pcapng_step_trailer(w);
		break;
	case STAGE_INVALID:
		break;
	}
}

struct pcap_walk *
pcap_walk_new(void)
{
	struct pcap_walk *w = xcalloc(1, sizeof(*w));

	walk_expect(w, STAGE_MAGIC, 4);
	return w;
}

void
pcap_walk_free(struct pcap_walk *w)
{
	if (!w)
		return;
	free(w->interfaces);
	free(w);
}

void
pcap_walk_reset(struct pcap_walk *w)
{
	free(w->interfaces);
	memset(w, 0, sizeof(*w));
	walk_expect(w, STAGE_MAGIC, 4);
}

/* Skip or gather what can be of `len` bytes; returns how many. */
static size_t
take(struct pcap_walk *w, const unsigned char *data, size_t len)
{
	size_t n;

	if (w->skip) {
		n = w->skip < len ? (size_t)w->skip : len;
		w->skip -= n;
		return n;
	}
	n = w->need - w->have;
	if (n > len)
		n = len;
	memcpy(w->head + w->have, data, n);
	w->have += (unsigned)n;
	return n;
}

/* A step that expects no byte of its own is run at once. */
static bool
step_due(const struct pcap_walk *w)
{
	return w->stage != STAGE_INVALID && !w->skip && w->have == w->need;
}

void
pcap_walk_add(struct pcap_walk *w, const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len && w->stage != STAGE_INVALID) {
		size_t n = take(w, p, len);

		p += n;
		len -= n;
		while (step_due(w))
			step(w);
	}
}

enum pcap_verdict
pcap_walk_verdict(const struct pcap_walk *w)
{
	switch (w->stage) {
	case STAGE_MAGIC:
		if (!w->have)
			return PCAP_EMPTY;
		if (magic_of(w->head, w->have) == N_MAGICS)
			return PCAP_INVALID;
		return PCAP_CUT;
	case STAGE_RECORD:
	case STAGE_BLOCK:
		return w->have > 0 && !walk_is_padding(w) ? PCAP_CUT
							  : PCAP_WHOLE;
	case STAGE_PCAP_HEADER:
	case STAGE_RECORD_END:
	case STAGE_SECTION:
	case STAGE_FIXED:
	case STAGE_OPTION:
	case STAGE_OPTION_VALUE:
	case STAGE_TRAILER:
		return PCAP_CUT;
	case STAGE_INVALID:
		break;
	}
	return PCAP_INVALID;
}

const char *
pcap_verdict_name(enum pcap_verdict v)
{
	switch (v) {
	case PCAP_EMPTY:
		return "empty";
	case PCAP_WHOLE:
		return "whole";
	case PCAP_CUT:
		return "cut";
	case PCAP_INVALID:
		break;
	}
	return "invalid";
}

uint64_t
pcap_walk_packets(const struct pcap_walk *w)
{
	return w->packets;
}

int64_t
pcap_walk_first_us(const struct pcap_walk *w)
{
	return w->first_us;
}

int64_t
pcap_walk_last_us(const struct pcap_walk *w)
{
	return w->last_us;
}
