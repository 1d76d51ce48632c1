/* atomic_file.h - a file that appears whole or not at all.
 *
 * It is written as `<path>.part` beside its place, flushed to the disk and
 * renamed.  An error sticks: later writes do nothing and commit reports it.
 */
#ifndef BASE_ATOMIC_FILE_H
#define BASE_ATOMIC_FILE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fail.h"

struct atomic_file;

/* Start `<path>.part`, mode 0640 (no symbolic link is followed there); NULL and
 * FAIL_LOCAL in `why` if it cannot be created. */
struct atomic_file *atomic_file_open(const char *path, struct fail *why);
/* Whoever may enter its folder may read it: mode 0644. */
void atomic_file_for_all(struct atomic_file *f);
void atomic_file_write(struct atomic_file *f, const void *data, size_t len);
/* Keep what it has under another temporary name, so that the same file can be
 * written a second time; only one of the two is to be committed. */
void atomic_file_set_aside(struct atomic_file *f);
/* Remove what a killed process left of one that was set aside. */
void atomic_file_forget_aside(const char *path);
/* False once a write failed; the reason is kept for commit. */
bool atomic_file_ok(const struct atomic_file *f);
/* For who syncs it elsewhere: hand all of it to the kernel, and give the
 * descriptor, or -1 once a write failed.  How that sync went (0 or an errno)
 * then stands for the one of commit, as long as nothing more is written. */
int atomic_file_flush(struct atomic_file *f);
void atomic_file_synced(struct atomic_file *f, int error);
/* Flush, rename to the final path (replacing what is there), sync the folder,
 * free.  False and `why` on any error so far; nothing is left behind then (but
 * the whole file, if only syncing the folder failed). */
bool atomic_file_commit(struct atomic_file *f, struct fail *why);
/* The same but for the folder: a power failure may take the name away again
 * until that is synced, once for many files. */
bool atomic_file_put(struct atomic_file *f, struct fail *why);
/* 0 or an errno. */
int atomic_file_sync_folder(const char *folder);
/* Remove the .part file and free.  NULL is accepted. */
void atomic_file_abort(struct atomic_file *f);

#endif
