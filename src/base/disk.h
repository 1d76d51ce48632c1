/* disk.h - folders, and the room there is for files. */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fail.h"

/* The mode of what nobody else needs to see. */
#define DISK_PRIVATE 0750
/* mkdir -p, those above with the same mode; false with errno set. */
bool disk_make_folders(const char *path, mode_t mode);
/* The folder itself, or the next one above it that is there; free(3). */
char *disk_nearest_folder(const char *path);
/* Could disk_make_folders() make it, and files be made in it?  Nothing is
 * left; false with errno set. */
bool disk_may_make(const char *path);
/* When this file in the open folder was last written to, wall ms; 0: there is
 * none.  A symbolic link is not followed. */
int64_t disk_written_ms(int folder, const char *name);
/* Free bytes for an unprivileged user on the file system that holds `path`;
 * -1 with errno set if that cannot be told. */
long long disk_free_bytes(const char *path);
/* Are at least `min_free` bytes free there?  False and FAIL_LOCAL in `why` if
 * not, or if that cannot be told; `key` is the setting that it comes from. */
bool disk_has_room(
    const char *path, int64_t min_free, const char *key, struct fail *why);

#endif
