/* pcap_walk.c - see pcap_walk.h. */
#include "wire/pcap_walk.h"

uint16_t
walk_get16(const struct pcap_walk *w, unsigned at)
{
	const unsigned char *p = w->head + at;

	if (w->swapped)
		return (uint16_t)(p[1] << 8 | p[0]);
	return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t
walk_get32(const struct pcap_walk *w, unsigned at)
{
	uint32_t first = walk_get16(w, at), second = walk_get16(w, at + 2);

	return w->swapped ? second << 16 | first : first << 16 | second;
}

/* The first four bytes are a pcap record's seconds (1970) or a pcapng block's
 * type (reserved); fewer zeros can begin a true one. */
#define PADDING_LEAST 4u

bool
walk_is_padding(const struct pcap_walk *w)
{
	for (unsigned i = 0; i < w->have; i++)
		if (w->head[i] != 0)
			return false;
	return w->have >= PADDING_LEAST || (w->have > 0 && w->padded);
}

void
walk_expect(struct pcap_walk *w, enum stage stage, unsigned need)
{
	w->stage = stage;
	w->have = 0;
	w->need = need;
}

void
walk_expect_more(struct pcap_walk *w, enum stage stage, unsigned need)
{
	w->stage = stage;
	w->need = need;
}

void
walk_refuse(struct pcap_walk *w)
{
	w->stage = STAGE_INVALID;
	w->skip = 0;
}

void
walk_record_done(struct pcap_walk *w)
{
	if (w->pending)
		w->packets++;
	if (w->pending && w->timed) {
		if (!w->any_time || w->time_us < w->first_us)
			w->first_us = w->time_us;
		if (!w->any_time || w->time_us > w->last_us)
			w->last_us = w->time_us;
		w->any_time = true;
	}
	w->pending = false;
	w->timed = false;
}
