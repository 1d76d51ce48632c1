/* result_json.h - a comparison's result for programs: all that a page shows.
 *
 * Times are UTC, RFC 3339 with milliseconds, those of the ladder with
 * microseconds; null is what is not known.  Whatever was never seen (a kind of
 * traffic without a packet, an asker who asked nothing) is left out.  The
 * manual page traffic-capture-report(5) lists the members.  result_decode.h
 * reads it again: what is written is what is left when it was.
 */
#ifndef COMPARE_RESULT_JSON_H
#define COMPARE_RESULT_JSON_H

#include <stdbool.h>

#include "base/json_out.h"
#include "base/str.h"
#include "compare/compare_result.h"

/* It is never longer, nor is more of it ever read. */
#define RESULT_JSON_MAX ((size_t)1 << 20)
/* A difference of time beyond so many seconds is none: a double, which is what
 * most programs read a number as, holds no microseconds there. */
#define RESULT_SECONDS_MAX INT64_C(4000000000)

/* One object, and a line end. */
void result_json(const struct compare_result *r, struct strbuf *to);
/* Its members, into an object that is open; the captures' files and the strip,
 * which have no place in a report of many, if `files`. */
void result_json_members(
    const struct compare_result *r, bool files, struct json_out *o);

#endif
