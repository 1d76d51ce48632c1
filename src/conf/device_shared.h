/* device_shared.h - what devices share: their groups, and defaults.
 *
 * What a device says goes before its group, the group before `defaults`.
 */
#ifndef CONF_DEVICE_SHARED_H
#define CONF_DEVICE_SHARED_H

#include "conf/campaign_conf.h"
#include "conf/conf_input.h"

/* Say what is wrong with groups and defaults themselves, once, so that it is
 * not said again of each device.  c->types are loaded before. */
void device_shared_check(const struct campaign_conf *c, struct conf_input *in);

/* What the devices of a list share, for all of them; in the input's memory. */
struct device_shared;
struct device_shared *device_shared_new(
    const struct campaign_conf *c, struct conf_input *in);
/* `device` takes over what it does not say itself.  Interfaces that its type
 * does not have stay behind: it has those of its type then. */
void device_shared_apply(struct device_shared *s, struct conf_group *device);

#endif
