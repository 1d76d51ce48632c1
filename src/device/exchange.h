/* exchange.h - what is said to a device and what it answers, for the log.
 *
 * Debug lines, the SNMP keys and the device's password masked.
 */
#ifndef DEVICE_EXCHANGE_H
#define DEVICE_EXCHANGE_H

#include "device/reach.h"

/* It is about to be sent this: `what` it is, "script". */
void exchange_sent(const struct reach *r, const char *what, const char *text);
void exchange_answered(const struct reach *r, const struct rest_answer *a);

#endif
