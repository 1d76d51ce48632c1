/* bytes.c - see bytes.h.
 *
 * For what is read at the start: configuration, secrets, known hosts, state.
 */
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"

#define FIRST 65536

char *
bytes_grow(char *old, size_t old_size, size_t new_size)
{
	char *grown = xcalloc(1, new_size);
	size_t keep = old_size < new_size ? old_size : new_size;

	if (keep > 0)
		memcpy(grown, old, keep);
	bytes_free(old, old_size);
	return grown;
}

void
bytes_free(char *bytes, size_t size)
{
	if (bytes != NULL)
		explicit_bzero(bytes, size);
	free(bytes);
}

int
bytes_open(const char *path, int flags, struct stat *st)
{
	int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);
	int error;

	if (fd < 0)
		return -1;
	if (fstat(fd, st) != 0)
		error = errno;
	else if (!S_ISREG(st->st_mode))
		error = EINVAL;
	else
		return fd;
	close(fd);
	errno = error;
	return -1;
}

/* So much is left of the file, as it tells beforehand; 0: it does not. */
static size_t
told(int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (at < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	return st.st_size > at ? (size_t)(st.st_size - at) : 0;
}

/* NULL with errno set. */
static char *
read_all(int fd, size_t max, size_t *len)
{
	size_t left = told(fd), have = 0;
	size_t cap = left < FIRST || left > max ? FIRST : left + 1;
	char *s;
	ssize_t n;

	/* What tells a page, as files of sysfs(5) do, may be shorter. */
	if (left > max && max >= FIRST) {
		errno = EFBIG;
		return NULL;
	}
	s = xcalloc(1, cap);
	while ((n = read(fd, s + have, cap - have)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || have + (size_t)n > max) {
			int error = n < 0 ? errno : EFBIG;

			bytes_free(s, cap);
			errno = error;
			return NULL;
		}
		have += (size_t)n;
		if (have == cap) {
			s = bytes_grow(s, cap, cap * 2);
			cap *= 2;
		}
	}
	*len = have;
	return have + 1 == cap ? s : bytes_grow(s, cap, have + 1);
}

char *
bytes_read(int fd, size_t max, size_t *len)
{
	char *s;
	int error;

	if (fd < 0)
		return NULL;
	s = read_all(fd, max, len);
	error = errno;
	close(fd);
	errno = error;
	return s;
}
