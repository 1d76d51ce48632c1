/* fake_disk_sync.c - see fake_disk_sync.h.
 */
#include "fake_disk_sync.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "../unit.h"

struct disk_sync {
	int nothing;
};

static struct {
	bool beside;
	struct disk_job *busy[DISK_SYNCS_MAX]; /* the first one first */
	int n, begun;
} all;

void
fake_disk_sync_beside(void)
{
	all.beside = true;
}

int
fake_disk_sync_begun(void)
{
	return all.begun;
}

static struct disk_job *
take_out(int i)
{
	struct disk_job *job = all.busy[i];

	all.n--;
	for (; i < all.n; i++)
		all.busy[i] = all.busy[i + 1];
	job->disk = NULL;
	return job;
}

void
fake_disk_sync_end(int error)
{
	struct disk_job *job;

	ck_assert_int_gt(all.n, 0);
	job = take_out(0);
	job->done(job->arg, error);
}

struct disk_sync *
disk_sync_new(struct loop *lp)
{
	(void)lp;
	return xcalloc(1, sizeof(struct disk_sync));
}

bool
disk_sync_begin(struct disk_sync *s, struct disk_job *job, int fd,
    disk_sync_done *done, void *arg)
{
	ck_assert(job->disk == NULL && fd >= 0);
	if (!all.beside)
		return false;
	ck_assert_int_lt(all.n, DISK_SYNCS_MAX);
	all.busy[all.n++] = job;
	all.begun++;
	*job = (struct disk_job){.disk = s, .done = done, .arg = arg};
	return true;
}

bool
disk_job_busy(const struct disk_job *job)
{
	return job->disk != NULL;
}

void
disk_job_cancel(struct disk_job *job)
{
	for (int i = 0; job->disk != NULL && i < all.n; i++)
		if (all.busy[i] == job)
			take_out(i);
}

void
disk_sync_free(struct disk_sync *s)
{
	for (int i = all.n; s != NULL && i-- > 0;)
		if (all.busy[i]->disk == s)
			take_out(i);
	free(s);
}
