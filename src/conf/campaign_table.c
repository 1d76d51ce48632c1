/* campaign_table.c - one row a key of the campaign's configuration.
 *
 * Ranges are what makes sense on a network and on a disk; lower ends of times
 * are low enough for tests.  Pure data, read by campaign_conf.c.
 */
#include "conf/campaign_table.h"

#include <stdint.h>

#include "conf/conf_rows.h"
#include "conf/shared_rows.h"

#define ROW_STRUCT struct campaign_conf
#define TIME(k, lo, hi, dflt, text, ...)                                  \
	ROW(ROW_DURATION, "timeouts", #k, timeouts.k, lo, hi, dflt, text, \
	    __VA_ARGS__)
#define LIMIT(k, hi, dflt, text) \
	ROW(ROW_INT, "limits", #k, limits.k, 1, hi, dflt, text, .flags = 0)

#define CONF_PROGRAM_RULE "an absolute name, or \"\""

static const struct conf_row campaign_rows[] = {
    ROW(ROW_TEXT, "campaign", "name", campaign.name, 1, 64, "campaign",
	"The campaign's name; one campaign of a name runs at a time.",
	.valid = conf_is_campaign_name,
	.allowed = "1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or a "
		   "digit, and not \"latest\""),
    ROW(ROW_TEXT, "campaign", "note", campaign.note, 0, 1024, "",
	"Free text for the reports.", .flags = 0),
    ROW(ROW_TEXT, "campaign", "output", campaign.output, 1, 1024,
	CAMPAIGN_OUTPUT, "Folder of everything a run leaves behind.",
	.flags = 0),
    ROW(ROW_ADDRESS, "campaign", "listen_address", campaign.listen_address, 0,
	0, "0.0.0.0",
	"Address that agents and OVOC servers send to; \"::\" takes IPv6 and "
	"IPv4.",
	.allowed = "a numeric address"),
    ROW_OF_PORT("campaign", "listen_port", campaign.listen_port, 1025, "20001",
	"UDP port that agents and OVOC servers send to."),
    ROW(ROW_INT, "campaign", "register_attempts", campaign.register_attempts, 0,
	25, "0",
	"REGISTER attempts before a device is given up; 0: until "
	"timeouts.unreachable_limit.",
	.flags = 0),
    ROW(ROW_INT, "campaign", "rest_attempts", campaign.rest_attempts, 1, 100,
	"10", "Attempts of a REST request or an SFTP transfer.", .flags = 0),
    ROW(ROW_INT, "campaign", "events_per_device", campaign.events_per_device, 1,
	50, "1", "Events after which a device is done.", .flags = 0),
    ROW(ROW_DURATION, "campaign", "window", campaign.window, CONF_SECOND,
	366 * CONF_DAY, "8h",
	"Longest wait for alarms, from the campaign's start; 0: no end.",
	.flags = ROW_ZERO),
    ROW(ROW_TEXT, "campaign", "until", campaign.until, 0, 5, "",
	"When waiting for alarms ends, local time, instead of the window: the "
	"next \"06:00\" behind the start; \"\": the window counts.",
	.valid = conf_is_day_time,
	.allowed = "\"00:00\" to \"23:59\", or \"\""),
    ROW(ROW_DURATION, "campaign", "capture_for", campaign.capture_for,
	CONF_SECOND, 366 * CONF_DAY, "0",
	"Timed capture: an event after this time without an alarm; must be "
	"shorter than the window; 0: wait for alarms only.",
	.flags = ROW_ZERO),
    ROW_OF_BOOL("campaign", "keep_quiet_captures", campaign.keep_quiet_captures,
	"false", "Fetch the captures of devices that saw no alarm, too."),
    ROW_OF_BOOL("campaign", "take_over", campaign.take_over, "false",
	"End a capture that somebody else runs on the device."),
    ROW(ROW_DURATION, "campaign", "recheck", campaign.recheck, 100,
	7 * CONF_DAY, "15m",
	"How often to look whether the capture still runs; 0: never.",
	.flags = ROW_ZERO),
    ROW_OF_BOOL("campaign", "save_config", campaign.save_config, "false",
	"Let the scripts say \"write\": the SNMP user survives a reboot."),
    ROW(ROW_SIZE, "campaign", "min_free", campaign.min_free, 0, CONF_PETA, "1G",
	"Free space that the output's disk must keep, also while a file comes.",
	.flags = 0),
    ROW(ROW_SIZE, "campaign", "max_file", campaign.max_file, 1000, CONF_PETA,
	"1G",
	"How long the capture of one device may be; a longer one stays on the "
	"device; 0: no limit.",
	.flags = ROW_ZERO),
    ROW(ROW_DURATION, "campaign", "keep", campaign.keep, CONF_HOUR,
	3660 * CONF_DAY, "90d",
	"How long finished runs are kept, with their captures; 0: for ever.",
	.flags = ROW_ZERO),
    ROW(ROW_SIZE, "campaign", "keep_size", campaign.keep_size, CONF_MEGA,
	CONF_PETA, "0",
	"How much of them is kept, the newest first; 0: no limit.",
	.flags = ROW_ZERO),
};

static const struct conf_row timeouts_rows[] = {
    TIME(connect, 100, 5 * CONF_MINUTE, "5s",
	"For TCP and TLS to stand; an SSH login may take 4 times it.",
	.flags = 0),
    TIME(rest, 100, 10 * CONF_MINUTE, "15s", "For a whole REST request.",
	.flags = 0),
    TIME(sftp_stall, 100, CONF_HOUR, "30s",
	"Less than 1 KiB/s for this long is a stall.", .flags = 0),
    TIME(agent, 100, CONF_HOUR, "60s", "For an agent's final answer.",
	.flags = 0),
    TIME(repeat, 10, CONF_MINUTE, "500ms",
	"To the first repetition of a request to an agent.", .flags = 0),
    TIME(retry_pause, 10, 10 * CONF_MINUTE, "1s",
	"Before the second attempt; doubles up to 30 s.", .flags = 0),
    TIME(register_pause, 10, CONF_HOUR, "30s",
	"Between attempts to register a device with its agent.", .flags = 0),
    TIME(unreachable_pause, 10, CONF_HOUR, "30s",
	"Between attempts to reach an unreachable device.", .flags = 0),
    TIME(unreachable_limit, 100, 30 * CONF_DAY, "2h",
	"When an unreachable device, or one that its agent does not register, is "
	"given up; 0: at once.",
	.flags = ROW_ZERO),
    TIME(stop_grace, 100, CONF_HOUR, "60s",
	"For stopping and fetching after SIGTERM or SIGINT; 0: none.",
	.flags = ROW_ZERO),
};

static const struct conf_row limits_rows[] = {
    LIMIT(rest, 10000, "64", "REST requests at the same time."),
    LIMIT(sftp, 1000, "32", "SFTP transfers at the same time."),
    LIMIT(logins_per_second, 100000, "1000",
	"New sessions a second, half of them by SSH at most; fewer where a "
	"RADIUS or TACACS+ server is asked for each."),
    LIMIT(requests_per_agent, 10000, "64",
	"Requests that one agent has not answered at all."),
};

static const struct conf_row trigger_rows[] = {
    ROW(ROW_TEXT, "trigger", "alarm", trigger.alarm, 1, 128, "Connection Alarm",
	"Name of the alarm, in any case.", .valid = conf_is_alarm_name,
	.allowed = "text of 1 to 128 bytes without a comma"),
    ROW(ROW_TEXT, "trigger", "text", trigger.text, 1, 256, "Connection Lost",
	"Its text when the connection is lost, in any case.", .flags = 0),
    ROW(ROW_DURATION, "trigger", "hold_down", trigger.hold_down, 10, CONF_HOUR,
	"0s",
	"Wait before acting on an alarm; a clear in that time cancels it.",
	.flags = ROW_ZERO),
    ROW(ROW_INT, "trigger", "heartbeat_lost", trigger.heartbeat_lost, 0, 100,
	"0",
	"So many silent heartbeats in a row are an event like an alarm; 0: "
	"never.",
	.flags = 0),
};

static const struct conf_row verify_rows[] = {
    CONF_VERIFY_ROWS,
    ROW(ROW_DURATION, "verify", "heartbeat", verify.heartbeat, 1000, CONF_HOUR,
	"0s",
	"A light probe of each kind so often while a device waits; 0: none.",
	.flags = ROW_ZERO),
};

static const struct conf_row snmp_rows[] = {
    CONF_SNMP_ROWS,
};

#define TLS_WORDS "1.2|1.1|1.0"

static const struct conf_row rest_rows[] = {
    ROW_OF_PORT("rest", "port", rest.port, 1, "443",
	"HTTPS port of devices that name none."),
    ROW_OF_WORDS(ROW_CHOICE, "rest", "tls", rest.tls,
	"verify|accept-new|insecure", "verify",
	"Certificates of devices without a tls_pin are checked, the key of the "
	"first is kept and insisted on, or nothing is checked."),
    ROW_OF_WORDS(ROW_CHOICE, "rest", "tls_minimum", rest.tls_minimum, TLS_WORDS,
	"1.2",
	"The oldest TLS that devices may speak; below 1.2 also weak keys, "
	"SHA-1 and no secure renegotiation."),
    ROW(ROW_PATH, "rest", "ca_file", rest.ca_file, 0, 1024, "",
	"Certificates (PEM) that devices are checked against, relative to "
	"the configuration file; \"\": the system's.",
	.allowed = "the name of a readable file, or \"\""),
};

static const struct conf_row ssh_rows[] = {
    ROW_OF_PORT("ssh", "port", ssh.port, 1, "22",
	"SSH port of devices that name none."),
    ROW_OF_WORDS(ROW_CHOICE, "ssh", "host_keys", ssh.host_keys,
	"strict|accept-new|off", "accept-new",
	"Host keys must be known, the first is recorded, or nothing is "
	"checked."),
    ROW(ROW_TEXT, "ssh", "known_hosts", ssh.known_hosts, 1, 1024, "known_hosts",
	"File of known host keys; a relative name is in campaign.output as the "
	"configuration has it, whatever -o says.",
	.flags = 0),
    ROW_OF_WORDS(ROW_SWITCH, "ssh", "window", ssh.narrow, "auto|narrow", "auto",
	"SFTP reads ahead until it breaks, or one READ at a time from the "
	"start."),
};

static const struct conf_row compare_rows[] = {
    ROW_OF_BOOL("compare", "run", compare.run, "true",
	"Compare both ends' captures of each event that has them."),
    ROW(ROW_INT, "compare", "at_once", compare.at_once, 1, 64, "2",
	"Comparisons at the same time.", .flags = 0),
    ROW(ROW_DURATION, "compare", "timeout", compare.timeout, CONF_SECOND,
	CONF_HOUR, "60s", "For one comparison.", .flags = 0),
    ROW(ROW_DURATION, "compare", "before", compare.before, CONF_SECOND,
	CONF_DAY, "15m",
	"The server's files that hold packets from this long before an event "
	"on are fetched.",
	.flags = ROW_ZERO),
    ROW(ROW_SIZE, "compare", "memory", compare.memory, 64 * CONF_MEGA,
	1000 * CONF_GIGA, "1G", "What one comparison may use.", .flags = 0),
};

static const struct conf_row report_rows[] = {
    ROW_OF_BOOL("report", "csv_mark", report.csv_mark, "false",
	"Begin report.csv with a byte order mark, by which Excel knows that it "
	"is UTF-8."),
};

static const struct conf_row hooks_rows[] = {
    ROW(ROW_TEXT, "hooks", "on_event", hooks.on_event, 1, 1024, "",
	"A program that is run for each event, once its captures are compared; "
	"\"\": none.",
	.flags = ROW_NONE, .valid = conf_is_absolute,
	.allowed = CONF_PROGRAM_RULE),
    ROW(ROW_TEXT, "hooks", "on_finish", hooks.on_finish, 1, 1024, "",
	"A program that is run once the reports are written; \"\": none.",
	.flags = ROW_NONE, .valid = conf_is_absolute,
	.allowed = CONF_PROGRAM_RULE),
    ROW(ROW_DURATION, "hooks", "timeout", hooks.timeout, 100, CONF_HOUR, "60s",
	"After which such a program is killed.", .flags = 0),
};

#undef ROW_STRUCT
#define ROW_STRUCT struct agent_entry

/* Both units of a pair, before and after a renewal, and some to spare. */
#define PINS_MAX 8

static const struct conf_row agents_rows[] = {
    ROW(ROW_TEXT, "agents", "address", address, 1, 253, NULL,
	"Where the agent runs; entries of one address are merged.",
	.flags = ROW_REQUIRED, .valid = conf_is_host,
	.allowed = CONF_HOST_RULE),
    ROW_OF_PORT("agents", "port", port, 1, "20001", "Its UDP port."),
    ROW(ROW_SECRET_FILE, "agents", "key_file", key, 16, 1024, "",
	"The file that holds the key which messages to and from it are "
	"signed with; \"\": they are not signed.",
	.flags = ROW_NONE, .allowed = CONF_KEY_FILE_RULE),
    ROW(ROW_ADDRESSES, "agents", "sources", sources, 0, 64, NULL,
	"Other addresses that its answers and alarms may come from.",
	.count_offset = offsetof(struct agent_entry, n_sources),
	.valid = conf_is_address, .allowed = "numeric addresses"),
    ROW_OF_PORT("agents", "sftp.port", sftp.port, 1, "22",
	"SSH port of the agent's server."),
    ROW(ROW_TEXT, "agents", "sftp.username", sftp.username, 1, 64, NULL,
	"Account on it that may read the agent's captures.",
	.flags = ROW_REQUIRED),
    ROW(ROW_SECRET_FILE, "agents", "sftp.password_file", sftp.password, 1, 256,
	"", "The file that holds its password; \"\": it has a private key.",
	.flags = ROW_NONE,
	.allowed = CONF_FILE_RULE(CONF_PASSWORD_RULE) ", or \"\""),
    ROW(ROW_KEY_FILE, "agents", "sftp.private_key_file", sftp.private_key, 1, 0,
	"",
	"The file that holds its SSH private key, without a passphrase; \"\": "
	"it has a password.",
	.flags = ROW_NONE,
	.allowed = CONF_FILE_RULE("a private key in PEM form") ", or \"\""),
    ROW(ROW_TEXT, "agents", "sftp.directory", sftp.directory, 1, 1024,
	"/var/lib/traffic-capture-agent",
	"The agent's folder of captures, as that account sees it.",
	.valid = conf_is_absolute, .allowed = "an absolute name"),
    ROW(ROW_TEXTS, "agents", "sftp.host_key", sftp.host_keys, 1, PINS_MAX, NULL,
	"SHA-256 of the server's SSH host key, as ssh-keygen -l prints it; "
	"replaces known_hosts.",
	.count_offset = offsetof(struct agent_entry, sftp.n_host_keys),
	.flags = ROW_NONE | ROW_LONE, .valid = conf_is_host_key,
	.allowed = "\"SHA256:\" and 43 characters of base64"),
};

#undef ROW_STRUCT
#define ROW_STRUCT struct device_record

/* A file's name has 255 bytes (NAME_MAX); the longest that has a device in it
 * is CAMPAIGN_device_<device>_<time>.json.part. */
#define DEVICE_MAX  201
#define DEVICE_RULE CONF_HOST_RULE " of at most 201 bytes"

/* What devices, groups and defaults may say alike. */
#define TYPE_RULE "\"msbr\", \"gwsbc\" or a name in device_types"
#define DEVICE_ROWS(s, flag)                                                   \
	ROW(ROW_TEXT, s, "note", d.note, 0, 1024, "",                          \
	    "Free text for the reports.", .flags = 0),                         \
	    ROW(ROW_TEXT, s, "type", type, 1, 64, NULL,                        \
		"The device's type: \"msbr\", \"gwsbc\" or one's own.",        \
		.flags = (flag), .valid = conf_is_type_name,                   \
		.allowed = TYPE_RULE),                                         \
	    ROW(ROW_TEXT, s, "username", d.username, 1, 64, NULL,              \
		"Account for REST and SSH.", .flags = (flag),                  \
		.valid = conf_is_username,                                     \
		.allowed = "text of 1 to 64 bytes without ':' and control "    \
			   "characters"),                                      \
	    ROW(ROW_SECRET, s, "password", d.password, 1, 256, NULL,           \
		"Its password.", .allowed = CONF_PASSWORD_RULE),               \
	    ROW(ROW_SECRET_FILE, s, "password_file", d.password, 1, 256, NULL, \
		"The file that holds the password.", .flags = (flag),          \
		.allowed = CONF_FILE_RULE(CONF_PASSWORD_RULE)),                \
	    ROW(ROW_TEXT, s, "agent", agent, 1, 253, NULL,                     \
		"Address of the agent on the device's OVOC server.",           \
		.flags = (flag), .valid = conf_is_host,                        \
		.allowed = CONF_HOST_RULE),                                    \
	    ROW(ROW_TEXTS, s, "interfaces", d.interfaces, 1, 7, NULL,          \
		"What to capture on; without it, what the type has by "        \
		"default.",                                                    \
		.count_offset =                                                \
		    offsetof(struct device_record, d.n_interfaces),            \
		.allowed = "interfaces that the type has"),                    \
	    ROW(ROW_TEXT, s, "ovoc_address", d.told, 1, DEVICE_MAX, NULL,      \
		"The address by which OVOC knows the device, where that is "   \
		"another.",                                                    \
		.flags = ROW_NONE, .valid = conf_is_host,                      \
		.allowed = DEVICE_RULE),                                       \
	    ROW_OF_BOOL(s, "skip", d.skip, "false",                            \
		"It takes no part for now (maintenance), and is reported as "  \
		"skipped."),                                                   \
	    ROW_OF_PORT(s, "rest_port", d.rest_port, 1, NULL,                  \
		"HTTPS port; without it, rest.port."),                         \
	    ROW_OF_WORDS(ROW_CHOICE, s, "tls_minimum", d.tls_minimum,          \
		TLS_WORDS, NULL,                                               \
		"The oldest TLS it may speak; without it, "                    \
		"rest.tls_minimum."),                                          \
	    ROW_OF_PORT(s, "ssh_port", d.ssh_port, 1, NULL,                    \
		"SSH port; without it, ssh.port."),                            \
	    ROW(ROW_TEXTS, s, "tls_pin", d.tls_pins, 1, PINS_MAX, NULL,        \
		"SHA-256 of the certificate's public key; replaces the check " \
		"of the certificate.",                                         \
		.count_offset = offsetof(struct device_record, d.n_tls_pins),  \
		.flags = ROW_NONE | ROW_LONE, .valid = conf_is_tls_pin,        \
		.allowed = "\"sha256//\" and 44 characters of base64"),        \
	    ROW(ROW_TEXTS, s, "host_key", d.host_keys, 1, PINS_MAX, NULL,      \
		"SHA-256 of the SSH host key, as ssh-keygen -l prints it; "    \
		"replaces known_hosts.",                                       \
		.count_offset = offsetof(struct device_record, d.n_host_keys), \
		.flags = ROW_NONE | ROW_LONE, .valid = conf_is_host_key,       \
		.allowed = "\"SHA256:\" and 43 characters of base64")
#define GROUP_ROW(s, text)                                                     \
	ROW(ROW_TEXT, s, "group", group, 1, 64, NULL, text, .flags = ROW_NONE, \
	    .allowed = "a name in groups")

static const struct conf_row defaults_rows[] = {
    DEVICE_ROWS("defaults", 0),
    GROUP_ROW("defaults", "The group of devices that name none."),
};

static const struct conf_row groups_rows[] = {
    ROW(ROW_TEXT, "groups", "name", d.name, 1, 64, NULL,
	"The group's name, by which devices name it.",
	.flags = ROW_REQUIRED | ROW_OWN),
    DEVICE_ROWS("groups", 0),
};

static const struct conf_row devices_rows[] = {
    ROW(ROW_TEXT, "devices", "address", d.address, 1, DEVICE_MAX, NULL,
	"What the device is reached by, and called.", .flags = ROW_REQUIRED,
	.valid = conf_is_host, .allowed = DEVICE_RULE),
    ROW(ROW_TEXT, "devices", "name", d.name, 0, 64, "", "A name for people.",
	.flags = 0),
    GROUP_ROW(
	"devices", "The group that says what the device does not say itself."),
    DEVICE_ROWS("devices", ROW_REQUIRED),
};

#undef ROW_STRUCT
#define ROW_STRUCT struct type_record

static const struct conf_row device_types_rows[] = {
    ROW(ROW_TEXT, "device_types", "name", t.name, 1, 64, NULL,
	"The type's name.", .flags = ROW_REQUIRED, .valid = conf_is_type_name,
	.allowed = "1 to 64 of a-z 0-9 . _ -, the first a letter or a digit"),
    ROW(ROW_CHOICE, "device_types", "base", base, 0, 0, NULL,
	"The built-in type that it is like.", .flags = ROW_REQUIRED,
	.words = "msbr|gwsbc"),
    ROW(ROW_TEXTS, "device_types", "interfaces", t.interfaces, 1, 7, NULL,
	"What devices of the type capture on that name no interfaces.",
	.count_offset = offsetof(struct type_record, t.n_interfaces),
	.allowed = "interfaces that the base has"),
    ROW(ROW_TEXTS, "device_types", "remote_files", t.remote_files, 1, 8, NULL,
	"Where the device keeps the capture; the newest of them is fetched.",
	.count_offset = offsetof(struct type_record, t.n_remote_files),
	.valid = conf_is_absolute, .allowed = "absolute file names"),
};

#undef ROW_STRUCT
#define ROW_STRUCT struct campaign_conf

/* The first of them are printed and can be set; what devices come from is
 * neither, as they stand in their list. */
#define N_TOP_SETTINGS 1
static const struct conf_row top_rows[] = {
    ROW(ROW_TEXT, "", "metrics", metrics, 1, 1024, "",
	"File of numbers for node_exporter's textfile collector; \"\": none.",
	.flags = ROW_NONE, .valid = conf_is_metrics_file,
	.allowed = "an absolute name that ends in .prom, or \"\""),
    ROW(ROW_TEXTS, "", "devices_csv", inventory.files, 1, 64, NULL,
	"Files of devices, a row each, beside the list devices.",
	.count_offset = offsetof(struct campaign_conf, inventory.n_files),
	.flags = ROW_NONE | ROW_LONE | ROW_LONG,
	.allowed = "the name of a file of comma-separated values"),
    ROW(ROW_TEXTS, "", "devices_command", inventory.program, 1, 32, NULL,
	"A program that prints devices as such a file has them, and its words.",
	.count_offset = offsetof(struct campaign_conf, inventory.n_program),
	.flags = ROW_NONE | ROW_LONE | ROW_LONG,
	.allowed = "the path of a program, and words for it"),
};
const struct conf_section campaign_top = {
    "", false, top_rows, sizeof(top_rows) / sizeof(top_rows[0])};
const struct conf_section campaign_top_settings = {
    "", false, top_rows, N_TOP_SETTINGS};

/* The table in conf_row.h's terms. */
#define SECTION(s, is_list)                                                   \
	{                                                                     \
#s, is_list, s##_rows, sizeof(s##_rows) / sizeof(s##_rows[0]) \
	}

const struct conf_section campaign_sections[] = {
    SECTION(campaign, false),
    SECTION(timeouts, false),
    SECTION(limits, false),
    SECTION(trigger, false),
    SECTION(verify, false),
    SECTION(snmp, false),
    SECTION(rest, false),
    SECTION(ssh, false),
    SECTION(compare, false),
    SECTION(report, false),
    SECTION(hooks, false),
    SECTION(agents, true),
    SECTION(defaults, false),
    SECTION(groups, true),
    SECTION(device_types, true),
    SECTION(devices, true),
};
const size_t n_campaign_sections =
    sizeof(campaign_sections) / sizeof(campaign_sections[0]);
