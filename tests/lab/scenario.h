/* scenario.h - the scenario file: which OVOC, which devices, what goes wrong.
 *
 * Plain values, read once, not changed afterwards (but for the fault counters,
 * which each device copies).  traffic-capture-lab(8) documents every key.
 */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/str.h"
#include "device_conf.h"
#include "fault.h"

enum alarm_format { ALARM_106, ALARM_DOCUMENTED };

struct ovoc_conf {
	bool present;
	struct addr address;
	int64_t port;
	char *username;
	char *password;
	int alarm_format; /* enum alarm_format */
	bool syslog_header;
	char *alarm_name;
	char *lost_text;
	char *clear_text;
	struct addr forward_to; /* a ready-made rule for every device */
	int64_t forward_port;
	struct faults faults;
};

struct scenario {
	char *state;   /* folder for keys, certificates and captures */
	bool wildcard; /* listen on 0.0.0.0 and :: instead of each address */
	bool snmpd;
	int64_t snmp_port;
	char *snmp_user;
	char *snmp_auth_password;
	char *snmp_priv_password;
	char *snmp_description;
	char *snmp_community; /* NULL: only the user may ask */
	char *tcpdump;
	struct ovoc_conf ovoc;
	struct device_conf *devices;
	size_t n_devices;
};

/* More than this need `wildcard = true`: a listener each would be too many. */
#define SCENARIO_LISTENERS_MAX 64

/* Read a file; NULL and every problem, a line each, in `problems`.  `state`
 * replaces the file's, if not NULL. */
struct scenario *scenario_load(
    const char *path, const char *state, struct strbuf *problems);
/* The same for a text: the built-in demonstration. */
struct scenario *scenario_parse(
    const char *text, const char *state, struct strbuf *problems);
void scenario_free(struct scenario *sc);

#endif
