/* conf_node.c - the tree of a configuration file.
 *
 * Made by conf_file.c, read by conf_group.c and conf_row.c.
 */
#include "conf/conf_node.h"

#include <stdlib.h>

#include "base/secret.h"
#include "base/xmem.h"

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
conf_node_new(const char *name, enum conf_kind kind)
{
	struct conf_node *n = xcalloc(1, sizeof(*n));

	n->name = xstrdup(name);
	n->kind = kind;
	return n;
}

void
conf_node_add(struct conf_node *parent, struct conf_node *child)
{
	size_t n = parent->n_children;

	/* Doubling at powers of two: a list may have 10000 devices. */
	if ((n & (n - 1)) == 0)
		parent->child = xreallocarray(parent->child, n == 0 ? 1 : n * 2,
		    sizeof(parent->child[0]));
	parent->child[parent->n_children++] = child;
	child->parent = parent;
}

void
conf_node_free(struct conf_node *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->n_children; i++)
		conf_node_free(n->child[i]);
	free(n->child);
	free(n->name);
	secret_free(n->text);
	secret_free(n->secret);
	free(n);
}

const char *
conf_kind_name(enum conf_kind kind)
{
	return kind_names[kind];
}
