/* mutate.c - hostile variants of good input, for the tests of decoders. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xmem.h"

static void
hand_over(const unsigned char *data, size_t len, mutate_sink *sink)
{
	unsigned char *exact = xcalloc(len, 1);

	memcpy(exact, data, len);
	sink(exact, len);
	free(exact);
}

void
mutate_truncate(const void *data, size_t len, mutate_sink *sink)
{
	for (size_t n = 0; n < len; n++)
		hand_over(data, n, sink);
}

/* Change the text in place; returns its new length. */
static size_t
change(unsigned char *buf, size_t len, unsigned *state)
{
	size_t at = (size_t)rand_r(state) % len;
	size_t n = (size_t)rand_r(state) % 8 + 1;

	if (n > len - at)
		n = len - at;
	switch (rand_r(state) % 6) {
	case 0:
		buf[at] ^= (unsigned char)(1u << rand_r(state) % 8);
		return len;
	case 1:
		buf[at] = (unsigned char)rand_r(state);
		return len;
	case 2:
		memset(buf + at, 0, n);
		return len;
	case 3:
		memset(buf + at, 0xff, n);
		return len;
	case 4: /* drop some bytes, but not all */
		if (n == len)
			return len;
		memmove(buf + at, buf + at + n, len - at - n);
		return len - n;
	default: /* double some; the buffer has room for it */
		memmove(buf + at + n, buf + at, len - at);
		return len + n;
	}
}

void
mutate_random(const void *data, size_t len, unsigned rounds, mutate_sink *sink)
{
	const char *given = getenv("UNIT_SEED");
	unsigned seed = given ? (unsigned)atoi(given) : (unsigned)time(NULL);
	unsigned state = seed;
	unsigned char *buf = xcalloc(len + 64, 1);

	printf("seed %u\n", seed);
	for (unsigned i = 0; i < rounds; i++) {
		size_t n = len;
		unsigned changes = (unsigned)rand_r(&state) % 5 + 1;

		memcpy(buf, data, len);
		while (changes--)
			n = change(buf, n, &state);
		hand_over(buf, n, sink);
	}
	free(buf);
}
