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
#include "fault.h"

enum device_type { TYPE_MSBR, TYPE_GWSBC };
enum capture_kind { CAPTURE_SYNTHETIC, CAPTURE_TCPDUMP };
enum alarm_format { ALARM_106, ALARM_DOCUMENTED };

struct device_conf {
	char *name; /* as OVOC shows it; the address if not given */
	char *fqdn; /* the host name under which OVOC finds it, or NULL */
	struct addr address;
	struct addr ovoc_address; /* by which OVOC knows it */
	bool managed;             /* false: OVOC has never heard of it */
	int type;                 /* enum device_type */
	char *username;
	char *password;
	int64_t count; /* only while reading */
	int64_t rest_port;
	int64_t ssh_port;
	int64_t lose_after_ms;
	int64_t lose_times;  /* 0: never */
	int64_t lost_for_ms; /* 0: no word of its coming back */
	int capture;         /* enum capture_kind */
	char *interface;
	int64_t capture_size;
	char *remote_file; /* NULL: the type's usual one */
	int64_t max_sessions;
	int64_t lockout; /* 0: never */
	bool strict_users;
	struct faults faults;
};

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
