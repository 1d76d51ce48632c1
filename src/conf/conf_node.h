/* conf_node.h - a setting as it was written, with its place.
 *
 * The tree of a configuration file, free of the library that parsed it; a
 * value of the command line is a node of its own.  Nodes end with all others;
 * their texts last as long as the configuration, whose values they become.
 */
#ifndef CONF_CONF_NODE_H
#define CONF_CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
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

struct conf_memory {
	struct arena *trees;  /* what ends when all values are stored */
	struct arena *values; /* what is the configuration's */
};

struct conf_node {
	const struct conf_memory *memory;
	const char *name; /* NULL: member of a list or an array, or the root */
	enum conf_kind kind;
	bool truth;
	bool bad; /* kept by whoever interprets it: its trouble was reported */
	int64_t number;
	char *text;
	struct conf_node **child;
	size_t n_children;
	const struct conf_node *parent;
	const struct conf_source *source; /* NULL: command line or default */
	struct conf_place place;
	/* Kept as well: what the file that it names holds; the row whose rules
	 * its text or its texts keep. */
	char *secret;
	const void *good;
};

/* `name` and `memory` outlive it. */
struct conf_node *conf_node_new(
    const struct conf_memory *memory, const char *name, enum conf_kind kind);
/* Of kind NODE_TEXT; a copy. */
struct conf_node *conf_node_text(const struct conf_memory *memory,
    const char *name, const char *text, size_t len);
/* `child` now belongs to `parent`. */
void conf_node_add(struct conf_node *parent, struct conf_node *child);
/* "group", "list", ...: for messages. */
const char *conf_kind_name(enum conf_kind kind);

#endif
