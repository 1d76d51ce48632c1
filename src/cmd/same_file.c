/* same_file.c - see same_file.h.
 */
#include "cmd/same_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

#define PIECE 65536

/* The next bytes of both, until they differ: captures do so soon. */
static bool
same_bytes(int a, int b)
{
	static char one[PIECE], other[PIECE];

	for (off_t at = 0;; at += PIECE) {
		ssize_t n = pread(a, one, PIECE, at);

		if (n < 0 || pread(b, other, PIECE, at) != n ||
		    memcmp(one, other, (size_t)n) != 0)
			return false;
		if (n < PIECE)
			return true;
	}
}

static bool
is_copy(const char *a, const char *b)
{
	int one = open(a, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int other = open(b, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = one >= 0 && other >= 0 && same_bytes(one, other);

	if (one >= 0)
		close(one);
	if (other >= 0)
		close(other);
	return is;
}

static bool
is_same(
    const char *a, const struct stat *sa, const char *b, const struct stat *sb)
{
	if (sa->st_dev == sb->st_dev && sa->st_ino == sb->st_ino)
		return true;
	return S_ISREG(sa->st_mode) && S_ISREG(sb->st_mode) &&
	       sa->st_size > 0 && sa->st_size == sb->st_size && is_copy(a, b);
}

/* Of each file; of those that are not there all is 0. */
static struct stat *
stat_all(const struct text_list *l)
{
	struct stat *st = xcalloc(l->n, sizeof(*st));

	for (size_t i = 0; i < l->n; i++)
		if (stat(l->texts[i], &st[i]) != 0)
			st[i] = (struct stat){0};
	return st;
}

bool
same_file_find(const struct text_list *a, const struct text_list *b,
    const char **one, const char **other)
{
	struct stat *sa = stat_all(a), *sb = stat_all(b);
	bool found = false;

	for (size_t i = 0; i < a->n && !found; i++) {
		for (size_t j = 0; j < b->n && !found; j++) {
			*one = a->texts[i];
			*other = b->texts[j];
			found = sa[i].st_ino != 0 && sb[j].st_ino != 0 &&
				is_same(*one, &sa[i], *other, &sb[j]);
		}
	}
	free(sa);
	free(sb);
	return found;
}
