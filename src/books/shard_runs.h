/* shard_runs.h - the runs of one shard (--shard) that are of one night.
 *
 * A run that was cut off and the next one, if that began before the window of
 * the first was over, are of one night; so is, of every shard, whatever began
 * since the first of them all.
 */
#ifndef BOOKS_SHARD_RUNS_H
#define BOOKS_SHARD_RUNS_H

#include "base/log.h"
#include "books/journal_read.h"

struct shard_run {
	struct earlier_run *earlier;
	bool killed; /* and no later run has finished it */
};

struct shard_runs {
	char *folder;
	struct shard shard;
	struct shard_run *v; /* that are taken: the newest first */
	size_t n;
	size_t unread; /* that cannot be read: a warning named each */
	/* What is not looked at yet, the newest last. */
	char **names;
	size_t n_names;
	struct shard_run next; /* the newest of them, once it was read */
};

/* Which there are in `folder`; NULL and `why` if that cannot be told. */
struct shard_runs *shard_runs_open(
    const char *folder, const struct shard *shard, struct fail *why);
/* Take the newest, and what it is the rest of. */
void shard_runs_take_night(
    struct shard_runs *s, const struct campaign_conf *conf, struct log *lg);
/* Take all that began then or later, wall ms. */
void shard_runs_take_since(struct shard_runs *s,
    const struct campaign_conf *conf, int64_t since, struct log *lg);
/* NULL is accepted. */
void shard_runs_free(struct shard_runs *s);

#endif
