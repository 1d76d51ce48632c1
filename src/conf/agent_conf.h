/* agent_conf.h - the agent's configuration, checked and read-only.
 *
 * Made from libconfig files by conf_load.h; every key, its range and default
 * is in traffic-capture-agent.conf(5).  Durations are milliseconds, sizes
 * bytes.
 */
#ifndef CONF_AGENT_CONF_H
#define CONF_AGENT_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "conf/shared_conf.h"

struct agent_section {
	struct addr listen_address;
	int listen_port;
	char *interface;
	bool shared;    /* capture_with = "shared" */
	char *captures; /* folder, absolute */
	int64_t file_size;
	int files; /* ring */
	int snaplen;
	int64_t buffer;
	int64_t min_free;
	int max_captures;
	int64_t max_capture;
	int max_devices;
	int64_t settle;
	int64_t keep;
	int64_t keep_size;
	char *tcpdump; /* absolute path */
	struct prefix *allow;
	size_t n_allow;
	char *key;       /* what key_file holds; NULL: nothing is signed */
	bool until_idle; /* run = "until-idle" */
	int64_t idle_rule_age;
};

struct ovoc_section {
	char *url;  /* as written */
	char *host; /* its parts: a name, or an address without brackets */
	int port;
	char *username; /* NULL, as the password: only if !manage_rules */
	char *password;
	bool insecure;
	char *ca_file; /* "": the system's store */
	bool manage_rules;
	char *alarm_destination; /* "": where the REGISTER came from */
};

struct agent_conf {
	struct agent_section agent;
	struct ovoc_section ovoc;
	struct verify_section verify;
	struct snmp_section snmp;
	struct arena *values; /* what all of this points to is in it */
};

#endif
