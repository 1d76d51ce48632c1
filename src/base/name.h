/* name.h - from a word to what has this name.
 *
 * The names of an enum's values stand in one table, in the file beside the
 * enum; a value is the index of its name.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stddef.h>

/* Which of the `n` entries of `table`, each of `size` bytes, has this name;
 * `n`: none.  An entry is a `const char *`, or a struct that begins with it;
 * NULL is no name. */
int name_find(const void *table, int n, size_t size, const char *name);

#define NAME_COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
/* The same of a whole array: NAME_COUNT(table) is none. */
#define NAME_FIND(table, name) \
	name_find(table, NAME_COUNT(table), sizeof((table)[0]), name)

#endif
