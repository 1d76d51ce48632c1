/* check_last_list.c - the list that is kept for a night without one. */
#include "campaign/last_list.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "unit.h"

static char folder[UNIT_PATH_MAX];
static char *program[] = {(char *)"/srv/list"};
static struct campaign_conf conf;
static struct fail why;

static void
set_up(void)
{
	unit_folder(folder);
	program[0] = (char *)"/srv/list";
	conf = (struct campaign_conf){
	    .campaign = {.name = (char *)"x", .output = folder},
	    .inventory = {.program = program, .n_program = 1}};
}

static char *
path_of_list(void)
{
	return xasprintf("%s/x/devices.csv", folder);
}

static void
is_kept(const char *text)
{
	int64_t when = 0;
	size_t len = 0;
	char *got = last_list_read(&conf, &len, &when, &why);

	ck_assert_msg(got != NULL, "%s", why.text);
	ck_assert_str_eq(got, text);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_int_le(clock_wall_ms() - when, 60000);
	bytes_free(got, len + 1);
}

static void
is_none(const char *words)
{
	int64_t when;
	size_t len;

	ck_assert_ptr_null(last_list_read(&conf, &len, &when, &why));
	ck_assert_msg(strstr(why.text, words) != NULL, "%s", why.text);
}

static void
keep(const char *text)
{
	ck_assert_msg(
	    last_list_write(&conf, text, strlen(text), &why), "%s", why.text);
}

START_TEST(a_list_is_read_as_it_was_kept)
{
	char *path = path_of_list();
	struct stat st;

	set_up();
	is_none("/x/devices.csv: No such file");
	keep("address\n192.0.2.1\n");
	is_kept("address\n192.0.2.1\n");
	keep("address\n");
	is_kept("address\n");
	free(path);
	path = path_of_list();
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	free(path);
}
END_TEST

START_TEST(it_is_that_of_the_same_program)
{
	set_up();
	keep("address\n");
	program[0] = (char *)"/srv/list2";
	is_none("is of another program: /srv/list");
	program[0] = (char *)"/srv/lis";
	is_none("is of another program: /srv/list");
}
END_TEST

START_TEST(a_strange_file_is_none)
{
	char *path;

	set_up();
	keep("address\n");
	path = path_of_list();
	unit_write(path, "address\n192.0.2.1\n");
	is_none("devices.csv is none of these lists");
	unit_write(path, "");
	is_none("is none of these lists");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	is_none("Too many levels of symbolic links");
	free(path);
}
END_TEST

START_TEST(what_cannot_be_written_is_told_and_the_old_one_stays)
{
	char *part;

	set_up();
	keep("address\n");
	part = xasprintf("%s/x/devices.csv.part", folder);
	ck_assert_int_eq(mkdir(part, 0700), 0);
	ck_assert(!last_list_write(&conf, "a\n", 2, &why));
	ck_assert_msg(strstr(why.text, "devices.csv") != NULL, "%s", why.text);
	is_kept("address\n");
	free(part);
}
END_TEST

UNIT_MAIN("last_list", a_list_is_read_as_it_was_kept,
    it_is_that_of_the_same_program, a_strange_file_is_none,
    what_cannot_be_written_is_told_and_the_old_one_stays)
