/* shard.c - see shard.h.
 *
 * An address is multiplied by the golden ratio's part of 2^64, as Fibonacci
 * hashing does (Knuth, The Art of Computer Programming, section 6.4): multiples
 * of it, also every fourth or every 256th, fall evenly on what they are spread
 * over, more evenly than chance would have it.
 */
#include "conf/shard.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/digest.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

/* Digits alone; -1: there is none, or it is too great. */
static int
read_number(const char **p)
{
	int n = -1;

	for (; **p >= '0' && **p <= '9' && n <= SHARDS_MOST; ++*p)
		n = (n < 0 ? 0 : n * 10) + **p - '0';
	return n <= SHARDS_MOST ? n : -1;
}

/* What is between two numbers, and the end. */
static bool
read_both(const char *p, const char *between, struct shard *s)
{
	s->index = read_number(&p);
	if (strncmp(p, between, strlen(between)) != 0)
		return false;
	p += strlen(between);
	s->of = read_number(&p);
	return *p == '\0' && s->index >= 0 && s->index < s->of;
}

bool
shard_read(const char *text, struct shard *s)
{
	return read_both(text, "/", s);
}

static uint64_t
first_bytes(const unsigned char *bytes, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | bytes[i];
	return v;
}

static uint64_t
value_of(const char *address)
{
	unsigned char sum[DIGEST_BYTES];
	char name[HOST_TEXT_MAX];
	struct addr a;

	if (addr_parse(&a, address) && a.family == AF_INET)
		return first_bytes(a.ip, 4);
	if (a.family == AF_INET6)
		return first_bytes(a.ip, 8) + first_bytes(a.ip + 8, 8);
	host_canonical(name, address);
	digest_of(name, strlen(name), sum);
	return first_bytes(sum, 8);
}

int
shard_index(const char *address, int port, int of)
{
	/* Several may be behind one address. */
	uint64_t v = (value_of(address) << 16) + (uint64_t)port;

	return (int)((v * GOLDEN >> 32) * (uint64_t)of >> 32);
}

const char *
shard_name(const struct shard *s, char buf[SHARD_NAME_MAX])
{
	snprintf(buf, SHARD_NAME_MAX, "shard-%d-of-%d", s->index, s->of);
	return buf;
}

bool
shard_name_read(const char *name, struct shard *s)
{
	static const char first[] = "shard-";

	return strncmp(name, first, strlen(first)) == 0 &&
	       read_both(name + strlen(first), "-of-", s);
}
