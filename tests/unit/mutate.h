/* mutate.h - hostile variants of good input, for the tests of decoders.
 *
 * Each variant is handed over in a block of exactly its length, so that a read
 * beyond it shows under AddressSanitizer.
 */
#ifndef UNIT_MUTATE_H
#define UNIT_MUTATE_H

#include <stddef.h>

typedef void mutate_sink(const void *data, size_t len);

/* Every beginning of the data, from no byte at all to all but the last. */
void mutate_truncate(const void *data, size_t len, mutate_sink *sink);
/* `rounds` variants with some bytes changed, doubled, dropped or zeroed.  The
 * seed is printed; the environment's UNIT_SEED sets it. */
void mutate_random(
    const void *data, size_t len, unsigned rounds, mutate_sink *sink);

#endif
