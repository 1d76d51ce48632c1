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
#include "base/clock.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "wire/capture_name.h"

#define EVERY_MS 600000
#define SOON_MS  10000

struct retention {
	struct loop *lp;
	const struct agent_section *conf;
	struct timer timer;
	struct hourly failing;
};

struct finished {
	char *name;
	int64_t size;
	int64_t written; /* wall ms */
};

struct finished_list {
	struct finished *all; /* oldest first */
	size_t n;
	int64_t size; /* of all */
};

static void
add_file(struct finished_list *l, int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	l->all = xreallocarray(l->all, l->n + 1, sizeof(*l->all));
	l->all[l->n++] = (struct finished){.name = xstrdup(name),
	    .size = st.st_size,
	    .written = clock_us(&st.st_mtim) / 1000};
	l->size += st.st_size;
}

static int
by_age(const void *a, const void *b)
{
	const struct finished *x = a, *y = b;

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

static void
fill(struct finished_list *l, DIR *dir)
{
	const struct dirent *e;

	while ((e = readdir(dir)) != NULL) {
		if (capture_name_is_finished(e->d_name))
			add_file(l, dirfd(dir), e->d_name);
	}
	if (l->n > 1)
		qsort(l->all, l->n, sizeof(*l->all), by_age);
}

static void
delete_file(struct retention *r, int folder, const struct finished *f,
    const char *key, const char *reason)
{
	if (unlinkat(folder, f->name, 0) == 0)
		log_write(loop_log(r->lp), LOGGING_NOTICE, NULL, "retention",
		    "deleted %s, %lld bytes: %s (%s)", f->name,
		    (long long)f->size, reason, key);
	else if (errno != ENOENT)
		log_repeated(loop_log(r->lp),
		    hourly(&r->failing, loop_now(r->lp)), NULL, "retention",
		    "cannot delete %s: %s", f->name, strerror(errno));
}

static void
apply(struct retention *r, int folder, const struct finished_list *l)
{
	int64_t size = l->size, now = loop_wall(r->lp);
	char age[CLOCK_TEXT_MAX];

	for (size_t i = 0; i < l->n; i++) {
		const struct finished *f = &l->all[i];
		bool old = now - f->written > r->conf->keep;
		if (!old && size <= r->conf->keep_size)
			return;
		size -= f->size;
		clock_span(now > f->written ? now - f->written : 0, age);
		delete_file(r, folder, f,
		    old ? "agent.keep" : "agent.keep_size",
		    old ? age : "finished captures take too much");
	}
}

static void
look(void *arg)
{
	struct retention *r = arg;
	struct finished_list l = {NULL, 0, 0};
	DIR *dir = opendir(r->conf->captures);

	timer_set(&r->timer, EVERY_MS);
	if (dir == NULL) {
		log_repeated(loop_log(r->lp),
		    hourly(&r->failing, loop_now(r->lp)), NULL, "retention",
		    "cannot read %s: %s", r->conf->captures, strerror(errno));
		return;
	}
	fill(&l, dir);
	apply(r, dirfd(dir), &l);
	closedir(dir);
	list_free(&l);
}

struct retention *
retention_new(struct loop *lp, const struct agent_section *conf)
{
	struct retention *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->conf = conf;
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

void
retention_free(struct retention *r)
{
	if (r == NULL)
		return;
	timer_clear(&r->timer);
	free(r);
}
