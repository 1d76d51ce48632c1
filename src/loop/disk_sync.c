/* disk_sync.c - see disk_sync.h.
 */
#include "loop/disk_sync.h"

#include <assert.h>
#include <errno.h>
#include <libaio.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/turn_time.h"

struct place {
	bool taken;           /* the kernel is at it, or it is not told yet */
	bool over;            /* the kernel is done with it ... */
	int error;            /* ... with this errno, or 0 */
	struct disk_job *job; /* NULL: nobody waits for it any more */
};

struct disk_sync {
	struct loop *lp;
	io_context_t kernel;
	int event;           /* eventfd(2): so many are over, not told yet */
	struct watch *watch; /* while any are under way */
	struct place places[DISK_SYNCS_MAX];
	size_t n; /* taken */
};

static void
leave(struct disk_sync *s, struct place *p)
{
	*p = (struct place){.taken = false};
	if (--s->n > 0)
		return;
	watch_free(s->watch);
	s->watch = NULL;
}

/* Of one that the kernel is done with, which it tells once; where none is, wait
 * for it if `wait` is NULL. */
static bool
hear(struct disk_sync *s, struct timespec *wait)
{
	struct io_event e;
	struct place *p;
	int n;

	do
		n = io_getevents(s->kernel, 1, 1, &e, wait);
	while (n == -EINTR);
	if (n != 1)
		return false;
	p = &s->places[(uintptr_t)e.data];
	p->over = true;
	p->error = (int)-(int64_t)e.res;
	return true;
}

static bool
count_down(struct disk_sync *s)
{
	uint64_t one;

	return read(s->event, &one, sizeof(one)) == (ssize_t)sizeof(one);
}

static struct place *
heard_of(struct disk_sync *s)
{
	for (size_t i = 0; i < DISK_SYNCS_MAX; i++)
		if (s->places[i].over)
			return &s->places[i];
	return NULL;
}

/* The next one that is over, NULL: none is. */
static struct place *
take_one(struct disk_sync *s)
{
	struct timespec now = {0};
	struct place *p;

	if (!count_down(s))
		return NULL;
	p = heard_of(s);
	return p == NULL && hear(s, &now) ? heard_of(s) : p;
}

static void
is_over(struct disk_sync *s, struct place *p)
{
	struct disk_job *job = p->job;
	int error = p->error;

	leave(s, p);
	if (job == NULL)
		return;
	job->disk = NULL;
	job->done(job->arg, error);
}

/* What goes on has what is left of the part of the turn that descriptors have;
 * `done` may do anything but free `s`. */
static void
on_event(void *arg, short ready)
{
	struct disk_sync *s = arg;
	struct place *p;

	(void)ready;
	loop_doing(s->lp, "files");
	while ((p = take_one(s)) != NULL) {
		is_over(s, p);
		if (loop_part_is_over(s->lp))
			return;
	}
}

struct disk_sync *
disk_sync_new(struct loop *lp)
{
	struct disk_sync *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	if (s->event >= 0 && io_setup(DISK_SYNCS_MAX, &s->kernel) == 0)
		return s;
	if (s->event >= 0)
		close(s->event);
	free(s);
	return NULL;
}

static bool
submit(struct disk_sync *s, size_t place, int fd)
{
	struct iocb request, *list[1] = {&request};

	io_prep_fsync(&request, fd);
	io_set_eventfd(&request, s->event);
	request.data = (void *)(uintptr_t)place; /* NOLINT */
	return io_submit(s->kernel, 1, list) == 1;
}

bool
disk_sync_begin(struct disk_sync *s, struct disk_job *job, int fd,
    disk_sync_done *done, void *arg)
{
	size_t i = 0;

	assert(job->disk == NULL);
	if (s == NULL || s->n == DISK_SYNCS_MAX)
		return false;
	while (s->places[i].taken)
		i++;
	if (!submit(s, i, fd))
		return false;
	s->places[i] = (struct place){.taken = true, .job = job};
	*job =
	    (struct disk_job){.disk = s, .place = i, .done = done, .arg = arg};
	if (s->n++ == 0)
		s->watch = watch_new(s->lp, s->event, POLLIN, on_event, s);
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
	if (job->disk == NULL)
		return;
	job->disk->places[job->place].job = NULL;
	job->disk = NULL;
}

int
disk_job_wait(struct disk_job *job)
{
	struct disk_sync *s = job->disk;
	struct place *p;
	int error;

	if (s == NULL)
		return 0;
	p = &s->places[job->place];
	while (!p->over && hear(s, NULL))
		;
	disk_job_cancel(job);
	if (!p->over)
		return EIO;
	error = p->error;
	/* The kernel counts behind its word: then take_one() finds nothing. */
	count_down(s);
	leave(s, p);
	return error;
}

void
disk_sync_free(struct disk_sync *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < DISK_SYNCS_MAX; i++)
		if (s->places[i].job != NULL)
			s->places[i].job->disk = NULL;
	watch_free(s->watch);
	io_destroy(s->kernel); /* waits */
	close(s->event);
	free(s);
}
