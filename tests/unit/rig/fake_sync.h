/* fake_sync.h - fsync(2) and its kin without the disk. */
#ifndef RIG_FAKE_SYNC_H
#define RIG_FAKE_SYNC_H

#include <sys/types.h>

/* What the last fdatasync(2) has brought to the disk: the file's size. */
off_t fake_synced(void);
/* From now on every sync fails so; 0: none does. */
void fake_sync_fails(int error);

#endif
