/* disk_sync.h - fdatasync(2) beside the loop, which would stand still in it:
 * the kernel does it (IOCB_CMD_FDSYNC of io_submit(2), Linux 4.18) and tells by
 * an eventfd(2).  Wraps libaio.
 */
#ifndef LOOP_DISK_SYNC_H
#define LOOP_DISK_SYNC_H

#include <stdbool.h>

#include "loop/loop.h"

struct disk_sync;

/* `error` is an errno, or 0. */
typedef void disk_sync_done(void *arg, int error);

/* NULL where the kernel does not offer it: a container, fs.aio-max-nr. */
struct disk_sync *disk_sync_new(
    struct loop *lp, disk_sync_done *done, void *arg);
/* Begin one, of which `done` tells, from the loop; the descriptor may be closed
 * meanwhile.  False where it cannot be begun, with NULL too: then it is the
 * caller's to sync. */
bool disk_sync_begin(struct disk_sync *s, int fd);
/* One is under way, and another must not begin. */
bool disk_sync_busy(const struct disk_sync *s);
/* Waits for the one under way; `done` will not run.  NULL is accepted. */
void disk_sync_free(struct disk_sync *s);

#endif
