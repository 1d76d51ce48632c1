/* file_sync.h - a whole file to the disk beside the loop, before it is put in
 * its place (base/atomic_file).
 */
#ifndef LOOP_FILE_SYNC_H
#define LOOP_FILE_SYNC_H

#include "base/atomic_file.h"
#include "loop/disk_sync.h"

typedef void file_sync_done(void *arg);

/* One file's.  Zero-initialised; the fields are the module's own. */
struct file_sync {
	struct disk_job job;
	struct atomic_file *file;
	file_sync_done *done;
	void *arg;
};

/* Begin it with all that was written so far: `done` runs at its end, from the
 * loop, and an error shows when the file is put.  False where it cannot be
 * begun: then the file is synced as it is put. */
bool file_sync_begin(struct file_sync *s, struct disk_sync *disk,
    struct atomic_file *file, file_sync_done *done, void *arg);
/* It is under way, and must not begin. */
bool file_sync_busy(const struct file_sync *s);
/* The file is to be put now: wait for the end; `done` will not run.  Harmless
 * when it is not under way, and so is the next. */
void file_sync_wait(struct file_sync *s);
/* The file is given up: `done` will not run. */
void file_sync_cancel(struct file_sync *s);

#endif
