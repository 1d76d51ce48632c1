/* agent_conf.c - the agent's table, its load, its print and its end.
 *
 * Called by the agent's main(); what a value means is in agent_conf.h.
 */
#include "conf/agent_conf.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/xmem.h"
#include "conf/agent_sections.h"
#include "conf/campaign_table.h"
#include "conf/conf_common.h"
#include "conf/conf_input.h"
#include "conf/conf_load.h"
#include "conf/conf_print.h"
#include "conf/conf_rows.h"
#include "conf/conf_say.h"
#include "conf/shared_rows.h"

enum { HTTPS_PORT = 443 };

/* "https://host[:port][/]" to its parts; `host` may be NULL. */
static bool
url_split(const char *url, char **host, int *port)
{
	static const char scheme[] = "https://";
	const char *from = url + strlen(scheme), *end;
	int64_t number = HTTPS_PORT;
	bool v6, good;
	char *name, *rest;

	if (!str_starts(url, scheme))
		return false;
	v6 = *from == '[';
	from += v6;
	end = from + strcspn(from, v6 ? "]" : ":/");
	if (v6 && *end != ']')
		return false;
	name = xstrndup(from, (size_t)(end - from));
	rest = xstrdup(end + v6);
	if (rest[0] != '\0' && rest[strlen(rest) - 1] == '/')
		rest[strlen(rest) - 1] = '\0';
	good = v6 ? strchr(name, ':') != NULL && conf_is_address(name)
		  : conf_is_host(name);
	if (rest[0] != '\0')
		good = good && rest[0] == ':' &&
		       str_to_int64(rest + 1, 1, 65535, &number);
	free(rest);
	if (good && host != NULL) {
		*host = name;
		*port = (int)number;
		return true;
	}
	free(name);
	return good;
}

static bool
is_ovoc_url(const char *s)
{
	return url_split(s, NULL, NULL);
}

#define ROW_STRUCT struct agent_conf

static const struct conf_row agent_rows[] = {
    ROW(ROW_ADDRESS, "agent", "listen_address", agent.listen_address, 0, 0,
	"0.0.0.0",
	"Address that campaigns send to; \"::\" takes IPv6 and IPv4.",
	.allowed = "a numeric address"),
    ROW_OF_PORT("agent", "listen_port", agent.listen_port, 1025, "20001",
	"UDP port that campaigns send to."),
    ROW(ROW_TEXT, "agent", "interface", agent.interface, 1, 15, NULL,
	"Network interface that is captured on, or \"any\".",
	.flags = ROW_REQUIRED, .valid = conf_is_net_interface,
	.allowed = "the name of a network interface, or \"any\""),
    ROW_OF_WORDS(ROW_SWITCH, "agent", "capture_with", agent.shared,
	"tcpdump|shared", "shared",
	"What captures: \"shared\", one program for all devices, or "
	"\"tcpdump\", a tcpdump for each of them."),
    ROW(ROW_TEXT, "agent", "captures", agent.captures, 1, 1024,
	"/var/lib/traffic-capture-agent", "Folder of the captures.",
	.flags = 0),
    ROW(ROW_SIZE, "agent", "file_size", agent.file_size, CONF_MEGA,
	100 * CONF_GIGA, "10M",
	"Size of one file of a capture's ring, rounded up to whole millions.",
	.flags = 0),
    ROW(ROW_INT, "agent", "files", agent.files, 2, 1000, "10",
	"Files in the ring.", .flags = 0),
    ROW(ROW_INT, "agent", "snaplen", agent.snaplen, 0, 262144, "0",
	"Bytes kept of each packet; 0: all.", .flags = 0),
    ROW(ROW_SIZE, "agent", "buffer", agent.buffer, 64000, CONF_GIGA, "2M",
	"A tcpdump's buffer in the kernel; \"shared\" has 16 times as much for "
	"all devices, 1 GB at most.",
	.flags = 0),
    ROW(ROW_SIZE, "agent", "min_free", agent.min_free, 0, CONF_PETA, "1G",
	"Free space that the captures' disk must keep.", .flags = 0),
    ROW(ROW_INT, "agent", "max_captures", agent.max_captures, 1, 10000, "2000",
	"Captures at the same time.", .flags = 0),
    ROW(ROW_DURATION, "agent", "max_capture", agent.max_capture, CONF_SECOND,
	366 * CONF_DAY, "26h",
	"A capture that nobody renews for this long is stopped.", .flags = 0),
    ROW(ROW_INT, "agent", "max_devices", agent.max_devices, 1, 20000, "10000",
	"Devices that are registered at the same time.", .flags = 0),
    ROW(ROW_DURATION, "agent", "settle", agent.settle, 100, CONF_MINUTE,
	"1200ms",
	"How long packets may be under way: tcpdump runs on so long after a "
	"STOP (\"shared\" needs less), and the ring is protected again so long "
	"after a VERIFY.",
	.flags = ROW_ZERO),
    ROW(ROW_DURATION, "agent", "keep", agent.keep, CONF_SECOND, 3660 * CONF_DAY,
	"14d", "How long captures are kept.", .flags = 0),
    ROW(ROW_SIZE, "agent", "keep_size", agent.keep_size, CONF_MEGA, CONF_PETA,
	"20G", "How much of them is kept.", .flags = 0),
    ROW(ROW_TEXT, "agent", "tcpdump", agent.tcpdump, 2, 1024,
	"/usr/bin/tcpdump", "The program, for capture_with = \"tcpdump\".",
	.valid = conf_is_absolute, .allowed = "an absolute file name"),
    ROW(ROW_PREFIXES, "agent", "allow", agent.allow, 1, 1000, NULL,
	"Campaign hosts that are listened to.", .flags = ROW_REQUIRED,
	.count_offset = offsetof(struct agent_conf, agent.n_allow),
	.valid = conf_is_prefix,
	.allowed = "addresses and prefixes like \"192.0.2.0/24\""),
    ROW(ROW_SECRET_FILE, "agent", "key_file", agent.key, 16, 1024, "",
	"The file that holds the key which messages from and to campaigns are "
	"signed with; \"\": they are not signed.",
	.flags = ROW_NONE, .allowed = CONF_KEY_FILE_RULE),
    ROW_OF_WORDS(ROW_SWITCH, "agent", "run", agent.until_idle,
	"forever|until-idle", "forever",
	"Whether the agent ends 10 minutes after the last request, if there "
	"was a capture and none runs."),
    ROW(ROW_DURATION, "agent", "idle_rule_age", agent.idle_rule_age, 100,
	30 * CONF_DAY, "2h",
	"A forwarding rule goes this long after the device's last capture.",
	.flags = 0),
};

static const struct conf_row ovoc_rows[] = {
    ROW(ROW_TEXT, "ovoc", "url", ovoc.url, 1, 512, "https://127.0.0.1",
	"OVOC's REST API.", .valid = is_ovoc_url,
	.allowed = "\"https://\", a host name or an address ([IPv6] in "
		   "brackets), and perhaps a port"),
    ROW(ROW_TEXT, "ovoc", "username", ovoc.username, 1, 64, NULL,
	"Account with at least Operator level; needed for manage_rules.",
	.valid = conf_is_username,
	.allowed = "text of 1 to 64 bytes without ':' and control "
		   "characters"),
    ROW(ROW_SECRET, "ovoc", "password", ovoc.password, 1, 256, NULL,
	"Its password.", .allowed = CONF_PASSWORD_RULE),
    ROW(ROW_SECRET_FILE, "ovoc", "password_file", ovoc.password, 1, 256, NULL,
	"The file that holds the password.",
	.allowed = CONF_FILE_RULE(CONF_PASSWORD_RULE)),
    ROW_OF_WORDS(ROW_SWITCH, "ovoc", "tls", ovoc.insecure, "verify|insecure",
	"verify", "Whether OVOC's certificate is checked."),
    ROW(ROW_PATH, "ovoc", "ca_file", ovoc.ca_file, 0, 1024, "",
	"Certificates (PEM) that it is checked against, relative to the "
	"configuration file; \"\": the system's.",
	.allowed = "the name of a readable file, or \"\""),
    ROW_OF_BOOL("ovoc", "manage_rules", ovoc.manage_rules, "true",
	"Make and delete the alarm forwarding rules in OVOC; false: somebody "
	"else has made them."),
    ROW(ROW_TEXT, "ovoc", "alarm_destination", ovoc.alarm_destination, 0, 64,
	"", "Where OVOC sends the alarms; \"\": where the REGISTER came from.",
	.valid = conf_is_address_or_empty,
	.allowed = "a numeric address, or \"\""),
};

static const struct conf_row verify_rows[] = {CONF_VERIFY_ROWS};
static const struct conf_row snmp_rows[] = {CONF_SNMP_ROWS};

#define SECTION(s)                                                          \
	{                                                                   \
#s, false, s##_rows, sizeof(s##_rows) / sizeof(s##_rows[0]) \
	}

const struct conf_section agent_sections[] = {
    SECTION(agent), SECTION(ovoc), SECTION(verify), SECTION(snmp)};

enum { N_SECTIONS = sizeof(agent_sections) / sizeof(agent_sections[0]) };
const size_t n_agent_sections = N_SECTIONS;

static void
list_interfaces(struct strbuf *to)
{
	struct if_nameindex *all = if_nameindex();

	for (size_t i = 0; all != NULL && all[i].if_index != 0; i++)
		strbuf_addf(to, " %s", all[i].if_name);
	if (all != NULL)
		if_freenameindex(all);
}

/* It may come up later, so this is no error. */
static void
check_interface(struct conf_input *in, const struct agent_conf *c)
{
	const struct conf_group *g = conf_input_section(in, "agent");
	const char *name = c->agent.interface;
	struct strbuf there = STRBUF_INIT;

	if (name == NULL || strcmp(name, "any") == 0 ||
	    if_nametoindex(name) != 0)
		return;
	list_interfaces(&there);
	conf_warning(in->m, conf_group_place(g, "interface"), "agent.interface",
	    "this host has no interface \"%s\" now; no capture can begin "
	    "before it has (there are:%s)",
	    name, strbuf_text(&there));
	strbuf_free(&there);
}

/* Anybody could have anything captured. */
static void
check_allow(struct conf_input *in, const struct agent_conf *c)
{
	const struct conf_group *g = conf_input_section(in, "agent");

	for (size_t i = 0; i < c->agent.n_allow; i++) {
		if (c->agent.allow[i].bits == 0 && c->agent.key == NULL)
			conf_warning(in->m, conf_group_place(g, "allow"),
			    "agent.allow",
			    "everybody is listened to, and no agent.key_file "
			    "is set: name the campaign hosts, or set one");
	}
}

static void
check_ovoc(struct conf_input *in, const struct agent_conf *c)
{
	const struct conf_group *g = conf_input_section(in, "ovoc");
	bool has_password = conf_group_find(g, "password") != NULL ||
			    conf_group_find(g, "password_file") != NULL;
	bool needed = c->ovoc.manage_rules && !g->incomplete;
	struct conf_place at = conf_input_missing(in, g);

	if (needed && conf_group_find(g, "username") == NULL)
		conf_error(in->m, &at, "ovoc.username",
		    "is missing; give OVOC's account, or set "
		    "ovoc.manage_rules = false");
	if (needed && !has_password)
		conf_error(in->m, &at, "ovoc.password_file",
		    "is missing; give the password of OVOC's account, or set "
		    "ovoc.manage_rules = false");
	if (c->ovoc.insecure)
		conf_warning(in->m, conf_group_place(g, "tls"), "ovoc.tls",
		    "\"insecure\": whoever is between here and OVOC can read "
		    "the account's password; use ca_file");
}

struct agent_conf *
agent_conf_load(const struct conf_sources *from, struct conf_messages *m)
{
	struct agent_conf *c = xcalloc(1, sizeof(*c));
	struct arena *values = arena_new(ARENA_KEPT);
	unsigned before = m->n_errors;
	const struct conf_program program = {.sections = agent_sections,
	    .n_sections = N_SECTIONS,
	    .others = campaign_sections,
	    .n_others = n_campaign_sections,
	    .other =
		"a campaign's configuration, for traffic-capture; "
		"allowed is the agent's, see traffic-capture-agent.conf(5)"};
	struct conf_input in;

	c->values = values;
	conf_input_read(&in, &program, from, values, m);
	for (size_t i = 0; i < N_SECTIONS; i++)
		conf_group_store(in.groups[i].v[0], c, m);
	c->agent.captures = conf_absolute(values, c->agent.captures);
	if (c->ovoc.url != NULL)
		url_split(c->ovoc.url, &c->ovoc.host, &c->ovoc.port);
	c->ovoc.host = arena_take(values, c->ovoc.host);
	check_interface(&in, c);
	check_allow(&in, c);
	check_ovoc(&in, c);
	conf_check_snmp(&in, c->verify.on[VERIFY_SNMP], &c->snmp);
	conf_input_free(&in);
	if (m->n_errors == before)
		return c;
	agent_conf_free(c);
	return NULL;
}

char *
agent_conf_load_captures(
    const struct conf_sources *from, struct conf_messages *m)
{
	struct agent_conf c = {.values = arena_new(ARENA_KEPT)};
	char *captures = NULL;
	unsigned before = m->n_errors;
	const struct conf_program program = {
	    .sections = agent_sections, .n_sections = 1, .some = true};
	struct conf_input in;

	conf_input_read(&in, &program, from, c.values, m);
	conf_group_store_key(in.groups[0].v[0], "captures", &c, m);
	conf_input_free(&in);
	if (m->n_errors == before)
		captures = xstrdup(conf_absolute(c.values, c.agent.captures));
	arena_free(c.values);
	return captures;
}

void
agent_conf_free(struct agent_conf *c)
{
	if (c == NULL)
		return;
	arena_free(c->values);
	free(c);
}

void
agent_conf_print(const struct agent_conf *c, struct strbuf *to)
{
	for (size_t i = 0; i < N_SECTIONS; i++)
		conf_print_section(&agent_sections[i], c, to);
}

void
agent_conf_keys(struct strbuf *to)
{
	conf_print_keys(agent_sections, N_SECTIONS, to);
}

void
agent_conf_settings(struct strbuf *to)
{
	conf_print_settings(agent_sections, N_SECTIONS, to);
}
