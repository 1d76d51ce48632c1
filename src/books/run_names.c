/* run_names.c - see run_names.h.
 *
 * The links change under the lock of run_folder.c only; anybody may read them.
 */
#include "books/run_names.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"

bool
run_is_name(const char *name)
{
	return name[0] >= '0' && name[0] <= '9' &&
	       strlen(name) < RUN_NAME_MAX && strchr(name, '/') == NULL;
}

int
run_name_compare(const char *a, const char *b)
{
	/* The numbers of those of one second have no leading zeros. */
	return strverscmp(a, b);
}

int64_t
run_name_start(const char *name)
{
	char text[sizeof("2026-11-23T04:00:00Z")];
	int64_t ms = 0;

	if (strlen(name) < sizeof(text) - 1)
		return 0;
	memcpy(text, name, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[13] = text[16] = ':';
	return clock_rfc3339_read(text, &ms) ? ms : 0;
}

bool
run_link_read(const char *parent, const char *link, char run[RUN_NAME_MAX])
{
	char *path = xasprintf("%s/%s", parent, link);
	ssize_t n = readlink(path, run, RUN_NAME_MAX);

	free(path);
	if (n < 0 || n == RUN_NAME_MAX)
		n = 0;
	run[n] = '\0';
	return run_is_name(run);
}

bool
run_link_point(const char *parent, const char *link, const char *run)
{
	char *path = xasprintf("%s/%s", parent, link);
	char *new = xasprintf("%s/.%s.part", parent, link);
	bool ok;
	int error;

	unlink(new);
	ok = symlink(run, new) == 0 && rename(new, path) == 0;
	error = errno;
	if (!ok)
		unlink(new);
	free(new);
	free(path);
	errno = error;
	return ok;
}

bool
run_link_is_free(const char *parent, const char *link)
{
	char *path = xasprintf("%s/%s", parent, link);
	struct stat st;
	bool there = lstat(path, &st) == 0;

	free(path);
	errno = EEXIST;
	return !there || S_ISLNK(st.st_mode);
}

void
run_link_remove(const char *parent, const char *link, const char *run)
{
	char *path = xasprintf("%s/%s", parent, link);
	char at[RUN_NAME_MAX];

	if (run == NULL ||
	    (run_link_read(parent, link, at) && strcmp(at, run) == 0))
		unlink(path);
	free(path);
}

static int
only_runs(const struct dirent *e)
{
	return run_is_name(e->d_name);
}

static int
oldest_first(const struct dirent **a, const struct dirent **b)
{
	return run_name_compare((*a)->d_name, (*b)->d_name);
}

char **
run_names_read(const char *parent, size_t *n)
{
	struct dirent **found = NULL;
	int count = scandir(parent, &found, only_runs, oldest_first);
	char **names;

	*n = 0;
	if (count < 0)
		return NULL;
	names = xcalloc((size_t)count + 1, sizeof(names[0]));
	for (; *n < (size_t)count; ++*n) {
		names[*n] = xstrdup(found[*n]->d_name);
		free(found[*n]);
	}
	free(found);
	return names;
}

size_t
run_names_newest(const char *parent, char names[][RUN_NAME_MAX], size_t max)
{
	size_t all, n = 0;
	char **found = run_names_read(parent, &all);

	while (all > 0) {
		if (n < max)
			str_copy(names[n++], RUN_NAME_MAX, found[all - 1]);
		free(found[--all]);
	}
	free(found);
	return n;
}
