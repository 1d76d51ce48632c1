/* arena.h - memory for many small things that end together: none of them is
 * freed alone.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

enum arena_kind {
	ARENA_KEPT, /* there may be secrets in it: what was in it is wiped */
	ARENA_BRIEF /* soon gone again: much of it takes the system's large
		       pages, where it has some */
};

struct arena *arena_new(enum arena_kind kind);
/* With all that is in it.  NULL is accepted. */
void arena_free(struct arena *a);
/* `n` times `size` zeroed bytes, for objects of any type. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
/* A copy, NUL-terminated. */
char *arena_text(struct arena *a, const char *s);
char *arena_text_n(struct arena *a, const char *s, size_t len);
/* The same of a text of malloc(3)'s, which is wiped and freed.  NULL gives
 * NULL. */
char *arena_take(struct arena *a, char *s);

#endif
