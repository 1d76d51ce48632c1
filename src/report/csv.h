/* csv.h - the report as a table: RFC 4180, one row a task or event. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/str.h"
#include "books/result.h"
#include "report/sink.h"

/* Header line and all rows, devices in the order of the configuration, each
 * one's rows in order of time.  Lines end with CR LF (RFC 4180 section 2).
 * With report.csv_mark a byte order mark is first. */
void csv_report(const struct run_result *r, struct sink *to);

/* One field, quoted where it must be.  Text that a spreadsheet would run as a
 * formula gets a ' before it: devices supply text.  That is one that begins
 * with = + - @ (also full-width ones, also behind blanks), a tab, a carriage
 * return or a line feed.  Some spreadsheets split at ; or a tab and then not by
 * our quotes, so what follows one within the text is guarded as well. */
void csv_field(const char *text, struct strbuf *to);

#endif
