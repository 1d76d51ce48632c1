/* snmpd_rig.h - a real snmpd(8) with one SNMPv3 user, as the test's child. */
#ifndef UNIT_SNMPD_RIG_H
#define UNIT_SNMPD_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "unit.h"

#define SNMPD_USER "CheckUser"
#define SNMPD_AUTH "auth-password"
#define SNMPD_PRIV "priv-password"

struct snmpd_rig {
	char folder[UNIT_PATH_MAX]; /* its configuration and state */
	uint16_t port;              /* on every address of 127.0.0.0/8 */
	pid_t pid;
};

/* False, and a line says why, if there is no snmpd on this host.  It may take
 * a moment until it answers. */
bool snmpd_rig_open(struct snmpd_rig *d);
/* The same for one that has been started `boots` times with an engine ID that
 * all of these share, as cloned devices do. */
bool snmpd_rig_open_clone(struct snmpd_rig *d, int boots);
/* End it and start it again: the same engine with one boot more, or another
 * engine. */
void snmpd_rig_restart(struct snmpd_rig *d, bool same_engine);
void snmpd_rig_close(struct snmpd_rig *d);

#endif
