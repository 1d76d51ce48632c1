/* ending.h - how a device's run ended, in words and in its books. */
#ifndef DEVICE_ENDING_H
#define DEVICE_ENDING_H

#include "device/device_state.h"
#include "device/ledger.h"
#include "device/standing.h"

/* Rows for what goes on, the outcome, the sentence that explains it.
 * `may_be_on`: the capture, or its SNMP user; `untold`: what it means that the
 * agent may go on, NULL: it does not. */
void ending_write(struct ledger *l, const struct standing *s, bool may_be_on,
    const char *untold);

/* The window ended in this state before a capture was on: the device has not
 * done what was configured, and what went wrong last is the reason.  With its
 * row; `doing` says what it was at. */
void ending_never_captured(struct ledger *l, enum device_state at,
    const char *doing, struct fail *why);

#endif
