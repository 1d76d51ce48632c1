/* loss_table.h - what was sent, arrived and was lost, as a table: also for
 * whoever does not see the pictures.
 */
#ifndef REPORT_LOSS_TABLE_H
#define REPORT_LOSS_TABLE_H

#include "compare/compare_result.h"
#include "report/html.h"

/* Nothing, where nothing was judged. */
void loss_table_add(struct html *h, const struct compare_result *r);

#endif
