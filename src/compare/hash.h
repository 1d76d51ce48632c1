/* hash.h - 64 bits of a few bytes: the same bytes, the same number.
 *
 * Not for keeping: it depends on this machine's byte order.  In the header, as
 * it is asked three times a packet.
 */
#ifndef COMPARE_HASH_H
#define COMPARE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One more word.  Multiply and fold, twice: each bit of either moves each of
 * the result (the constants are those of MurmurHash3's and splitmix64's
 * finalizers). */
static inline uint64_t
hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0xff51afd7ed558ccdu;
	hash = (hash ^ hash >> 32) * 0xbf58476d1ce4e5b9u;
	return hash ^ hash >> 29;
}

static inline uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t word;

	hash = hash_word(hash, n);
	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = hash_word(hash, word);
	}
	if (n > 0) {
		word = 0;
		memcpy(&word, p, n);
		hash = hash_word(hash, word);
	}
	return hash;
}

#endif
