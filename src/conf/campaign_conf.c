/* campaign_conf.c - loads, prints and frees the campaign's configuration.
 *
 * Sections go straight by their rows; the lists are campaign_devices.c's; what
 * depends on more than one key is checked here.
 */
#include "conf/campaign_conf.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "conf/agent_sections.h"
#include "conf/campaign_devices.h"
#include "conf/campaign_table.h"
#include "conf/conf_common.h"
#include "conf/conf_input.h"
#include "conf/conf_load.h"
#include "conf/conf_print.h"
#include "conf/conf_say.h"
#include "conf/device_type.h"
#include "conf/inventory.h"

/* Sections that are members of struct campaign_conf. */
static bool
is_member(const struct conf_section *s)
{
	return !s->list && strcmp(s->name, "defaults") != 0;
}

/* The folder that -o stands in for, if it does: what is known of devices is
 * not to be learnt anew for it. */
static char *
configured_output(
    const struct campaign_conf *c, const struct conf_input *in, bool option)
{
	const struct conf_node *n = in->output;

	if (!option)
		return c->campaign.output;
	if (n != NULL && !n->bad)
		return conf_absolute(c->values, n->text);
	return arena_text(c->values, CAMPAIGN_OUTPUT);
}

static void
resolve_paths(struct campaign_conf *c, const struct conf_input *in, bool option)
{
	char *name = c->ssh.known_hosts;

	c->campaign.output = conf_absolute(c->values, c->campaign.output);
	if (name == NULL || name[0] == '/' || c->campaign.output == NULL)
		return;
	c->ssh.known_hosts = arena_take(c->values,
	    xasprintf("%s/%s", configured_output(c, in, option), name));
}

static void
check_times(struct conf_input *in, const struct campaign_conf *c)
{
	const struct conf_group *g = conf_input_section(in, "campaign");
	const struct campaign_section *s = &c->campaign;

	/* How long it is until then is not known yet. */
	if (s->window == 0 || s->capture_for < s->window || *s->until != '\0')
		return;
	conf_error(in->m, conf_group_place(g, "capture_for"),
	    "campaign.capture_for",
	    "the capture ends with or after the window; allowed is less than "
	    "campaign.window, or campaign.window = 0");
}

/* A beat has its end before the next one is due. */
static void
check_heartbeat(struct conf_input *in, const struct campaign_conf *c)
{
	const struct conf_group *v = conf_input_section(in, "verify");
	const struct conf_group *t = conf_input_section(in, "trigger");
	const struct verify_section *s = &c->verify;

	if (s->heartbeat > 0 && s->heartbeat <= s->timeout)
		conf_error(in->m, conf_group_place(v, "heartbeat"),
		    "verify.heartbeat",
		    "a beat would not have its end before the next; allowed is "
		    "more than verify.timeout, or 0");
	if (c->trigger.heartbeat_lost > 0 && s->heartbeat == 0)
		conf_error(in->m, conf_group_place(t, "heartbeat_lost"),
		    "trigger.heartbeat_lost",
		    "there is no heartbeat; set verify.heartbeat, \"10s\" for "
		    "example, or leave this out");
	if (c->trigger.heartbeat_lost > 0 && c->n_devices == 1)
		conf_warning(in->m, conf_group_place(t, "heartbeat_lost"),
		    "trigger.heartbeat_lost",
		    "with one device it never makes an event: a silent device "
		    "and a silent network of this host look the same");
}

static void
warn(struct conf_input *in, const struct campaign_conf *c)
{
	const struct conf_group *rest = conf_input_section(in, "rest");
	const struct conf_group *ssh = conf_input_section(in, "ssh");

	if (c->rest.tls == CONF_TLS_INSECURE)
		conf_warning(in->m, conf_group_place(rest, "tls"), "rest.tls",
		    "\"insecure\": whoever is between here and a device "
		    "without a tls_pin can read its password; use ca_file, "
		    "tls_pin or \"accept-new\"");
	if (c->ssh.host_keys == CONF_HOST_KEYS_OFF)
		conf_warning(in->m, conf_group_place(ssh, "host_keys"),
		    "ssh.host_keys",
		    "\"off\": whoever is between here and a device without a "
		    "host_key can read its password; use \"accept-new\"");
}

/* One that is there by tonight is none, so it is no error. */
static void
check_hook(struct conf_input *in, const char *key, const char *program)
{
	const struct conf_group *g = conf_input_section(in, "hooks");
	char *name = xasprintf("hooks.%s", key);

	if (program != NULL && access(program, X_OK) != 0)
		conf_warning(in->m, conf_group_place(g, key), name,
		    "%.200s cannot be run: %s", program, strerror(errno));
	free(name);
}

int
campaign_conf_port(const struct campaign_conf *c)
{
	return c->campaign.listen_port + c->shard.index;
}

static void
check_shard(struct conf_input *in, const struct campaign_conf *c)
{
	const struct conf_group *g = conf_input_section(in, "campaign");

	if (campaign_conf_port(c) > UINT16_MAX)
		conf_error(in->m, conf_group_place(g, "listen_port"),
		    "campaign.listen_port",
		    "shard %d listens on this and %d more, %d, which is no "
		    "port; allowed is %d here",
		    c->shard.index, c->shard.index, campaign_conf_port(c),
		    UINT16_MAX - c->shard.index);
}

static void
check_all(struct conf_input *in, const struct campaign_conf *c)
{
	struct conf_place at = conf_input_missing(in, NULL);

	check_times(in, c);
	check_heartbeat(in, c);
	check_shard(in, c);
	conf_check_snmp(in, c->verify.on[VERIFY_SNMP], &c->snmp);
	warn(in, c);
	check_hook(in, "on_event", c->hooks.on_event);
	check_hook(in, "on_finish", c->hooks.on_finish);
	campaign_devices_check(c, in->m);
	if (c->n_devices > 0 || c->inventory.n_program > 0 ||
	    in->files.incomplete)
		return;
	conf_error(in->m, &at, "devices",
	    "there is no device; a campaign needs one at least: devices = ( "
	    "{ address = \"192.0.2.10\"; ... } );");
}

/* Those that take no part are kept apart, both in their order. */
static void
set_apart(struct campaign_conf *c)
{
	size_t n = c->n_devices;

	c->skipped = xcalloc(n + 1, sizeof(c->skipped[0]));
	c->n_devices = 0;
	for (size_t i = 0; i < n; i++)
		if (c->devices[i]->skip)
			c->skipped[c->n_skipped++] = c->devices[i];
		else
			c->devices[c->n_devices++] = c->devices[i];
}

static const struct conf_section *
section(const char *name)
{
	for (size_t i = 0; i < n_campaign_sections; i++)
		if (strcmp(campaign_sections[i].name, name) == 0)
			return &campaign_sections[i];
	return NULL;
}

static struct campaign_conf *
campaign_conf_new(void)
{
	struct campaign_conf *c = xcalloc(1, sizeof(*c));

	c->values = arena_new(ARENA_KEPT);
	return c;
}

struct campaign_conf *
campaign_conf_load_place(
    const struct conf_sources *from, struct conf_messages *m)
{
	struct campaign_conf *c = campaign_conf_new();
	unsigned before = m->n_errors;
	const struct conf_program program = {
	    .sections = section("campaign"), .n_sections = 1, .some = true};
	struct conf_input in;

	conf_input_read(&in, &program, from, c->values, m);
	conf_group_store(in.groups[0].v[0], c, m);
	c->campaign.output = conf_absolute(c->values, c->campaign.output);
	c->shard = from->place.shard;
	conf_input_free(&in);
	if (m->n_errors == before)
		return c;
	campaign_conf_free(c);
	return NULL;
}

/* --- some of the devices --- */

struct patterns {
	const char *const *globs;
	size_t n;
};

/* The most of them are names. */
static bool
is_like(const char *text, const char *glob)
{
	return strpbrk(glob, "*?[\\") == NULL ? strcmp(text, glob) == 0
					      : fnmatch(glob, text, 0) == 0;
}

static bool
matches_one(const struct device_entry *d, const void *patterns)
{
	const struct patterns *p = patterns;

	for (size_t i = 0; i < p->n; i++)
		if (is_like(d->address, p->globs[i]) ||
		    (d->name != NULL && is_like(d->name, p->globs[i])))
			return true;
	return false;
}

static bool
is_of_shard(const struct device_entry *d, const void *shard)
{
	const struct shard *s = shard;

	return shard_index(d->address, d->rest_port, s->of) == s->index;
}

typedef bool is_wanted(const struct device_entry *d, const void *arg);

/* How many are left. */
static size_t
keep_of(
    struct device_entry **devices, size_t n, is_wanted *wanted, const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (wanted(devices[i], arg))
			devices[kept++] = devices[i];
	}
	return kept;
}

static void
keep(struct campaign_conf *c, is_wanted *wanted, const void *arg)
{
	c->n_devices = keep_of(c->devices, c->n_devices, wanted, arg);
	c->n_skipped = keep_of(c->skipped, c->n_skipped, wanted, arg);
}

struct campaign_conf *
campaign_conf_load(const struct conf_sources *from, struct conf_messages *m)
{
	struct campaign_conf *c = campaign_conf_new();
	unsigned before = m->n_errors;
	const struct conf_program program = {.sections = campaign_sections,
	    .n_sections = n_campaign_sections,
	    .others = agent_sections,
	    .n_others = n_agent_sections,
	    .top = &campaign_top,
	    .other = "the agent's configuration, for traffic-capture-agent; "
		     "allowed is a campaign's, see traffic-capture.conf(5)"};
	struct conf_input in;

	conf_input_read(&in, &program, from, c->values, m);
	for (size_t i = 0; i < n_campaign_sections; i++)
		if (is_member(&campaign_sections[i]))
			conf_group_store(in.groups[i].v[0], c, m);
	conf_group_store(in.top, c, m);
	c->shard = from->place.shard;
	resolve_paths(c, &in, from->place.output != NULL);
	inventory_files_load(&in);
	campaign_types_load(c, &in);
	campaign_agents_load(c, &in);
	campaign_devices_load(c, &in, 0);
	check_all(&in, c);
	if (m->n_errors == before && from->lists != NULL)
		inventory_program_load(c, &in, from->lists);
	set_apart(c);
	if (c->shard.of > 0)
		keep(c, is_of_shard, &c->shard);
	conf_input_free(&in);
	if (m->n_errors == before)
		return c;
	campaign_conf_free(c);
	return NULL;
}

static bool
matches_any(struct device_entry *const *devices, size_t n, const char *glob)
{
	const struct patterns p = {&glob, 1};

	for (size_t i = 0; i < n; i++)
		if (matches_one(devices[i], &p))
			return true;
	return false;
}

const char *
campaign_conf_unmatched(
    const struct campaign_conf *c, const char *const *globs, size_t n_globs)
{
	for (size_t g = 0; g < n_globs; g++)
		if (!matches_any(c->devices, c->n_devices, globs[g]) &&
		    !matches_any(c->skipped, c->n_skipped, globs[g]))
			return globs[g];
	return NULL;
}

size_t
campaign_conf_select(
    struct campaign_conf *c, const char *const *globs, size_t n_globs)
{
	const struct patterns p = {globs, n_globs};
	size_t all = c->n_devices + c->n_skipped;

	keep(c, matches_one, &p);
	c->partial = c->partial || c->n_devices + c->n_skipped < all;
	return c->n_devices;
}

void
campaign_conf_free(struct campaign_conf *c)
{
	if (c == NULL)
		return;
	free(c->skipped);
	free(c->devices);
	free(c->agents);
	free(c->types);
	arena_free(c->values);
	free(c);
}

/* Member of a list of pointers. */
static const void *
member(const void *list, size_t i)
{
	return ((void *const *)list)[i];
}

/* Those that take part, then those that do not. */
static const void *
nth_device(const void *conf, size_t i)
{
	const struct campaign_conf *c = conf;

	return i < c->n_devices ? c->devices[i] : c->skipped[i - c->n_devices];
}

/* Its devices stand in the list, whatever it is that they came from. */
static void
print_inventory(const struct inventory_section *s, struct strbuf *to)
{
	if (s->n_program == 0)
		return;
	strbuf_addf(to, "# %zu of the devices: as %s printed them", s->n_listed,
	    s->program[0]);
	strbuf_add(to, s->kept_why != NULL ? " for an earlier run\n" : "\n");
}

void
campaign_conf_print(const struct campaign_conf *c, struct strbuf *to)
{
	for (size_t i = 0; i < n_campaign_sections; i++)
		if (is_member(&campaign_sections[i]))
			conf_print_section(&campaign_sections[i], c, to);
	conf_print_section(&campaign_top_settings, c, to);
	conf_print_list(section("agents"), member, c->agents, c->n_agents, to);
	conf_print_list(section("device_types"), member,
	    c->types + N_BUILTIN_TYPES, c->n_types - N_BUILTIN_TYPES, to);
	print_inventory(&c->inventory, to);
	conf_print_list(
	    section("devices"), nth_device, c, c->n_devices + c->n_skipped, to);
}

void
campaign_conf_keys(struct strbuf *to)
{
	conf_print_keys(&campaign_top, 1, to);
	conf_print_keys(campaign_sections, n_campaign_sections, to);
}

void
campaign_conf_settings(struct strbuf *to)
{
	conf_print_settings(&campaign_top_settings, 1, to);
	conf_print_settings(campaign_sections, n_campaign_sections, to);
}
