/* event_list.h - the events of a run whose captures came home, the worst first,
 * with what their comparisons found.
 *
 * Small extracts: a whole result is read when it is shown, one at a time.
 */
#ifndef REPORT_EVENT_LIST_H
#define REPORT_EVENT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "books/result.h"
#include "compare/compare_result.h"
#include "report/mark.h"

struct event_entry {
	const struct device_result *device;
	size_t index;           /* of the device */
	int event;              /* its number, from 1 */
	const struct row *file; /* retrieved from the device; NULL: it did not
	                         * come, and a comparison was tried */
	const struct row *row;  /* Compare captures; NULL: none was tried */
	int64_t alarm;          /* wall ms; 0: nothing told it */
	bool judged;            /* there is a result, of which the rest is */
	enum mark mark;
	uint64_t lost;
	struct result_span span;    /* of what was lost; 0: nothing was */
	struct result_span watched; /* by both captures; 0: not known */
};

struct event_list {
	struct event_entry *e;
	size_t n, n_judged;
	size_t n_marked[MARK_COUNT]; /* of those that were judged */
	/* Of each device the place of its worst event; SIZE_MAX: it has none.
	 */
	size_t *worst;
};

/* Reads each result once.  event_list_free(). */
void event_list_of(struct event_list *l, const struct run_result *r);
void event_list_free(struct event_list *l);

#endif
