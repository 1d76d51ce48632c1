/* compare_json.h - a comparison's result for programs: all that a page shows.
 *
 * Times are UTC, RFC 3339 with milliseconds; null is what is not known.
 * Whatever was never seen (a kind of traffic without a packet, an asker who
 * asked nothing) is left out.  The manual page traffic-capture-compare(1) lists
 * the members.
 */
#ifndef REPORT_COMPARE_JSON_H
#define REPORT_COMPARE_JSON_H

#include "base/str.h"
#include "compare/compare_result.h"

/* One object, and a line end. */
void compare_json(const struct compare_result *r, struct strbuf *to);

#endif
