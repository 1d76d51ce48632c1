/* result_decode.h - a comparison's result from its JSON, whoever wrote it.
 *
 * Pure: for the campaign, which does not believe its child, and for whoever
 * makes reports and pages of kept files.
 */
#ifndef COMPARE_RESULT_DECODE_H
#define COMPARE_RESULT_DECODE_H

#include <stddef.h>

#include "base/fail.h"
#include "compare/compare_result.h"

/* NULL and a sentence in `why`: it is longer than RESULT_JSON_MAX, no JSON, or
 * a member is of another type or out of its bounds, or two of them cannot both
 * be true.  Members that nobody knows are left out; texts are printable.  What
 * result_json() makes of it is the same text again, if result_json() made it.
 * free(3). */
struct compare_result *result_decode(
    const char *text, size_t len, struct fail *why);

#endif
