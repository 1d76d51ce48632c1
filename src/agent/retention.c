/* retention.c - see retention.h.
 *
 * agent/server owns it.  A look costs a stat(2) for each finished file, so
 * several ends of captures share one.
 */
#include "agent/retention.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/hourly.h"
#include "agent/jump.h"
#include "agent/owner.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "wire/capture_name.h"

#define EVERY_MS 600000
#define SOON_MS  10000
#define MOST     500     /* in one look: the loop waits */
#define YOUNG_MS 3600000 /* somebody may be about to fetch it */

struct retention {
	struct loop *lp;
	const struct agent_section *conf;
	struct timer timer;
	struct jump jump;
	struct hourly failing;
	int64_t size; /* of what there was at the last look; -1: not known */
};

struct finished {
	char *name;
	char owner[ADDR_TEXT_MAX];
	int64_t size;
	int64_t written; /* wall ms */
	bool gone;
};

struct finished_list {
	struct finished *all; /* by owner, the oldest of each first */
	size_t n;
	int64_t size; /* of all */
};

/* --- what there is --- */

static void
add_file(struct finished_list *l, int folder, const char *name)
{
	struct finished *f;
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	l->all = xreallocarray(l->all, l->n + 1, sizeof(*l->all));
	f = &l->all[l->n++];
	*f = (struct finished){.name = xstrdup(name),
	    .size = st.st_size,
	    .written = clock_us(&st.st_mtim) / 1000};
	owner_get(folder, name, f->owner);
	l->size += st.st_size;
}

static int
by_owner_and_age(const void *a, const void *b)
{
	const struct finished *x = a, *y = b;
	int d = strcmp(x->owner, y->owner);

	if (d != 0)
		return d;
	if (x->written != y->written)
		return x->written < y->written ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void
list_free(struct finished_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->all[i].name);
	free(l->all);
}

/* --- ages --- */

/* Of files from before a jump; those from after it have the new time already,
 * and after one back only what lies ahead is surely from before. */
static void
shift(struct finished *f, int folder, int64_t jump, int64_t expected,
    int64_t wall)
{
	struct timespec at;

	if (f->written > expected || (jump < 0 && f->written <= wall))
		return;
	f->written += jump;
	if (f->written < 0)
		f->written = 0;
	at = (struct timespec){f->written / 1000, f->written % 1000 * 1000000};
	(void)!utimensat(
	    folder, f->name, (struct timespec[2]){at, at}, AT_SYMLINK_NOFOLLOW);
}

static void
allow_for_jump(struct retention *r, struct finished_list *l, int folder)
{
	int64_t wall = loop_wall(r->lp), expected;
	int64_t jump =
	    jump_look(&r->jump, folder, loop_now(r->lp), wall, &expected);

	for (size_t i = 0; jump != 0 && i < l->n; i++)
		shift(&l->all[i], folder, jump, expected, wall);
}

static int64_t
age(const struct retention *r, const struct finished *f)
{
	int64_t ago = loop_wall(r->lp) - f->written;

	return ago > 0 ? ago : 0;
}

static void
fill(struct retention *r, struct finished_list *l, DIR *dir)
{
	const struct dirent *e;

	while ((e = readdir(dir)) != NULL) {
		if (capture_name_is_finished(e->d_name))
			add_file(l, dirfd(dir), e->d_name);
	}
	allow_for_jump(r, l, dirfd(dir));
	if (l->n > 1)
		qsort(l->all, l->n, sizeof(*l->all), by_owner_and_age);
}

/* --- what goes --- */

static void
delete_file(struct retention *r, int folder, struct finished_list *l,
    struct finished *f, const char *reason)
{
	char span[CLOCK_TEXT_MAX];

	f->gone = true;
	l->size -= f->size;
	if (unlinkat(folder, f->name, 0) == 0)
		log_write(loop_log(r->lp), LOGGING_NOTICE, NULL, "retention",
		    "deleted %s of %s, %lld bytes, %s old: %s", f->name,
		    f->owner[0] != '\0' ? f->owner : "an unknown owner",
		    (long long)f->size, clock_span(age(r, f), span), reason);
	else if (errno != ENOENT)
		log_repeated(loop_log(r->lp),
		    hourly(&r->failing, loop_now(r->lp)), NULL, "retention",
		    "cannot delete %s: %s", f->name, strerror(errno));
}

static void
delete_old(struct retention *r, int folder, struct finished_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (age(r, &l->all[i]) > r->conf->keep)
			delete_file(r, folder, l, &l->all[i], "agent.keep");
	}
}

/* Of the owner who has most of those who have one that may go: the oldest.
 * NULL: nobody has any. */
static struct finished *
next_to_go(const struct retention *r, const struct finished_list *l, bool young)
{
	struct finished *best = NULL;
	int64_t most = -1;

	for (size_t i = 0; i < l->n;) {
		const char *owner = l->all[i].owner;
		struct finished *oldest = NULL;
		int64_t size = 0;

		for (; i < l->n && strcmp(l->all[i].owner, owner) == 0; i++) {
			struct finished *f = &l->all[i];

			if (f->gone)
				continue;
			size += f->size;
			if (oldest == NULL && (young || age(r, f) >= YOUNG_MS))
				oldest = f;
		}
		if (oldest != NULL && size > most) {
			best = oldest;
			most = size;
		}
	}
	return best;
}

static bool
delete_one(struct retention *r, int folder, struct finished_list *l,
    const char *reason)
{
	struct finished *f = next_to_go(r, l, false);

	if (f == NULL)
		f = next_to_go(r, l, true);
	if (f == NULL)
		return false;
	delete_file(r, folder, l, f, reason);
	return true;
}

/* Open the folder and list it; NULL, and it is said, if that cannot be. */
static DIR *
list(struct retention *r, struct finished_list *l)
{
	DIR *dir = opendir(r->conf->captures);

	*l = (struct finished_list){NULL, 0, 0};
	if (dir != NULL)
		fill(r, l, dir);
	else
		log_repeated(loop_log(r->lp),
		    hourly(&r->failing, loop_now(r->lp)), NULL, "retention",
		    "cannot read %s: %s", r->conf->captures, strerror(errno));
	return dir;
}

static void
look(void *arg)
{
	struct retention *r = arg;
	struct finished_list l;
	DIR *dir = list(r, &l);

	timer_set(&r->timer, EVERY_MS);
	r->size = -1;
	if (dir == NULL)
		return;
	delete_old(r, dirfd(dir), &l);
	for (int i = 0; i < MOST && l.size > r->conf->keep_size; i++)
		delete_one(r, dirfd(dir), &l,
		    "finished captures take more than agent.keep_size");
	if (l.size > r->conf->keep_size)
		retention_soon(r);
	r->size = l.size;
	closedir(dir);
	list_free(&l);
}

void
retention_make_room(struct retention *r, int64_t bytes)
{
	struct finished_list l;
	DIR *dir = list(r, &l);

	if (dir == NULL)
		return;
	for (int i = 0; i < MOST; i++) {
		long long space = disk_free_bytes(r->conf->captures);

		if (space < 0 || space >= bytes ||
		    !delete_one(r, dirfd(dir), &l,
			"the disk has less than agent.min_free"))
			break;
	}
	r->size = l.size;
	closedir(dir);
	list_free(&l);
}

struct retention *
retention_new(struct loop *lp, const struct agent_section *conf)
{
	struct retention *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->conf = conf;
	r->size = -1;
	timer_init(&r->timer, lp, look, r);
	timer_set(&r->timer, 0);
	return r;
}

void
retention_soon(struct retention *r)
{
	if (timer_left(&r->timer) > SOON_MS)
		timer_set(&r->timer, SOON_MS);
}

int64_t
retention_size(const struct retention *r)
{
	return r->size;
}

void
retention_free(struct retention *r)
{
	if (r == NULL)
		return;
	timer_clear(&r->timer);
	free(r);
}
