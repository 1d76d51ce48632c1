/* piece_list.c - see piece_list.h.  For agent/store and agent/ring. */
#include "agent/piece_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"

struct piece_list
piece_list_read(int folder)
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
		l.all[l.n++] = (struct piece){.name = xstrdup(e->d_name)};
	}
	closedir(dir);
	return l;
}

static int
by_time(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
piece_list_sort(struct piece_list *l)
{
	if (l->n > 1)
		qsort(l->all, l->n, sizeof(*l->all), by_time);
}

void
piece_list_free(struct piece_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->all[i].name);
	free(l->all);
}
