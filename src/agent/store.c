/* store.c - see store.h.
 *
 * Everything goes through descriptors of folders (openat, renameat2), so a
 * name is never looked up twice on different ways.  The lock is flock(2) on
 * the folder itself and goes with the process.
 */
#include "agent/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/owner.h"
#include "agent/piece_file.h"
#include "agent/piece_list.h"
#include "agent/ring.h"
#include "agent/sidecar.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"
#include "wire/capture_name.h"

/* More pieces than any ring and its protections have. */
#define NUMBERS_MAX 100000

struct store {
	char *folder;
	int fd;
	struct log *lg;
	LIST_HEAD(, pieces) open; /* all that exist */
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
	struct kept_pieces *kept; /* NULL: nobody wants to know */
};

struct store *
store_open(const char *folder, struct log *lg, struct fail *why)
{
	struct store *s;
	int fd;

	if (!disk_make_folders(folder, DISK_PRIVATE)) {
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

static void
own(const struct store *s, const char *name, const char *owner)
{
	int fd = owner[0] == '\0'
		     ? -1
		     : openat(s->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	owner_set(fd, owner);
	close(fd);
}

struct naming {
	const char *tmp;      /* the folder of the pieces */
	const char *cpe_name; /* NULL: all are aborted */
	char owner[ADDR_TEXT_MAX];
	const struct piece_list *checked;
	unsigned number; /* of the next piece */
	unsigned moved;
	unsigned cut;
	struct kept_pieces *kept; /* NULL: nobody wants to know */
	struct fail *why; /* after a first failure the rest is aborted */
};

/* `was`: the file before it was moved. */
static void
note_kept(struct naming *n, const struct piece *p, const struct stat *was,
    const char *name)
{
	const struct piece *counted = piece_list_find(n->checked, p->name);
	struct kept_piece new = {.name = (char *)name,
	    .was = p->name,
	    .first_us = p->first_us,
	    .last_us = clock_us(&was->st_mtim),
	    .bytes = was->st_size,
	    .packets = -1};

	if (n->kept == NULL)
		return;
	if (counted != NULL && counted->packets >= 0) {
		new.packets = counted->packets;
		new.cut = counted->cut;
		if (counted->last_us > 0)
			new.last_us = counted->last_us;
	}
	kept_add(n->kept, &new);
}

/* Under the next number that is free: where an agent was killed in the middle
 * of this, the lower ones are taken by the earlier pieces. */
static bool
name_as(const struct store *s, int folder, const struct piece *from,
    struct naming *n, bool aborted)
{
	char to[CAPTURE_NAME_MAX];
	struct stat was = {0};

	(void)fstatat(folder, from->name, &was, AT_SYMLINK_NOFOLLOW);
	for (unsigned i = n->number; i < NUMBERS_MAX; i++) {
		if (aborted)
			capture_name_aborted(to, n->tmp, i);
		else
			capture_name_ovoc(to, n->cpe_name, i);
		if (move_out(s, folder, from->name, to)) {
			own(s, to, n->owner);
			note_kept(n, from, &was, to);
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

static void
name_piece(const struct store *s, int folder, const struct piece *from,
    struct naming *n)
{
	const struct piece *checked = piece_list_find(n->checked, from->name);
	bool cut = checked != NULL && checked->cut;
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
		name_piece(s, folder, &l->all[i], n);
	if (n->cut > 0 && n->why->kind == FAIL_NONE)
		fail_set(n->why, FAIL_LOCAL,
		    "the disk of %s was full: %u of %zu files are not whole "
		    "and kept as ABORTED_device_...; make room there",
		    s->folder, n->cut, l->n);
}

static unsigned
keep_folder(const struct store *s, const char *tmp, const char *cpe_name,
    const struct piece_list *checked, struct kept_pieces *kept,
    struct fail *why)
{
	struct naming n = {.tmp = tmp,
	    .cpe_name = cpe_name,
	    .checked = checked,
	    .kept = kept,
	    .why = why};
	int fd = open_folder(s, tmp);
	struct piece_list l;

	if (fd < 0) {
		fail_set(why, FAIL_LOCAL, "cannot open %s/%s: %s", s->folder,
		    tmp, strerror(errno));
		return 0;
	}
	owner_get(fd, ".", n.owner);
	l = piece_list_in_order(fd);
	name_all(s, fd, &l, &n);
	if (l.n == 0 && cpe_name != NULL)
		fail_set(why, FAIL_LOCAL, "tcpdump wrote no file");
	piece_list_free(&l);
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
	struct piece_list names = piece_list_names(s->fd);
	unsigned kept = 0;

	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.all[i].name;
		struct stat st;
		struct fail why;

		if (!capture_name_is_folder(name) || is_open(s, name) ||
		    fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(st.st_mode))
			continue;
		kept += keep_folder(s, name, NULL, &unchecked, NULL, &why);
		if (why.kind != FAIL_NONE)
			log_write(s->lg, LOGGING_WARNING, NULL, "store", "%s",
			    why.text);
	}
	piece_list_free(&names);
	return kept;
}

/* What was kept as aborted from this folder, in order. */
static struct piece_list
list_aborted(const struct store *s, const char *folder)
{
	struct piece_list all = piece_list_names(s->fd), l = {NULL, 0};
	char first[CAPTURE_NAME_MAX];
	size_t len;

	capture_name_aborted(first, folder, 0);
	len = strlen(first) - strlen("0.pcap");
	for (size_t i = 0; i < all.n; i++) {
		unsigned number;

		if (strncmp(all.all[i].name, first, len) != 0 ||
		    sscanf(all.all[i].name + len, "%9u", &number) != 1)
			continue;
		l.all = xreallocarray(l.all, l.n + 1, sizeof(*l.all));
		l.all[l.n++] = (struct piece){.name = xstrdup(all.all[i].name),
		    .first_us = number,
		    .packets = -1};
	}
	piece_list_free(&all);
	piece_list_sort(&l);
	return l;
}

static void
name_sidecar(const struct store *s, const char *folder, const char *cpe_name,
    struct kept_pieces *named, int64_t *dropped)
{
	char from[CAPTURE_NAME_MAX], to[CAPTURE_NAME_MAX];
	struct fail why;

	capture_name_sidecar(from, folder, NULL);
	capture_name_sidecar(to, folder, cpe_name);
	if (named->n > 0 &&
	    !sidecar_rename(s->folder, from, to, named, dropped, &why))
		log_write(
		    s->lg, LOGGING_WARNING, NULL, "store", "%s", why.text);
}

unsigned
store_name_aborted(struct store *s, const char *folder, const char *cpe_name,
    struct info_pieces *told, struct fail *why)
{
	int64_t dropped = -1;
	const struct piece_list unchecked = {NULL, 0};
	struct kept_pieces named = {NULL, 0};
	struct naming n = {.tmp = folder,
	    .cpe_name = cpe_name,
	    .checked = &unchecked,
	    .kept = &named,
	    .why = why};
	struct piece_list l = list_aborted(s, folder);

	fail_clear(why);
	for (size_t i = 0; i < l.n && why->kind == FAIL_NONE; i++) {
		l.all[i].first_us = piece_time(s->fd, l.all[i].name);
		name_as(s, s->fd, &l.all[i], &n, false);
	}
	name_sidecar(s, folder, cpe_name, &named, &dropped);
	*told = kept_told(&named, dropped);
	told->told = named.n > 0;
	kept_free(&named);
	/* They have these names where an agent was killed behind the naming. */
	if (l.n == 0 && !store_has_named(s, cpe_name))
		fail_set(why, FAIL_LOCAL,
		    "the capture ended before, and none of its files is left");
	piece_list_free(&l);
	return n.moved;
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
	l = piece_list_names(fd);
	p = add_pieces(s, name);
	p->runs = next_run(&l);
	piece_list_free(&l);
	close(fd);
	return p;
}

void
pieces_own(struct pieces *p, const char *owner)
{
	int fd = open_folder(p->store, p->name);

	if (fd < 0)
		return;
	owner_set(fd, owner);
	close(fd);
}

const char *
pieces_name(const struct pieces *p)
{
	return p->name;
}

static void
look(const struct pieces *p, struct ring *now)
{
	int fd = open_folder(p->store, p->name);

	*now = (struct ring){.files = 0};
	if (fd < 0)
		return;
	ring_look(fd, now);
	close(fd);
}

int64_t
pieces_last_written(const struct pieces *p)
{
	struct ring now;

	look(p, &now);
	return now.last_ms;
}

int64_t
pieces_bytes(const struct pieces *p)
{
	struct ring now;

	look(p, &now);
	return now.bytes;
}

unsigned
pieces_ring_files(const struct pieces *p)
{
	struct ring now;

	look(p, &now);
	return now.files;
}

void
pieces_protect(struct pieces *p, unsigned time, struct ring_held *held)
{
	int fd = open_folder(p->store, p->name);

	*held = (struct ring_held){0, 0};
	if (fd < 0)
		return;
	ring_protect(fd, time, p->store->lg, p->name, held);
	close(fd);
}

char *
pieces_next_path(struct pieces *p)
{
	return xasprintf("%s/%s/" RUN_PREFIX "%03u.pcap", p->store->folder,
	    p->name, p->runs++);
}

static void
judge(struct pieces *p, enum piece_verdict v, bool doubted)
{
	struct piece *at = &p->checked.all[p->n_checked++];

	at->cut = doubted && v == PIECE_CUT;
	at->packets = piece_walk_packets(p->walk);
	at->last_us = piece_walk_last_us(p->walk);
	piece_walk_free(p->walk);
	p->walk = NULL;
}

/* `doubted`: may one be cut?  Else only those of `most` bytes are read. */
static bool
read_pieces(struct pieces *p, size_t budget, bool doubted, int64_t most)
{
	int fd = open_folder(p->store, p->name);

	if (fd < 0)
		return true; /* the naming will say so */
	if (p->checked.all == NULL)
		p->checked = piece_list_names(fd);
	if (!doubted && p->walk == NULL && p->n_checked == 0 &&
	    piece_list_bytes(fd, &p->checked) > most)
		p->n_checked = p->checked.n;
	while (p->n_checked < p->checked.n && budget > 0) {
		enum piece_verdict v;

		if (p->walk == NULL)
			p->walk = piece_walk_new(
			    fd, p->checked.all[p->n_checked].name);
		v = piece_walk_on(p->walk, &budget);
		if (v != PIECE_UNREAD)
			judge(p, v, doubted);
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

bool
pieces_check(struct pieces *p, size_t budget)
{
	return read_pieces(p, budget, true, 0);
}

bool
pieces_count(struct pieces *p, size_t budget, int64_t most)
{
	return read_pieces(p, budget, false, most);
}

void
pieces_note(struct pieces *p, struct kept_pieces *to)
{
	p->kept = to;
}

void
pieces_free(struct pieces *p)
{
	if (p == NULL)
		return;
	LIST_REMOVE(p, link);
	piece_walk_free(p->walk);
	piece_list_free(&p->checked);
	free(p->name);
	free(p);
}

unsigned
pieces_keep(struct pieces *p, const char *cpe_name, struct fail *why)
{
	unsigned n =
	    keep_folder(p->store, p->name, cpe_name, &p->checked, p->kept, why);

	pieces_free(p);
	return n;
}
