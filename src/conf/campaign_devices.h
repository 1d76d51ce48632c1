/* campaign_devices.h - types, agents and devices of a campaign. */
#ifndef CONF_CAMPAIGN_DEVICES_H
#define CONF_CAMPAIGN_DEVICES_H

#include "conf/campaign_conf.h"
#include "conf/conf_input.h"

/* Each fills its list in `c`, in this order: devices point to the others.
 * c->rest and c->ssh are loaded before.  Devices from number `first` on; those
 * before are there. */
void campaign_types_load(struct campaign_conf *c, struct conf_input *in);
void campaign_agents_load(struct campaign_conf *c, struct conf_input *in);
void campaign_devices_load(
    struct campaign_conf *c, struct conf_input *in, size_t first);
/* Take back the devices from number `first` on. */
void campaign_devices_drop(
    struct campaign_conf *c, struct conf_input *in, size_t first);
/* Two devices that are one to a device or to an agent are an error. */
void campaign_devices_check(
    const struct campaign_conf *c, struct conf_messages *m);

#endif
