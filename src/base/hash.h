/* hash.h - 64 bits of a few bytes: the same bytes, the same number.
 *
 * Not for keeping: it depends on this machine's byte order.  Nor for what
 * others choose: that may collide.  In the header, as it is asked three times a
 * packet.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

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

/* Half of that, where more follows. */
static inline uint64_t
hash_step(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0xff51afd7ed558ccdu;
	return hash ^ hash >> 32;
}

/* In two lanes, as the multiplications of one wait for each other. */
static inline uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t other = hash_step(~hash, n), word[2];

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(word, p, sizeof(word));
		hash = hash_step(hash, word[0]);
		other = hash_step(other, word[1]);
	}
	if (n > 0) {
		memset(word, 0, sizeof(word));
		memcpy(word, p, n);
		hash = hash_step(hash, word[0]);
		other = hash_step(other, word[1]);
	}
	return hash_word(hash, other);
}

#endif
