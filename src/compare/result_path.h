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
};

#endif
