/* hourly.h - trouble that never counts as over: a warning an hour at most.
 *
 * What strangers send has no end at which a log_once could be zeroed, and the
 * one warning of the first day says nothing of the trouble of the tenth.
 */
#ifndef AGENT_HOURLY_H
#define AGENT_HOURLY_H

#include <stdint.h>

#include "base/log.h"

struct hourly { /* zero-initialise */
	struct log_once once;
	int64_t warned_at;
};

/* For log_repeated(), right away: a warning if the last one was an hour ago or
 * there was none.  `now` in monotonic ms; the result is a part of `h`. */
struct log_once *hourly(struct hourly *h, int64_t now);

#endif
