/* losses.h - what the comparisons of a run found, in the lines of its summary:
 * groups first, then the sentence of each device that lost something, then what
 * could not be compared.
 */
#ifndef REPORT_LOSSES_H
#define REPORT_LOSSES_H

#include "base/str.h"
#include "books/result.h"

/* Nothing, where nothing was compared and nothing could be. */
void losses_summarize(const struct run_result *r, struct strbuf *to);

#endif
