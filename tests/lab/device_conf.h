/* device_conf.h - what a scenario says about one device. */
#ifndef LAB_DEVICE_CONF_H
#define LAB_DEVICE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "fault.h"

enum device_type { TYPE_MSBR, TYPE_GWSBC };
enum capture_kind { CAPTURE_SYNTHETIC, CAPTURE_TCPDUMP };

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
	int64_t clock; /* s ahead of this host's */
	int64_t capture_size;
	char *remote_file; /* NULL: the type's usual one */
	int64_t max_sessions;
	int64_t lockout; /* 0: never */
	bool strict_users;
	struct faults faults;
};

#endif
