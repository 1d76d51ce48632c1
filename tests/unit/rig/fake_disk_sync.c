/* fake_disk_sync.c - see fake_disk_sync.h.
 */
#include "fake_disk_sync.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/timer.h"
#include "../unit.h"

struct disk_sync {
	struct timer over; /* all that it is at */
};

static struct {
	bool beside;
	int64_t takes; /* ms; 0: until the test ends it */
	struct disk_job *busy[DISK_SYNCS_MAX]; /* the first one first */
	int n, begun;
	int error; /* of one that is waited for */
} all;

void
fake_disk_sync_beside(void)
{
	all.beside = true;
}

void
fake_disk_sync_takes(int64_t ms)
{
	all.beside = ms > 0;
	all.takes = ms;
}

void
fake_disk_sync_fails(int error)
{
	all.error = error;
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

/* What begins meanwhile waits for the next one. */
static void
on_over(void *arg)
{
	struct disk_job *job;

	for (int n = all.n, i = 0; n > 0; n--) {
		if (all.busy[i]->disk != arg) {
			i++;
			continue;
		}
		job = take_out(i);
		job->done(job->arg, 0);
	}
}

struct disk_sync *
disk_sync_new(struct loop *lp)
{
	struct disk_sync *s = xcalloc(1, sizeof(*s));

	timer_init(&s->over, lp, on_over, s);
	return s;
}

bool
disk_sync_begin(struct disk_sync *s, struct disk_job *job, int fd,
    disk_sync_done *done, void *arg)
{
	ck_assert(job->disk == NULL && fd >= 0);
	if (s == NULL || !all.beside)
		return false;
	ck_assert_int_lt(all.n, DISK_SYNCS_MAX);
	all.busy[all.n++] = job;
	all.begun++;
	if (all.takes > 0 && !timer_is_set(&s->over))
		timer_set(&s->over, all.takes);
	*job = (struct disk_job){
	    .disk = s, .place = (size_t)fd, .done = done, .arg = arg};
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

int
disk_job_wait(struct disk_job *job)
{
	if (!disk_job_busy(job))
		return 0;
	disk_job_cancel(job);
	/* Unless it was closed meanwhile. */
	if (fcntl((int)job->place, F_GETFD) >= 0)
		fdatasync((int)job->place);
	return all.error;
}

void
disk_sync_free(struct disk_sync *s)
{
	if (s == NULL)
		return;
	for (int i = all.n; i-- > 0;)
		if (all.busy[i]->disk == s)
			take_out(i);
	timer_clear(&s->over);
	free(s);
}
