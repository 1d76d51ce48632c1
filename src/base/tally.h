/* tally.h - how often a sender is told of: so many times an hour for each kind
 * of trouble that it makes, then it is only counted.
 *
 * Of each kind so many senders are told apart; the others are one.
 */
#ifndef BASE_TALLY_H
#define BASE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct tally;

/* `most[kind]`: how often that kind is told in an hour; it outlives the tally.
 */
struct tally *tally_new(const unsigned *most, size_t kinds);
/* NULL is accepted. */
void tally_free(struct tally *t);
/* One more of this kind, at `now` (monotonic ms).  True: tell it, and put
 * `more` ("" or how many were not told, or will not be) behind it. */
#define TALLY_MORE_MAX 100
bool tally_add(struct tally *t, size_t kind, const struct addr *from,
    int64_t now, char more[TALLY_MORE_MAX]);

#endif
