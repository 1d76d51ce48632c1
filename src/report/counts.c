/* counts.c - see counts.h.
 */
#include "report/counts.h"

static const char *const names[VERDICT_KINDS] = {
    [VERDICT_LOST] = "lost",
    [VERDICT_NOTHING] = "nothing lost",
    [VERDICT_UNCLEAR] = "unclear",
    [VERDICT_NONE] = "not compared",
};

static enum verdict_kind
kind_of(const struct row *row)
{
	if (row->status != TASK_SUCCESS)
		return VERDICT_NONE;
	if (row->severity == SEVERITY_NORMAL)
		return VERDICT_NOTHING;
	return row->severity == SEVERITY_MINOR ? VERDICT_UNCLEAR : VERDICT_LOST;
}

/* The last row of an event counts: an earlier one may have been in trouble. */
static void
count_verdicts(const struct device_result *d, struct report_counts *n)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next)
		if (row->task == TASK_COMPARE &&
		    result_last(d, TASK_COMPARE, row->event) == row)
			n->verdicts[kind_of(row)]++;
}

struct report_counts
report_count(const struct run_result *r)
{
	struct report_counts n = {0};

	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_result *d = &r->devices[i];

		n.outcomes[d->outcome]++;
		n.events += (size_t)d->events;
		n.bytes += d->bytes;
		n.triggers += (size_t)d->triggers;
		n.one_sided += (size_t)d->one_sided;
		n.near_misses += (size_t)d->near_misses;
		count_verdicts(d, &n);
	}
	return n;
}

const char *
verdict_kind_name(enum verdict_kind k)
{
	return names[k];
}
