/* merge.h - the runs of all shards of a night as one run.
 *
 * Each device has its rows of all runs behind each other, and what they add up
 * to: what a later run says of it holds, but no event is lost.
 */
#ifndef BOOKS_MERGE_H
#define BOOKS_MERGE_H

#include "books/shard_runs.h"

/* Of these shards.  Rows and texts are moved from their runs, which, with the
 * configuration, outlive it; it is numbered and has its exit status.  A shard
 * of `of` that is missing, or has no run, is trouble, and so is a run that was
 * killed and not finished. */
struct run_result *merge_runs(const struct campaign_conf *conf,
    struct shard_runs *const *shards, size_t n, int of);

#endif
