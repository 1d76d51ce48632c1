/* known_file.c - see known_file.h.
 *
 * Lines are only ever added: people edit these files, and programs share them.
 */
#include "io/known_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"

#define FILE_MOST (64 * 1024 * 1024) /* 300000 hosts */

void
known_file_name(
    char name[KNOWN_NAME_MAX], const char *host, uint16_t port, uint16_t usual)
{
	if (port == usual)
		snprintf(name, KNOWN_NAME_MAX, "%s", host);
	else
		snprintf(name, KNOWN_NAME_MAX, "[%s]:%u", host, (unsigned)port);
	str_lower(name);
}

/* --- reading --- */

static const char *
take_line(char *line, size_t len, known_file_line *take, void *arg)
{
	if (strlen(line) != len)
		return "it holds a NUL byte";
	line += strspn(line, " \t\r\n");
	line[strcspn(line, "\r\n")] = '\0';
	if (*line == '\0' || *line == '#')
		return NULL;
	return take(arg, line);
}

static bool
take_lines(const char *path, char *text, size_t len, known_file_line *take,
    void *arg, struct fail *why)
{
	char *end = text + len, *stop;

	for (unsigned n = 1; text < end; n++, text = stop + 1) {
		const char *wrong;

		stop = memchr(text, '\n', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		*stop = '\0';
		wrong = take_line(text, (size_t)(stop - text), take, arg);
		if (wrong == NULL)
			continue;
		fail_set(why, FAIL_LOCAL,
		    "%s:%u: %s; correct or remove the line", path, n, wrong);
		return false;
	}
	return true;
}

bool
known_file_read(
    const char *path, known_file_line *take, void *arg, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	char *text = bytes_read(fd, FILE_MOST, &len);
	bool ok;

	if (text == NULL && errno == ENOENT)
		return true;
	if (text == NULL) {
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", path,
		    strerror(errno));
		return false;
	}
	ok = take_lines(path, text, len, take, arg, why);
	bytes_free(text, len + 1);
	return ok;
}

/* --- writing --- */

bool
known_file_can_write(const char *path, struct fail *why)
{
	const char *slash = strrchr(path, '/');
	char *folder =
	    xstrndup(path, slash == NULL ? 0 : (size_t)(slash - path + 1));
	bool ok;

	ok = (slash == NULL || disk_make_folders(folder, DISK_PRIVATE)) &&
	     (access(path, W_OK) == 0 ||
		 (errno == ENOENT &&
		     access(slash == NULL ? "." : folder, W_OK) == 0));
	if (!ok)
		fail_set(why, FAIL_LOCAL,
		    "cannot write %s: %s; name a file that this user may write "
		    "in ssh.known_hosts",
		    path, strerror(errno));
	free(folder);
	return ok;
}

/* One write, so that two programs that share the file do not mix lines.  A
 * last line without its newline is ended first.  The disk is not waited for: a
 * line that a power cut takes away is learnt again. */
static bool
append_line(int fd, const char *line)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char last = '\n';
	char *whole;
	bool ok;

	if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
		return false;
	whole = xasprintf("%s%s\n", last == '\n' ? "" : "\n", line);
	errno = ENOSPC; /* the reason, should the write be a short one */
	ok = write(fd, whole, strlen(whole)) == (ssize_t)strlen(whole);
	free(whole);
	return ok;
}

bool
known_file_add(const char *path, const char *line)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && append_line(fd, line);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}
