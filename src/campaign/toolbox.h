/* toolbox.h - makes what the activities of all devices work with.
 */
#ifndef CAMPAIGN_TOOLBOX_H
#define CAMPAIGN_TOOLBOX_H

#include "device/tools.h"

/* Fill `t`, which is zero: gates as the descriptors of this process allow,
 * known host and TLS keys, SNMP keys.  False, and FAIL_LOCAL in `why`, if this
 * host does not allow it. */
bool toolbox_fill(struct tools *t, struct loop *lp,
    const struct campaign_conf *conf, struct fail *why);
/* Would that go well?  Nothing is left behind. */
bool toolbox_could_fill(
    struct loop *lp, const struct campaign_conf *conf, struct fail *why);
/* Free what is in it, also of one that was not filled to the end. */
void toolbox_empty(struct tools *t);

#endif
