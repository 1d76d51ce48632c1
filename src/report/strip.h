/* strip.h - what was sent, arrived and was lost over time, a row a kind of
 * traffic and direction.
 */
#ifndef REPORT_STRIP_H
#define REPORT_STRIP_H

#include "compare/compare_result.h"
#include "report/html.h"

/* Once on a page, before the first strip. */
void strip_begin(struct html *h);
/* `alarm`: when the event began, by the server's clock, where the result does
 * not tell it; 0: not known.  Nothing, where nothing was judged. */
void strip_add(struct html *h, const struct compare_result *r, int64_t alarm);

#endif
