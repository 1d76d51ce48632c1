/* conf_node.h - a setting as it was written, with its place.
 *
 * The tree of a configuration file, free of the library that parsed it; a
 * value of the command line is a node of its own.  Texts may be secrets, so
 * all of them are wiped when they are freed.
 */
#ifndef CONF_CONF_NODE_H
#define CONF_CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "conf/shared_conf.h"

/* A file that was read. */
struct conf_source {
	char *path;
	char *folder; /* of the file: relative names are beside it */
	enum secret_privacy privacy; /* may a password stand in it? */
};

enum conf_kind {
	NODE_GROUP, /* { } */
	NODE_LIST,  /* ( ) */
	NODE_ARRAY, /* [ ] */
	NODE_INT,
	NODE_FLOAT,
	NODE_BOOL,
	NODE_TEXT
};

struct conf_node {
	char *name; /* NULL: member of a list or an array, or the root */
	enum conf_kind kind;
	int64_t number;
	bool truth;
	char *text;
	struct conf_node **child;
	size_t n_children;
	const struct conf_node *parent;
	const struct conf_source *source; /* NULL: command line or default */
	struct conf_place place;
	/* Kept by whoever interprets the node: its trouble was reported; what
	 * the file that it names holds. */
	bool bad;
	char *secret;
};

struct conf_node *conf_node_new(const char *name, enum conf_kind kind);
/* `child` now belongs to `parent`. */
void conf_node_add(struct conf_node *parent, struct conf_node *child);
/* With all below it.  NULL is accepted. */
void conf_node_free(struct conf_node *n);
/* "group", "list", ...: for messages. */
const char *conf_kind_name(enum conf_kind kind);

#endif
