/* put.h - bytes, one behind the other, in network order. */
#ifndef PAIRS_PUT_H
#define PAIRS_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct put {
	unsigned char *bytes; /* the caller knows that there is room */
	size_t len;
};

static inline void
put_8(struct put *to, unsigned value)
{
	to->bytes[to->len++] = value & 0xff;
}

static inline void
put_16(struct put *to, unsigned value)
{
	put_8(to, value >> 8);
	put_8(to, value);
}

static inline void
put_32(struct put *to, uint32_t value)
{
	put_16(to, value >> 16);
	put_16(to, value & 0xffff);
}

static inline void
put_bytes(struct put *to, const void *data, size_t len)
{
	memcpy(to->bytes + to->len, data, len);
	to->len += len;
}

#endif
