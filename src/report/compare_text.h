/* compare_text.h - a comparison's result for people at a terminal: the
 * sentence, then the table of what was sent and lost, then how it is known.
 */
#ifndef REPORT_COMPARE_TEXT_H
#define REPORT_COMPARE_TEXT_H

#include "base/str.h"
#include "compare/compare_result.h"

/* Lines of 80 columns, times local (TZ) by the server's clock.  `trouble` is
 * the caller's to tell; where it left nothing to judge, nothing is said
 * here. */
void compare_text(const struct compare_result *r, struct strbuf *to);

#endif
