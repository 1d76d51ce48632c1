/* check_file_sync.c - a file is on the disk before it is put in its place. */
#include "loop/file_sync.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "rig/fake_disk_sync.h"
#include "unit.h"

static struct loop *lp;
static struct disk_sync *disk;
static struct atomic_file *file;
static struct file_sync sync_of;
static struct fail why;
static char path[2 * UNIT_PATH_MAX];
static int calls;

static void
on_done(void *arg)
{
	ck_assert_ptr_eq(arg, path);
	ck_assert(!file_sync_busy(&sync_of));
	calls++;
}

static bool
begun(void)
{
	return file_sync_begin(&sync_of, disk, file, on_done, path);
}

static void
begin(void)
{
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/file", folder);
	lp = unit_loop_virtual(0);
	disk = disk_sync_new(lp);
	file = atomic_file_open(path, &why);
	ck_assert_ptr_nonnull(file);
	atomic_file_write(file, "whole\n", 6);
	calls = 0;
}

static void
end(void)
{
	disk_sync_free(disk);
	unit_loop_free(lp);
}

START_TEST(its_end_is_told_and_then_it_is_put)
{
	begin();
	fake_disk_sync_beside();
	ck_assert(begun());
	ck_assert(file_sync_busy(&sync_of));
	ck_assert_int_eq(access(path, F_OK), -1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(calls, 1);
	ck_assert(atomic_file_put(file, &why));
	unit_file_is(path, "whole\n");
	end();
}
END_TEST

START_TEST(an_error_shows_when_it_is_put)
{
	begin();
	fake_disk_sync_beside();
	ck_assert(begun());
	fake_disk_sync_end(EIO);
	ck_assert_int_eq(calls, 1);
	ck_assert(!atomic_file_put(file, &why));
	ck_assert_int_eq(access(path, F_OK), -1);
	end();
}
END_TEST

START_TEST(what_is_put_at_once_is_waited_for_and_its_error_too)
{
	for (int error = 0; error <= EIO; error += EIO) {
		begin();
		fake_disk_sync_beside();
		file_sync_wait(&sync_of); /* it has not begun */
		ck_assert(begun());
		fake_disk_sync_fails(error);
		file_sync_wait(&sync_of);
		ck_assert(!file_sync_busy(&sync_of));
		ck_assert_int_eq(calls, 0);
		ck_assert(atomic_file_put(file, &why) == (error == 0));
		fake_disk_sync_fails(0);
		end();
	}
}
END_TEST

START_TEST(what_is_given_up_is_told_to_nobody)
{
	begin();
	file_sync_cancel(&sync_of);
	fake_disk_sync_beside();
	ck_assert(begun());
	file_sync_cancel(&sync_of);
	atomic_file_abort(file);
	loop_run_for(lp, 10);
	ck_assert_int_eq(calls, 0);
	end();
}
END_TEST

START_TEST(where_it_cannot_be_begun_it_is_synced_as_it_is_put)
{
	begin();
	ck_assert(!begun());
	ck_assert(!file_sync_busy(&sync_of));
	ck_assert(atomic_file_put(file, &why));
	unit_file_is(path, "whole\n");
	ck_assert_int_eq(calls, 0);
	end();
}
END_TEST

UNIT_MAIN("file_sync", its_end_is_told_and_then_it_is_put,
    an_error_shows_when_it_is_put,
    what_is_put_at_once_is_waited_for_and_its_error_too,
    what_is_given_up_is_told_to_nobody,
    where_it_cannot_be_begun_it_is_synced_as_it_is_put)
