/* preflight.h - what this host can say about a run before it begins.
 *
 * For --check: nothing is sent but the questions for names, and nothing is
 * left behind.
 */
#ifndef CAMPAIGN_PREFLIGHT_H
#define CAMPAIGN_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/campaign_conf.h"
#include "loop/loop.h"

/* What the kernel says of this process and its host. */
struct host_facts {
	size_t descriptors; /* that it may have open */
	bool clock_wrong;   /* the clock is not synchronised (adjtimex(2)) */
};
struct host_facts host_facts_now(void);
#define HOST_CLOCK_WRONG                                                    \
	"this host's clock is not synchronised (adjtimex(2)), so times of " \
	"captures may not be compared: see to chrony, ntpd or "             \
	"systemd-timesyncd"

/* Each trouble is a line in the loop's log: an error if a run would end for it
 * (exit status 7), else a warning.  False if there was an error. */
bool preflight(struct loop *lp, const struct campaign_conf *conf,
    const struct host_facts *host);

#endif
