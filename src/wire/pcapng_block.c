/* pcapng_block.c - see pcapng_block.h.
 *
 * Any number of sections, each of its own byte order, with any number of
 * interfaces, each with its own clock; packets are counted, all other blocks
 * are passed over (IETF draft-ietf-opsawg-pcapng).
 */
#include "wire/pcapng_block.h"

#include "base/xmem.h"

/* A pcapng block beyond this is taken for garbage; a packet with all its
 * options is far below. */
#define BLOCK_MAX (64u << 20)
/* Interfaces of one section that are remembered (16 bytes each). */
#define INTERFACES_MAX 65536u

/* draft-ietf-opsawg-pcapng section 4 and, for the obsolete packet block,
 * appendix A. */
enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2,
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6
};
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define BLOCK_FRAME_LEN  12u /* head and trailer */
#define SECTION_HEAD_LEN 24u /* its head with all that is fixed */

/* Time stamps times a million outgrow 64 bits. */
__extension__ typedef __int128 int128;

enum { OPTION_END = 0, OPTION_TSRESOL = 9, OPTION_TSOFFSET = 14 };

static uint64_t
get64(const struct pcap_walk *w, unsigned at)
{
	uint64_t first = walk_get32(w, at), second = walk_get32(w, at + 4);

	return w->swapped ? second << 32 | first : first << 32 | second;
}

/* The rest of the block's body is of no interest. */
static void
expect_trailer(struct pcap_walk *w)
{
	w->skip += w->left;
	w->left = 0;
	walk_expect(w, STAGE_TRAILER, 4);
}

/* Bytes of the block that are read before its options or data. */
static unsigned
fixed_len(uint32_t type)
{
	switch (type) {
	case BLOCK_INTERFACE:
		return 8;
	case BLOCK_SIMPLE:
		return 4;
	case BLOCK_PACKET:
	case BLOCK_ENHANCED:
		return 20;
	default:
		return 0;
	}
}

void
pcapng_step_block(struct pcap_walk *w)
{
	unsigned fixed;

	if (walk_is_padding(w)) {
		w->padded = true;
		walk_expect(w, STAGE_BLOCK, BLOCK_HEAD_LEN);
		return;
	}
	/* A section's byte order is only known from its body. */
	if (walk_get32(w, 0) == BLOCK_SECTION) {
		walk_expect_more(w, STAGE_SECTION, SECTION_HEAD_LEN);
		return;
	}
	w->type = walk_get32(w, 0);
	w->total = walk_get32(w, 4);
	fixed = fixed_len(w->type);
	if (w->total < BLOCK_FRAME_LEN + fixed || w->total > BLOCK_MAX ||
	    w->total % 4) {
		walk_refuse(w);
		return;
	}
	w->left = w->total - BLOCK_FRAME_LEN - fixed;
	if (fixed)
		walk_expect(w, STAGE_FIXED, fixed);
	else
		expect_trailer(w);
}

/* draft-ietf-opsawg-pcapng section 4.1 */
void
pcapng_step_section(struct pcap_walk *w)
{
	w->swapped = false;
	w->swapped = walk_get32(w, 8) != BYTE_ORDER_MAGIC;
	w->type = BLOCK_SECTION;
	w->total = walk_get32(w, 4);
	if (walk_get32(w, 8) != BYTE_ORDER_MAGIC || walk_get16(w, 12) != 1 ||
	    w->total < SECTION_HEAD_LEN + 4 || w->total > BLOCK_MAX ||
	    w->total % 4) {
		walk_refuse(w);
		return;
	}
	w->n_interfaces = 0;
	w->left = w->total - SECTION_HEAD_LEN - 4;
	expect_trailer(w);
}

static void
expect_option(struct pcap_walk *w)
{
	if (w->left)
		walk_expect(w, STAGE_OPTION, 4);
	else
		expect_trailer(w);
}

static void
fixed_interface(struct pcap_walk *w)
{
	if (w->n_interfaces == INTERFACES_MAX) {
		walk_refuse(w);
		return;
	}
	if (w->n_interfaces == w->cap_interfaces) {
		w->cap_interfaces = w->cap_interfaces * 2 + 4;
		w->interfaces = xreallocarray(
		    w->interfaces, w->cap_interfaces, sizeof(*w->interfaces));
	}
	/* Microseconds, unless an option says otherwise. */
	w->interfaces[w->n_interfaces++] = (struct interface){0, 6};
	expect_option(w);
}

/* A time stamp in units of its interface, as microseconds since 1970. */
static int64_t
stamp_us(const struct interface *i, uint64_t stamp)
{
	int128 us = stamp;
	unsigned exponent = i->resolution & 0x7f;

	if (i->resolution & 0x80) {
		us = us * 1000000 >> exponent;
	} else {
		for (unsigned e = exponent; e < 6; e++)
			us *= 10;
		for (unsigned e = 6; e < exponent && us; e++)
			us /= 10;
	}
	us += (int128)i->offset_s * 1000000;
	if (us > INT64_MAX)
		return INT64_MAX;
	return us < INT64_MIN ? INT64_MIN : (int64_t)us;
}

/* A packet block whose time is at `head` + 4 and captured length at 12. */
static void
fixed_packet(struct pcap_walk *w, uint32_t interface)
{
	uint32_t captured = walk_get32(w, 12);
	uint64_t stamp = (uint64_t)walk_get32(w, 4) << 32 | walk_get32(w, 8);

	if (interface >= w->n_interfaces || captured > w->left) {
		walk_refuse(w);
		return;
	}
	w->pending = true;
	w->timed = true;
	w->time_us = stamp_us(&w->interfaces[interface], stamp);
	expect_trailer(w);
}

void
pcapng_step_fixed(struct pcap_walk *w)
{
	switch (w->type) {
	case BLOCK_INTERFACE:
		fixed_interface(w);
		break;
	case BLOCK_ENHANCED:
		fixed_packet(w, walk_get32(w, 0));
		break;
	case BLOCK_PACKET:
		fixed_packet(w, walk_get16(w, 0));
		break;
	case BLOCK_SIMPLE:
		/* It is of the first interface and has no time. */
		if (!w->n_interfaces) {
			walk_refuse(w);
			break;
		}
		w->pending = true;
		expect_trailer(w);
		break;
	}
}

/* draft-ietf-opsawg-pcapng section 3.5; a body's length is a multiple of 4, so
 * an option's head always fits. */
void
pcapng_step_option(struct pcap_walk *w)
{
	unsigned len = walk_get16(w, 2);
	unsigned padded = (len + 3) & ~3u;

	w->option = walk_get16(w, 0);
	w->left -= 4;
	if (padded > w->left) {
		walk_refuse(w);
	} else if (w->option == OPTION_END) {
		expect_trailer(w);
	} else if ((w->option == OPTION_TSRESOL && len == 1) ||
		   (w->option == OPTION_TSOFFSET && len == 8)) {
		w->left -= padded;
		walk_expect(w, STAGE_OPTION_VALUE, padded);
	} else {
		w->left -= padded;
		w->skip = padded;
		expect_option(w);
	}
}

void
pcapng_step_option_value(struct pcap_walk *w)
{
	struct interface *i = &w->interfaces[w->n_interfaces - 1];

	if (w->option == OPTION_TSRESOL)
		i->resolution = w->head[0];
	else
		i->offset_s = (int64_t)get64(w, 0);
	expect_option(w);
}

void
pcapng_step_trailer(struct pcap_walk *w)
{
	if (walk_get32(w, 0) != w->total) {
		walk_refuse(w);
		return;
	}
	walk_record_done(w);
	walk_expect(w, STAGE_BLOCK, BLOCK_HEAD_LEN);
}
