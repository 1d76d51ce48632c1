/* store.c - see store.h.
 *
 * Everything goes through descriptors of folders (openat, renameat2), so a
 * name is never looked up twice on different ways.  The lock is flock(2) on
 * the folder itself and goes with the process.
 */
#include "agent/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/piece_file.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"
#include "wire/capture_name.h"

#define RUN_PREFIX "run"
/* More pieces than any ring and its protections have. */
#define NUMBERS_MAX 100000

struct store {
	char *folder;
	int fd;
	struct log *lg;
	LIST_HEAD(, pieces) open; /* all that exist */
};

struct piece {
	char *name;
	int64_t first_us; /* of its first packet, or when it was written */
	bool cut;
};

struct piece_list {
	struct piece *all;
	size_t n;
};

struct pieces {
	struct store *store;
	LIST_ENTRY(pieces) link;
	char *name; /* of our folder within the store's */
	unsigned runs;
	/* pieces_check(): the list, how much of it is judged, and the piece
	 * that is being read. */
	struct piece_list checked;
	size_t n_checked;
	struct piece_walk *walk;
};

struct store *
store_open(const char *folder, struct log *lg, struct fail *why)
{
	struct store *s;
	int fd;

	if (!disk_make_folders(folder)) {
		fail_set(why, FAIL_LOCAL, "cannot make the folder %s: %s",
		    folder, strerror(errno));
		return NULL;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		fail_set(why, FAIL_LOCAL,
		    "cannot write to the folder %s: %s; give it to the user "
		    "that the agent runs as",
		    folder, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		fail_set(why, FAIL_LOCAL,
		    "the folder %s is in use by another agent", folder);
		close(fd);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->folder = xstrdup(folder);
	s->fd = fd;
	s->lg = lg;
	LIST_INIT(&s->open);
	return s;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	free(s->folder);
	free(s);
}

long long
store_free_bytes(const struct store *s)
{
	return disk_free_bytes(s->folder);
}

bool
store_has_room(const struct store *s, int64_t min_free, struct fail *why)
{
	return disk_has_room(s->folder, min_free, "agent.min_free", why);
}

static int
by_time(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct piece_list
list_names(int folder)
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

/* All files of a folder in the order of their first packets. */
static struct piece_list
list_pieces(int folder)
{
	struct piece_list l = list_names(folder);

	for (size_t i = 0; i < l.n; i++)
		l.all[i].first_us = piece_time(folder, l.all[i].name);
	if (l.n > 1)
		qsort(l.all, l.n, sizeof(*l.all), by_time);
	return l;
}

static void
list_free(struct piece_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->all[i].name);
	free(l->all);
}

static int
open_folder(const struct store *s, const char *tmp)
{
	return openat(
	    s->fd, tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* Move one piece into the store's folder; never over an existing file.  Its
 * time becomes now: agent/retention counts from the end of the capture, however
 * long ago its last packet came. */
static bool
move_out(const struct store *s, int folder, const char *from, const char *to)
{
	if (renameat2(folder, from, s->fd, to, RENAME_NOREPLACE) != 0)
		return false;
	if (utimensat(s->fd, to, NULL, AT_SYMLINK_NOFOLLOW) != 0)
		log_write(s->lg, LOGGING_WARNING, NULL, "store",
		    "%s may be deleted early: cannot set its time: %s", to,
		    strerror(errno));
	return true;
}

struct naming {
	const char *tmp;      /* the folder of the pieces */
	const char *cpe_name; /* NULL: all are aborted */
	const struct piece_list *checked;
	unsigned number; /* of the next piece */
	unsigned moved;
	unsigned cut;
	struct fail *why; /* after a first failure the rest is aborted */
};

/* Under the next number that is free: where an agent was killed in the middle
 * of this, the lower ones are taken by the earlier pieces. */
static bool
name_as(const struct store *s, int folder, const char *from, struct naming *n,
    bool aborted)
{
	char to[CAPTURE_NAME_MAX];

	for (unsigned i = n->number; i < NUMBERS_MAX; i++) {
		if (aborted)
			capture_name_aborted(to, n->tmp, i);
		else
			capture_name_ovoc(to, n->cpe_name, i);
		if (move_out(s, folder, from, to)) {
			n->number = i + 1;
			n->moved++;
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	if (n->why->kind == FAIL_NONE)
		fail_set(n->why, FAIL_LOCAL,
		    "cannot name a capture file %s: %s", to, strerror(errno));
	return false;
}

static bool
is_cut(const struct piece_list *checked, const char *name)
{
	for (size_t i = 0; i < checked->n; i++) {
		if (strcmp(checked->all[i].name, name) == 0)
			return checked->all[i].cut;
	}
	return false;
}

static void
name_piece(
    const struct store *s, int folder, const char *from, struct naming *n)
{
	bool cut = is_cut(n->checked, from);
	bool aborted = cut || n->cpe_name == NULL || n->why->kind != FAIL_NONE;

	n->cut += cut;
	if (!name_as(s, folder, from, n, aborted) && !aborted)
		name_as(s, folder, from, n, true);
}

static void
name_all(const struct store *s, int folder, const struct piece_list *l,
    struct naming *n)
{
	fail_clear(n->why);
	for (size_t i = 0; i < l->n; i++)
		name_piece(s, folder, l->all[i].name, n);
	if (n->cut > 0 && n->why->kind == FAIL_NONE)
		fail_set(n->why, FAIL_LOCAL,
		    "the disk of %s was full: %u of %zu files are not whole "
		    "and kept as ABORTED_device_...; make room there",
		    s->folder, n->cut, l->n);
}

static unsigned
keep_folder(const struct store *s, const char *tmp, const char *cpe_name,
    const struct piece_list *checked, struct fail *why)
{
	struct naming n = {
	    .tmp = tmp, .cpe_name = cpe_name, .checked = checked, .why = why};
	int fd = open_folder(s, tmp);
	struct piece_list l;

	if (fd < 0) {
		fail_set(why, FAIL_LOCAL, "cannot open %s/%s: %s", s->folder,
		    tmp, strerror(errno));
		return 0;
	}
	l = list_pieces(fd);
	name_all(s, fd, &l, &n);
	if (l.n == 0 && cpe_name != NULL)
		fail_set(why, FAIL_LOCAL, "tcpdump wrote no file");
	list_free(&l);
	close(fd);
	if (unlinkat(s->fd, tmp, AT_REMOVEDIR) != 0)
		log_write(s->lg, LOGGING_WARNING, NULL, "store",
		    "%s/%s stays: %s", s->folder, tmp, strerror(errno));
	return n.moved;
}

static bool
is_open(const struct store *s, const char *name)
{
	const struct pieces *p;

	LIST_FOREACH (p, &s->open, link) {
		if (strcmp(p->name, name) == 0)
			return true;
	}
	return false;
}

unsigned
store_keep_leftovers(struct store *s)
{
	const struct piece_list unchecked = {NULL, 0};
	struct piece_list names = list_names(s->fd);
	unsigned kept = 0;

	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.all[i].name;
		struct stat st;
		struct fail why;

		if (!capture_name_is_folder(name) || is_open(s, name) ||
		    fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(st.st_mode))
			continue;
		kept += keep_folder(s, name, NULL, &unchecked, &why);
		if (why.kind != FAIL_NONE)
			log_write(s->lg, LOGGING_WARNING, NULL, "store", "%s",
			    why.text);
	}
	list_free(&names);
	return kept;
}

static struct pieces *
add_pieces(struct store *s, const char *name)
{
	struct pieces *p = xcalloc(1, sizeof(*p));

	p->store = s;
	p->name = xstrdup(name);
	LIST_INSERT_HEAD(&s->open, p, link);
	return p;
}

struct pieces *
pieces_new(
    struct store *s, const char *device, int64_t wall_ms, struct fail *why)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_folder(name, device, wall_ms);
	if (mkdirat(s->fd, name, 0750) == 0)
		return add_pieces(s, name);
	fail_set(why, FAIL_LOCAL, "cannot make %s/%s: %s", s->folder, name,
	    strerror(errno));
	return NULL;
}

/* The number behind the runs that have left a file. */
static unsigned
next_run(const struct piece_list *l)
{
	unsigned next = 0, run;

	for (size_t i = 0; i < l->n; i++) {
		const char *at = strstr(l->all[i].name, RUN_PREFIX);
		if (at != NULL && sscanf(at, RUN_PREFIX "%9u", &run) == 1 &&
		    run >= next)
			next = run + 1;
	}
	return next;
}

struct pieces *
pieces_reopen(struct store *s, const char *name, struct fail *why)
{
	int fd = open_folder(s, name);
	struct piece_list l;
	struct pieces *p;

	if (fd < 0) {
		fail_set(why, errno == ENOENT ? FAIL_FINAL : FAIL_LOCAL,
		    "cannot open %s/%s: %s", s->folder, name, strerror(errno));
		return NULL;
	}
	l = list_names(fd);
	p = add_pieces(s, name);
	p->runs = next_run(&l);
	list_free(&l);
	close(fd);
	return p;
}

const char *
pieces_name(const struct pieces *p)
{
	return p->name;
}

static int64_t
written_ms(int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	return clock_us(&st.st_mtim) / 1000;
}

int64_t
pieces_last_written(const struct pieces *p)
{
	int64_t last = 0;
	int fd = open_folder(p->store, p->name);
	struct piece_list l;

	if (fd < 0)
		return 0;
	l = list_names(fd);
	for (size_t i = 0; i < l.n; i++) {
		int64_t at = written_ms(fd, l.all[i].name);

		if (at > last)
			last = at;
	}
	list_free(&l);
	close(fd);
	return last;
}

/* The ring's file that was written to first: the others came after it. */
static const char *
oldest_of(int folder, const struct piece_list *l)
{
	const char *oldest = NULL;
	int64_t then = 0;

	for (size_t i = 0; i < l->n; i++) {
		const char *name = l->all[i].name;
		int64_t at = written_ms(folder, name);

		if (!str_starts(name, RUN_PREFIX) ||
		    (oldest != NULL && at >= then))
			continue;
		oldest = name;
		then = at;
	}
	return oldest;
}

static unsigned
protect_all(struct pieces *p, int fd, const struct piece_list *l, unsigned time)
{
	unsigned done = 0;

	for (size_t i = 0; i < l->n; i++) {
		const char *from = l->all[i].name;
		char *to;

		if (!str_starts(from, RUN_PREFIX))
			continue;
		to = xasprintf("kept%u-%s", time, from);
		if (renameat2(fd, from, fd, to, RENAME_NOREPLACE) == 0)
			done++;
		else
			log_write(p->store->lg, LOGGING_WARNING, NULL, "store",
			    "cannot protect %s/%s: %s", p->name, from,
			    strerror(errno));
		free(to);
	}
	return done;
}

void
pieces_protect(struct pieces *p, unsigned time, struct ring *held)
{
	int fd = open_folder(p->store, p->name), first = -1;
	struct piece_list l;
	const char *oldest;

	*held = (struct ring){0, 0};
	if (fd < 0)
		return;
	l = list_names(fd);
	oldest = oldest_of(fd, &l);
	if (oldest != NULL)
		first = openat(fd, oldest, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	/* The renaming is urgent, the reading is not. */
	held->files = protect_all(p, fd, &l, time);
	if (first >= 0) {
		held->first_us = piece_first_packet(first);
		close(first);
	}
	list_free(&l);
	close(fd);
}

char *
pieces_next_path(struct pieces *p)
{
	return xasprintf("%s/%s/" RUN_PREFIX "%03u.pcap", p->store->folder,
	    p->name, p->runs++);
}

static void
judge(struct pieces *p, enum piece_verdict v)
{
	p->checked.all[p->n_checked++].cut = v == PIECE_CUT;
	piece_walk_free(p->walk);
	p->walk = NULL;
}

bool
pieces_check(struct pieces *p, size_t budget)
{
	int fd = open_folder(p->store, p->name);

	if (fd < 0)
		return true; /* the naming will say so */
	if (p->checked.all == NULL)
		p->checked = list_names(fd);
	while (p->n_checked < p->checked.n && budget > 0) {
		enum piece_verdict v;

		if (p->walk == NULL)
			p->walk = piece_walk_new(
			    fd, p->checked.all[p->n_checked].name);
		v = piece_walk_on(p->walk, &budget);
		if (v != PIECE_UNREAD)
			judge(p, v);
	}
	close(fd);
	return p->n_checked == p->checked.n;
}

bool
store_has_named(const struct store *s, const char *cpe_name)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_ovoc(name, cpe_name, 0);
	return faccessat(s->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void
pieces_free(struct pieces *p)
{
	if (p == NULL)
		return;
	LIST_REMOVE(p, link);
	piece_walk_free(p->walk);
	list_free(&p->checked);
	free(p->name);
	free(p);
}

unsigned
pieces_keep(struct pieces *p, const char *cpe_name, struct fail *why)
{
	unsigned n = keep_folder(p->store, p->name, cpe_name, &p->checked, why);

	pieces_free(p);
	return n;
}
