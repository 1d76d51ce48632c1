/* result_facts.h - what follows from a comparison's result, for each format
 * that shows it: a rule here is none in them.
 */
#ifndef COMPARE_RESULT_FACTS_H
#define COMPARE_RESULT_FACTS_H

#include <stdbool.h>

#include "base/addr.h"
#include "compare/compare_result.h"

/* How many of an array's `max` elements are there: `n` counts those, too, that
 * found no place. */
int result_held(int n, int max);
/* Was anything seen of this kind of traffic in this direction? */
bool result_seen(const struct loss_tally *t);
/* Was anything at all judged? */
bool result_judged(const struct compare_result *r);
/* Is the offset between the clocks known to within some error?  With one
 * direction only it is not. */
bool result_clock_bounded(const struct result_clock *c);
/* Is the drift known well enough to be worth a word? */
bool result_drift_shown(const struct result_clock *c);
/* An end point of address translation, the port where there is one; returns
 * buf. */
const char *result_end_point(
    const struct addr *a, uint16_t port, char buf[ADDR_TEXT_MAX]);
/* The other way round; false: it is none. */
bool result_end_point_read(const char *text, struct addr *a, uint16_t *port);

#endif
