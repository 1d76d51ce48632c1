/* device_shared.c - see device_shared.h.
 *
 * Called by campaign_devices.c, before a device's values are stored.
 */
#include "conf/device_shared.h"

#include <string.h>

#include "conf/campaign_table.h"
#include "conf/conf_say.h"
#include "conf/device_type.h"

struct device_shared {
	const struct campaign_conf *c;
	struct conf_input *in;
	const struct conf_section *section; /* of devices */
	const struct conf_groups *groups;
	size_t row_group, row_interfaces;
	const char **names;              /* of the groups */
	struct conf_node *default_group; /* NULL: none */
	/* What devices of this group take over (NULL: of none): the last one
	 * asked for, as many of a group stand together. */
	const struct conf_group *group;
	struct conf_group *all;
};

/* --- the shared settings themselves --- */

/* Without a type of its own it may name what any type has: MSBRs have all. */
static void
check_interfaces(const struct campaign_conf *c, const struct conf_group *g,
    const struct device_type *type, const struct device_record *r,
    const char *key, struct conf_messages *m)
{
	struct conf_node *n = conf_group_find(g, "interfaces");

	if (n == NULL || n->bad)
		return;
	if (type == NULL)
		type = c->types[TYPE_MSBR];
	n->bad = !device_type_check(
	    type, r->d.interfaces, r->d.n_interfaces, &n->place, key, m);
}

static void
check_one(const struct campaign_conf *c, const struct conf_group *g,
    const char *type_key, const char *interfaces_key, struct conf_messages *m)
{
	struct conf_node *n = conf_group_find(g, "type");
	const struct device_type *type = NULL;
	struct device_record r = {.type = NULL};

	conf_group_store(g, &r, m);
	if (r.type != NULL)
		type = device_type_named(c, r.type);
	if (r.type != NULL && type == NULL)
		device_type_unknown(r.type, &n->place, type_key, m);
	if (n != NULL)
		n->bad = type == NULL;
	check_interfaces(c, g, type, &r, interfaces_key, m);
}

static const char *
name_of(const struct conf_group *g)
{
	const struct conf_node *n = conf_group_find(g, "name");

	return n == NULL || n->bad ? "" : n->text;
}

static void
check_name(const struct conf_groups *gs, size_t i, struct conf_messages *m)
{
	const char *name = name_of(gs->v[i]);

	for (size_t j = 0; *name != '\0' && j < i; j++) {
		const struct conf_place *first = &gs->v[j]->place;

		if (strcmp(name, name_of(gs->v[j])) != 0)
			continue;
		conf_error(m, conf_group_place(gs->v[i], "name"), "groups.name",
		    "there is a group \"%s\" in %s:%d already; allowed is "
		    "each name once",
		    name, first->file, first->line);
		return;
	}
}

void
device_shared_check(const struct campaign_conf *c, struct conf_input *in)
{
	const struct conf_groups *gs = conf_input_list(in, "groups");

	check_one(c, conf_input_section(in, "defaults"), "defaults.type",
	    "defaults.interfaces", in->m);
	for (size_t i = 0; i < gs->n; i++) {
		check_one(
		    c, gs->v[i], "groups.type", "groups.interfaces", in->m);
		check_name(gs, i, in->m);
	}
}

/* --- a device --- */

static const char *
nth_name(const void *list, size_t i)
{
	return name_of(((struct conf_group *const *)list)[i]);
}

static void
unknown_group(
    struct conf_input *in, struct conf_node *n, const char *key, bool any)
{
	const struct conf_groups *gs = conf_input_list(in, "groups");

	n->bad = true;
	if (in->files.incomplete)
		return;
	if (any)
		conf_error(in->m, &n->place, key,
		    "there is no group \"%.80s\"; the nearest one is \"%s\"",
		    n->text, conf_nearest(n->text, nth_name, gs->v, gs->n));
	else
		conf_error(in->m, &n->place, key,
		    "there is no group \"%.80s\"; one is made by groups = ( { "
		    "name = \"%.80s\"; ... } );",
		    n->text, n->text);
}

/* The group that a device names, or defaults does for it; NULL: none. */
static const struct conf_group *
group_of(struct device_shared *s, struct conf_group *device)
{
	const struct conf_groups *gs = s->groups;
	struct conf_node *n = device->from[s->row_group];
	const char *key = n != NULL ? "devices.group" : "defaults.group";

	if (n == NULL)
		n = s->default_group;
	if (n == NULL || (!n->bad && n->text[0] == '\0'))
		return NULL;
	for (size_t i = 0; !n->bad && i < gs->n; i++)
		if (strcmp(n->text, s->names[i]) == 0)
			return gs->v[i];
	/* What the device lacks would have stood there. */
	device->incomplete = true;
	if (!n->bad)
		unknown_group(s->in, n, key, gs->n > 0);
	return NULL;
}

static bool
has_all(const struct device_type *t, const struct conf_node *interfaces)
{
	for (size_t i = 0; i < interfaces->n_children; i++) {
		const struct conf_node *n = interfaces->child[i];

		if (n->kind == NODE_TEXT && !device_type_allows(t, n->text))
			return false;
	}
	return true;
}

struct device_shared *
device_shared_new(const struct campaign_conf *c, struct conf_input *in)
{
	struct arena *trees = in->memory.trees;
	struct device_shared *s = arena_alloc(trees, 1, sizeof(*s));
	const struct conf_groups *gs = conf_input_list(in, "groups");

	s->c = c;
	s->in = in;
	s->section = &in->sections[conf_input_list(in, "devices") - in->groups];
	s->groups = gs;
	s->row_group = conf_section_number(s->section, "group");
	s->row_interfaces = conf_section_number(s->section, "interfaces");
	s->default_group =
	    conf_group_find(conf_input_section(in, "defaults"), "group");
	s->names = arena_alloc(trees, gs->n, sizeof(s->names[0]));
	for (size_t i = 0; i < gs->n; i++)
		s->names[i] = name_of(gs->v[i]);
	return s;
}

/* What a device of the group takes over, if it says nothing itself. */
static const struct conf_group *
all_of(struct device_shared *s, const struct conf_group *group)
{
	if (s->all != NULL && s->group == group)
		return s->all;
	s->group = group;
	s->all = conf_group_new(&s->in->memory, s->section, s->all);
	if (group != NULL)
		conf_group_inherit(s->all, group);
	conf_group_inherit(s->all, conf_input_section(s->in, "defaults"));
	return s->all;
}

void
device_shared_apply(struct device_shared *s, struct conf_group *device)
{
	bool own = device->from[s->row_interfaces] != NULL;
	const struct conf_node *interfaces, *type;
	const struct device_type *t;

	conf_group_inherit(device, all_of(s, group_of(s, device)));
	interfaces = device->from[s->row_interfaces];
	if (own || interfaces == NULL || interfaces->bad)
		return;
	type = conf_group_find(device, "type");
	if (type == NULL || type->kind != NODE_TEXT)
		return;
	t = device_type_named(s->c, type->text);
	if (t != NULL && !has_all(t, interfaces))
		conf_group_forget(device, "interfaces");
}
