/* campaign_devices.c - builds the lists of a campaign from their groups.
 *
 * Devices take what they do not say from device_shared.c and from their type;
 * an agent that only devices name is made here.  Called by campaign_conf.c.
 */
#include "conf/campaign_devices.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/xmem.h"
#include "conf/campaign_table.h"
#include "conf/conf_common.h"
#include "conf/conf_say.h"
#include "conf/device_shared.h"
#include "conf/device_type.h"
#include "conf/host_index.h"

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
	struct type_record *r = arena_alloc(c->values, 1, sizeof(*r));
	const struct conf_node *base;
	struct device_type *t = &r->t;

	conf_group_store(g, r, in->m);
	base = conf_group_find(g, "base");
	if (t->name == NULL || base == NULL || base->bad)
		return;
	if (device_type_named(c, t->name) != NULL)
		conf_error(in->m, conf_group_place(g, "name"),
		    "device_types.name",
		    "there is another type %s, built in or in this list; "
		    "choose another name",
		    t->name);
	device_type_fill(t, (enum builtin_type)r->base, c->values);
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
		struct type_record *r = arena_alloc(c->values, 1, sizeof(*r));

		r->base = i;
		device_type_fill(
		    add_type(c, r), (enum builtin_type)i, c->values);
	}
	for (size_t i = 0; i < gs->n; i++)
		load_type(c, in, gs->v[i]);
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
		struct agent_entry *a = arena_alloc(c->values, 1, sizeof(*a));

		merge_agent(gs, i, in->m);
		conf_group_store(gs->v[i], add_agent(c, a), in->m);
		/* It was said; later code needs a name to compare. */
		if (a->address == NULL)
			a->address = arena_text(c->values, "");
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
	struct conf_group *g = conf_group_new(&in->memory, &s, NULL);
	struct conf_node *n = conf_row_node(&s.rows[0], &in->memory, address);
	struct agent_entry *a = arena_alloc(c->values, 1, sizeof(*a));

	conf_group_set(g, &s.rows[0], n, in->m);
	conf_group_store(g, a, in->m);
	return add_agent(c, a);
}

/* Devices that are being loaded. */
struct loading {
	struct campaign_conf *c;
	struct conf_input *in;
	struct host_index *agents; /* numbers in c->agents */
	size_t row_interfaces, row_tls_minimum;
	/* The device before's, and what named it. */
	const char *named;
	const struct agent_entry *agent;
};

static void
check_interfaces(const struct loading *l, const struct device_entry *d,
    const struct conf_group *g)
{
	if (d->n_interfaces > 0)
		device_type_check(d->type, d->interfaces, d->n_interfaces,
		    conf_group_place(g, "interfaces"), "devices.interfaces",
		    l->in->m);
}

static void
resolve_type(const struct loading *l, struct device_record *r,
    const struct conf_group *g)
{
	struct conf_messages *m = l->in->m;
	struct device_entry *d = &r->d;

	if (r->type == NULL)
		return;
	d->type = device_type_named(l->c, r->type);
	if (d->type == NULL) {
		device_type_unknown(
		    r->type, conf_group_place(g, "type"), "devices.type", m);
		return;
	}
	check_interfaces(l, d, g);
	if (d->n_interfaces > 0 || g->from[l->row_interfaces] != NULL)
		return;
	d->n_interfaces = d->type->n_interfaces;
	d->interfaces = d->type->interfaces;
	if (d->n_interfaces == 0 && conf_group_misses(g, "interfaces"))
		conf_error(m, &g->place, "devices.interfaces",
		    "is missing, and type %s has none by default; name one "
		    "or more, such as [ \"%s\" ]",
		    d->type->name, d->type->allowed[0]);
}

/* Made if nobody named it before. */
static const struct agent_entry *
agent_named(struct loading *l, const char *address)
{
	struct campaign_conf *c = l->c;
	uint32_t number = host_index_find(l->agents, address, 0);
	struct agent_entry *made;

	if (number != HOST_INDEX_NONE)
		return c->agents[number];
	made = make_agent(c, l->in, address);
	host_index_put(l->agents, made->address, host_hash(made->address), 0,
	    (uint32_t)c->n_agents - 1);
	return made;
}

static void
resolve_agent(struct loading *l, struct device_record *r)
{
	if (r->agent == NULL)
		return;
	if (r->agent != l->named)
		l->agent = agent_named(l, r->agent);
	l->named = r->agent;
	r->d.agent = l->agent;
}

static struct host_index *
index_agents(const struct campaign_conf *c)
{
	struct host_index *agents = host_index_new(c->n_agents);

	for (uint32_t i = 0; i < c->n_agents; i++)
		host_index_put(agents, c->agents[i]->address,
		    host_hash(c->agents[i]->address), 0, i);
	return agents;
}

static void
load_device(
    struct loading *l, const struct conf_group *g, struct device_record *r)
{
	const struct campaign_conf *c = l->c;
	struct device_entry *d = &r->d;

	conf_group_store(g, r, l->in->m);
	d->place = g->place;
	/* What it says is in the device now: it is not printed. */
	r->group = NULL;
	resolve_type(l, r, g);
	resolve_agent(l, r);
	if (d->told == NULL)
		d->told = d->address;
	if (d->rest_port == 0)
		d->rest_port = c->rest.port;
	if (g->from[l->row_tls_minimum] == NULL)
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
	unsigned *missing =
	    arena_alloc(in->memory.trees, s->n_rows, sizeof(*missing));
	struct loading l = {.c = c,
	    .in = in,
	    .agents = index_agents(c),
	    .row_interfaces = conf_section_number(s, "interfaces"),
	    .row_tls_minimum = conf_section_number(s, "tls_minimum")};
	struct device_shared *shared;

	if (first == 0)
		device_shared_check(c, in);
	shared = device_shared_new(c, in);
	c->devices = xreallocarray(c->devices, gs->n + 1, sizeof(*c->devices));
	for (size_t i = first; i < gs->n; i++) {
		struct device_record *r = arena_alloc(c->values, 1, sizeof(*r));

		gs->v[i]->missing = missing;
		device_shared_apply(shared, gs->v[i]);
		c->devices[c->n_devices++] = &r->d;
		load_device(&l, gs->v[i], r);
	}
	tell_missing(in, s, missing);
	host_index_free(l.agents);
}

void
campaign_devices_drop(
    struct campaign_conf *c, struct conf_input *in, size_t first)
{
	struct conf_groups *gs = conf_input_list(in, "devices");

	gs->n -= c->n_devices - first;
	c->n_devices = first;
}

/* What is looked at to find devices that are one. */
struct comparing {
	const struct campaign_conf *c;
	uint64_t *hash; /* of each device's address */
	bool *said;     /* it was told of */
};

/* What makes a device one: a host, and what it is beside. */
struct identity {
	const char *host;
	uint64_t hash, beside;
};

/* A device that has the identity of another, the last one before it. */
struct twin {
	char *key; /* their order: by what both are */
	uint32_t number, before;
};

static int
twin_cmp(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : x->number < y->number ? -1 : 1;
}

/* `rest_port` or `agent` beside the address by which a device is known: to
 * itself, or to its agent. */
static struct identity
identity_of(const struct comparing *k, uint32_t i, bool to_agent)
{
	const struct device_entry *d = k->c->devices[i];

	if (!to_agent)
		return (struct identity){
		    d->address, k->hash[i], (uint64_t)d->rest_port};
	return (struct identity){d->told,
	    d->told == d->address ? k->hash[i] : host_hash(d->told),
	    (uintptr_t)d->agent};
}

static char *
twin_key(const struct device_entry *d, bool to_agent)
{
	char *host = conf_host_key(to_agent ? d->agent->address : d->address);
	char *beside =
	    to_agent ? conf_host_key(d->told) : xasprintf("%d", d->rest_port);
	char *key = xasprintf("%s %s", host, beside);

	free(host);
	free(beside);
	return key;
}

/* How many there are, in the order they are told in; of each key and twin are
 * to be freed. */
static size_t
find_twins(const struct comparing *k, bool to_agent, struct twin **twins)
{
	const struct campaign_conf *c = k->c;
	struct host_index *seen = host_index_new(c->n_devices);
	uint32_t room = 0, n = 0;

	*twins = NULL;
	for (uint32_t i = 0; i < c->n_devices; i++) {
		const struct device_entry *d = c->devices[i];
		struct identity id;
		uint32_t before;

		if (d->address == NULL || (to_agent && d->agent == NULL))
			continue;
		id = identity_of(k, i, to_agent);
		before = host_index_put(seen, id.host, id.hash, id.beside, i);
		if (before == HOST_INDEX_NONE)
			continue;
		*twins = xgrow(*twins, n, &room, sizeof(**twins));
		(*twins)[n++] = (struct twin){twin_key(d, to_agent), i, before};
	}
	host_index_free(seen);
	if (n > 0)
		qsort(*twins, n, sizeof(**twins), twin_cmp);
	return n;
}

/* Each device is told of once. */
static void
check_unique(const struct comparing *k, bool to_agent, const char *row,
    const char *why, struct conf_messages *m)
{
	const struct campaign_conf *c = k->c;
	struct twin *twins;
	size_t n = find_twins(k, to_agent, &twins);

	for (size_t i = 0; i < n; i++) {
		const struct device_entry *d = c->devices[twins[i].number];
		const struct conf_place *first =
		    &c->devices[twins[i].before]->place;

		if (!k->said[twins[i].number])
			conf_error(m, &d->place, row, "%s %s %s:%d; %s",
			    d->address, "is the same device as in", first->file,
			    first->line, why);
		k->said[twins[i].number] = true;
		free(twins[i].key);
	}
	free(twins);
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

		/* That of the device before was looked at. */
		if (d->agent == NULL || from->family == AF_UNSPEC ||
		    (i > 0 && d->agent == c->devices[i - 1]->agent) ||
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
	struct comparing k = {.c = c,
	    .hash = xcalloc(c->n_devices, sizeof(*k.hash)),
	    .said = xcalloc(c->n_devices, sizeof(*k.said))};

	for (size_t i = 0; i < c->n_devices; i++)
		if (c->devices[i]->address != NULL)
			k.hash[i] = host_hash(c->devices[i]->address);
	check_unique(&k, false, "devices.address",
	    "allowed is each address and REST port once", m);
	check_unique(&k, true, "devices.ovoc_address",
	    "allowed is each address once for an agent; give ovoc_address if "
	    "OVOC knows the two by different ones",
	    m);
	check_families(c, m);
	free(k.hash);
	free(k.said);
}
