/* result_path.h - what a way did while its packets got lost: the part of
 * compare_result.h that speaks of the path.  Times as there.
 */
#ifndef COMPARE_RESULT_PATH_H
#define COMPARE_RESULT_PATH_H

#include <stdint.h>

/* Of one way. */
struct result_path {
	/* Just before its first loss it was slower: the last packets before
	 * that were sent from `slower_from` on, and took `slower_by` ns longer
	 * (medians) than those of the minute before.  0: it was not. */
	int64_t slower_from, slower_by;
	/* Where its first loss began, another route came: what was sent from
	 * `route_from` on met so many routers (by TTLs), and so many before.
	 * Both 0: it did not. */
	int64_t route_from;
	uint8_t hops_before, hops;
	/* So many packets left with one DSCP and arrived with another one: the
	 * most frequent such pair, which is no fault.  0: none did, or few. */
	uint8_t dscp_sent, dscp_seen;
	uint32_t dscp_n;
};

#endif
