/* run_keep.h - finished runs go after a time, or when they take too much.
 *
 * The oldest first, with all that is in their folders; never `latest`, one that
 * was killed or has left a capture on (its recovery is open), or what is no run
 * of this campaign.  A run's age is what lies between its start and that of the
 * newest one before `current`, so that a clock that is wrong deletes nothing.
 */
#ifndef BOOKS_RUN_KEEP_H
#define BOOKS_RUN_KEEP_H

#include "base/log.h"
#include "conf/campaign_conf.h"

/* Obey campaign.keep and campaign.keep_size; how many runs have gone.  Each is
 * logged, and so is what cannot be deleted.  The campaign's lock is held. */
size_t run_keep(const struct campaign_conf *conf, struct log *lg);

#endif
