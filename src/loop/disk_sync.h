/* disk_sync.h - fsync(2) beside the loop, which would stand still in it: the
 * kernel does it (IOCB_CMD_FSYNC of io_submit(2), Linux 4.18) and tells by an
 * eventfd(2).  Wraps libaio.
 */
#ifndef LOOP_DISK_SYNC_H
#define LOOP_DISK_SYNC_H

#include <stdbool.h>
#include <stddef.h>

#include "loop/loop.h"

#define DISK_SYNCS_MAX 64 /* under way at once */

struct disk_sync;

/* `error` is an errno, or 0. */
typedef void disk_sync_done(void *arg, int error);

/* One file's.  Zero-initialised; the fields are the module's own. */
struct disk_job {
	struct disk_sync *disk; /* NULL: it is not under way */
	size_t place;
	disk_sync_done *done;
	void *arg;
};

/* NULL where the kernel does not offer it: a container, fs.aio-max-nr. */
struct disk_sync *disk_sync_new(struct loop *lp);
/* Begin one, of which `done` tells, from the loop; the descriptor may be closed
 * meanwhile.  False where it cannot be begun, with NULL too: then it is the
 * caller's to sync. */
bool disk_sync_begin(struct disk_sync *s, struct disk_job *job, int fd,
    disk_sync_done *done, void *arg);
/* It is under way, and must not begin. */
bool disk_job_busy(const struct disk_job *job);
/* `done` will not run.  Harmless when it is not under way. */
void disk_job_cancel(struct disk_job *job);
/* Wait for it, as fsync(2) would, for its errno or 0, and `done` will not run.
 * Linux tells an error of writing once: who cancels and syncs again does not
 * hear of it.  0 when it is not under way. */
int disk_job_wait(struct disk_job *job);
/* Waits for all that are under way; their `done` will not run.  NULL is
 * accepted. */
void disk_sync_free(struct disk_sync *s);

#endif
