/* report.h - a finished run as files, one a format, and as a summary.
 *
 * Each file appears whole or not at all, at the end of a run.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"
#include "books/result.h"

/* Write every format into the run's folder.  False and the first failure in
 * `why` (FAIL_LOCAL) if one could not be written; the others are tried. */
bool report_write(const struct run_result *r, struct fail *why);

/* Has it a file of every format?  Only a run that came to its end has. */
bool report_is_written(const struct run_result *r);

/* The closing summary for people, several lines; `written`: so are the
 * reports. */
void report_summary(
    const struct run_result *r, bool written, struct strbuf *to);

/* The same for a recovery; nothing, if it found nothing to do. */
void report_recovery_summary(
    const struct run_result *r, bool written, struct strbuf *to);

/* The same for a probe. */
void report_probe_summary(
    const struct run_result *r, bool written, struct strbuf *to);

/* The same for a run whose events were compared now. */
void report_comparison_summary(
    const struct run_result *r, bool written, struct strbuf *to);

#endif
