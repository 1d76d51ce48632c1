/* event_view.h - one event's comparison on a page: triangle, strip, ladder,
 * table, small print.
 */
#ifndef REPORT_EVENT_VIEW_H
#define REPORT_EVENT_VIEW_H

#include <stdbool.h>

#include "compare/compare_result.h"
#include "report/html.h"

/* The sentence is the caller's.  `alarm` as strip_add() takes it. */
void event_view_add(
    struct html *h, const struct compare_result *r, int64_t alarm);

#endif
