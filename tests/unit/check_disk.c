/* check_disk.c - folders are made, and the room in them is judged. */
#include "base/disk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "unit.h"

START_TEST(folders_are_made_with_their_parents)
{
	char folder[UNIT_PATH_MAX], deep[96], file[UNIT_PATH_MAX];
	struct stat st;

	umask(0);
	unit_folder(folder);
	snprintf(deep, sizeof(deep), "%s/a//b/", folder);
	ck_assert(disk_make_folders(deep, DISK_PRIVATE));
	ck_assert(disk_make_folders(deep, DISK_PRIVATE));
	ck_assert_int_eq(stat(deep, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0750);
	unit_file(file, "a file");
	ck_assert(!disk_make_folders(file, DISK_PRIVATE));
	ck_assert_int_eq(errno, ENOTDIR);
}
END_TEST

START_TEST(whether_a_folder_could_be_made_is_told_and_none_is)
{
	char folder[UNIT_PATH_MAX], file[UNIT_PATH_MAX], *deep, *near;

	unit_folder(folder);
	unit_file(file, "a file");
	deep = xasprintf("%s/a/b", folder);
	ck_assert(disk_may_make(deep));
	near = disk_nearest_folder(deep);
	ck_assert_str_eq(near, folder);
	free(near);
	free(deep);
	ck_assert(!disk_may_make(file));
	ck_assert_int_eq(errno, ENOTDIR);
	deep = xasprintf("%s/a", file);
	ck_assert(!disk_may_make(deep));
	ck_assert_int_eq(errno, ENOTDIR);
	free(deep);
	near = disk_nearest_folder("/no-such-folder/x");
	ck_assert_str_eq(near, "/");
	free(near);
}
END_TEST

START_TEST(free_space_is_told)
{
	ck_assert_int_gt(disk_free_bytes("/tmp"), 0);
	ck_assert_int_eq(disk_free_bytes("/nonexistent/x"), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_limit_is_met_or_named)
{
	struct fail why;

	ck_assert(disk_has_room("/tmp", 0, "agent.min_free", &why));
	ck_assert(!disk_has_room("/tmp", INT64_MAX, "agent.min_free", &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "/tmp has "));
	ck_assert_ptr_nonnull(
	    strstr(why.text, "agent.min_free wants 9223372036854775807"));
}
END_TEST

START_TEST(where_the_space_cannot_be_told_there_is_no_room)
{
	struct fail why;

	ck_assert(!disk_has_room("/nonexistent/x", 0, "agent.min_free", &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "/nonexistent/x: No such file"));
}
END_TEST

UNIT_MAIN("disk", folders_are_made_with_their_parents,
    whether_a_folder_could_be_made_is_told_and_none_is, free_space_is_told,
    a_limit_is_met_or_named, where_the_space_cannot_be_told_there_is_no_room)
