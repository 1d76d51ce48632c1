/* random.c - see random.h. */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void
random_bytes(void *to, size_t n)
{
	ssize_t got;

	do
		got = getrandom(to, n, 0);
	while (got < 0 && errno == EINTR);
	/* getrandom(2): up to 256 bytes are always given whole. */
	if (got != (ssize_t)n)
		abort();
}

void
random_seed(void)
{
	unsigned seed;

	random_bytes(&seed, sizeof(seed));
	srandom(seed);
}

int64_t
random_longer(int64_t ms)
{
	return ms + random() % (ms / 4 + 1);
}
