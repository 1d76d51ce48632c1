/* refusal.h - who on the way says that it does not let packets through.
 *
 * ICMP errors in either capture, whose senders are hosts of neither end, quote
 * the connections of packets that were lost.
 */
#ifndef COMPARE_REFUSAL_H
#define COMPARE_REFUSAL_H

#include "compare/compare_result.h"
#include "compare/fate.h"

/* Fills in `refusal` of the result, for what was sent in [from, to]. */
void refusal_find(
    struct compare_result *r, const struct scene *sc, int64_t from, int64_t to);

#endif
