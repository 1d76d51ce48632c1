/* check_run_names.c - what runs are called, and the links to two of them. */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/run_names.h"

static char folder[UNIT_PATH_MAX];

static char *
below(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

static void
make_folder(const char *name)
{
	char *path = below(name);

	ck_assert_int_eq(mkdir(path, 0750), 0);
	free(path);
}

/* A link as somebody else would make it. */
static void
make_link(const char *name, const char *to)
{
	char *path = below(name);

	unlink(path);
	ck_assert_int_eq(symlink(to, path), 0);
	free(path);
}

START_TEST(runs_are_in_order_of_their_start)
{
	static const char *const order[] = {"2025-12-31T23.59.59Z",
	    "2026-11-23T04.00.00Z", "2026-11-23T04.00.00Z-2",
	    "2026-11-23T04.00.00Z-9", "2026-11-23T04.00.00Z-10",
	    "2026-11-23T04.00.01Z", "2026-11-23T10.00.00Z"};
	int n = sizeof(order) / sizeof(order[0]);

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			int c = run_name_compare(order[i], order[j]);

			ck_assert_int_eq(c < 0, i < j);
			ck_assert_int_eq(c > 0, i > j);
		}
}
END_TEST

START_TEST(a_runs_name_is_a_folder_of_a_certain_kind)
{
	char long_one[RUN_NAME_MAX + 1];

	memset(long_one, '1', RUN_NAME_MAX);
	long_one[RUN_NAME_MAX] = '\0';
	ck_assert(run_is_name("2026-11-23T04.00.00Z"));
	ck_assert(!run_is_name(""));
	ck_assert(!run_is_name("latest"));
	ck_assert(!run_is_name(".."));
	ck_assert(!run_is_name("../2026-11-23T04.00.00Z"));
	ck_assert(!run_is_name("2026-11-23T04.00.00Z/captures"));
	ck_assert(!run_is_name(long_one));
	ck_assert(run_is_name(long_one + 1));
}
END_TEST

START_TEST(a_link_points_at_a_run_or_at_nothing)
{
	char run[RUN_NAME_MAX];
	char *long_one = xcalloc(1, 301);

	unit_folder(folder);
	ck_assert(!run_link_read(folder, RUN_LATEST, run));
	ck_assert(run_link_point(folder, RUN_LATEST, "2026-11-23T04.00.00Z"));
	ck_assert(run_link_read(folder, RUN_LATEST, run));
	ck_assert_str_eq(run, "2026-11-23T04.00.00Z");
	ck_assert(run_link_point(folder, RUN_LATEST, "2026-11-24T04.00.00Z"));
	ck_assert(run_link_read(folder, RUN_LATEST, run));
	ck_assert_str_eq(run, "2026-11-24T04.00.00Z");
	memset(long_one, '2', 300);
	make_link(RUN_LATEST, long_one);
	ck_assert(!run_link_read(folder, RUN_LATEST, run));
	make_link(RUN_LATEST, "/etc");
	ck_assert(!run_link_read(folder, RUN_LATEST, run));
	free(long_one);
}
END_TEST

START_TEST(what_a_killed_process_left_is_in_nobodys_way)
{
	char run[RUN_NAME_MAX];

	unit_folder(folder);
	make_link(".latest.part", "2026-11-22T04.00.00Z");
	ck_assert(run_link_point(folder, RUN_LATEST, "2026-11-23T04.00.00Z"));
	ck_assert(run_link_read(folder, RUN_LATEST, run));
	ck_assert_str_eq(run, "2026-11-23T04.00.00Z");
	ck_assert(!run_link_read(folder, ".latest.part", run));
}
END_TEST

START_TEST(a_folder_in_the_place_of_a_link_stays)
{
	char run[RUN_NAME_MAX];

	unit_folder(folder);
	ck_assert(run_link_is_free(folder, RUN_LATEST));
	make_folder(RUN_LATEST);
	ck_assert(!run_link_is_free(folder, RUN_LATEST));
	ck_assert_int_eq(errno, EEXIST);
	ck_assert(!run_link_point(folder, RUN_LATEST, "2026-11-23T04.00.00Z"));
	ck_assert(!run_link_read(folder, ".latest.part", run));
	run_link_remove(folder, RUN_LATEST, NULL);
	ck_assert(!run_link_is_free(folder, RUN_LATEST));
}
END_TEST

START_TEST(a_link_to_another_run_stays)
{
	char run[RUN_NAME_MAX];

	unit_folder(folder);
	ck_assert(run_link_point(folder, RUN_CURRENT, "2026-11-23T04.00.00Z"));
	run_link_remove(folder, RUN_CURRENT, "2026-11-22T04.00.00Z");
	ck_assert(run_link_read(folder, RUN_CURRENT, run));
	run_link_remove(folder, RUN_CURRENT, "2026-11-23T04.00.00Z");
	ck_assert(!run_link_read(folder, RUN_CURRENT, run));
	make_link(RUN_CURRENT, "/nowhere");
	run_link_remove(folder, RUN_CURRENT, NULL);
	make_link(RUN_CURRENT, "/nowhere");
}
END_TEST

START_TEST(the_newest_runs_are_found)
{
	char names[2][RUN_NAME_MAX];

	unit_folder(folder);
	ck_assert_uint_eq(run_names_newest(folder, names, 2), 0);
	make_folder("2026-11-22T04.00.00Z");
	make_folder("2026-11-23T04.00.00Z");
	make_folder("2026-11-23T04.00.00Z-2");
	make_folder("lock");
	make_link(RUN_LATEST, "2026-11-22T04.00.00Z");
	ck_assert_uint_eq(run_names_newest(folder, names, 2), 2);
	ck_assert_str_eq(names[0], "2026-11-23T04.00.00Z-2");
	ck_assert_str_eq(names[1], "2026-11-23T04.00.00Z");
	ck_assert_uint_eq(run_names_newest("/nowhere", names, 2), 0);
}
END_TEST

START_TEST(all_runs_are_read_the_oldest_first)
{
	char **names;
	size_t n;

	unit_folder(folder);
	make_folder("2026-11-23T04.00.00Z-10");
	make_folder("2026-11-23T04.00.00Z-9");
	make_folder("2026-11-22T04.00.00Z");
	make_folder("shard-0-of-4");
	names = run_names_read(folder, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(names[0], "2026-11-22T04.00.00Z");
	ck_assert_str_eq(names[1], "2026-11-23T04.00.00Z-9");
	ck_assert_str_eq(names[2], "2026-11-23T04.00.00Z-10");
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
	errno = 0;
	ck_assert_ptr_null(run_names_read("/nowhere", &n));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(a_name_tells_of_the_start)
{
	ck_assert_int_eq(
	    run_name_start("2026-11-23T04.00.00Z"), INT64_C(1795406400000));
	ck_assert_int_eq(
	    run_name_start("2026-11-23T04.00.00Z-12"), INT64_C(1795406400000));
	ck_assert_int_eq(run_name_start("2026-11-23"), 0);
	ck_assert_int_eq(run_name_start("2026-11-23Tat.no.timeZ"), 0);
}
END_TEST

UNIT_MAIN("run_names", a_name_tells_of_the_start,
    all_runs_are_read_the_oldest_first, runs_are_in_order_of_their_start,
    a_runs_name_is_a_folder_of_a_certain_kind,
    a_link_points_at_a_run_or_at_nothing,
    what_a_killed_process_left_is_in_nobodys_way,
    a_folder_in_the_place_of_a_link_stays, a_link_to_another_run_stays,
    the_newest_runs_are_found)
