/* campaign_devices.c - builds the lists of a campaign from their groups.
 *
 * Devices take what they do not say from device_shared.c and from their type;
 * an agent that only devices name is made here.  Called by campaign_conf.c.
 */
#include "conf/campaign_devices.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf/campaign_table.h"
#include "conf/conf_common.h"
#include "conf/conf_say.h"
#include "conf/device_shared.h"
#include "conf/device_type.h"

static struct device_type *
add_type(struct campaign_conf *c, struct type_record *r)
{
	c->types = xreallocarray(c->types, c->n_types + 1, sizeof(c->types[0]));
	c->types[c->n_types++] = &r->t;
	return &r->t;
}

static void
load_type(
    struct campaign_conf *c, struct conf_input *in, const struct conf_group *g)
{
	struct type_record *r = xcalloc(1, sizeof(*r));
	const struct conf_node *base;
	struct device_type *t = &r->t;

	conf_group_store(g, r, in->m);
	base = conf_group_find(g, "base");
	if (t->name == NULL || base == NULL || base->bad) {
		device_type_clear(t);
		free(r);
		return;
	}
	if (device_type_named(c, t->name) != NULL)
		conf_error(in->m, conf_group_place(g, "name"),
		    "device_types.name",
		    "there is another type %s, built in or in this list; "
		    "choose another name",
		    t->name);
	device_type_fill(t, (enum builtin_type)r->base);
	device_type_check(t, t->interfaces, t->n_interfaces,
	    conf_group_place(g, "interfaces"), "device_types.interfaces",
	    in->m);
	add_type(c, r);
}

void
campaign_types_load(struct campaign_conf *c, struct conf_input *in)
{
	const struct conf_groups *gs = conf_input_list(in, "device_types");

	for (int i = 0; i < N_BUILTIN_TYPES; i++) {
		struct type_record *r = xcalloc(1, sizeof(*r));

		r->base = i;
		device_type_fill(add_type(c, r), (enum builtin_type)i);
	}
	for (size_t i = 0; i < gs->n; i++)
		load_type(c, in, gs->v[i]);
}

static struct agent_entry *
find_agent(const struct campaign_conf *c, const char *address)
{
	char *key = conf_host_key(address);
	struct agent_entry *found = NULL;

	for (size_t i = 0; i < c->n_agents && found == NULL; i++) {
		char *other = conf_host_key(c->agents[i]->address);

		if (strcmp(key, other) == 0)
			found = c->agents[i];
		free(other);
	}
	free(key);
	return found;
}

static struct agent_entry *
add_agent(struct campaign_conf *c, struct agent_entry *a)
{
	c->agents =
	    xreallocarray(c->agents, c->n_agents + 1, sizeof(c->agents[0]));
	c->agents[c->n_agents++] = a;
	return a;
}

/* The address that a group gives, or NULL. */
static char *
group_key(const struct conf_group *g)
{
	const struct conf_node *n = conf_group_find(g, "address");

	return n == NULL || n->bad ? NULL : conf_host_key(n->text);
}

/* What later entries of the same address say goes over what is there. */
static void
merge_agent(struct conf_groups *gs, size_t first, struct conf_messages *m)
{
	char *key = group_key(gs->v[first]), *other;

	for (size_t i = first + 1; key != NULL && i < gs->n; i++) {
		struct conf_group *later = gs->v[i];

		other = group_key(later);
		if (other == NULL || strcmp(key, other) != 0) {
			free(other);
			continue;
		}
		free(other);
		for (size_t j = 0; j < later->section->n_rows; j++)
			if (later->from[j] != NULL)
				conf_group_set(gs->v[first],
				    &later->section->rows[j], later->from[j],
				    m);
		conf_group_free(later);
		gs->n--;
		memmove(
		    &gs->v[i], &gs->v[i + 1], (gs->n - i) * sizeof(gs->v[0]));
		i--;
	}
	free(key);
}

/* The key is all that says which agent a signed message is for. */
static void
check_own_key(const struct campaign_conf *c, const struct agent_entry *a,
    const struct conf_group *g, struct conf_messages *m)
{
	for (size_t i = 0; a->key != NULL && i < c->n_agents; i++) {
		const struct agent_entry *b = c->agents[i];

		if (b == a || b->key == NULL || strcmp(a->key, b->key) != 0)
			continue;
		conf_error(m, conf_group_place(g, "key_file"),
		    "agents.key_file",
		    "%s and %s have the same key, so what is meant for one "
		    "would be taken by the other; allowed is another key for "
		    "each agent",
		    b->address, a->address);
		return;
	}
}

/* Has the file of that key been named, wrongly or not? */
static bool
is_named(const struct conf_group *g, const char *key)
{
	const struct conf_node *n = conf_group_find(g, key);

	return n != NULL && (n->bad || n->text[0] != '\0');
}

static void
check_sftp(const struct agent_entry *a, const struct conf_group *g,
    struct conf_messages *m)
{
	bool password = is_named(g, "sftp.password_file");
	bool key = is_named(g, "sftp.private_key_file");

	if (a->sftp.username == NULL || password != key || g->incomplete)
		return;
	conf_error(m,
	    conf_group_place(
		g, key ? "sftp.private_key_file" : "sftp.username"),
	    "agents.sftp",
	    key ? "password_file is set as well; allowed is one of "
		  "password_file and private_key_file"
		: "neither password_file nor private_key_file is set; allowed "
		  "is one of them");
}

void
campaign_agents_load(struct campaign_conf *c, struct conf_input *in)
{
	struct conf_groups *gs = conf_input_list(in, "agents");

	for (size_t i = 0; i < gs->n; i++) {
		struct agent_entry *a = xcalloc(1, sizeof(*a));

		merge_agent(gs, i, in->m);
		conf_group_store(gs->v[i], add_agent(c, a), in->m);
		/* It was said; later code needs a name to compare. */
		if (a->address == NULL)
			a->address = xstrdup("");
		check_own_key(c, a, gs->v[i], in->m);
		check_sftp(a, gs->v[i], in->m);
	}
}

/* The agent with all defaults. */
static struct agent_entry *
make_agent(struct campaign_conf *c, struct conf_input *in, const char *address)
{
	struct conf_groups *gs = conf_input_list(in, "agents");
	struct conf_section s = campaign_sections[gs - in->groups];
	struct conf_group *g = conf_group_new(&s);
	struct conf_node *n = conf_row_node(&s.rows[0], address);
	struct agent_entry *a = xcalloc(1, sizeof(*a));

	conf_group_set(g, &s.rows[0], n, in->m);
	conf_group_store(g, a, in->m);
	conf_group_free(g);
	conf_node_free(n);
	return add_agent(c, a);
}

static void
resolve_type(const struct campaign_conf *c, struct device_record *r,
    const struct conf_group *g, struct conf_messages *m)
{
	const struct conf_place *at = conf_group_place(g, "interfaces");
	struct device_entry *d = &r->d;

	if (r->type != NULL)
		d->type = device_type_find(
		    c, r->type, conf_group_place(g, "type"), "devices.type", m);
	if (d->type == NULL)
		return;
	device_type_check(d->type, d->interfaces, d->n_interfaces, at,
	    "devices.interfaces", m);
	if (d->n_interfaces > 0 || conf_group_find(g, "interfaces") != NULL)
		return;
	d->n_interfaces = d->type->n_interfaces;
	d->interfaces = conf_texts_copy(
	    (const char *const *)d->type->interfaces, d->n_interfaces);
	if (d->n_interfaces == 0 && conf_group_misses(g, "interfaces"))
		conf_error(m, at, "devices.interfaces",
		    "is missing, and type %s has none by default; name one "
		    "or more, such as [ \"%s\" ]",
		    d->type->name, d->type->allowed[0]);
}

static void
load_device(struct campaign_conf *c, struct conf_input *in,
    const struct conf_group *g, struct device_record *r)
{
	struct device_entry *d = &r->d;

	conf_group_store(g, r, in->m);
	d->place = g->place;
	/* What it says is in the device now: it is not printed. */
	free(r->group);
	r->group = NULL;
	resolve_type(c, r, g, in->m);
	if (r->agent != NULL) {
		d->agent = find_agent(c, r->agent);
		if (d->agent == NULL)
			d->agent = make_agent(c, in, r->agent);
	}
	if (d->told == NULL)
		d->told = xstrdup(d->address);
	if (d->rest_port == 0)
		d->rest_port = c->rest.port;
	if (conf_group_find(g, "tls_minimum") == NULL)
		d->tls_minimum = c->rest.tls_minimum;
	if (d->ssh_port == 0)
		d->ssh_port = c->ssh.port;
}

/* A thousand devices lack the same for one reason. */
static void
tell_missing(struct conf_input *in, const struct conf_section *s,
    const unsigned *missing)
{
	struct conf_place at = conf_input_missing(in, NULL);
	struct strbuf key = STRBUF_INIT;

	for (size_t i = 0; i < s->n_rows; i++) {
		if (missing[i] < 2)
			continue;
		conf_row_name(&s->rows[i], &key);
		conf_error(in->m, &at, key.s,
		    "is missing in %u more device%s%s", missing[i] - 1,
		    missing[i] == 2 ? "" : "s",
		    strcmp(s->rows[i].key, "address") == 0
			? ""
			: "; defaults or groups can give it to all");
		strbuf_free(&key);
	}
}

void
campaign_devices_load(
    struct campaign_conf *c, struct conf_input *in, size_t first)
{
	const struct conf_groups *gs = conf_input_list(in, "devices");
	const struct conf_section *s = &campaign_sections[gs - in->groups];
	unsigned *missing = xcalloc(s->n_rows, sizeof(*missing));

	if (first == 0)
		device_shared_check(c, in);
	c->devices = xreallocarray(c->devices, gs->n + 1, sizeof(*c->devices));
	for (size_t i = first; i < gs->n; i++) {
		struct device_record *r = xcalloc(1, sizeof(*r));

		gs->v[i]->missing = missing;
		device_shared_apply(c, in, gs->v[i]);
		c->devices[c->n_devices++] = &r->d;
		load_device(c, in, gs->v[i], r);
	}
	tell_missing(in, s, missing);
	free(missing);
}

void
campaign_devices_drop(
    struct campaign_conf *c, struct conf_input *in, size_t first)
{
	struct conf_groups *gs = conf_input_list(in, "devices");

	while (c->n_devices > first) {
		struct device_entry *d = c->devices[--c->n_devices];

		conf_section_free(&campaign_sections[gs - in->groups], d);
		free(d);
		conf_group_free(gs->v[--gs->n]);
	}
}

/* What makes a device one: its key, and where it stands in the list. */
struct identity {
	char *key;
	size_t number;
};

static int
identity_cmp(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : x->number < y->number ? -1 : 1;
}

static char *
address_key(const struct device_entry *d)
{
	char *host = conf_host_key(d->address);
	char *key = xasprintf("%s %d", host, d->rest_port);

	free(host);
	return key;
}

static char *
told_key(const struct device_entry *d)
{
	char *agent, *told, *key;

	if (d->agent == NULL)
		return NULL;
	agent = conf_host_key(d->agent->address);
	told = conf_host_key(d->told);
	key = xasprintf("%s %s", agent, told);
	free(agent);
	free(told);
	return key;
}

/* Neighbours of the same key are the same; each device is told of once. */
static void
check_unique(const struct campaign_conf *c, bool *said,
    char *(*key)(const struct device_entry *d), const char *row,
    const char *why, struct conf_messages *m)
{
	struct identity *id = xcalloc(c->n_devices + 1, sizeof(*id));
	size_t n = 0;

	for (size_t i = 0; i < c->n_devices; i++) {
		char *k =
		    c->devices[i]->address == NULL ? NULL : key(c->devices[i]);

		if (k != NULL)
			id[n++] = (struct identity){k, i};
	}
	qsort(id, n, sizeof(id[0]), identity_cmp);
	for (size_t i = 1; i < n; i++) {
		const struct device_entry *first = c->devices[id[i - 1].number];
		const struct device_entry *d = c->devices[id[i].number];

		if (strcmp(id[i - 1].key, id[i].key) != 0 || said[id[i].number])
			continue;
		said[id[i].number] = true;
		conf_error(m, &d->place, row, "%s %s %s:%d; %s", d->address,
		    "is the same device as in", first->place.file,
		    first->place.line, why);
	}
	for (size_t i = 0; i < n; i++)
		free(id[i].key);
	free(id);
}

/* Told of the first device of each agent. */
static bool
is_first_of_agent(const struct campaign_conf *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (c->devices[j]->agent == c->devices[i]->agent)
			return false;
	return true;
}

static void
check_families(const struct campaign_conf *c, struct conf_messages *m)
{
	const struct addr *from = &c->campaign.listen_address;
	char text[ADDR_TEXT_MAX];
	struct addr to;

	for (size_t i = 0; i < c->n_devices; i++) {
		const struct device_entry *d = c->devices[i];

		if (d->agent == NULL || from->family == AF_UNSPEC ||
		    !addr_parse(&to, d->agent->address) ||
		    addr_can_send(from, &to) || !is_first_of_agent(c, i))
			continue;
		conf_error(m, &d->place, "devices.agent",
		    "campaign.listen_address %s cannot send to %s; set that to "
		    "\"::\", which takes IPv6 and IPv4",
		    addr_text(from, text), d->agent->address);
	}
}

void
campaign_devices_check(const struct campaign_conf *c, struct conf_messages *m)
{
	bool *said = xcalloc(c->n_devices + 1, sizeof(*said));

	check_unique(c, said, address_key, "devices.address",
	    "allowed is each address and REST port once", m);
	check_unique(c, said, told_key, "devices.ovoc_address",
	    "allowed is each address once for an agent; give ovoc_address if "
	    "OVOC knows the two by different ones",
	    m);
	check_families(c, m);
	free(said);
}
