/* check_share_files.c - files that are in two folders. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/share_files.h"

static char folder[UNIT_PATH_MAX];
static char *from, *to;

static void
begin(void)
{
	unit_folder(folder);
	from = xasprintf("%s/from", folder);
	to = xasprintf("%s/to", folder);
	ck_assert_int_eq(mkdir(from, 0700), 0);
	ck_assert_int_eq(mkdir(to, 0700), 0);
}

static void
end(void)
{
	free(from);
	free(to);
}

static void
write_file(const char *in, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", in, name);

	unit_write(path, text);
	free(path);
}

static bool
is_same_file(const char *name)
{
	char *a = xasprintf("%s/%s", from, name);
	char *b = xasprintf("%s/%s", to, name);
	struct stat sa, sb;
	bool same = stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
		    sa.st_ino == sb.st_ino && sa.st_dev == sb.st_dev;

	free(a);
	free(b);
	return same;
}

START_TEST(each_file_is_in_both)
{
	struct fail why;
	char *inside;

	begin();
	write_file(from, "a.pcap", "one");
	write_file(from, "b.json", "two");
	inside = xasprintf("%s/folder", from);
	ck_assert_int_eq(mkdir(inside, 0700), 0);
	ck_assert(share_files(from, to, &why));
	ck_assert(is_same_file("a.pcap") && is_same_file("b.json"));
	free(inside);
	inside = xasprintf("%s/folder", to);
	ck_assert_int_ne(access(inside, F_OK), 0);
	free(inside);
	/* Again, and when one was written anew. */
	write_file(from, "c.json", "new");
	ck_assert(share_files(from, to, &why));
	ck_assert(is_same_file("a.pcap") && is_same_file("c.json"));
	end();
}
END_TEST

START_TEST(what_is_written_anew_takes_the_place_of_what_was)
{
	struct fail why;
	char *old = NULL, *new = NULL;

	begin();
	write_file(from, "a", "one");
	ck_assert(share_files(from, to, &why));
	old = xasprintf("%s/a.new", from);
	new = xasprintf("%s/a", from);
	write_file(from, "a.new", "two");
	ck_assert_int_eq(rename(old, new), 0);
	ck_assert(!is_same_file("a"));
	ck_assert(share_files(from, to, &why));
	ck_assert(is_same_file("a"));
	free(old);
	free(new);
	end();
}
END_TEST

START_TEST(where_there_is_nothing_nothing_is_shared)
{
	struct fail why;
	char *none;

	begin();
	none = xasprintf("%s/none", folder);
	ck_assert(share_files(none, to, &why));
	write_file(from, "a", "one");
	ck_assert(!share_files(from, none, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "cannot link "));
	free(none);
	none = xasprintf("%s/from/a", folder);
	ck_assert(!share_files(none, to, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "cannot read "));
	free(none);
	end();
}
END_TEST

/* As from a host whose runs were brought here on another disk. */
START_TEST(on_another_file_system_files_are_copied)
{
	char shm[] = "/dev/shm/check_share_files.XXXXXX", *path, *copy;
	struct stat a, b;
	struct fail why;

	begin();
	ck_assert_ptr_nonnull(mkdtemp(shm));
	ck_assert_int_eq(stat(shm, &a), 0);
	ck_assert_int_eq(stat(to, &b), 0);
	path = xasprintf("%s/a", shm);
	copy = xasprintf("%s/a", to);
	unit_write(path, "three");
	ck_assert(share_files(shm, to, &why));
	ck_assert_int_eq(stat(path, &a), 0);
	ck_assert_int_eq(stat(copy, &b), 0);
	ck_assert_int_eq(b.st_size, 5);
	ck_assert(a.st_dev == b.st_dev || b.st_nlink == 1);
	unlink(path);
	rmdir(shm);
	free(path);
	free(copy);
	end();
}
END_TEST

UNIT_MAIN("share_files", each_file_is_in_both,
    what_is_written_anew_takes_the_place_of_what_was,
    where_there_is_nothing_nothing_is_shared,
    on_another_file_system_files_are_copied)
