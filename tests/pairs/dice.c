/* dice.c - splitmix64 (Steele, Lea, Flood 2014), public domain. */
#include "dice.h"

static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void
dice_start(struct dice *d, uint64_t seed, const char *word)
{
	d->state = mix(seed + 1);
	for (; *word != '\0'; word++)
		d->state = mix(d->state ^ (unsigned char)*word);
}

uint64_t
dice_next(struct dice *d)
{
	d->state += 0x9e3779b97f4a7c15u;
	return mix(d->state);
}

int64_t
dice_in(struct dice *d, int64_t least, int64_t most)
{
	uint64_t span = (uint64_t)(most - least) + 1;

	return least + (int64_t)(dice_next(d) % span);
}

bool
dice_hit(struct dice *d, unsigned n, unsigned of)
{
	return dice_next(d) % of < n;
}

void
dice_fill(struct dice *d, unsigned char *to, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = dice_next(d) & 0xff;
}

unsigned char
dice_byte_at(uint64_t seed, uint64_t offset)
{
	return mix(seed + (offset >> 3)) >> (8 * (offset & 7)) & 0xff;
}
