/* device_label.h - what people are told of which device: `branch 12
 * (192.0.2.30)`, or the address alone where it has no name.
 */
#ifndef CONF_DEVICE_LABEL_H
#define CONF_DEVICE_LABEL_H

#include "conf/campaign_conf.h"

#define DEVICE_LABEL_MAX 400

/* Cut to fit.  Returns `buf`. */
const char *device_label(
    const struct device_entry *d, char buf[DEVICE_LABEL_MAX]);

#endif
