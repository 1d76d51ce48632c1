/* run_metrics.h - how the last run went, as numbers for a monitoring
 * (base/metrics.h): traffic-capture(8), METRICS.
 *
 * Every sample has the campaign's name as a label, so that each campaign has a
 * file of its own.
 */
#ifndef REPORT_RUN_METRICS_H
#define REPORT_RUN_METRICS_H

#include "base/log.h"
#include "books/result.h"

/* A run has begun: what the file says of the last one stays beside that.  If
 * it cannot be written, what was there is there, and the log says so.  `path`
 * NULL: nothing is done. */
void run_metrics_begin(
    const char *path, const struct run_result *r, struct log *lg);
/* It has ended, in order or not, and the process ends with `status`. */
void run_metrics_end(
    const char *path, const struct run_result *r, int status, struct log *lg);

#endif
