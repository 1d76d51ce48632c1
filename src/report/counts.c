/* counts.c - see counts.h.
 */
#include "report/counts.h"

struct report_counts
report_count(const struct run_result *r)
{
	struct report_counts n = {0};

	for (size_t i = 0; i < r->n_devices; i++) {
		n.outcomes[r->devices[i].outcome]++;
		n.events += (size_t)r->devices[i].events;
		n.bytes += r->devices[i].bytes;
	}
	return n;
}
