/* conf_group.h - what all files together say of one section or list member. */
#ifndef CONF_CONF_GROUP_H
#define CONF_CONF_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf_load.h"
#include "conf/conf_node.h"
#include "conf/conf_row.h"

struct conf_group {
	const struct conf_memory *memory; /* it is in its trees */
	const struct conf_section *section;
	struct conf_node **from;     /* by row; NULL: not set */
	struct conf_node **fallback; /* the defaults that were needed, by row */
	struct conf_place place;     /* of its first mention */
	bool incomplete;   /* something was not understood: no key is missing */
	unsigned *missing; /* by row, of the whole list; NULL: tell of each */
};

/* With the defaults of another one of the section, or NULL. */
struct conf_group *conf_group_new(const struct conf_memory *memory,
    const struct conf_section *section, const struct conf_group *beside);

/* Take every setting of the group `node`, over what was there before.  Values
 * are checked; an unknown key is told with the nearest known one. */
void conf_group_take(
    struct conf_group *g, struct conf_node *node, struct conf_messages *m);
/* The row of `key`, or NULL, said with the nearest known one. */
const struct conf_row *conf_section_row(const struct conf_section *s,
    const char *key, const struct conf_place *at, struct conf_messages *m);
/* Its number, of a key that there is. */
size_t conf_section_number(const struct conf_section *s, const char *key);
/* Take one value. */
void conf_group_set(struct conf_group *g, const struct conf_row *row,
    struct conf_node *node, struct conf_messages *m);
/* Take over what `g` does not set itself and `from` does, by key. */
void conf_group_inherit(struct conf_group *g, const struct conf_group *from);
/* As if `key` had not been set. */
void conf_group_forget(struct conf_group *g, const char *key);
/* Store values and defaults in the struct at `base`; a required key that is
 * not set is an error. */
void conf_group_store(
    const struct conf_group *g, void *base, struct conf_messages *m);
/* The same of one key that there is. */
void conf_group_store_key(const struct conf_group *g, const char *key,
    void *base, struct conf_messages *m);
/* `key` is not set and has to be: is that to be said?  It is counted. */
bool conf_group_misses(const struct conf_group *g, const char *key);
/* The node that sets `key`, or NULL. */
struct conf_node *conf_group_find(const struct conf_group *g, const char *key);
/* Where `key` was set, or the group's own place. */
const struct conf_place *conf_group_place(
    const struct conf_group *g, const char *key);

/* Of the words that `word_at` gives for 0..n-1 the one most like `word`. */
const char *conf_nearest(const char *word,
    const char *(*word_at)(const void *list, size_t i), const void *list,
    size_t n);

#endif
