/* campaign_conf.h - the campaign's configuration, checked and read-only.
 *
 * Made from libconfig files by conf_load.h; every key, its range and default
 * is in traffic-capture.conf(5).  Durations are milliseconds, sizes bytes,
 * names and paths text of the configuration's own.
 */
#ifndef CONF_CAMPAIGN_CONF_H
#define CONF_CAMPAIGN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "conf/inventory_section.h"
#include "conf/result_sections.h"
#include "conf/shard.h"
#include "conf/shared_conf.h"

struct campaign_section {
	char *name;
	char *note;
	char *output; /* absolute */
	struct addr listen_address;
	int listen_port;
	int register_attempts;
	int rest_attempts;
	int events_per_device;
	int64_t window;      /* 0: no end */
	char *until;         /* a time of the day instead; "": none */
	int64_t capture_for; /* 0: wait for alarms only */
	bool keep_quiet_captures, take_over;
	int64_t recheck; /* 0: off */
	bool save_config;
	int64_t min_free, max_file; /* of the latter 0: no limit */
	int64_t keep, keep_size; /* of finished runs; 0: for ever, no limit */
};

struct timeouts_section {
	int64_t connect, rest, sftp_stall, agent, repeat, retry_pause;
	int64_t register_pause, unreachable_pause, unreachable_limit;
	int64_t stop_grace;
};

struct limits_section {
	int rest, sftp, logins_per_second, requests_per_agent;
};

struct trigger_section {
	char *alarm;
	char *text;
	int64_t hold_down;
	int heartbeat_lost; /* silent ones in a row are an event; 0: never */
};

enum conf_tls { CONF_TLS_VERIFY, CONF_TLS_ACCEPT_NEW, CONF_TLS_INSECURE };
enum conf_tls_minimum { CONF_TLS_1_2, CONF_TLS_1_1, CONF_TLS_1_0 };

struct rest_section {
	int port;
	enum conf_tls tls;
	enum conf_tls_minimum tls_minimum;
	char *ca_file; /* "": the system's store */
};

enum conf_host_keys {
	CONF_HOST_KEYS_STRICT,
	CONF_HOST_KEYS_ACCEPT_NEW,
	CONF_HOST_KEYS_OFF
};

struct ssh_section {
	int port;
	enum conf_host_keys host_keys;
	char *known_hosts; /* a path: a relative name is in the output */
	bool narrow;       /* window = "narrow" */
};

struct compare_section {
	bool run;
	int at_once;
	int64_t timeout;
	int64_t before; /* an event, as far as the server's files go */
	int64_t memory; /* bytes, of one comparison */
};

/* How the files of an agent's server come here. */
struct agent_sftp {
	int port;
	char *username;    /* NULL: they do not */
	char *password;    /* either this */
	char *private_key; /* or this, in PEM form; the other is NULL */
	char *directory;
	char **host_keys;
	size_t n_host_keys;
};

struct agent_entry {
	char *address; /* as written: address or host name */
	int port;
	char *key; /* what key_file holds; NULL: nothing is signed */
	struct addr *sources;
	size_t n_sources;
	struct agent_sftp sftp;
};

struct device_type {
	char *name;
	char *family;      /* "data" or "voip" */
	char **interfaces; /* the default, when a device names none */
	size_t n_interfaces;
	char **allowed; /* every interface that a device may name */
	size_t n_allowed;
	char **remote_files;
	size_t n_remote_files;
};

struct device_entry {
	char *address; /* as written: this is what the device is called */
	char *name;    /* "" or a name for people */
	char *note;
	const struct device_type *type;
	char **interfaces;
	size_t n_interfaces;
	char *username;
	char *password;
	const struct agent_entry *agent;
	char *told; /* ovoc_address, or the address: what agents are told */
	int rest_port, ssh_port;
	enum conf_tls_minimum tls_minimum;
	char **tls_pins; /* of one of them it must be */
	size_t n_tls_pins;
	char **host_keys;
	size_t n_host_keys;
	bool skip; /* takes no part */
	struct conf_place place;
};

struct campaign_conf {
	struct campaign_section campaign;
	struct timeouts_section timeouts;
	struct limits_section limits;
	struct trigger_section trigger;
	struct verify_section verify;
	struct snmp_section snmp;
	struct rest_section rest;
	struct ssh_section ssh;
	struct compare_section compare;
	struct report_section report;
	struct inventory_section inventory;
	struct hooks_section hooks;
	char *metrics;               /* NULL: none */
	struct agent_entry **agents; /* also those that only devices name */
	size_t n_agents;
	struct device_type **types;
	size_t n_types;
	struct device_entry **devices;
	size_t n_devices;
	struct device_entry **skipped; /* that take no part: none of these */
	size_t n_skipped;
	struct shard shard;   /* these are its devices */
	bool partial;         /* some devices were left out of this run */
	struct arena *values; /* what all of this points to is in it */
};

#endif
