/* conf_bytes.h - the bytes of a file that may hold passwords. */
#ifndef CONF_CONF_BYTES_H
#define CONF_CONF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* No configuration is longer: 50000 devices take 10 MB. */
#define CONF_FILE_MAX (64 * 1024 * 1024)

/* Resize, and wipe what is left behind. */
char *conf_bytes_grow(char *old, size_t old_size, size_t new_size);
void conf_bytes_free(char *bytes, size_t size);

/* Read a whole file: NUL-terminated, `*len` bytes of it read, `st` as of the
 * open file.  To be freed with conf_bytes_free() and a size of *len + 1.
 * NULL and the reason in `why` otherwise. */
char *conf_bytes_read(
    const char *path, size_t *len, struct stat *st, const char **why);

#endif
