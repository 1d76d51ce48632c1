/* recovery.h - the unfinished runs of this campaign, finished by this one.
 *
 * Found by their journals when a run starts: those that were killed, and those
 * that ended but could not stop a capture.  Each device gets what was left of
 * it, and when the last one is done the killed run's reports can be written;
 * one that ended has its own.
 */
#ifndef CAMPAIGN_RECOVERY_H
#define CAMPAIGN_RECOVERY_H

#include "books/journal_read.h"
#include "device/device.h"
#include "books/journal.h"

struct recoveries;

/* A killed run is finished: everything is in `killed`.  False if its reports
 * could not be written: it then stays for the next run. */
typedef bool run_recovered(void *arg, const struct run_result *killed);

/* Does a run have its reports?  Then it came to its end. */
typedef bool run_reported(const struct run_result *r);

/* Look at all runs of the campaign beside `own`, the one that begins (NULL:
 * none does).  What cannot be read, and devices that are no longer configured,
 * are said in the log. */
struct recoveries *recoveries_load(struct loop *lp,
    const struct campaign_conf *conf, const char *own, run_reported *reported,
    journal_trouble *trouble, void *arg);
/* Runs that are not finished stay as they are, for the next run. */
void recoveries_free(struct recoveries *r);
/* Who tells whether rows are still to come into a run's journal: its reports
 * wait for them, until recoveries_look().  NULL: nobody does. */
typedef bool run_awaited(void *arg, const struct journal *j);
void recoveries_await(struct recoveries *r, run_awaited *awaited, void *arg);
/* Who sees to events that were over when a run was killed, but have no verdict
 * yet; from recoveries_begin(), with the books of that run. */
typedef void run_event_over(
    void *arg, const struct device_books *books, const struct round *round);
void recoveries_settle(struct recoveries *r, run_event_over *over, void *arg);
/* A run may have all its rows now. */
void recoveries_look(struct recoveries *r);
/* Give the device, before it starts, what was left of it. */
void recoveries_give(struct recoveries *r, struct device *d);
/* Runs with nothing left to do are reported at once, others as their devices
 * are done. */
void recoveries_begin(struct recoveries *r, run_recovered *done, void *arg);

#endif
