/* summary.h - how a run went, in the lines that a careful reader of its reports
 * would want to know first.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include <stdbool.h>

#include "base/str.h"
#include "books/result.h"

/* All but where the reports are. */
void summary_of_run(const struct run_result *r, struct strbuf *to);
/* What became of earlier runs, for a run that did nothing else; was there any?
 */
bool summary_is_of_recovery(const struct run_result *r);
void summary_of_recovery(const struct run_result *r, struct strbuf *to);

/* What a probe (--probe) found, and what to do. */
void summary_of_probe(const struct run_result *r, struct strbuf *to);

#endif
