/* conf_group.c - collects the settings of a section over all files.
 *
 * Later files override single settings; only when all are read are values
 * stored, so that an overridden password file need not exist.  Used by
 * conf_input.c, and by campaign_conf.c and agent_conf.c at the end.
 */
#include "conf/conf_group.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf/conf_say.h"

struct conf_group *
conf_group_new(const struct conf_memory *memory,
    const struct conf_section *section, const struct conf_group *beside)
{
	const size_t size = sizeof(struct conf_node *);
	struct conf_group *g = arena_alloc(memory->trees, 1, sizeof(*g));

	g->memory = memory;
	g->section = section;
	g->from = arena_alloc(memory->trees, section->n_rows, size);
	g->fallback = beside != NULL
			  ? beside->fallback
			  : arena_alloc(memory->trees, section->n_rows, size);
	return g;
}

const char *
conf_nearest(const char *word,
    const char *(*word_at)(const void *list, size_t i), const void *list,
    size_t n)
{
	const char *best = NULL;
	unsigned best_distance = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = str_distance(word, word_at(list, i));

		if (best == NULL || d < best_distance) {
			best = word_at(list, i);
			best_distance = d;
		}
	}
	return best;
}

static const char *
row_key(const void *list, size_t i)
{
	return ((const struct conf_row *)list)[i].key;
}

static bool
is_key(const struct conf_row *row, const char *key)
{
	/* Each device asks a hundred times: of most the first letter tells. */
	return row->key[0] == key[0] && strcmp(row->key, key) == 0;
}

static const struct conf_row *
find_row(const struct conf_section *s, const char *key)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (is_key(&s->rows[i], key))
			return &s->rows[i];
	return NULL;
}

/* The rows of one place stand beside each other: number of the first. */
static size_t
first_of_place(const struct conf_section *s, const struct conf_row *row)
{
	size_t i = (size_t)(row - s->rows);

	while (i > 0 && s->rows[i - 1].offset == row->offset)
		i--;
	return i;
}

static bool
is_of_place(const struct conf_section *s, size_t i, const struct conf_row *row)
{
	return i < s->n_rows && s->rows[i].offset == row->offset;
}

const struct conf_row *
conf_section_row(const struct conf_section *s, const char *key,
    const struct conf_place *at, struct conf_messages *m)
{
	const struct conf_row *row = find_row(s, key);
	char *name;

	if (row != NULL)
		return row;
	name = xasprintf("%s.%.80s", s->name, key);
	conf_error(m, at, name, "unknown key; the nearest known one is %s.%s",
	    s->name, conf_nearest(key, row_key, s->rows, s->n_rows));
	free(name);
	return NULL;
}

/* One file overrides another: who edits the first may not know of it. */
static void
note_override(const struct conf_row *row, const struct conf_node *node,
    const struct conf_node *old, struct conf_messages *m)
{
	struct strbuf name = STRBUF_INIT;

	if (old == NULL || old->source == NULL || node->source == NULL ||
	    old->source == node->source)
		return;
	conf_row_name(row, &name);
	conf_note(m, &node->place, strbuf_text(&name), "overrides %s:%d",
	    old->place.file, old->place.line);
	strbuf_free(&name);
}

void
conf_group_set(struct conf_group *g, const struct conf_row *row,
    struct conf_node *node, struct conf_messages *m)
{
	const struct conf_section *s = g->section;

	conf_row_store(row, node, NULL, m);
	for (size_t i = first_of_place(s, row); is_of_place(s, i, row); i++) {
		if (g->from[i] != NULL && node->parent != NULL &&
		    g->from[i]->parent == node->parent)
			conf_row_refuse(row, node, m,
			    "%s is set as well, in line %d, and only one of "
			    "the two can be",
			    s->rows[i].key, g->from[i]->place.line);
		note_override(row, node, g->from[i], m);
		g->from[i] = NULL;
	}
	g->from[row - s->rows] = node;
}

/* Do keys begin with this name and a dot: is it a group within the section? */
static bool
is_inner(const struct conf_section *s, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < s->n_rows; i++)
		if (conf_row_inner(&s->rows[i]) == len + 1 &&
		    memcmp(s->rows[i].key, name, len) == 0)
			return true;
	return false;
}

static void
take_key(struct conf_group *g, struct conf_node *child, const char *key,
    struct conf_messages *m)
{
	const struct conf_row *row =
	    conf_section_row(g->section, key, &child->place, m);

	/* What would be missing may be what it means. */
	if (row == NULL)
		g->incomplete = true;
	else
		conf_group_set(g, row, child, m);
}

static void
take_inner(
    struct conf_group *g, struct conf_node *node, struct conf_messages *m)
{
	char *name = xasprintf("%s.%s", g->section->name, node->name);

	if (node->kind != NODE_GROUP) {
		g->incomplete = true;
		conf_error(m, &node->place, name,
		    "a %s is the wrong type; allowed is a group, { ... }",
		    conf_kind_name(node->kind));
	}
	for (size_t i = 0; i < node->n_children; i++) {
		struct conf_node *child = node->child[i];
		char *key = xasprintf("%s.%s", node->name, child->name);

		if (node->kind == NODE_GROUP)
			take_key(g, child, key, m);
		free(key);
	}
	free(name);
}

void
conf_group_take(
    struct conf_group *g, struct conf_node *node, struct conf_messages *m)
{
	if (g->place.file == NULL)
		g->place = node->place;
	for (size_t i = 0; i < node->n_children; i++) {
		struct conf_node *child = node->child[i];
		const struct conf_row *row = find_row(g->section, child->name);

		if (row != NULL)
			conf_group_set(g, row, child, m);
		else if (is_inner(g->section, child->name))
			take_inner(g, child, m);
		else
			take_key(g, child, child->name, m);
	}
}

/* A group within the section is there with its first setting: until then
 * nothing of it is missing, and it has no defaults. */
static bool
is_there(const struct conf_group *g, const struct conf_row *row)
{
	size_t len = conf_row_inner(row);

	for (size_t i = 0; len > 0 && i < g->section->n_rows; i++)
		if (conf_row_inner(&g->section->rows[i]) == len &&
		    memcmp(g->section->rows[i].key, row->key, len) == 0 &&
		    g->from[i] != NULL)
			return true;
	return len == 0;
}

/* One of the rows that share the place of `row` is set. */
static bool
is_set(const struct conf_group *g, const struct conf_row *row)
{
	const struct conf_section *s = g->section;

	for (size_t i = first_of_place(s, row); is_of_place(s, i, row); i++)
		if (g->from[i] != NULL)
			return true;
	return false;
}

void
conf_group_inherit(struct conf_group *g, const struct conf_group *from)
{
	g->incomplete = g->incomplete || from->incomplete;
	for (size_t i = 0; i < from->section->n_rows; i++) {
		const struct conf_row *given = &from->section->rows[i], *row;

		if (from->from[i] == NULL || (given->flags & ROW_OWN) != 0)
			continue;
		row = from->section == g->section
			  ? given
			  : find_row(g->section, given->key);
		if (row != NULL && !is_set(g, row))
			g->from[row - g->section->rows] = from->from[i];
	}
}

void
conf_group_forget(struct conf_group *g, const char *key)
{
	g->from[find_row(g->section, key) - g->section->rows] = NULL;
}

static void
store_default(const struct conf_group *g, const struct conf_row *row,
    void *base, struct conf_messages *m)
{
	struct conf_node **node = &g->fallback[row - g->section->rows];

	if (*node == NULL)
		*node = conf_row_node(row, g->memory, row->fallback);
	assert(*node != NULL);
	conf_row_store(row, *node, base, m);
}

bool
conf_group_misses(const struct conf_group *g, const char *key)
{
	const struct conf_row *row = find_row(g->section, key);

	if (g->incomplete)
		return false;
	return g->missing == NULL || g->missing[row - g->section->rows]++ == 0;
}

static void
missing(const struct conf_group *g, const struct conf_row *row,
    struct conf_messages *m)
{
	struct conf_node nowhere = {.place = g->place};

	if (conf_group_misses(g, row->key))
		conf_row_refuse(row, &nowhere, m, "is missing");
}

/* Of one that is not set. */
static void
store_nothing(const struct conf_group *g, const struct conf_row *row,
    void *base, struct conf_messages *m)
{
	if (!is_there(g, row))
		return;
	if (row->fallback != NULL)
		store_default(g, row, base, m);
	else if (!is_set(g, row))
		missing(g, row, m);
}

static void
store_row(const struct conf_group *g, const struct conf_row *row, void *base,
    struct conf_messages *m)
{
	struct conf_node *node = g->from[row - g->section->rows];

	if (node != NULL)
		conf_row_store(row, node, base, m);
	else if (row->fallback != NULL || (row->flags & ROW_REQUIRED) != 0)
		store_nothing(g, row, base, m);
}

void
conf_group_store(
    const struct conf_group *g, void *base, struct conf_messages *m)
{
	for (size_t i = 0; i < g->section->n_rows; i++)
		store_row(g, &g->section->rows[i], base, m);
}

void
conf_group_store_key(const struct conf_group *g, const char *key, void *base,
    struct conf_messages *m)
{
	store_row(g, find_row(g->section, key), base, m);
}

size_t
conf_section_number(const struct conf_section *s, const char *key)
{
	return (size_t)(find_row(s, key) - s->rows);
}

struct conf_node *
conf_group_find(const struct conf_group *g, const char *key)
{
	const struct conf_row *row = find_row(g->section, key);

	return row == NULL ? NULL : g->from[row - g->section->rows];
}

const struct conf_place *
conf_group_place(const struct conf_group *g, const char *key)
{
	const struct conf_node *n = conf_group_find(g, key);

	return n == NULL ? &g->place : &n->place;
}
