/* loss.h - how much was lost, per kind of traffic and direction. */
#ifndef COMPARE_LOSS_H
#define COMPARE_LOSS_H

#include "compare/compare_result.h"
#include "compare/fate.h"

/* Fills in `tally` and `not_judged` of the result; `patience` in ns. */
void loss_count(
    struct compare_result *r, const struct scene *sc, int64_t patience);

#endif
