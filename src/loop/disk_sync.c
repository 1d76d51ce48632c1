/* disk_sync.c - see disk_sync.h.
 */
#include "loop/disk_sync.h"

#include <assert.h>
#include <libaio.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/xmem.h"

struct disk_sync {
	struct loop *lp;
	io_context_t kernel;
	int event;           /* eventfd(2): it is over */
	struct watch *watch; /* while one is under way */
	struct iocb request;
	disk_sync_done *done;
	void *arg;
};

/* The kernel's result: 0 or a negative errno. */
static int
error_of(const struct io_event *e)
{
	return (int)-(int64_t)e->res;
}

static void
on_event(void *arg, short ready)
{
	struct disk_sync *s = arg;
	struct io_event e;
	uint64_t n;

	(void)ready;
	if (read(s->event, &n, sizeof(n)) != (ssize_t)sizeof(n) ||
	    io_getevents(s->kernel, 1, 1, &e, NULL) != 1)
		return;
	watch_free(s->watch);
	s->watch = NULL;
	s->done(s->arg, error_of(&e));
}

struct disk_sync *
disk_sync_new(struct loop *lp, disk_sync_done *done, void *arg)
{
	struct disk_sync *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->done = done;
	s->arg = arg;
	s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->event >= 0 && io_setup(1, &s->kernel) == 0)
		return s;
	if (s->event >= 0)
		close(s->event);
	free(s);
	return NULL;
}

bool
disk_sync_begin(struct disk_sync *s, int fd)
{
	struct iocb *list[1];

	if (s == NULL)
		return false;
	assert(s->watch == NULL);
	io_prep_fdsync(&s->request, fd);
	io_set_eventfd(&s->request, s->event);
	list[0] = &s->request;
	if (io_submit(s->kernel, 1, list) != 1)
		return false;
	s->watch = watch_new(s->lp, s->event, POLLIN, on_event, s);
	return true;
}

bool
disk_sync_busy(const struct disk_sync *s)
{
	return s != NULL && s->watch != NULL;
}

void
disk_sync_free(struct disk_sync *s)
{
	if (s == NULL)
		return;
	watch_free(s->watch);
	io_destroy(s->kernel); /* waits */
	close(s->event);
	free(s);
}
