/* rejudge.h - traffic-capture --compare RUN. */
#ifndef CMD_REJUDGE_H
#define CMD_REJUDGE_H

#include "cmd/options.h"
#include "conf/campaign_conf.h"
#include "loop/loop.h"

/* Compare what has no verdict in that run, and write its reports anew; the exit
 * status (traffic-capture(8), EXIT STATUS). */
int rejudge(struct loop *lp, struct campaign_conf *conf, const char *run);

#endif
