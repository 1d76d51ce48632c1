/* skipped.c - see skipped.h.
 */
#include "books/skipped.h"

void
skipped_told(
    struct run_result *r, struct journal *j, int64_t wall, int64_t mono)
{
	const struct row row = {
	    .task = TASK_RESOLVE,
	    .status = TASK_SKIPPED,
	    .severity = SEVERITY_NORMAL,
	    .event = 1,
	    .started = wall,
	    .began = mono,
	    .description = (char *)"skip = true: it takes no part",
	};

	for (size_t i = r->conf->n_devices; i < r->n_devices; i++) {
		struct device_result *d = &r->devices[i];

		d->outcome = OUTCOME_SKIPPED;
		result_describe(d, row.description);
		journal_row(j, d, &row);
		if (j != NULL)
			journal_outcome(j, d);
	}
}
