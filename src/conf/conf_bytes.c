/* conf_bytes.c - reads a file into memory that is wiped afterwards.
 *
 * A configuration may hold passwords; no copy of it stays behind on the heap.
 */
#include "conf/conf_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"

char *
conf_bytes_grow(char *old, size_t old_size, size_t new_size)
{
	char *grown = xcalloc(1, new_size);
	size_t keep = old_size < new_size ? old_size : new_size;

	if (keep > 0)
		memcpy(grown, old, keep);
	conf_bytes_free(old, old_size);
	return grown;
}

void
conf_bytes_free(char *bytes, size_t size)
{
	if (bytes != NULL)
		explicit_bzero(bytes, size);
	free(bytes);
}

static char *
read_all(int fd, size_t *len, const char **why)
{
	size_t cap = 65536, have = 0;
	char *s = xcalloc(1, cap);
	ssize_t n;

	while ((n = read(fd, s + have, cap - have)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		*why = n < 0 ? strerror(errno) : "longer than 64 MiB";
		if (n < 0 || have + (size_t)n > CONF_FILE_MAX) {
			conf_bytes_free(s, cap);
			return NULL;
		}
		have += (size_t)n;
		if (have == cap) {
			s = conf_bytes_grow(s, cap, cap * 2);
			cap *= 2;
		}
	}
	*len = have;
	return conf_bytes_grow(s, cap, have + 1);
}

char *
conf_bytes_read(
    const char *path, size_t *len, struct stat *st, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *s = NULL;

	if (fd < 0) {
		*why = strerror(errno);
		return NULL;
	}
	if (fstat(fd, st) != 0)
		*why = strerror(errno);
	else if (S_ISDIR(st->st_mode))
		*why = "is a folder";
	else
		s = read_all(fd, len, why);
	close(fd);
	if (s != NULL)
		s[*len] = '\0';
	return s;
}
