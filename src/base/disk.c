/* disk.c - see disk.h.
 *
 * Both programs keep files, and start nothing for which there is no room.
 */
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/os_error.h"
#include "base/xmem.h"

static bool
make_folder(const char *path, mode_t mode)
{
	struct stat st;
	int error;

	if (mkdir(path, mode) == 0)
		return true;
	error = errno;
	/* Also "/", and a mount point that may only be read. */
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	errno = error == EEXIST ? ENOTDIR : error;
	return false;
}

bool
disk_make_folders(const char *path, mode_t mode)
{
	char *copy = xstrdup(path);
	bool made = true;
	int error;

	for (char *p = copy + 1; made && *copy != '\0' && *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		made = make_folder(copy, mode);
		*p = '/';
	}
	made = made && make_folder(copy, mode);
	error = errno;
	free(copy);
	errno = error;
	return made;
}

char *
disk_nearest_folder(const char *path)
{
	char *at = xstrdup(path), *slash;
	struct stat st;

	while (stat(at, &st) != 0 && errno == ENOENT &&
	       (slash = strrchr(at, '/')) != NULL)
		slash[slash == at] = '\0'; /* of "/x": "/" */
	return at;
}

bool
disk_may_make(const char *path)
{
	char *at = disk_nearest_folder(path);
	struct stat st;
	bool ok = stat(at, &st) == 0;

	if (ok && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		ok = false;
	}
	ok = ok && access(at, W_OK | X_OK) == 0;
	free(at);
	return ok;
}

int64_t
disk_written_ms(int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	return clock_us(&st.st_mtim) / 1000;
}

long long
disk_free_bytes(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0)
		return -1;
	return (long long)fs.f_bavail * (long long)fs.f_frsize;
}

bool
disk_has_room(
    const char *path, int64_t min_free, const char *key, struct fail *why)
{
	long long space = disk_free_bytes(path);

	if (space >= min_free)
		return true;
	if (space < 0)
		os_error_set(why, OS_WRITE, errno,
		    "cannot tell the free space of %s", path);
	else
		fail_set(why, FAIL_LOCAL,
		    "%s has %lld bytes free, %s wants %lld: make room or set "
		    "it lower",
		    path, space, key, (long long)min_free);
	return false;
}
