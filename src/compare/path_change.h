/* path_change.h - did a way itself change, where its packets got lost?  And
 * does it change its packets, or where they go to?
 *
 * Only by packets of which each capture has just one, and only what no clock,
 * no jitter and no copy could feign.  See result_path.h.
 */
#ifndef COMPARE_PATH_CHANGE_H
#define COMPARE_PATH_CHANGE_H

#include "compare/compare_result.h"
#include "compare/fate.h"

/* Fills in `path` of the result, whose tallies are counted; times are those of
 * the server's trace. */
void path_change_find(struct compare_result *r, const struct scene *sc);

#endif
