/* ladder.h - requests and their answers one by one, between three lines. */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include "compare/compare_result.h"
#include "report/html.h"

#define LADDER_ROWS_MAX 60

/* Those of one asker and kind stand together, in order of time; one behind the
 * other that had the same fate are one row and a count.  Nothing, where nobody
 * asked. */
void ladder_add(struct html *h, const struct compare_result *r);

#endif
