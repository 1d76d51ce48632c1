/* history.h - the history of nights, kept up with the reports.
 *
 * The reports are what it is made of: whatever is missing in it is read from
 * them when a run ends.  Its trouble is a line of the log and costs no night.
 */
#ifndef BOOKS_HISTORY_H
#define BOOKS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "conf/campaign_conf.h"

struct history_sum {
	size_t added;  /* runs whose rows were written */
	size_t unread; /* runs whose report could not be read */
};

/* Add the runs in the folder `parent` whose reports it does not know, or that
 * were written anew since.  One that is damaged is kept aside as
 * history.sqlite.damaged, and made anew.  False: it was not all written, a
 * warning says why. */
bool history_update(
    const char *parent, struct log *lg, struct history_sum *sum);
/* The same where the runs of this campaign are.  A shard has no history:
 * --merge tells of all of them.  What goes wrong is in the log. */
void history_keep(const struct campaign_conf *conf, struct log *lg);
/* The same with all reports that are there.  What it has of runs without a
 * report it keeps, unless it is damaged. */
bool history_rebuild(
    const char *parent, struct log *lg, struct history_sum *sum);

#endif
