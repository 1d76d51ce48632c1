/* show_groups.h - what several devices of report.json lost in the same way. */
#ifndef REPORT_SHOW_GROUPS_H
#define REPORT_SHOW_GROUPS_H

#include "base/json.h"
#include "base/str.h"

/* A sentence for each group of the report `r`, and its devices. */
void show_groups(const struct json *r, struct strbuf *to);

#endif
