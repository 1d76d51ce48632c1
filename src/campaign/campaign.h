/* campaign.h - one run: all devices, their agents, their time.
 *
 * Made from a checked configuration and an open folder, it runs to its end by
 * itself and leaves everything in the struct run_result.
 */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "device/device.h"
#include "campaign/recovery.h"
#include "books/result.h"
#include "books/run_folder.h"

struct campaign;

/* `ended` runs once, from the loop, when the last device has ended; outcomes
 * and exit status are in the result then. */
typedef void campaign_ended(void *arg);

/* Bind the socket, read the known hosts, make keys; find the unfinished runs
 * (of which `reported` tells those that only want their journal closed).
 * With a folder that is only locked the campaign finishes those and begins
 * nothing of its own.  NULL and FAIL_LOCAL in `why` if this host does not allow
 * it; nothing was sent then.  Everything given outlives the campaign. */
struct campaign *campaign_new(struct loop *lp, struct run_result *result,
    const struct run_folder *folder, run_reported *reported, struct fail *why);
void campaign_free(struct campaign *c);

/* `recovered` runs for every killed run that is finished; NULL: nobody wants to
 * know. */
void campaign_on_recovered(
    struct campaign *c, run_recovered *recovered, void *arg);
void campaign_start(struct campaign *c, campaign_ended *ended, void *arg);
/* Stop, fetch, report within timeouts.stop_grace; a second call ends at once.
 */
void campaign_interrupt(struct campaign *c);
/* SIGUSR2: an event for every device that waits. */
void campaign_trigger(struct campaign *c);
/* SIGUSR1: a log line a device. */
void campaign_log_states(struct campaign *c);
/* Complete the result for the reports: what the agents' links counted, and the
 * rows' numbers. */
void campaign_settle(struct campaign *c);
/* The reports are written: the journal gets its closing line. */
void campaign_close(struct campaign *c);
/* How many devices are in which state. */
const unsigned *campaign_counts(const struct campaign *c);
/* How many of those that have not ended cannot be reached now. */
size_t campaign_unreachable(const struct campaign *c);
/* ms until the window ends; 0: it has none, or is over. */
int64_t campaign_time_left(const struct campaign *c);
/* The i-th device of the configuration. */
const struct device *campaign_device(const struct campaign *c, size_t i);

#endif
