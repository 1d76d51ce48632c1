/* arena.c - see arena.h.
 *
 * Chunks of which each is twice the one before, up to a limit, are cut from
 * front to back.  Used while a configuration is loaded, and for its values.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/xmem.h"

enum { CHUNK_FIRST = 4096, CHUNK_MOST = 64 * 1024 };

struct chunk {
	struct chunk *before;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *last; /* NULL: none yet */
	size_t next;        /* size of the next one */
	bool secrets;
};

struct arena *
arena_new(bool secrets)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->next = CHUNK_FIRST;
	a->secrets = secrets;
	return a;
}

void
arena_free(struct arena *a)
{
	struct chunk *c, *before;

	for (c = a == NULL ? NULL : a->last; c != NULL; c = before) {
		before = c->before;
		if (a->secrets)
			explicit_bzero(c->bytes, c->used);
		free(c);
	}
	free(a);
}

/* A chunk of its own for what is larger than the next one would be. */
static struct chunk *
add_chunk(struct arena *a, size_t least)
{
	size_t size = least > a->next ? least : a->next;
	struct chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		xmem_exhausted();
	c = xcalloc(1, sizeof(*c) + size);
	c->size = size;
	c->before = a->last;
	a->last = c;
	if (a->next < CHUNK_MOST)
		a->next *= 2;
	return c;
}

/* `align` is a power of two. */
static char *
cut(struct arena *a, size_t size, size_t align)
{
	struct chunk *c = a->last;
	size_t at = c == NULL ? 0 : (c->used + align - 1) & ~(align - 1);

	if (c == NULL || at > c->size || size > c->size - at) {
		c = add_chunk(a, size);
		at = 0;
	}
	c->used = at + size;
	return c->bytes + at;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	if (__builtin_mul_overflow(n, size, &size))
		xmem_exhausted();
	return cut(a, size, alignof(max_align_t));
}

char *
arena_text_n(struct arena *a, const char *s, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		xmem_exhausted();
	copy = cut(a, len + 1, 1);
	memcpy(copy, s, len);
	return copy; /* its NUL is there */
}

char *
arena_text(struct arena *a, const char *s)
{
	return arena_text_n(a, s, strlen(s));
}

char *
arena_take(struct arena *a, char *s)
{
	char *copy = s == NULL ? NULL : arena_text(a, s);

	secret_free(s);
	return copy;
}
