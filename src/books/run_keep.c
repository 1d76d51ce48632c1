/* run_keep.c - see run_keep.h.
 *
 * A folder is first called otherwise: what is left of one when we are killed
 * is no run any more, and goes the next time.
 */
#include "books/run_keep.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/journal_read.h"
#include "books/result.h"
#include "books/run_folder.h"
#include "books/run_names.h"

#define GOING ".going" /* behind the name of a run that is deleted */

struct keeper {
	const struct campaign_conf *conf;
	struct log *lg;
	char *parent;
	char latest[RUN_NAME_MAX], current[RUN_NAME_MAX]; /* "": none */
	int64_t newest_ms; /* its start; 0: not known */
	int64_t bytes;     /* of runs that stay, those newer than this */
	size_t gone;
};

/* What all files below it take on the disk; or take them away. */
static int64_t
walk(const char *path, bool removing)
{
	char *name = xstrdup(path), *paths[] = {name, NULL};
	FTS *tree =
	    fts_open(paths, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	const FTSENT *e;
	int64_t bytes = 0;

	while (tree != NULL && (e = fts_read(tree)) != NULL) {
		if (e->fts_info == FTS_D)
			continue;
		if (e->fts_statp != NULL && e->fts_info != FTS_NS)
			bytes += (int64_t)e->fts_statp->st_blocks * 512;
		if (removing)
			(void)remove(e->fts_accpath);
	}
	if (tree != NULL)
		fts_close(tree);
	free(name);
	return bytes;
}

static void
remove_folder(struct keeper *k, const char *path)
{
	struct stat st;

	walk(path, true);
	if (lstat(path, &st) == 0)
		log_write(k->lg, LOGGING_WARNING, NULL, "keep",
		    "cannot delete all of %s; check the owner of what is left "
		    "there",
		    path);
}

/* Does it have its reports, and nothing that a recovery would still do? */
static bool
is_finished(const struct keeper *k, const char *run)
{
	struct earlier_run *earlier = NULL;
	struct fail why;
	char *report = xasprintf("%s/%s/report.json", k->parent, run);
	bool reported = access(report, F_OK) == 0;
	enum journal_verdict v =
	    journal_read(k->conf, k->parent, run, &earlier, &why);

	free(report);
	earlier_run_free(earlier);
	/* The reports of a recovery have no journal. */
	return v == JOURNAL_ENDED || (v == JOURNAL_NONE && reported);
}

static void
delete_run(struct keeper *k, const char *run, const char *key)
{
	char *path = xasprintf("%s/%s", k->parent, run),
	     *going = xasprintf("%s/.%s" GOING, k->parent, run);

	if (rename(path, going) != 0) {
		log_write(k->lg, LOGGING_WARNING, NULL, "keep",
		    "cannot delete %s: %s; check its owner", path,
		    strerror(errno));
	} else {
		log_write(k->lg, LOGGING_NOTICE, NULL, "keep",
		    "deleted the run %s, because of campaign.%s", run, key);
		remove_folder(k, going);
		k->gone++;
	}
	free(going);
	free(path);
}

/* The newest first: what is newer stays, and takes `bytes`. */
static void
judge(struct keeper *k, const char *run)
{
	const struct campaign_section *c = &k->conf->campaign;
	int64_t start = run_name_start(run), bytes = 0;
	const char *key = NULL;
	char *path;

	if (strcmp(run, k->current) == 0)
		return;
	if (k->newest_ms == 0)
		k->newest_ms = start;
	if (c->keep_size > 0) {
		path = xasprintf("%s/%s", k->parent, run);
		bytes = walk(path, false);
		free(path);
	}
	if (c->keep > 0 && start > 0 && k->newest_ms - start > c->keep)
		key = "keep";
	else if (c->keep_size > 0 && k->bytes + bytes > c->keep_size)
		key = "keep_size";
	if (key != NULL && strcmp(run, k->latest) != 0 && is_finished(k, run))
		delete_run(k, run, key);
	else
		k->bytes += bytes;
}

static int
is_of_interest(const struct dirent *e)
{
	size_t len = strlen(e->d_name), end = strlen(GOING);

	return run_is_name(e->d_name) ||
	       (e->d_name[0] == '.' && len > end &&
		   strcmp(e->d_name + len - end, GOING) == 0);
}

static int
newest_first(const struct dirent **a, const struct dirent **b)
{
	return run_name_compare((*b)->d_name, (*a)->d_name);
}

static void
judge_all(struct keeper *k)
{
	struct dirent **found = NULL;
	int n = scandir(k->parent, &found, is_of_interest, newest_first);
	char *path;

	for (int i = 0; i < n; i++) {
		path = xasprintf("%s/%s", k->parent, found[i]->d_name);
		if (found[i]->d_name[0] == '.')
			remove_folder(k, path);
		else
			judge(k, found[i]->d_name);
		free(path);
		free(found[i]);
	}
	free(found);
}

size_t
run_keep(const struct campaign_conf *conf, struct log *lg)
{
	struct keeper k = {.conf = conf, .lg = lg, .parent = run_parent(conf)};

	if (!run_link_read(k.parent, RUN_LATEST, k.latest))
		k.latest[0] = '\0';
	if (!run_link_read(k.parent, RUN_CURRENT, k.current))
		k.current[0] = '\0';
	judge_all(&k);
	free(k.parent);
	return k.gone;
}
