/* file_sync.c - see file_sync.h.
 */
#include "loop/file_sync.h"

static void
on_synced(void *arg, int error)
{
	struct file_sync *s = arg;

	atomic_file_synced(s->file, error);
	s->done(s->arg);
}

bool
file_sync_begin(struct file_sync *s, struct disk_sync *disk,
    struct atomic_file *file, file_sync_done *done, void *arg)
{
	int fd = atomic_file_flush(file);

	s->file = file;
	s->done = done;
	s->arg = arg;
	return fd >= 0 && disk_sync_begin(disk, &s->job, fd, on_synced, s);
}

bool
file_sync_busy(const struct file_sync *s)
{
	return disk_job_busy(&s->job);
}

void
file_sync_wait(struct file_sync *s)
{
	if (file_sync_busy(s))
		atomic_file_synced(s->file, disk_job_wait(&s->job));
}

void
file_sync_cancel(struct file_sync *s)
{
	disk_job_cancel(&s->job);
}
