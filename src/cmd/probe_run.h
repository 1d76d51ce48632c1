/* probe_run.h - traffic-capture --probe. */
#ifndef CMD_PROBE_RUN_H
#define CMD_PROBE_RUN_H

#include "conf/campaign_conf.h"
#include "loop/loop.h"

/* Try every device and agent once, write the reports, print the summary;
 * returns the exit status.  `conf` is changed for it. */
int probe_run(struct loop *lp, struct campaign_conf *conf);

#endif
