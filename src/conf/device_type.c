/* device_type.c - msbr and gwsbc, and what a type of one's own takes from them.
 *
 * Used by campaign_conf.c; the campaign only sees struct device_type.
 */
#include "conf/device_type.h"

#include <stdlib.h>
#include <string.h>

#include "conf/conf_say.h"

struct builtin {
	const char *name, *family;
	const char *allowed[8], *defaults[2], *files[3]; /* NULL ends */
};

static const struct builtin builtin[N_BUILTIN_TYPES] = {
    [TYPE_MSBR] = {"msbr", "data",
	/* Which one leads to OVOC is the branch's affair: no default. */
	{"cellular-wan", "fiber-wan", "xdsl-wan", "shdsl-wan", "t1-e1-wan",
	    "eth-wan", "eth-lan"},
	{NULL}, {"/debug-capture/debug-capture-data.pcap"}},
    /* The file's name is not documented for gateways and SBCs. */
    [TYPE_GWSBC] = {"gwsbc", "voip", {"eth-lan"}, {"eth-lan"},
	{"/debug-capture/debug-capture-voip.pcap",
	    "/debug-capture/debug-capture-data.pcap"}},
};

static size_t
count(const char *const *texts)
{
	size_t n = 0;

	while (texts[n] != NULL)
		n++;
	return n;
}

static void
fill(char ***texts, size_t *n, const char *const *from, struct arena *values)
{
	if (*n > 0)
		return;
	*n = count(from);
	*texts = arena_alloc(values, *n, sizeof(**texts));
	for (size_t i = 0; i < *n; i++)
		(*texts)[i] = arena_text(values, from[i]);
}

void
device_type_fill(
    struct device_type *t, enum builtin_type base, struct arena *values)
{
	const struct builtin *b = &builtin[base];

	if (t->name == NULL)
		t->name = arena_text(values, b->name);
	if (t->family == NULL)
		t->family = arena_text(values, b->family);
	fill(&t->allowed, &t->n_allowed, b->allowed, values);
	fill(&t->interfaces, &t->n_interfaces, b->defaults, values);
	fill(&t->remote_files, &t->n_remote_files, b->files, values);
}

bool
device_type_allows(const struct device_type *t, const char *interface)
{
	for (size_t i = 0; i < t->n_allowed; i++)
		if (strcmp(t->allowed[i], interface) == 0)
			return true;
	return false;
}

struct device_type *
device_type_named(const struct campaign_conf *c, const char *name)
{
	for (size_t i = 0; i < c->n_types; i++)
		if (strcmp(c->types[i]->name, name) == 0)
			return c->types[i];
	return NULL;
}

void
device_type_unknown(const char *name, const struct conf_place *at,
    const char *key, struct conf_messages *m)
{
	conf_error(m, at, key,
	    "\"%.80s\" is unknown; allowed is msbr, gwsbc or a name in "
	    "device_types",
	    name);
}

static bool
is_twice(char *const *texts, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(texts[i], texts[j]) == 0)
			return true;
	return false;
}

static void
refuse_interface(const struct device_type *t, const char *interface,
    const struct conf_place *at, const char *key, struct conf_messages *m)
{
	char *allowed =
	    str_join((const char *const *)t->allowed, t->n_allowed, ", ");

	conf_error(m, at, key,
	    "type %s has no interface \"%.80s\"; allowed is %s", t->name,
	    interface, allowed);
	free(allowed);
}

bool
device_type_check(const struct device_type *t, char *const *interfaces,
    size_t n, const struct conf_place *at, const char *key,
    struct conf_messages *m)
{
	unsigned before = m->n_errors;

	for (size_t i = 0; i < n; i++) {
		if (is_twice(interfaces, i))
			conf_error(m, at, key,
			    "\"%.80s\" is named twice; allowed is each once",
			    interfaces[i]);
		else if (!device_type_allows(t, interfaces[i]))
			refuse_interface(t, interfaces[i], at, key, m);
	}
	return m->n_errors == before;
}
