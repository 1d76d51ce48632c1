/* retry.h - what follows on each kind of trouble: again when, or not at all.
 *
 * One rule for REST and SFTP alike, by the kind of failure:
 *   unreachable    every `unreachable_pause` until `unreachable_limit`; no
 *                  attempt is counted
 *   transient,     `rest_attempts`, pauses doubling from `retry_pause` to 30 s,
 *   unclear,       with jitter
 *   script
 *   all others     not again
 */
#ifndef DEVICE_RETRY_H
#define DEVICE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "conf/campaign_conf.h"

struct retry {
	int attempts; /* that counted, since the last success */
	int tries; /* all failed ones, counted by the caller for the report */
	int64_t pause;             /* the next one, ms */
	int64_t unreachable_since; /* monotonic ms, 0: it is reachable */
};

#define RETRY_NEVER (-1)

/* Milliseconds to wait before the next try, or RETRY_NEVER. */
int64_t retry_after(struct retry *r, const struct fail *why,
    const struct campaign_conf *conf, int64_t now);
/* The pause alone, for what has a limit of its own. */
int64_t retry_pause(struct retry *r, const struct campaign_conf *conf);
/* It worked: the next trouble starts anew. */
void retry_reset(struct retry *r);
/* The next step has attempts of its own; how long the device has been
 * unreachable goes on counting. */
void retry_next_step(struct retry *r);

#endif
