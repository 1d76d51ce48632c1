/* bytes.h - a file read whole, into memory that is wiped when it goes.
 *
 * What is read may hold passwords: no copy of it stays behind on the heap.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <sys/stat.h>

/* Open a regular file to be read; `flags` may add O_NOFOLLOW.  `st` is as of
 * the open file.  -1 with errno set: EINVAL if it is something else, of which
 * a FIFO does not hold us up. */
int bytes_open(const char *path, int flags, struct stat *st);
/* All that is left of the file, which is closed: NUL-terminated, `*len` bytes,
 * to be freed with bytes_free() and a size of *len + 1.  NULL with errno set:
 * EFBIG if there are more than `max`; where `fd` is -1, as opening set it. */
char *bytes_read(int fd, size_t max, size_t *len);

/* Resize, and wipe what is left behind; what is new is zero. */
char *bytes_grow(char *old, size_t old_size, size_t new_size);
/* Wipe and free.  NULL is accepted. */
void bytes_free(char *bytes, size_t size);

#endif
