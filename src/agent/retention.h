/* retention.h - finished captures go after a time, or when they take too much.
 *
 * Only files named OVOC_device_* and ABORTED_device_* in the captures folder
 * itself are looked at, so nothing of a running capture ever goes.  First those
 * older than `keep` (since they got that name: agent/store sets their time, and
 * a jump of the clock shifts it), then what is beyond `keep_size`: of the owner
 * who has most the oldest, but one younger than an hour last.  Each deletion is
 * logged.
 */
#ifndef AGENT_RETENTION_H
#define AGENT_RETENTION_H

#include <stdint.h>

#include "conf/agent_conf.h"
#include "loop/loop.h"

struct retention;

/* Looks at once, from the loop, and every ten minutes.  `conf` outlives it. */
struct retention *retention_new(
    struct loop *lp, const struct agent_section *conf);
/* A capture may have ended: look again soon. */
void retention_soon(struct retention *r);
/* Delete until `bytes` are free on the disk, in the same order, now. */
void retention_make_room(struct retention *r, int64_t bytes);
/* What finished captures take, when it last looked; -1: it could not. */
int64_t retention_size(const struct retention *r);
/* NULL is accepted. */
void retention_free(struct retention *r);

#endif
