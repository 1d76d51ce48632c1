/* shared_conf.h - what both programs' configurations have in common. */
#ifndef CONF_SHARED_CONF_H
#define CONF_SHARED_CONF_H

#include <stdbool.h>
#include <stdint.h>

/* Where a setting stands, for messages. */
struct conf_place {
	const char *file; /* NULL: a default */
	int line;         /* 0: the file as a whole */
};
#define CONF_LINE_OPTION (-1) /* `file` is an option of the command line */

/* The kinds of probes, and what people call them. */
enum verify_kind { VERIFY_ICMP, VERIFY_SNMP, VERIFY_TCP, VERIFY_KINDS };
#define VERIFY_KIND_NAMES             \
	{                             \
		"ICMP", "SNMP", "TCP" \
	}
const char *verify_kind_name(enum verify_kind k);

struct verify_section {
	bool on[VERIFY_KINDS];
	int count;
	int64_t interval, timeout;
	int tcp_port;
	int64_t heartbeat; /* ms between two; 0: off (the campaign's) */
};

/* The user and both keys that version 1.0.6 has in its source. */
#define OLD_SNMP_USER "CaptureScript"
#define OLD_SNMP_KEY  "Capture01!"

struct snmp_section {
	char *user;
	char *auth_password; /* NULL: verify.snmp is off */
	char *priv_password;
	int port;
};

#endif
