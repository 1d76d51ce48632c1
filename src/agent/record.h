/* record.h - what is remembered of a capture for those who judge it later: when
 * it began, what the kernel dropped, and when nothing was captured.
 *
 * Plain data, kept in the agent's state; agent/sidecar tells it.
 */
#ifndef AGENT_RECORD_H
#define AGENT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

#define HOLES_MAX 8 /* more are forgotten, the oldest first */

struct hole { /* wall ms */
	int64_t from, to;
};
struct capture_record {
	int64_t began;                /* wall ms; 0: it never captured */
	bool counted;                 /* a tcpdump has told what was dropped */
	bool uncounted;               /* one has ended, and did not */
	int64_t dropped;              /* by the kernel, as far as they told */
	struct hole holes[HOLES_MAX]; /* the oldest first */
	size_t n_holes;
};

/* One tcpdump has ended: by it the kernel dropped so many; -1: not known. */
void record_dropped(struct capture_record *r, int64_t packets);
/* Of the whole capture; -1: not known. */
int64_t record_all_dropped(const struct capture_record *r);
void record_hole(struct capture_record *r, int64_t from, int64_t to);
/* Its members of a JSON object, and back: a wrong one is as none. */
void record_put(const struct capture_record *r, struct json *to);
void record_take(struct capture_record *r, const struct json *from);

#endif
