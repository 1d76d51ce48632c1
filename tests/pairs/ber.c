/* ber.c - written from the end to the beginning, so that each length is known
 * when it is due.
 */
#include <assert.h>
#include <string.h>

#include "ber.h"

enum {
	TAG_INT = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_SEQ = 0x30,
	TAG_COUNTER = 0x41,
	TAG_TICKS = 0x43
};

struct ber {
	unsigned char bytes[BER_MAX];
	size_t at; /* of the first byte */
};

static void
put(struct ber *b, const void *data, size_t len)
{
	assert(len <= b->at);
	b->at -= len;
	memcpy(b->bytes + b->at, data, len);
}

static void
put_byte(struct ber *b, unsigned char byte)
{
	put(b, &byte, 1);
}

/* The header of what was put since `end`. */
static void
put_header(struct ber *b, unsigned char tag, size_t end)
{
	size_t len = end - b->at;

	if (len > 255) {
		put_byte(b, len & 0xff);
		put_byte(b, len >> 8);
		put_byte(b, 0x82);
	} else if (len > 127) {
		put_byte(b, len);
		put_byte(b, 0x81);
	} else {
		put_byte(b, len);
	}
	put_byte(b, tag);
}

static void
put_int(struct ber *b, unsigned char tag, uint32_t value)
{
	size_t end = b->at;

	do {
		put_byte(b, value & 0xff);
		value >>= 8;
	} while (value > 0);
	if ((b->bytes[b->at] & 0x80) != 0)
		put_byte(b, 0);
	put_header(b, tag, end);
}

static void
put_octets(struct ber *b, unsigned char tag, const void *data, size_t len)
{
	size_t end = b->at;

	put(b, data, len);
	put_header(b, tag, end);
}

static void
put_noise(struct ber *b, struct dice *d, size_t len)
{
	unsigned char noise[BER_MAX];

	dice_fill(d, noise, len);
	put_octets(b, TAG_OCTETS, noise, len);
}

static void
put_name(struct ber *b, unsigned char last)
{
	/* 1.3.6.1.2.1.1.<last>.0 */
	const unsigned char oid[] = {0x2b, 6, 1, 2, 1, 1, last, 0};

	put_octets(b, TAG_OID, oid, sizeof(oid));
}

static void
put_variables(struct ber *b, const struct ber_message *m, struct dice *d)
{
	size_t end = b->at, start, left = m->room, part;
	unsigned char last = 6;

	while (left > 0) {
		part = left > 120 ? 120 : left;
		start = b->at;
		put_noise(b, d, part);
		put_name(b, last++ & 0x7f);
		put_header(b, TAG_SEQ, start);
		left -= part;
	}
	start = b->at;
	if (m->pdu == BER_GET || m->pdu == BER_GET_BULK)
		put_octets(b, 0x05, "", 0);
	else
		put_int(b, TAG_TICKS, m->up);
	put_name(b, 3);
	put_header(b, TAG_SEQ, start);
	put_header(b, TAG_SEQ, end);
}

static void
put_pdu(struct ber *b, const struct ber_message *m, struct dice *d)
{
	size_t end = b->at;

	put_variables(b, m, d);
	put_int(b, TAG_INT, m->pdu == BER_GET_BULK ? 20 : 0);
	put_int(b, TAG_INT, 0);
	put_int(b, TAG_INT, m->id);
	put_header(b, m->pdu, end);
}

static void
put_user(struct ber *b, const struct ber_message *m, struct dice *d)
{
	static const unsigned char engine[] = {
	    0x80, 0, 0x13, 0x8a, 3, 0, 0x90, 0x8f, 0x11, 0x22, 0x33};
	size_t end = b->at;
	bool asks = m->discovers && m->pdu == BER_GET;

	if (m->discovers) {
		put_octets(b, TAG_OCTETS, "", 0);
		put_octets(b, TAG_OCTETS, "", 0);
		put_octets(b, TAG_OCTETS, "", 0);
	} else {
		put_noise(b, d, 8);
		put_noise(b, d, 12);
		put_octets(b, TAG_OCTETS, "ovoc", 4);
	}
	put_int(b, TAG_INT, asks ? 0 : m->up / 100);
	put_int(b, TAG_INT, asks ? 0 : 17);
	put_octets(b, TAG_OCTETS, engine, asks ? 0 : sizeof(engine));
	put_header(b, TAG_SEQ, end);
	put_header(b, TAG_OCTETS, end);
}

static void
put_global(struct ber *b, const struct ber_message *m)
{
	size_t end = b->at;
	bool asks = m->pdu == BER_GET || m->pdu == BER_GET_BULK;
	unsigned char flags = (m->discovers ? 0 : 3) | (asks ? 4 : 0);

	put_int(b, TAG_INT, 3);
	put_octets(b, TAG_OCTETS, &flags, 1);
	put_int(b, TAG_INT, 65507);
	put_int(b, TAG_INT, m->id);
	put_header(b, TAG_SEQ, end);
}

static void
put_v3(struct ber *b, const struct ber_message *m, struct dice *d)
{
	if (m->discovers) {
		put_pdu(b, m, d);
		put_octets(b, TAG_OCTETS, "", 0);
		put_octets(b, TAG_OCTETS, "", 0);
		put_header(b, TAG_SEQ, BER_MAX);
	} else {
		put_noise(b, d, 48 + m->room);
	}
	put_user(b, m, d);
	put_global(b, m);
	put_int(b, TAG_INT, 3);
	put_header(b, TAG_SEQ, BER_MAX);
}

size_t
ber_message(
    unsigned char to[BER_MAX], const struct ber_message *m, struct dice *d)
{
	struct ber b = {.at = BER_MAX};

	if (m->v2c) {
		put_pdu(&b, m, d);
		put_octets(&b, TAG_OCTETS, "public", 6);
		put_int(&b, TAG_INT, 1);
		put_header(&b, TAG_SEQ, BER_MAX);
	} else {
		put_v3(&b, m, d);
	}
	memcpy(to, b.bytes + b.at, BER_MAX - b.at);
	return BER_MAX - b.at;
}
