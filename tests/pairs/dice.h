/* dice.h - numbers that depend on nothing but a seed: splitmix64.
 *
 * Integers only, so that a seed gives the same bytes on every machine.
 */
#ifndef PAIRS_DICE_H
#define PAIRS_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Of a seed and a word, so that each scenario has dice of its own. */
void dice_start(struct dice *d, uint64_t seed, const char *word);
uint64_t dice_next(struct dice *d);
/* In [least, most]. */
int64_t dice_in(struct dice *d, int64_t least, int64_t most);
/* True `n` times in `of`. */
bool dice_hit(struct dice *d, unsigned n, unsigned of);
void dice_fill(struct dice *d, unsigned char *to, size_t len);
/* The byte of an endless text that `seed` names. */
unsigned char dice_byte_at(uint64_t seed, uint64_t offset);

#endif
