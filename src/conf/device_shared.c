/* device_shared.c - see device_shared.h.
 *
 * Called by campaign_devices.c, before a device's values are stored.
 */
#include "conf/device_shared.h"

#include <string.h>

#include "conf/campaign_table.h"
#include "conf/conf_say.h"
#include "conf/device_type.h"

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
		type = device_type_find(c, r.type, &n->place, type_key, m);
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
group_of(struct conf_input *in, struct conf_group *device)
{
	const struct conf_groups *gs = conf_input_list(in, "groups");
	const char *key = "devices.group";
	struct conf_node *n = conf_group_find(device, "group");

	if (n == NULL) {
		key = "defaults.group";
		n = conf_group_find(
		    conf_input_section(in, "defaults"), "group");
	}
	if (n == NULL || (!n->bad && n->text[0] == '\0'))
		return NULL;
	for (size_t i = 0; !n->bad && i < gs->n; i++)
		if (strcmp(n->text, name_of(gs->v[i])) == 0)
			return gs->v[i];
	/* What the device lacks would have stood there. */
	device->incomplete = true;
	if (!n->bad)
		unknown_group(in, n, key, gs->n > 0);
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

void
device_shared_apply(const struct campaign_conf *c, struct conf_input *in,
    struct conf_group *device)
{
	bool own = conf_group_find(device, "interfaces") != NULL;
	const struct conf_group *group = group_of(in, device);
	const struct conf_node *interfaces, *type;
	const struct device_type *t;

	if (group != NULL)
		conf_group_inherit(device, group);
	conf_group_inherit(device, conf_input_section(in, "defaults"));
	interfaces = conf_group_find(device, "interfaces");
	type = conf_group_find(device, "type");
	if (own || interfaces == NULL || interfaces->bad || type == NULL ||
	    type->kind != NODE_TEXT)
		return;
	t = device_type_named(c, type->text);
	if (t != NULL && !has_all(t, interfaces))
		conf_group_forget(device, "interfaces");
}
