/* page_of_run.h - report.html: a run at a glance, and its events one by one.
 */
#ifndef REPORT_PAGE_OF_RUN_H
#define REPORT_PAGE_OF_RUN_H

#include "books/result.h"
#include "report/sink.h"

/* A page is no larger, however many devices there are: of the events, the worst
 * first, as many have details as fit. */
#define PAGE_BYTES_MAX    (UINT64_C(2) << 20)
#define PAGE_ELEMENTS_MAX 40000
#define PAGE_DETAILS_MAX  200

/* Whole, in one file that loads nothing.  The results of comparisons are read
 * from the run's folder, one at a time. */
void page_of_run(const struct run_result *r, struct sink *to);

#endif
