/* report.h - a finished run as files: report.csv and report.json.
 *
 * Each file appears whole or not at all.  Called once, at the end.
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

/* The closing summary for people, several lines; `written`: so are the
 * reports. */
void report_summary(
    const struct run_result *r, bool written, struct strbuf *to);

#endif
