/* device_script_of.h - a device's configuration as what its scripts are made
 * of.
 */
#ifndef DEVICE_DEVICE_SCRIPT_OF_H
#define DEVICE_DEVICE_SCRIPT_OF_H

#include "conf/campaign_conf.h"
#include "wire/device_script.h"

/* Borrows everything from the configuration. */
struct device_script device_script_of(
    const struct campaign_conf *conf, const struct device_entry *d);

#endif
