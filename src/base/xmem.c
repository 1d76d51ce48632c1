/* xmem.c - allocation that ends the process instead of failing.
 *
 * Used by every module.  The message is written without allocating.
 */
#include "base/xmem.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM_FIRST 64        /* elements */
#define GROWTH     (1 << 20) /* of the heap at a time, by xmem_keep() */

void
xmem_exhausted(void)
{
	static const char text[] = "out of memory: give this host or this "
				   "service more and start again\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	abort();
}

void *
xcalloc(size_t n, size_t size)
{
	/* calloc(3) may answer NULL to a request for nothing. */
	void *p = n == 0 || size == 0 ? calloc(1, 1) : calloc(n, size);

	if (p == NULL)
		xmem_exhausted();
	return p;
}

void *
xreallocarray(void *old, size_t n, size_t size)
{
	void *p =
	    n == 0 || size == 0 ? realloc(old, 1) : reallocarray(old, n, size);

	if (p == NULL)
		xmem_exhausted();
	return p;
}

void *
xgrow(void *old, uint32_t n, uint32_t *room, size_t size)
{
	if (n < *room)
		return old;
	if (*room > UINT32_MAX / 2)
		xmem_exhausted();
	*room = *room == 0 ? ROOM_FIRST : 2 * *room;
	return xreallocarray(old, *room, size);
}

char *
xstrdup(const char *s)
{
	return s == NULL ? NULL : xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
	char *copy = NULL;

	if (s != NULL && (copy = strndup(s, n)) == NULL)
		xmem_exhausted();
	return copy;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

char *
xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		xmem_exhausted();
	return s;
}

void
xmem_keep(void)
{
	(void)mallopt(M_MMAP_MAX, 0);
	(void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
	(void)mallopt(M_TOP_PAD, GROWTH);
}

void
xmem_trim(void)
{
	(void)malloc_trim(0);
}
