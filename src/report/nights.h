/* nights.h - what came of each device in the runs before this one, as a strip
 * of shapes: one a run.
 */
#ifndef REPORT_NIGHTS_H
#define REPORT_NIGHTS_H

#include "books/history_rows.h"
#include "books/result.h"
#include "report/html.h"

/* With this one. */
#define NIGHTS_MAX 30

struct nights;

/* From the history beside the run's folder; NULL: it has nothing of an earlier
 * run, or cannot be read. */
struct nights *nights_read(const struct run_result *r);
/* NULL is accepted. */
void nights_free(struct nights *n);

/* The strip of the i-th device of the run, the oldest run first; in this one
 * the worst of its events was found to be `found`.  Nothing, where there are no
 * nights. */
void nights_add(struct html *h, const struct nights *n, size_t i,
    enum outcome outcome, enum found found);
/* What the shapes mean. */
void nights_add_legend(struct html *h, const struct nights *n);

#endif
