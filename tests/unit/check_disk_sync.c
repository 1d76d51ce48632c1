/* check_disk_sync.c - fsync(2) beside the loop, by this kernel. */
#include "loop/disk_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <libaio.h>
#include <unistd.h>

#include "unit.h"

static struct loop *lp;
static struct disk_sync *disk;
static struct disk_job job;
static int calls, result, fd;
static bool again;

static void on_done(void *arg, int error);

static bool
begun(int of)
{
	return disk_sync_begin(disk, &job, of, on_done, &calls);
}

static void
on_done(void *arg, int error)
{
	ck_assert_ptr_eq(arg, &calls);
	ck_assert(!disk_job_busy(&job));
	result = error;
	if (++calls == 1 && again)
		ck_assert(begun(fd));
}

/* False where this kernel, or a sandbox, does not offer it: then it is not
 * pretended either. */
static bool
begin(void)
{
	char path[UNIT_PATH_MAX];

	lp = unit_loop();
	calls = 0;
	result = -1;
	again = false;
	disk = disk_sync_new(lp);
	if (disk == NULL) {
		io_context_t kernel = NULL;

		ck_assert_int_lt(io_setup(1, &kernel), 0);
		unit_loop_free(lp);
		return false;
	}
	unit_file(path, "x\n");
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return true;
}

static void
end(void)
{
	disk_sync_free(disk);
	close(fd);
	unit_loop_free(lp);
}

START_TEST(the_end_of_a_sync_is_told_from_the_loop)
{
	if (!begin())
		return;
	again = true;
	ck_assert(!disk_job_busy(&job));
	ck_assert(begun(fd));
	ck_assert(disk_job_busy(&job));
	ck_assert_int_eq(calls, 0);
	/* Nothing else is left to wait for: the run ends. */
	loop_run(lp);
	ck_assert_int_eq(calls, 2);
	ck_assert_int_eq(result, 0);
	end();
}
END_TEST

START_TEST(the_descriptor_may_be_closed_meanwhile)
{
	int copy;

	if (!begin())
		return;
	copy = dup(fd);
	ck_assert(begun(copy));
	close(copy);
	loop_run(lp);
	ck_assert_int_eq(result, 0);
	end();
}
END_TEST

START_TEST(what_cannot_be_synced_is_the_callers)
{
	int pair[2];

	if (!begin())
		return;
	ck_assert_int_eq(pipe2(pair, O_CLOEXEC), 0);
	ck_assert(!begun(pair[0]));
	ck_assert(!begun(-1));
	ck_assert(!disk_job_busy(&job));
	ck_assert(!disk_sync_begin(NULL, &job, fd, on_done, &calls));
	close(pair[0]);
	close(pair[1]);
	end();
}
END_TEST

START_TEST(one_that_is_freed_tells_nothing)
{
	if (!begin())
		return;
	ck_assert(begun(fd));
	disk_sync_free(disk);
	disk = NULL;
	ck_assert(!disk_job_busy(&job));
	loop_run_for(lp, 20);
	ck_assert_int_eq(calls, 0);
	end();
}
END_TEST

START_TEST(many_are_under_way_at_once)
{
	struct disk_job jobs[DISK_SYNCS_MAX] = {{.disk = NULL}};

	if (!begin())
		return;
	for (int i = 0; i < DISK_SYNCS_MAX; i++)
		ck_assert(disk_sync_begin(disk, &jobs[i], fd, on_done, &calls));
	ck_assert(!begun(fd));
	loop_run(lp);
	ck_assert_int_eq(calls, DISK_SYNCS_MAX);
	for (int i = 0; i < DISK_SYNCS_MAX; i++)
		ck_assert(!disk_job_busy(&jobs[i]));
	ck_assert(begun(fd));
	loop_run(lp);
	ck_assert_int_eq(calls, DISK_SYNCS_MAX + 1);
	end();
}
END_TEST

START_TEST(one_that_is_cancelled_tells_nothing)
{
	if (!begin())
		return;
	disk_job_cancel(&job); /* it has not begun */
	ck_assert(begun(fd));
	disk_job_cancel(&job);
	ck_assert(!disk_job_busy(&job));
	/* The kernel is at it still, and the next one has its own end. */
	ck_assert(begun(fd));
	loop_run(lp);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(result, 0);
	end();
}
END_TEST

START_TEST(one_that_is_waited_for_tells_its_end_there)
{
	struct disk_job jobs[4] = {{.disk = NULL}};

	if (!begin())
		return;
	ck_assert_int_eq(disk_job_wait(&job), 0); /* it has not begun */
	for (int i = 0; i < 4; i++)
		ck_assert(disk_sync_begin(disk, &jobs[i], fd, on_done, &calls));
	ck_assert_int_eq(disk_job_wait(&jobs[2]), 0);
	ck_assert(!disk_job_busy(&jobs[2]));
	ck_assert(disk_job_busy(&jobs[0]));
	ck_assert_int_eq(calls, 0);
	/* The others have theirs from the loop, and so has the next one. */
	loop_run(lp);
	ck_assert_int_eq(calls, 3);
	ck_assert(begun(fd));
	ck_assert_int_eq(disk_job_wait(&job), 0);
	ck_assert(begun(fd));
	loop_run(lp);
	ck_assert_int_eq(calls, 4);
	end();
}
END_TEST

/* /dev/full takes nothing, and has nothing to sync either. */
START_TEST(an_error_is_told_to_who_waits)
{
	int full;

	if (!begin())
		return;
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(full, 0);
	if (begun(full))
		ck_assert_int_eq(disk_job_wait(&job), EINVAL);
	close(full);
	end();
}
END_TEST

UNIT_MAIN("disk_sync", the_end_of_a_sync_is_told_from_the_loop,
    the_descriptor_may_be_closed_meanwhile,
    what_cannot_be_synced_is_the_callers, one_that_is_freed_tells_nothing,
    many_are_under_way_at_once, one_that_is_cancelled_tells_nothing,
    one_that_is_waited_for_tells_its_end_there, an_error_is_told_to_who_waits)
