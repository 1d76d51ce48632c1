/* run_folder.c - the lock, the run's folder and the links to two of them.
 *
 * Opened before anything is sent, closed after the reports are written.
 */
#include "books/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "books/run_names.h"

/* Runs that start in one second get -2, -3, ... behind their time. */
#define SAME_SECOND_MAX 100

struct run_folder {
	int lock;
	char *captures;
	char *parent;
	char *run; /* that `current` points at; NULL: none was made */
};

static enum run_folder_made
trouble(struct fail *why, const char *what, const char *path)
{
	fail_set(why, FAIL_LOCAL,
	    "cannot %s %s: %s; check campaign.output and its owner", what, path,
	    strerror(errno));
	return RUN_FOLDER_TROUBLE;
}

static void
say_locked(struct fail *why, const char *path)
{
	fail_set(why, FAIL_LOCAL,
	    "this campaign is already running (%s is locked): wait for it, "
	    "stop it, or choose another campaign.name",
	    path);
}

static enum run_folder_made
take_lock(struct run_folder *f, const char *folder, struct fail *why)
{
	enum run_folder_made made = RUN_FOLDER_MADE;
	char *path;

	if (!disk_make_folders(folder, DISK_PRIVATE))
		return trouble(why, "make", folder);
	path = xasprintf("%s/lock", folder);
	f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (f->lock < 0) {
		made = trouble(why, "open", path);
	} else if (flock(f->lock, LOCK_EX | LOCK_NB) != 0) {
		say_locked(why, path);
		made = RUN_FOLDER_LOCKED;
	}
	free(path);
	return made;
}

enum run_folder_made
run_folder_is_free(const char *folder, struct fail *why)
{
	char *path = xasprintf("%s/lock", folder);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	enum run_folder_made made = RUN_FOLDER_MADE;

	if (fd < 0 && (errno != ENOENT || !disk_may_make(folder)))
		made = trouble(why, "open", path);
	else if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0)
		made = RUN_FOLDER_LOCKED;
	if (fd >= 0)
		close(fd);
	if (made == RUN_FOLDER_LOCKED)
		say_locked(why, path);
	free(path);
	return made;
}

static enum run_folder_made
try_parent(
    const struct campaign_conf *conf, const char *parent, struct fail *why)
{
	bool there = access(parent, F_OK) == 0;
	enum run_folder_made made = RUN_FOLDER_MADE;
	char *near;

	if (there)
		made = run_folder_is_free(parent, why);
	else if (!disk_may_make(parent))
		made = trouble(why, "make", parent);
	if (made != RUN_FOLDER_MADE)
		return made;
	near = disk_nearest_folder(parent);
	if (!run_folder_has_room(near, conf->campaign.min_free, why))
		made = RUN_FOLDER_TROUBLE;
	else if (!disk_may_make(parent))
		made = trouble(why, "write to", parent);
	else if (there && !run_link_is_free(parent, RUN_LATEST))
		made = trouble(why, "point `latest` from", parent);
	free(near);
	return made;
}

enum run_folder_made
run_folder_try(const struct campaign_conf *conf, struct fail *why)
{
	char *parent = run_parent(conf);
	enum run_folder_made made = try_parent(conf, parent, why);

	free(parent);
	return made;
}

bool
run_folder_has_room(const char *folder, int64_t min_free, struct fail *why)
{
	return disk_has_room(folder, min_free, "campaign.min_free", why);
}

/* Make a folder that was not there; the name gets a number if it was. */
static bool
make_run(struct run_result *r, const char *parent)
{
	char *first = xstrdup(r->run);
	bool made = false;

	for (int n = 2; n < SAME_SECOND_MAX && !made; n++) {
		made = mkdir(r->folder, 0750) == 0;
		if (made || errno != EEXIST)
			break;
		free(r->run);
		free(r->folder);
		r->run = xasprintf("%s-%d", first, n);
		r->folder = xasprintf("%s/%s", parent, r->run);
	}
	free(first);
	return made;
}

/* The lock, and room for what comes. */
static enum run_folder_made
take_place(struct run_folder *f, const struct run_result *r, const char *parent,
    struct fail *why)
{
	enum run_folder_made made = take_lock(f, parent, why);

	if (made == RUN_FOLDER_MADE &&
	    !run_folder_has_room(parent, r->conf->campaign.min_free, why))
		made = RUN_FOLDER_TROUBLE;
	return made;
}

static enum run_folder_made
make_run_and_captures(struct run_folder *f, struct run_result *r,
    const char *parent, struct fail *why)
{
	if (!make_run(r, parent))
		return trouble(why, "make", r->folder);
	free(f->captures);
	f->captures = xasprintf("%s/" RUN_CAPTURES, r->folder);
	/* Who may read reports need not see what was said on the wire. */
	if (mkdir(f->captures, 0700) != 0)
		return trouble(why, "make", f->captures);
	/* At the end of a night it would be too late to tell. */
	if (!run_link_is_free(parent, RUN_LATEST))
		return trouble(why, "point `latest` at", r->folder);
	return RUN_FOLDER_MADE;
}

static enum run_folder_made
make_all(struct run_folder *f, struct run_result *r, const char *parent,
    struct fail *why)
{
	enum run_folder_made made = take_place(f, r, parent, why);

	if (made != RUN_FOLDER_MADE)
		return made;
	made = make_run_and_captures(f, r, parent, why);
	if (made != RUN_FOLDER_MADE)
		return made;
	if (!run_link_point(parent, RUN_CURRENT, r->run))
		return trouble(why, "point `current` at", r->folder);
	f->parent = xstrdup(parent);
	f->run = xstrdup(r->run);
	return RUN_FOLDER_MADE;
}

static struct run_folder *
folder_new(void)
{
	struct run_folder *f = xcalloc(1, sizeof(*f));

	f->lock = -1;
	return f;
}

/* To the caller, if there is one to give. */
static enum run_folder_made
give(struct run_folder **folder, struct run_folder *f,
    enum run_folder_made made, char *parent)
{
	free(parent);
	if (made == RUN_FOLDER_MADE)
		*folder = f;
	else
		run_folder_close(f);
	return made;
}

enum run_folder_made
run_folder_open(
    struct run_folder **folder, struct run_result *r, struct fail *why)
{
	struct run_folder *f = folder_new();
	char *parent = run_parent(r->conf);

	return give(folder, f, make_all(f, r, parent, why), parent);
}

enum run_folder_made
run_folder_lock(
    struct run_folder **folder, const struct run_result *r, struct fail *why)
{
	struct run_folder *f = folder_new();
	char *parent = run_parent(r->conf);
	enum run_folder_made made = take_lock(f, parent, why);

	/* Nothing is under way: a killed run has left it. */
	if (made == RUN_FOLDER_MADE)
		run_link_remove(parent, RUN_CURRENT, NULL);
	return give(folder, f, made, parent);
}

bool
run_folder_for_recovery(struct run_result *r, struct fail *why)
{
	char *parent = run_parent(r->conf);
	bool made = make_run(r, parent);

	free(parent);
	if (!made)
		trouble(why, "make", r->folder);
	return made;
}

static void
call_probe(struct run_result *r, const char *parent)
{
	char *run = xasprintf(RUN_PROBES "/%s", r->run);

	free(r->run);
	free(r->folder);
	r->run = run;
	r->folder = xasprintf("%s/%s", parent, run);
}

static enum run_folder_made
make_probe(struct run_folder *f, struct run_result *r, const char *parent,
    struct fail *why)
{
	enum run_folder_made made = take_place(f, r, parent, why);
	char *folder;

	if (made != RUN_FOLDER_MADE)
		return made;
	call_probe(r, parent);
	folder = xasprintf("%s/" RUN_PROBES, parent);
	if (!disk_make_folders(folder, DISK_PRIVATE) || !make_run(r, parent))
		made = trouble(why, "make", r->folder);
	free(folder);
	return made;
}

enum run_folder_made
run_folder_for_probe(
    struct run_folder **folder, struct run_result *r, struct fail *why)
{
	struct run_folder *f = folder_new();
	char *parent = run_parent(r->conf);

	return give(folder, f, make_probe(f, r, parent, why), parent);
}

/* Whatever else is called so has a journal, or no captures. */
static bool
is_merged(const char *folder)
{
	char *journal = xasprintf("%s/" RUN_JOURNAL, folder);
	char *captures = xasprintf("%s/" RUN_CAPTURES, folder);
	bool is = access(journal, F_OK) != 0 && access(captures, F_OK) == 0;

	free(journal);
	free(captures);
	return is;
}

static enum run_folder_made
make_merged(struct run_folder *f, struct run_result *r, const char *parent,
    struct fail *why)
{
	enum run_folder_made made = take_place(f, r, parent, why);

	if (made != RUN_FOLDER_MADE)
		return made;
	f->captures = xasprintf("%s/" RUN_CAPTURES, r->folder);
	if (is_merged(r->folder))
		return RUN_FOLDER_MADE;
	return make_run_and_captures(f, r, parent, why);
}

enum run_folder_made
run_folder_for_merge(
    struct run_folder **folder, struct run_result *r, struct fail *why)
{
	struct run_folder *f = folder_new();
	char *parent = run_parent(r->conf);

	return give(folder, f, make_merged(f, r, parent, why), parent);
}

/* A run of the past is the newest only if none that began later has ended. */
static bool
is_newest(const char *parent, const char *run)
{
	char latest[RUN_NAME_MAX];
	struct stat st;
	char *path;
	bool there;

	if (!run_link_read(parent, RUN_LATEST, latest))
		return true;
	path = xasprintf("%s/%s", parent, latest);
	there = stat(path, &st) == 0;
	free(path);
	return !there || run_name_compare(latest, run) < 0;
}

static bool
set_latest(const char *parent, const struct run_result *r, struct fail *why)
{
	if (run_link_point(parent, RUN_LATEST, r->run))
		return true;
	trouble(why, "point `latest` at", r->folder);
	return false;
}

bool
run_folder_ended(const struct run_result *r, struct fail *why)
{
	char *parent = run_parent(r->conf);
	bool ok = set_latest(parent, r, why);

	free(parent);
	return ok;
}

bool
run_folder_recovered(const struct run_result *r, struct fail *why)
{
	char *parent = run_parent(r->conf);
	bool ok = !is_newest(parent, r->run) || set_latest(parent, r, why);

	free(parent);
	return ok;
}

void
run_folder_discard(struct run_folder *f, const struct run_result *r)
{
	/* Only what is empty goes. */
	if (f->captures == NULL || rmdir(f->captures) == 0)
		rmdir(r->folder);
}

void
run_folder_close(struct run_folder *f)
{
	if (f == NULL)
		return;
	if (f->run != NULL)
		run_link_remove(f->parent, RUN_CURRENT, f->run);
	if (f->lock >= 0)
		close(f->lock);
	free(f->captures);
	free(f->parent);
	free(f->run);
	free(f);
}

const char *
run_folder_captures(const struct run_folder *f)
{
	return f->captures;
}
