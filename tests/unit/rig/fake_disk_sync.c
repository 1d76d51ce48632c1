/* fake_disk_sync.c - see fake_disk_sync.h.
 */
#include "fake_disk_sync.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "../unit.h"

struct disk_sync {
	disk_sync_done *done;
	void *arg;
	bool beside, busy;
	int begun;
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

void
fake_disk_sync_end(int error)
{
	ck_assert(last->busy);
	last->busy = false;
	last->done(last->arg, error);
}

struct disk_sync *
disk_sync_new(struct loop *lp, disk_sync_done *done, void *arg)
{
	(void)lp;
	last = xcalloc(1, sizeof(*last));
	last->done = done;
	last->arg = arg;
	return last;
}

bool
disk_sync_begin(struct disk_sync *s, int fd)
{
	ck_assert(!s->busy && fd >= 0);
	s->busy = s->beside;
	s->begun += s->beside;
	return s->beside;
}

bool
disk_sync_busy(const struct disk_sync *s)
{
	return s->busy;
}

void
disk_sync_free(struct disk_sync *s)
{
	free(s);
}
