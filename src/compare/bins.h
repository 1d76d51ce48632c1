/* bins.h - what became of packets over time, gathered while they are counted.
 *
 * It follows the tallies of loss.c, so that a picture and the table below it
 * cannot tell two stories.
 */
#ifndef COMPARE_BINS_H
#define COMPARE_BINS_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/common_time.h"
#include "compare/compare_result.h"

struct bins;

/* Over all of the common time; it must not change. */
struct bins *bins_new(const struct common_time *c);
/* NULL is accepted. */
void bins_free(struct bins *b);

/* Has this tally counted something since it was taken last? */
bool bins_behind(const struct bins *b, enum traffic t, enum way w,
    const struct loss_tally *tally);
/* What it has counted since then was sent at `at`. */
void bins_take(struct bins *b, enum traffic t, enum way w,
    const struct loss_tally *tally, int64_t at);
/* All is counted: fill in the strip.  What a tally has called back since, as it
 * was not sure enough, is not lost in the strip either. */
void bins_finish(const struct bins *b,
    const struct loss_tally tally[TRAFFIC_COUNT][WAY_COUNT],
    struct result_strip *to);

#endif
