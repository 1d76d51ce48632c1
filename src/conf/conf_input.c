/* conf_input.c - walks the files' trees by the table of sections.
 *
 * Owns the trees until all values are stored.  Called first by
 * campaign_conf_load() and agent_conf_load(), which differ in their tables.
 */
#include "conf/conf_input.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf/conf_say.h"

/* Of a section, or, behind them, of a key beside them. */
static const char *
nth_name(const void *input, size_t i)
{
	const struct conf_input *in = input;

	return i < in->n_sections
		   ? in->sections[i].name
		   : in->program->top->rows[i - in->n_sections].key;
}

static size_t
count_names(const struct conf_input *in)
{
	const struct conf_section *top = in->program->top;

	return in->n_sections + (top == NULL ? 0 : top->n_rows);
}

/* -1: there is none. */
static int
find_section(const struct conf_section *sections, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (sections[i].name[0] == name[0] &&
		    strcmp(sections[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
section_number(const struct conf_input *in, const char *name)
{
	return find_section(in->sections, in->n_sections, name);
}

/* A section that has a key of this name, or NULL. */
static const char *
section_of_key(const struct conf_input *in, const char *key)
{
	for (size_t i = 0; i < in->n_sections; i++)
		for (size_t j = 0; j < in->sections[i].n_rows; j++)
			if (strcmp(in->sections[i].rows[j].key, key) == 0)
				return in->sections[i].name;
	return NULL;
}

/* `value`: what it is given; no group and no list can be a key's. */
static void
unknown_section(struct conf_input *in, const struct conf_place *at,
    const char *name, enum conf_kind value)
{
	const char *home = value == NODE_GROUP || value == NODE_LIST
			       ? NULL
			       : section_of_key(in, name);

	/* What would be missing may be in it. */
	in->files.incomplete = true;
	if (home != NULL)
		conf_error(in->m, at, name,
		    "unknown section; the key %s.%s is meant, perhaps", home,
		    name);
	else
		conf_error(in->m, at, name,
		    "unknown section; the nearest known one is %s",
		    conf_nearest(name, nth_name, in, count_names(in)));
}

static struct conf_group *
add_group(struct conf_input *in, int number)
{
	struct conf_groups *gs = &in->groups[number];

	/* Doubling at powers of two: a list may have 10000 devices. */
	if ((gs->n & (gs->n - 1)) == 0)
		gs->v = xreallocarray(
		    gs->v, gs->n == 0 ? 1 : gs->n * 2, sizeof(gs->v[0]));
	gs->v[gs->n] = conf_group_new(
	    &in->memory, &in->sections[number], gs->n == 0 ? NULL : gs->v[0]);
	return gs->v[gs->n++];
}

static void
take_list(struct conf_input *in, int number, struct conf_node *list)
{
	const struct conf_section *s = &in->sections[number];

	for (size_t i = 0; i < list->n_children; i++) {
		struct conf_node *n = list->child[i];

		if (n->kind == NODE_GROUP)
			conf_group_take(add_group(in, number), n, in->m);
		else
			conf_error(in->m, &n->place, s->name,
			    "a %s is the wrong type; allowed is a list of "
			    "groups, ( { ... }, { ... } )",
			    conf_kind_name(n->kind));
	}
}

/* A key beside the sections, or NULL. */
static const struct conf_row *
find_top(const struct conf_input *in, const char *name)
{
	const struct conf_section *s = in->program->top;

	for (size_t i = 0; s != NULL && i < s->n_rows; i++)
		if (strcmp(s->rows[i].key, name) == 0)
			return &s->rows[i];
	return NULL;
}

static void
take_section(struct conf_input *in, struct conf_node *n)
{
	const struct conf_row *top = find_top(in, n->name);
	int number = section_number(in, n->name);
	const struct conf_section *s;

	if (number < 0 && in->program->some)
		return;
	if (number < 0 && top != NULL)
		conf_group_set(in->top, top, n, in->m);
	else if (number < 0)
		unknown_section(in, &n->place, n->name, n->kind);
	if (number < 0)
		return;
	s = &in->sections[number];
	if (n->kind != (s->list ? NODE_LIST : NODE_GROUP))
		conf_error(in->m, &n->place, s->name,
		    "a %s is the wrong type; allowed is a %s",
		    conf_kind_name(n->kind),
		    s->list ? "list of groups, ( { ... }, { ... } )"
			    : "group, { ... }");
	else if (s->list)
		take_list(in, number, n);
	else
		conf_group_take(in->groups[number].v[0], n, in->m);
}

/* Of a file for the other program only that is said. */
static bool
is_foreign(struct conf_input *in, const struct conf_node *root)
{
	const struct conf_program *p = in->program;

	for (size_t i = 0; i < root->n_children; i++) {
		const struct conf_node *n = root->child[i];

		if (section_number(in, n->name) >= 0 ||
		    find_section(p->others, p->n_others, n->name) < 0)
			continue;
		conf_error(in->m, &n->place, n->name, "this is %s", p->other);
		in->files.incomplete = true;
		return true;
	}
	return false;
}

static void
take_file(struct conf_input *in, const struct conf_node *root)
{
	if (is_foreign(in, root))
		return;
	for (size_t i = 0; i < root->n_children; i++)
		take_section(in, root->child[i]);
}

static void
set_value(struct conf_input *in, struct conf_group *g,
    const struct conf_row *row, const char *value, const char *option)
{
	struct conf_place at = {option, CONF_LINE_OPTION};
	struct strbuf key = STRBUF_INIT;
	struct conf_node *n = NULL;

	conf_row_name(row, &key);
	if (row->type == ROW_SECRET)
		conf_error(in->m, &at, key.s,
		    "a secret on a command line can be seen by every user; "
		    "set %s_file to a file that holds it",
		    key.s);
	else if (row->type >= ROW_TEXTS)
		conf_error(in->m, &at, key.s,
		    "an array cannot be set on the command line; write it "
		    "into a configuration file");
	else if ((n = conf_row_node(row, &in->memory, value)) == NULL)
		conf_error(in->m, &at, key.s,
		    "\"%.80s\" is the wrong type; allowed is true or false",
		    value);
	strbuf_free(&key);
	if (n == NULL)
		return;
	n->place = at;
	conf_group_set(g, row, n, in->m);
}

/* `key` is "section.key", or one beside the sections. */
static void
set_key(struct conf_input *in, const char *key, const char *value,
    const char *option)
{
	struct conf_place at = {option, CONF_LINE_OPTION};
	const char *dot = strchr(key, '.');
	char *section = xstrndup(key, strcspn(key, "."));
	int number = section_number(in, section);
	const struct conf_row *row = find_top(in, key);

	if (number < 0 && in->program->some) {
		/* the option is another run's business */
	} else if (row != NULL) {
		set_value(in, in->top, row, value, option);
	} else if (number < 0 || dot == NULL) {
		unknown_section(in, &at, key, NODE_TEXT);
	} else if (number < 0 || in->sections[number].list) {
		conf_error(in->m, &at, key,
		    "a list cannot be set on the command line; write it into "
		    "a configuration file");
	} else {
		row = conf_section_row(
		    &in->sections[number], dot + 1, &at, in->m);
		if (row != NULL)
			set_value(
			    in, in->groups[number].v[0], row, value, option);
	}
	free(section);
}

static void
take_set(struct conf_input *in, const char *set)
{
	struct conf_place at = {"--set", CONF_LINE_OPTION};
	const char *equal = strchr(set, '=');
	char *key;

	if (equal == NULL) {
		conf_error(in->m, &at, NULL,
		    "\"%.80s\" cannot be used; allowed is section.key=value",
		    set);
		return;
	}
	key = xstrndup(set, (size_t)(equal - set));
	set_key(in, key, equal + 1, "--set");
	free(key);
}

static void
all_incomplete(struct conf_input *in)
{
	for (size_t i = 0; i < in->n_sections; i++)
		for (size_t j = 0; j < in->groups[i].n; j++)
			in->groups[i].v[j]->incomplete = true;
}

void
conf_input_read(struct conf_input *in, const struct conf_program *program,
    const struct conf_sources *from, struct arena *values,
    struct conf_messages *m)
{
	*in = (struct conf_input){.memory = {arena_new(ARENA_BRIEF), values},
	    .program = program,
	    .sections = program->sections,
	    .n_sections = program->n_sections,
	    .files.sources.memory = &in->memory,
	    .m = m};
	in->groups = xcalloc(in->n_sections, sizeof(in->groups[0]));
	if (program->top != NULL)
		in->top = conf_group_new(&in->memory, program->top, NULL);
	for (size_t i = 0; i < in->n_sections; i++)
		if (!in->sections[i].list)
			add_group(in, (int)i);
	for (size_t i = 0; i < from->n_paths; i++)
		conf_files_read(&in->files, from->paths[i], m);
	for (size_t i = 0; i < in->files.n_roots; i++)
		take_file(in, in->files.root[i]);
	for (size_t i = 0; i < from->n_sets; i++)
		take_set(in, from->sets[i]);
	if (in->files.incomplete)
		all_incomplete(in);
	if (from->place.output == NULL)
		return;
	in->output =
	    conf_group_find(conf_input_section(in, "campaign"), "output");
	set_key(in, "campaign.output", from->place.output, "-o");
}

void
conf_input_free(struct conf_input *in)
{
	for (size_t i = 0; i < in->n_sections; i++)
		free(in->groups[i].v);
	free(in->groups);
	conf_files_free(&in->files);
	arena_free(in->memory.trees);
}

void
conf_input_take_list(
    struct conf_input *in, const char *name, struct conf_node *list)
{
	take_list(in, section_number(in, name), list);
}

struct conf_groups *
conf_input_list(struct conf_input *in, const char *name)
{
	int number = section_number(in, name);

	assert(number >= 0);
	return &in->groups[number];
}

struct conf_group *
conf_input_section(struct conf_input *in, const char *name)
{
	return conf_input_list(in, name)->v[0];
}

struct conf_place
conf_input_missing(const struct conf_input *in, const struct conf_group *g)
{
	const struct conf_sources_read *s = &in->files.sources;
	struct conf_place at = {NULL, 0};

	if (g != NULL && g->place.file != NULL)
		return g->place;
	if (s->n > 0)
		at.file = s->v[s->n - 1]->path;
	return at;
}
