/* xmem.h - memory that is always there.
 *
 * Every function returns valid memory or ends the process with a message and
 * abort(3): a batch tool that cannot get a few kilobytes cannot go on.  Sizes
 * that come from a peer are limited before they come here.
 */
#ifndef BASE_XMEM_H
#define BASE_XMEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory for one object.  Free with free(3). */
void *xcalloc(size_t n, size_t size);
/* Resize to n * size bytes, overflow checked; new bytes are not zeroed. */
void *xreallocarray(void *old, size_t n, size_t size);
/* Room for one more than the `n` elements of `size` bytes: `old`, or twice as
 * much.  `*room` is how many there is room for, at first 0. */
void *xgrow(void *old, uint32_t n, uint32_t *room, size_t size);
/* Copies; NULL gives NULL. */
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
/* A formatted string of its own. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0)));

/* From here on what is freed is kept for what comes, until xmem_trim(): pages
 * that go back to the system and are asked for again are cleared anew.  Before
 * the first thread. */
void xmem_keep(void);
/* Give back to the system what is free: after much of it came free at once.
 * It takes about a millisecond for 50 MB. */
void xmem_trim(void);
/* End the process as above: for memory that a library could not get. */
void xmem_exhausted(void) __attribute__((noreturn));

#endif
