/* device_table.h - a run's devices as a table, the worst first. */
#ifndef REPORT_DEVICE_TABLE_H
#define REPORT_DEVICE_TABLE_H

#include "report/event_list.h"
#include "report/html.h"
#include "report/nights.h"

/* Of more devices the rest is counted. */
#define DEVICE_ROWS_MAX 1200

/* The event at this place of the list has its details on the page under this
 * name. */
#define EVENT_ID "event-%zu"

/* What the comparison of a device's worst event says is said of it, else what
 * explains its outcome; then what came of it in the runs before (NULL: nothing
 * is known of them).  The first `n_shown` events of the list have details to
 * go to. */
void device_table_add(struct html *h, const struct run_result *r,
    const struct event_list *l, const struct nights *nights, size_t n_shown);

#endif
