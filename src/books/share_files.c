/* share_files.c - see share_files.h.
 */
#include "books/share_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/os_error.h"
#include "base/xmem.h"

/* In one step for whoever looks.  False with errno set. */
static bool
link_file(const char *from, const char *to)
{
	char *part = xasprintf("%s.link", to);
	bool ok;
	int error;

	unlink(part);
	ok = link(from, part) == 0 && rename(part, to) == 0;
	error = errno;
	/* rename(2) does nothing where both are the same file already. */
	unlink(part);
	free(part);
	errno = error;
	return ok;
}

static bool
copy_open(int fd, const char *from, struct atomic_file *f, struct fail *why)
{
	char buffer[64 * 1024];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		atomic_file_write(f, buffer, (size_t)n);
	if (n == 0)
		return atomic_file_commit(f, why);
	fail_set(why, FAIL_LOCAL, "cannot read %s: %s", from, strerror(errno));
	atomic_file_abort(f);
	return false;
}

static bool
copy_file(const char *from, const char *to, struct fail *why)
{
	struct stat st;
	int fd = bytes_open(from, O_CLOEXEC | O_NOFOLLOW, &st);
	struct atomic_file *f = NULL;
	bool ok = false;

	if (fd < 0)
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", from,
		    strerror(errno));
	else
		f = atomic_file_open(to, why);
	if (f != NULL)
		ok = copy_open(fd, from, f, why);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
share_file(const char *from, const char *to, struct fail *why)
{
	struct stat st;

	if (lstat(from, &st) == 0 && !S_ISREG(st.st_mode))
		return true;
	if (link_file(from, to))
		return true;
	if (errno == EXDEV || errno == EPERM || errno == EMLINK ||
	    errno == EOPNOTSUPP)
		return copy_file(from, to, why);
	os_error_set(why, OS_WRITE, errno, "cannot link %s to %s", from, to);
	return false;
}

bool
share_files(const char *from, const char *to, struct fail *why)
{
	DIR *folder = opendir(from);
	const struct dirent *e;
	bool ok = true;

	if (folder == NULL && errno == ENOENT)
		return true;
	if (folder == NULL) {
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", from,
		    strerror(errno));
		return false;
	}
	while ((e = readdir(folder)) != NULL) {
		char *source = xasprintf("%s/%s", from, e->d_name);
		char *target = xasprintf("%s/%s", to, e->d_name);
		struct fail one;

		if (!share_file(source, target, &one)) {
			if (ok)
				*why = one;
			ok = false;
		}
		free(source);
		free(target);
	}
	closedir(folder);
	return ok;
}
