/* random.h - what nobody can guess, and what no two processes do in step. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fill `to` with `n` bytes of the kernel's, 256 at the most: for what must not
 * be guessed. */
void random_bytes(void *to, size_t n);

/* Begin a sequence of random(3) that no other process has.  main() does so
 * once; tests begin a known one with srandom(3). */
void random_seed(void);
/* `ms` and up to a quarter more, by random(3), so that what failed together (a
 * switch rebooted) does not come back together. */
int64_t random_longer(int64_t ms);

#endif
