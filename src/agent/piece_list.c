/* piece_list.c - see piece_list.h.  For agent/store and agent/ring. */
#include "agent/piece_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/piece_file.h"
#include "base/xmem.h"

static int
by_time(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct piece_list
piece_list_names(int folder)
{
	struct piece_list l = {NULL, 0};
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return l;
	}
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		l.all = xreallocarray(l.all, l.n + 1, sizeof(*l.all));
		l.all[l.n++] =
		    (struct piece){.name = xstrdup(e->d_name), .packets = -1};
	}
	closedir(dir);
	return l;
}

void
piece_list_sort(struct piece_list *l)
{
	if (l->n > 1)
		qsort(l->all, l->n, sizeof(*l->all), by_time);
}

struct piece_list
piece_list_in_order(int folder)
{
	struct piece_list l = piece_list_names(folder);

	for (size_t i = 0; i < l.n; i++)
		l.all[i].first_us = piece_time(folder, l.all[i].name);
	piece_list_sort(&l);
	return l;
}

void
piece_list_free(struct piece_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->all[i].name);
	free(l->all);
}

const struct piece *
piece_list_find(const struct piece_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->all[i].name, name) == 0)
			return &l->all[i];
	return NULL;
}

int64_t
piece_list_bytes(int folder, const struct piece_list *l)
{
	int64_t all = 0;
	struct stat st;

	for (size_t i = 0; i < l->n; i++)
		if (fstatat(folder, l->all[i].name, &st, AT_SYMLINK_NOFOLLOW) ==
		    0)
			all += st.st_size;
	return all;
}
