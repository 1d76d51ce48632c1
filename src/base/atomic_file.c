/* atomic_file.c - files that appear whole or not at all.
 *
 * Used for everything that is kept: captures, reports, journals.  Small writes
 * are gathered; long files are handed to the disk as they grow, so that the
 * flush at the end does not hold up the loop.
 */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os_error.h"
#include "base/xmem.h"

enum {
	BUFFER = 32 * 1024,
	/* Writeback starts whenever this much is new. */
	WRITEBACK = 4 * 1024 * 1024
};

#define ASIDE ".first"

struct atomic_file {
	char *path;
	char *part;
	int fd;
	int error;     /* errno of the first failure */
	off_t written; /* bytes handed to the kernel */
	off_t started; /* of these, those whose writeback was started */
	bool flushed;  /* nothing more was written behind atomic_file_flush() */
	bool synced;   /* and that is on the disk */
	size_t held;
	char buffer[BUFFER];
};

static void
set_why(struct fail *why, const char *path, int error)
{
	os_error_set(why, OS_WRITE, error, "cannot write %s", path);
}

static void
discard(struct atomic_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	free(f->part);
	free(f);
}

static char *
part_of(const char *path, const char *aside)
{
	return xasprintf("%s%s.part", path, aside);
}

struct atomic_file *
atomic_file_open(const char *path, struct fail *why)
{
	struct atomic_file *f = xcalloc(1, sizeof(*f));

	f->path = xstrdup(path);
	f->part = part_of(path, "");
	/* What is left of a killed run goes.  O_EXCL follows no link. */
	unlink(f->part);
	f->fd = open(f->part,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (f->fd < 0) {
		set_why(why, f->part, errno);
		discard(f);
		return NULL;
	}
	return f;
}

void
atomic_file_for_all(struct atomic_file *f)
{
	if (fchmod(f->fd, 0644) != 0 && f->error == 0)
		f->error = errno;
}

void
atomic_file_set_aside(struct atomic_file *f)
{
	char *part = part_of(f->path, ASIDE);

	if (rename(f->part, part) != 0 && f->error == 0)
		f->error = errno;
	free(f->part);
	f->part = part;
}

void
atomic_file_forget_aside(const char *path)
{
	char *part = part_of(path, ASIDE);

	unlink(part);
	free(part);
}

static void
start_writeback(struct atomic_file *f)
{
	if (f->written - f->started < WRITEBACK)
		return;
	/* Only a hint: errors show at fdatasync(2). */
	sync_file_range(
	    f->fd, f->started, f->written - f->started, SYNC_FILE_RANGE_WRITE);
	f->started = f->written;
}

static void
write_through(struct atomic_file *f, const char *data, size_t len)
{
	while (len > 0 && f->error == 0) {
		ssize_t n = write(f->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			f->error = errno;
			return;
		}
		data += n;
		len -= (size_t)n;
		f->written += n;
	}
	start_writeback(f);
}

static void
flush(struct atomic_file *f)
{
	write_through(f, f->buffer, f->held);
	f->held = 0;
}

void
atomic_file_write(struct atomic_file *f, const void *data, size_t len)
{
	if (f->error != 0 || len == 0)
		return;
	f->flushed = f->synced = false;
	if (len > sizeof(f->buffer) - f->held)
		flush(f);
	if (len > sizeof(f->buffer)) {
		write_through(f, data, len);
		return;
	}
	memcpy(f->buffer + f->held, data, len);
	f->held += len;
}

int
atomic_file_flush(struct atomic_file *f)
{
	flush(f);
	f->flushed = true;
	return f->error == 0 ? f->fd : -1;
}

void
atomic_file_synced(struct atomic_file *f, int error)
{
	f->synced = f->flushed && error == 0;
	if (f->error == 0)
		f->error = error;
}

bool
atomic_file_ok(const struct atomic_file *f)
{
	return f->error == 0;
}

int
atomic_file_sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		/* Writable and not readable: the rename is good all the same.
		 */
		return errno == EACCES ? 0 : errno;
	/* EINVAL: a file system that cannot sync folders. */
	if (fsync(fd) != 0 && errno != EINVAL)
		error = errno;
	close(fd);
	return error;
}

/* So that the new name survives a power failure. */
static int
sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL   ? xstrdup(".")
		       : slash == path ? xstrdup("/")
				       : xstrndup(path, (size_t)(slash - path));
	int error = atomic_file_sync_folder(folder);

	free(folder);
	return error;
}

static int
finish(struct atomic_file *f)
{
	int fd = f->fd;

	flush(f);
	if (f->error != 0)
		return f->error;
	if (!f->synced && fdatasync(fd) != 0)
		return errno;
	f->fd = -1;
	if (close(fd) != 0 && errno != EINTR)
		return errno;
	if (rename(f->part, f->path) != 0)
		return errno;
	return 0;
}

static bool
commit(struct atomic_file *f, bool name, struct fail *why)
{
	int error = finish(f);

	if (error != 0)
		unlink(f->part);
	else if (name)
		error = sync_folder_of(f->path);
	if (error != 0)
		set_why(why, f->path, error);
	discard(f);
	return error == 0;
}

bool
atomic_file_commit(struct atomic_file *f, struct fail *why)
{
	return commit(f, true, why);
}

bool
atomic_file_put(struct atomic_file *f, struct fail *why)
{
	return commit(f, false, why);
}

void
atomic_file_abort(struct atomic_file *f)
{
	if (f == NULL)
		return;
	unlink(f->part);
	discard(f);
}
