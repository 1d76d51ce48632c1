/* fake_disk_sync.h - in place of loop/disk_sync: every sync is in the loop, or
 * beside it until the test ends it. */
#ifndef RIG_FAKE_DISK_SYNC_H
#define RIG_FAKE_DISK_SYNC_H

#include "loop/disk_sync.h"

void fake_disk_sync_beside(void); /* from now on */
/* The same, and each takes so long; 0: in the loop. */
void fake_disk_sync_takes(int64_t ms);
/* What somebody who waits in the loop finds. */
void fake_disk_sync_fails(int error);
int fake_disk_sync_begun(void);     /* so many, beside the loop */
void fake_disk_sync_end(int error); /* of the one that began first */

#endif
