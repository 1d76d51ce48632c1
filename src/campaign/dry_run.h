/* dry_run.h - what a campaign would do, printed; nothing is sent but DNS
 * queries.
 */
#ifndef CAMPAIGN_DRY_RUN_H
#define CAMPAIGN_DRY_RUN_H

#include "base/str.h"
#include "conf/campaign_conf.h"
#include "loop/loop.h"

/* Resolve every device and agent, then add each one's scripts (keys masked),
 * messages and file name.  Turns the loop until all names are answered.
 * Returns how many devices could not take part, since their own name or their
 * agent's does not resolve; `unresolved` lists those names. */
size_t dry_run(struct loop *lp, const struct campaign_conf *conf,
    struct strbuf *to, struct strbuf *unresolved);

#endif
