/* excerpt.h - what was sent or came, as one line of the log.
 *
 * Secrets are masked while the text is whole; then every byte that is no
 * printable text is made visible (`\n`, `\x00`), and the rest is cut.
 */
#ifndef BASE_EXCERPT_H
#define BASE_EXCERPT_H

#include <stddef.h>

#define EXCERPT_REFUSED 200  /* characters of what is told to everybody */
#define EXCERPT_TRACE   1000 /* ... to those who ask for it with -v */

/* The secrets that are never shown. */
struct excerpts;
struct excerpts *excerpts_new(void);
/* Wipes what it was told.  NULL is accepted. */
void excerpts_free(struct excerpts *e);
/* One more, also as JSON writes it.  Kept as a copy; NULL and "" hide
 * nothing, the same one again nothing more. */
void excerpts_hide(struct excerpts *e, const char *secret);

/* `"text"`, or `"te"... (2000 bytes)` where it has more than `max` characters;
 * free(3).  A NULL `e` hides nothing. */
char *excerpt(
    const struct excerpts *e, const void *data, size_t len, size_t max);

#endif
