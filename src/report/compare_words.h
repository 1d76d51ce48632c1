/* compare_words.h - the words for what a comparison finds, as people read them.
 *
 * Those of the JSON are in compare/finding.h and compare/traffic.h; here is
 * what a translation would change.
 */
#ifndef REPORT_COMPARE_WORDS_H
#define REPORT_COMPARE_WORDS_H

#include <stdint.h>

#include "base/str.h"
#include "compare/compare_result.h"

const char *words_traffic(enum traffic t); /* "SNMP", "other UDP" */
const char *words_asker(enum asker a);
const char *words_kind(enum ask_kind k);
const char *words_letter(enum letter l); /* what became of the requests */
const char *words_reason(enum reason r); /* why it cannot be said */

/* What was lost, "every 3rd"; nothing, where there is nothing to say. */
void words_pattern(const struct loss_tally *t, struct strbuf *to);
/* A span of time in the unit that suits it: "180 us", "21.1 ms", "19.000 s",
 * "1d 0h 0m 3.250s"; without a sign. */
void words_span(int64_t ns, struct strbuf *to);

#define WORDS_TIME_MAX 40
/* Local time (TZ): "2026-11-23 04:00:00.123"; the date is left out if it is
 * that of `before` (0: none).  Returns buf. */
const char *words_time(int64_t ns, int64_t before, char buf[WORDS_TIME_MAX]);
/* The zone that this is in at that time: "+01:00".  Returns buf. */
const char *words_zone(int64_t ns, char buf[WORDS_TIME_MAX]);

#endif
