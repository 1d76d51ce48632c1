/* ring.c - see ring.h.  For agent/store. */
#include "agent/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/piece_file.h"
#include "agent/piece_list.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"

#define FILE_UNIT 1000000 /* -C, tcpdump(8) */

int64_t
ring_file_units(const struct agent_section *c)
{
	return (c->file_size + FILE_UNIT - 1) / FILE_UNIT;
}

int64_t
ring_file_bytes(const struct agent_section *c)
{
	return ring_file_units(c) * FILE_UNIT;
}

int64_t
ring_whole_bytes(const struct agent_section *c)
{
	return c->files * ring_file_bytes(c);
}

void
ring_look(int folder, struct ring *now)
{
	struct piece_list l = piece_list_names(folder);

	now->all += l.n;
	for (size_t i = 0; i < l.n; i++) {
		struct stat st;
		int64_t at;

		now->files += str_starts(l.all[i].name, RUN_PREFIX);
		if (fstatat(folder, l.all[i].name, &st, AT_SYMLINK_NOFOLLOW) !=
		    0)
			continue;
		now->bytes += st.st_size;
		at = clock_us(&st.st_mtim) / 1000;
		now->last_ms = at > now->last_ms ? at : now->last_ms;
	}
	piece_list_free(&l);
}

/* The ring's file that was written to first: the others came after it. */
static const char *
oldest_of(int folder, const struct piece_list *l)
{
	const char *oldest = NULL;
	int64_t then = 0;

	for (size_t i = 0; i < l->n; i++) {
		const char *name = l->all[i].name;
		int64_t at;

		if (!str_starts(name, RUN_PREFIX))
			continue;
		at = disk_written_ms(folder, name);
		if (oldest != NULL && at >= then)
			continue;
		oldest = name;
		then = at;
	}
	return oldest;
}

int64_t
ring_first(int folder)
{
	struct piece_list l = piece_list_names(folder);
	const char *oldest = oldest_of(folder, &l);
	int64_t first = 0;
	int fd = -1;

	if (oldest != NULL)
		fd = openat(folder, oldest, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		first = piece_first_packet(fd);
		close(fd);
	}
	piece_list_free(&l);
	return first;
}

static unsigned
protect_all(int folder, const struct piece_list *l, unsigned time,
    struct log *lg, const char *name)
{
	unsigned done = 0;

	for (size_t i = 0; i < l->n; i++) {
		const char *from = l->all[i].name;
		char *to;

		if (!str_starts(from, RUN_PREFIX))
			continue;
		to = xasprintf("kept%u-%s", time, from);
		if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
			done++;
		else
			log_write(lg, LOGGING_WARNING, NULL, "store",
			    "cannot protect %s/%s: %s", name, from,
			    strerror(errno));
		free(to);
	}
	return done;
}

void
ring_protect(int folder, unsigned time, struct log *lg, const char *name,
    struct ring_held *held)
{
	struct piece_list l = piece_list_names(folder);
	const char *oldest = oldest_of(folder, &l);
	int first = -1;

	if (oldest != NULL)
		first =
		    openat(folder, oldest, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	/* The renaming is urgent, the reading is not. */
	held->files = protect_all(folder, &l, time, lg, name);
	if (first >= 0) {
		held->first_us = piece_first_packet(first);
		close(first);
	}
	piece_list_free(&l);
}
