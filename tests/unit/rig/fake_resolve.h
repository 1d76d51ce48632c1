/* fake_resolve.h - the names that the fake resolver knows. */
#ifndef RIG_FAKE_RESOLVE_H
#define RIG_FAKE_RESOLVE_H

/* `second` may be NULL.  The first `silent` queries (-1: all) get no answer.
 * The strings are borrowed until fake_names_clear(). */
void fake_name(
    const char *name, const char *address, const char *second, int silent);
void fake_names_clear(void);

#endif
