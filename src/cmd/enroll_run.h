/* enroll_run.h - traffic-capture --enroll. */
#ifndef CMD_ENROLL_RUN_H
#define CMD_ENROLL_RUN_H

#include "conf/campaign_conf.h"
#include "loop/loop.h"

/* Record the keys of devices that have none, print each; returns the exit
 * status.  `conf` is changed for it. */
int enroll_run(struct loop *lp, struct campaign_conf *conf);

#endif
