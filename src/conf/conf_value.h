/* conf_value.h - durations and sizes as people write them.
 *
 * A duration is numbers with the units d, h, m, s, ms, largest first, each at
 * most once: "500ms", "90s", "1h30m", "14d".  A size is one number with k, M,
 * G or T, powers of 1000: "10M".  No blanks, signs or fractions.
 */
#ifndef CONF_CONF_VALUE_H
#define CONF_CONF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Milliseconds.  False for text of another form and for what does not fit. */
bool conf_duration_parse(const char *text, int64_t *ms);
/* Bytes.  False as above. */
bool conf_size_parse(const char *text, int64_t *bytes);
/* Add the shortest text that parses to the same value; a size that is no
 * multiple of 1000 comes out as a bare number. */
void conf_duration_text(int64_t ms, struct strbuf *to);
void conf_size_text(int64_t bytes, struct strbuf *to);

#endif
