/* result_path.h - what a way did while its packets got lost: the part of
 * compare_result.h that speaks of the path.  Times as there.
 */
#ifndef COMPARE_RESULT_PATH_H
#define COMPARE_RESULT_PATH_H

#include <stdint.h>

#include "base/addr.h"

/* The receiver is behind a translation, which changed. */
struct result_mapping {
	/* From then on the sender's capture knows it by another address or
	 * port (0: by several): its first packet, or the first that got lost on
	 * the way to the old one. */
	int64_t from;
	struct addr before, now; /* AF_UNSPEC: it did not change */
	uint16_t before_port, port;
	/* What was sent to the old one since, all of it lost; 0: nothing. */
	uint32_t lost;
};

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
	struct result_mapping mapping;
};

#endif
