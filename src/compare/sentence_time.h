/* sentence_time.h - the times of a sentence, in the zone of this host (TZ). */
#ifndef COMPARE_SENTENCE_TIME_H
#define COMPARE_SENTENCE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define SENTENCE_CLOCK_MAX 40

/* "03:11:02", ns since 1970; with the `date` where a time alone does not do. */
const char *sentence_clock(int64_t ns, bool date, char buf[SENTENCE_CLOCK_MAX]);
/* "between 03:11:02 and 03:12:40", or at one second; with dates over midnight.
 */
void sentence_time(struct strbuf *to, int64_t from, int64_t until);

#endif
