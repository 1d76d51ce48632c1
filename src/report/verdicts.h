/* verdicts.h - what comparisons of a run's events found, read again from the
 * files that its rows name.
 *
 * One is whole in memory at a time; of all, what groups are made of is kept.
 */
#ifndef REPORT_VERDICTS_H
#define REPORT_VERDICTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "books/result.h"
#include "compare/compare_result.h"

/* Is it the row that has the last word on its event, and a file?  (What could
 * not be compared at first may have been later.) */
bool verdict_stands(const struct device_result *d, const struct row *row);
/* What the row's file says; free(3).  NULL and `why`: it is gone, or cannot be
 * read.  The row may be of a journal that anybody wrote. */
struct compare_result *verdict_read(
    const struct run_result *r, const struct row *row, struct fail *why);

/* One kind of traffic in one direction, of one event of one device; times are
 * ns, by the server's clock. */
struct verdict_part {
	size_t device; /* of the run's */
	int event;
	enum traffic kind;
	enum way way;
	struct result_span judged; /* from the first to the last common time */
	struct result_span lost;   /* 0: nothing was lost */
};

struct verdicts {
	struct verdict_part *part; /* of the devices in their order */
	uint32_t n, room;
};

/* Only what could be judged has a part.  Files that cannot be read are left
 * out. */
struct verdicts *verdicts_read(const struct run_result *r);
/* NULL is accepted. */
void verdicts_free(struct verdicts *v);

#endif
