/* fake_disk_sync.c - see fake_disk_sync.h.
 */
#include "fake_disk_sync.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "../unit.h"

struct disk_sync {
	bool beside;
	struct disk_job *busy[DISK_SYNCS_MAX]; /* the first one first */
	int n, begun;
};
static struct disk_sync *last;

void
fake_disk_sync_beside(void)
{
	last->beside = true;
}

int
fake_disk_sync_begun(void)
{
	return last->begun;
}

static struct disk_job *
take_out(struct disk_sync *s, int i)
{
	struct disk_job *job = s->busy[i];

	s->n--;
	for (; i < s->n; i++)
		s->busy[i] = s->busy[i + 1];
	job->disk = NULL;
	return job;
}

void
fake_disk_sync_end(int error)
{
	struct disk_job *job;

	ck_assert_int_gt(last->n, 0);
	job = take_out(last, 0);
	job->done(job->arg, error);
}

struct disk_sync *
disk_sync_new(struct loop *lp)
{
	(void)lp;
	last = xcalloc(1, sizeof(*last));
	return last;
}

bool
disk_sync_begin(struct disk_sync *s, struct disk_job *job, int fd,
    disk_sync_done *done, void *arg)
{
	ck_assert(job->disk == NULL && fd >= 0);
	if (!s->beside)
		return false;
	ck_assert_int_lt(s->n, DISK_SYNCS_MAX);
	s->busy[s->n++] = job;
	s->begun++;
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
	struct disk_sync *s = job->disk;

	for (int i = 0; s != NULL && i < s->n; i++)
		if (s->busy[i] == job) {
			take_out(s, i);
			return;
		}
}

void
disk_sync_free(struct disk_sync *s)
{
	while (s != NULL && s->n > 0)
		take_out(s, 0);
	free(s);
}
