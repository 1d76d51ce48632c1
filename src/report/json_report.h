/* json_report.h - the report for scripts: one JSON object. */
#ifndef REPORT_JSON_REPORT_H
#define REPORT_JSON_REPORT_H

#include "books/result.h"
#include "report/sink.h"

/* {"schema":1, "campaign", ..., "devices":[...]}; a device keeps the field
 * names of the public project's devices_info.  Passwords are "*****". */
void json_report(const struct run_result *r, struct sink *to);

#endif
