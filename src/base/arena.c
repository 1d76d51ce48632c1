/* arena.c - see arena.h.
 *
 * Chunks of which each is twice the one before, up to a limit, are cut from
 * front to back.  Used while a configuration is loaded, and for its values.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/secret.h"
#include "base/xmem.h"

enum { CHUNK_FIRST = 4096, CHUNK_MOST = 64 * 1024, LARGE = 2 * 1024 * 1024 };

struct chunk {
	struct chunk *before;
	size_t size, used;
	bool mapped; /* LARGE bytes of the system's, with this */
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *last; /* NULL: none yet */
	size_t next;        /* size of the next one */
	enum arena_kind kind;
};

struct arena *
arena_new(enum arena_kind kind)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->next = CHUNK_FIRST;
	a->kind = kind;
	return a;
}

void
arena_free(struct arena *a)
{
	struct chunk *c, *before;

	for (c = a == NULL ? NULL : a->last; c != NULL; c = before) {
		before = c->before;
		if (a->kind == ARENA_KEPT)
			explicit_bzero(c->bytes, c->used);
		if (c->mapped)
			munmap(c, LARGE);
		else
			free(c);
	}
	free(a);
}

/* At a multiple of its size, as such a page is.  With those of 4 KiB half of
 * the time is the kernel's, for a fault of each. */
static struct chunk *
map_chunk(void)
{
	char *p = mmap(NULL, 2 * LARGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t skip = -(uintptr_t)p % LARGE;
	struct chunk *c;

	if (p == MAP_FAILED)
		xmem_exhausted();
	if (skip > 0)
		munmap(p, skip);
	munmap(p + skip + LARGE, LARGE - skip);
	madvise(p + skip, LARGE, MADV_HUGEPAGE);
	c = (struct chunk *)(p + skip);
	c->mapped = true;
	c->size = LARGE - sizeof(*c);
	return c;
}

static struct chunk *
new_chunk(size_t size)
{
	struct chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		xmem_exhausted();
	c = xcalloc(1, sizeof(*c) + size);
	c->size = size;
	return c;
}

/* One of its own for what is larger than the next one would be. */
static struct chunk *
add_chunk(struct arena *a, size_t least)
{
	bool brief = a->kind == ARENA_BRIEF;
	bool large = brief && a->next > CHUNK_MOST &&
		     least <= LARGE - sizeof(struct chunk);
	struct chunk *c =
	    large ? map_chunk() : new_chunk(least > a->next ? least : a->next);

	c->before = a->last;
	a->last = c;
	if (a->next < CHUNK_MOST || (brief && a->next == CHUNK_MOST))
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
