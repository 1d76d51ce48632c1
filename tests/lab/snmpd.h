/* snmpd.h - a real snmpd(8) beside the lab, for the devices' addresses. */
#ifndef LAB_SNMPD_H
#define LAB_SNMPD_H

#include "base/fail.h"
#include "loop/loop.h"
#include "scenario.h"

struct snmpd;

/* Start it with a configuration of its own in the state folder: one SNMPv3
 * user (SHA-1, AES-128), sysDescr.  `ready` runs once it listens.  NULL and
 * FAIL_LOCAL in `why` if there is no snmpd. */
typedef void snmpd_ready(void *arg);
struct snmpd *snmpd_start(struct loop *lp, const struct scenario *sc,
    snmpd_ready *ready, void *arg, struct fail *why);
/* End it and remove what it left.  NULL is accepted. */
void snmpd_stop(struct snmpd *s);

#endif
