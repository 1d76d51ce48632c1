/* outage.h - when a device loses its connection to OVOC, and what OVOC says.
 *
 * A device is lost `lose_after` after its capture became active and a rule
 * forwards its alarms, once each time, `lose_times` times.
 */
#ifndef LAB_OUTAGE_H
#define LAB_OUTAGE_H

#include "alarm_sender.h"
#include "device.h"
#include "ovoc.h"

struct outage;

struct outage *outage_new(struct loop *lp, struct device *d,
    const struct ovoc_conf *conf, struct ovoc *ovoc, struct alarm_sender *to);
/* The capture or the rules changed. */
void outage_review(struct outage *o);
/* Lose the connection at once, if the time for it is running. */
void outage_now(struct outage *o);
void outage_free(struct outage *o);

#endif
