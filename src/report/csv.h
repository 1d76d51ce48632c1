/* csv.h - the report as a table: RFC 4180, one row a task or event. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/str.h"
#include "books/result.h"
#include "report/sink.h"

/* Header line and all rows, devices in the order of the configuration, each
 * one's rows in order of time.  Lines end with CR LF (RFC 4180 section 2). */
void csv_report(const struct run_result *r, struct sink *to);

/* One field, quoted where it must be.  Text that a spreadsheet would run as a
 * formula (it begins with = + - @, a tab or a carriage return) gets a ' before
 * it: devices supply text. */
void csv_field(const char *text, struct strbuf *to);

#endif
