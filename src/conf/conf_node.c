/* conf_node.c - the tree of a configuration file.
 *
 * Made by conf_file.c, read by conf_group.c and conf_row.c.
 */
#include "conf/conf_node.h"

#include <string.h>

/* Children that there is room for at first: a power of two. */
#define FIRST 4

static const char *const kind_names[] = {
    [NODE_GROUP] = "group",
    [NODE_LIST] = "list",
    [NODE_ARRAY] = "array",
    [NODE_INT] = "whole number",
    [NODE_FLOAT] = "number with a point",
    [NODE_BOOL] = "truth value",
    [NODE_TEXT] = "text",
};

struct conf_node *
conf_node_new(
    const struct conf_memory *memory, const char *name, enum conf_kind kind)
{
	struct conf_node *n = arena_alloc(memory->trees, 1, sizeof(*n));

	n->memory = memory;
	n->name = name;
	n->kind = kind;
	return n;
}

struct conf_node *
conf_node_text(const struct conf_memory *memory, const char *name,
    const char *text, size_t len)
{
	struct conf_node *n = conf_node_new(memory, name, NODE_TEXT);

	n->text = arena_text_n(memory->values, text, len);
	return n;
}

void
conf_node_add(struct conf_node *parent, struct conf_node *child)
{
	size_t n = parent->n_children, room = n < FIRST ? FIRST : 2 * n;
	struct conf_node **grown;

	/* Doubling at powers of two: a list may have 10000 devices. */
	if (n == 0 || (n >= FIRST && (n & (n - 1)) == 0)) {
		grown =
		    arena_alloc(parent->memory->trees, room, sizeof(grown[0]));
		if (n > 0)
			memcpy(grown, parent->child, n * sizeof(grown[0]));
		parent->child = grown;
	}
	parent->child[parent->n_children++] = child;
	child->parent = parent;
}

const char *
conf_kind_name(enum conf_kind kind)
{
	return kind_names[kind];
}
