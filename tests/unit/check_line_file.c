/* check_line_file.c - lines reach the disk in order, most of the way beside the
 * loop. */
#include "books/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop/timer.h"
#include "rig/fake_disk_sync.h"
#include "unit.h"

static struct loop *lp;
static struct line_file *file;
static char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
static int syncs, troubles, trouble, went_on;
static bool more; /* there is a line that is only known at the end of a turn */

/* In place of the C library's: those in the loop. */
int
fdatasync(int fd)
{
	ck_assert_int_ge(fd, 0);
	syncs++;
	return 0;
}

static void
add(const char *line)
{
	strbuf_add(line_file_lines(file), line);
	line_file_added(file);
}

static void
on_complete(void *arg)
{
	ck_assert_ptr_eq(arg, path);
	if (more)
		add("more\n");
	more = false;
}

static void
on_broke(void *arg, int error)
{
	ck_assert_ptr_eq(arg, path);
	troubles++;
	trouble = error;
}

static void
go_on(void *arg)
{
	(void)arg;
	went_on++;
}

static struct line_file *
open_file(int flags)
{
	static const struct line_file_events events = {
	    .complete = on_complete, .broke = on_broke};

	return line_file_open(lp, path, flags, &events, path);
}

static void
begin_with(struct loop *with)
{
	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/lines", folder);
	lp = with;
	file = open_file(O_CREAT | O_EXCL);
	ck_assert_ptr_nonnull(file);
	fake_disk_sync_beside();
	syncs = troubles = went_on = 0;
}

static void
begin(void)
{
	begin_with(unit_loop_virtual(INT64_C(1795406400000)));
}

static void
end(void)
{
	line_file_free(file);
	unit_loop_free(lp);
}

/* A line that the disk must have, and who waits for that. */
static void
change(struct line_wait *w)
{
	*w = (struct line_wait){.file = NULL};
	add("change\n");
	line_file_wants_disk(file);
	line_file_wait(file, w, go_on, NULL);
}

static int
lines(void)
{
	char *text = unit_read(path);
	int n = 0;

	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		n++;
	free(text);
	return n;
}

START_TEST(the_loop_goes_on_while_the_disk_is_busy)
{
	struct line_wait one, two, none = {.file = NULL};
	int before;

	begin();
	before = lines();
	change(&one);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	/* What comes meanwhile is written, and waits for the next one. */
	change(&two);
	line_file_wait(file, &none, go_on, NULL);
	loop_run_for(lp, 0);
	ck_assert_int_eq(lines(), before + 2);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert_int_eq(went_on, 0);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	line_wait_cancel(&none);
	line_wait_cancel(&none);
	fake_disk_sync_end(0);
	loop_run_for(lp, 0);
	ck_assert_int_eq(went_on, 2);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	ck_assert_int_eq(syncs, 0);
	end();
}
END_TEST

START_TEST(a_sync_that_fails_is_told_and_holds_up_nobody)
{
	struct line_wait w;

	begin();
	change(&w);
	loop_run_for(lp, 0);
	fake_disk_sync_end(EIO);
	ck_assert_int_eq(went_on, 1);
	ck_assert_int_eq(troubles, 1);
	ck_assert_int_eq(trouble, EIO);
	end();
}
END_TEST

/* --- who waits --- */

static struct line_wait late;
static int seen;

static void
look(void *arg)
{
	(void)arg;
	seen = went_on;
	change(&late);
}

static void
go_on_slowly(void *arg)
{
	usleep(5000);
	if (went_on++ == 0)
		timer_set(arg, 0);
}

/* Each begins something that may take long: others have their turn between, and
 * who begins to wait there waits for the next sync. */
START_TEST(who_goes_on_slowly_holds_up_no_turn)
{
	struct line_wait w[10] = {{.file = NULL}};
	struct timer t;

	begin_with(unit_loop());
	fake_disk_sync_takes(1);
	timer_init(&t, lp, look, NULL);
	add("change\n");
	line_file_wants_disk(file);
	for (int i = 0; i < 10; i++)
		line_file_wait(file, &w[i], go_on_slowly, &t);
	while (went_on < 10)
		loop_run_for(lp, 1);
	ck_assert_int_gt(seen, 0);
	ck_assert_int_lt(seen, 10);
	loop_run_for(lp, 100);
	ck_assert_int_eq(went_on, 11);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	ck_assert_int_eq(syncs, 0);
	end();
}
END_TEST

/* --- lines that rely on the names in a folder --- */

/* A file has come: its line is held until its name is on the disk. */
static void
begin_with_a_name(struct line_wait *w, int *before)
{
	begin();
	*before = lines();
	line_file_relies_on(file, folder);
	change(w);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert_int_eq(lines(), *before);
}

START_TEST(a_line_is_written_behind_the_names_that_it_relies_on)
{
	struct line_wait w;
	int before;

	begin_with_a_name(&w, &before);
	fake_disk_sync_end(0);
	ck_assert_int_eq(lines(), before + 1);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	ck_assert_int_eq(went_on, 0);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	ck_assert_int_eq(syncs, 0);
	end();
}
END_TEST

START_TEST(a_name_that_comes_meanwhile_has_its_own_sync)
{
	struct line_wait one, two;
	int before;

	begin_with_a_name(&one, &before);
	line_file_relies_on(file, folder);
	change(&two);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(lines(), before + 1);
	loop_run_for(lp, 0); /* the first line's sync, the second's name's */
	ck_assert_int_eq(fake_disk_sync_begun(), 3);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	ck_assert_int_eq(lines(), before + 1);
	loop_run_for(lp, 0);
	fake_disk_sync_end(0);
	ck_assert_int_eq(lines(), before + 2);
	ck_assert_int_eq(fake_disk_sync_begun(), 4);
	ck_assert_int_eq(went_on, 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 2);
	end();
}
END_TEST

START_TEST(a_line_that_comes_meanwhile_is_synced_too)
{
	struct line_wait one, two;
	int before;

	begin_with_a_name(&one, &before);
	change(&two);
	fake_disk_sync_end(0);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(lines(), before + 2);
	ck_assert_int_eq(went_on, 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 2);
	end();
}
END_TEST

/* EINVAL: this file system cannot sync folders, which is no trouble. */
START_TEST(a_folder_that_cannot_be_synced_holds_up_nobody)
{
	struct line_wait w;
	int before;

	begin_with_a_name(&w, &before);
	fake_disk_sync_end(_i == 0 ? EINVAL : EIO);
	ck_assert_int_eq(troubles, _i);
	ck_assert_int_eq(lines(), before + 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	end();
}
END_TEST

START_TEST(what_waits_for_a_name_can_be_had_on_the_disk_now)
{
	struct line_wait w;
	int before;

	begin_with_a_name(&w, &before);
	line_file_flush(file);
	ck_assert_int_eq(lines(), before + 1);
	ck_assert_int_eq(syncs, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(went_on, 1);
	end();
}
END_TEST

START_TEST(an_error_of_a_sync_beside_the_loop_is_told_at_the_latest_at_the_end)
{
	struct line_wait w;
	int before;

	begin_with_a_name(&w, &before);
	fake_disk_sync_fails(EIO);
	line_file_flush(file);
	ck_assert_int_eq(troubles, 1);
	loop_run_for(lp, 0);
	end();
	begin();
	change(&w);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	ck_assert_int_eq(troubles, 0);
	end();
	ck_assert_int_eq(troubles, 1);
	ck_assert_int_eq(trouble, EIO);
	fake_disk_sync_fails(0);
}
END_TEST

/* --- at once --- */

START_TEST(what_must_be_on_the_disk_now_is_synced_in_the_loop)
{
	struct line_wait w;

	begin();
	change(&w);
	loop_run_for(lp, 0);
	line_file_flush(file);
	ck_assert_int_eq(syncs, 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	end();
}
END_TEST

START_TEST(what_is_only_known_at_the_end_of_the_turn_is_added)
{
	begin();
	add("a line\n");
	more = true;
	loop_run_for(lp, 0);
	unit_file_is(path, "a line\nmore\n");
	ck_assert_int_eq(fake_disk_sync_begun(), 0);
	more = true;
	line_file_flush(file);
	unit_file_is(path, "a line\nmore\nmore\n");
	end();
}
END_TEST

START_TEST(a_last_line_may_be_cut)
{
	begin();
	ck_assert(!line_file_is_cut(file));
	add("a line\n");
	line_file_flush(file);
	ck_assert(!line_file_is_cut(file));
	add("half of");
	line_file_flush(file);
	ck_assert(line_file_is_cut(file));
	end();
}
END_TEST

START_TEST(one_that_is_there_is_gone_on_with)
{
	begin();
	add("a line\n");
	line_file_flush(file);
	ck_assert_ptr_null(open_file(O_CREAT | O_EXCL));
	ck_assert_int_eq(errno, EEXIST);
	line_file_free(file);
	file = open_file(0);
	add("another\n");
	loop_run_for(lp, 0);
	unit_file_is(path, "a line\nanother\n");
	end();
}
END_TEST

UNIT_TABLE("line_file", a_folder_that_cannot_be_synced_holds_up_nobody, 2,
    the_loop_goes_on_while_the_disk_is_busy,
    who_goes_on_slowly_holds_up_no_turn,
    a_sync_that_fails_is_told_and_holds_up_nobody,
    a_line_is_written_behind_the_names_that_it_relies_on,
    a_name_that_comes_meanwhile_has_its_own_sync,
    a_line_that_comes_meanwhile_is_synced_too,
    what_waits_for_a_name_can_be_had_on_the_disk_now,
    an_error_of_a_sync_beside_the_loop_is_told_at_the_latest_at_the_end,
    what_must_be_on_the_disk_now_is_synced_in_the_loop,
    what_is_only_known_at_the_end_of_the_turn_is_added, a_last_line_may_be_cut,
    one_that_is_there_is_gone_on_with)
