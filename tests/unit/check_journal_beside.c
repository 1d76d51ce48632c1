/* check_journal_beside.c - a journal whose syncs are beside the loop. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/journal.h"
#include "conf_rig.h"
#include "rig/fake_disk_sync.h"
#include "unit.h"

static struct conf_rig *files;
static struct loop *lp;
static struct run_result *run;
static struct journal *journal;
static int syncs, troubles, went_on;
static char *path, trouble[256];

/* In place of the C library's: those in the loop. */
int
fdatasync(int fd)
{
	ck_assert_int_ge(fd, 0);
	syncs++;
	return 0;
}

static void
on_trouble(void *arg, const char *text)
{
	(void)arg;
	troubles++;
	str_copy(trouble, sizeof(trouble), text);
}

static void
go_on(void *arg)
{
	(void)arg;
	went_on++;
}

static void
begin(void)
{
	struct fail why;

	files = conf_rig_with(
	    "snmp = { auth_password = \"auth-secret\"; "
	    "priv_password = \"priv-secret\"; };"
	    "devices = ( { address = \"192.0.2.1\"; username = \"Admin\"; "
	    "password = \"secret-1\"; agent = \"192.0.2.252\"; "
	    "type = \"gwsbc\"; } );");
	lp = unit_loop_virtual(INT64_C(1795406400000));
	run = run_result_new(conf_rig_right(files), 0);
	free(run->folder);
	run->folder = xstrdup(files->folder);
	path = conf_rig_path(files, "journal.ndjson");
	journal = journal_create(lp, run, on_trouble, NULL, &why);
	ck_assert_ptr_nonnull(journal);
	fake_disk_sync_beside();
	loop_run_for(lp, 0);
	syncs = troubles = went_on = 0;
}

static void
end(void)
{
	journal_free(journal);
	run_result_free(run);
	unit_loop_free(lp);
	free(path);
	conf_rig_free(files);
}

/* A change on the device, and who waits for it to be on the disk. */
static void
change(struct journal_wait *w)
{
	*w = (struct journal_wait){.line.file = NULL};
	journal_fact(journal, run->devices, FACT_START);
	journal_sync(journal, w, go_on, NULL);
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
	struct journal_wait one, two, none = {0};
	int before;

	begin();
	before = lines();
	change(&one);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	/* What comes meanwhile is written, and waits for the next one. */
	change(&two);
	journal_sync(journal, &none, go_on, NULL);
	loop_run_for(lp, 0);
	ck_assert_int_eq(lines(), before + 2);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert_int_eq(went_on, 0);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 2);
	journal_sync_cancel(&none);
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
	struct journal_wait w;

	begin();
	change(&w);
	loop_run_for(lp, 0);
	fake_disk_sync_end(EIO);
	ck_assert_int_eq(went_on, 1);
	ck_assert_int_eq(troubles, 1);
	ck_assert_ptr_nonnull(strstr(trouble, strerror(EIO)));
	end();
}
END_TEST

/* --- lines that rely on the names in a folder --- */

/* A file has come: its line is held until its name is on the disk. */
static void
begin_with_a_name(struct journal_wait *w, int *before)
{
	begin();
	*before = lines();
	journal_relies_on(journal, run->folder);
	change(w);
	loop_run_for(lp, 0);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert_int_eq(lines(), *before);
}

START_TEST(a_line_is_written_behind_the_names_that_it_relies_on)
{
	struct journal_wait w;
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
	struct journal_wait one, two;
	int before;

	begin_with_a_name(&one, &before);
	journal_relies_on(journal, run->folder);
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
	struct journal_wait one, two;
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
	struct journal_wait w;
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
	struct journal_wait w;
	int before;

	begin_with_a_name(&w, &before);
	journal_flush(journal);
	ck_assert_int_eq(lines(), before + 1);
	ck_assert_int_eq(syncs, 1);
	loop_run_for(lp, 0);
	ck_assert_int_eq(went_on, 1);
	end();
}
END_TEST

/* --- at once --- */

START_TEST(what_must_be_on_the_disk_now_is_synced_in_the_loop)
{
	struct journal_wait w;

	begin();
	change(&w);
	loop_run_for(lp, 0);
	journal_flush(journal);
	ck_assert_int_eq(syncs, 1);
	fake_disk_sync_end(0);
	ck_assert_int_eq(went_on, 1);
	journal_end(journal, 0);
	journal = NULL;
	ck_assert_int_eq(syncs, 2);
	end();
}
END_TEST

UNIT_TABLE("journal_beside", a_folder_that_cannot_be_synced_holds_up_nobody, 2,
    the_loop_goes_on_while_the_disk_is_busy,
    a_sync_that_fails_is_told_and_holds_up_nobody,
    a_line_is_written_behind_the_names_that_it_relies_on,
    a_name_that_comes_meanwhile_has_its_own_sync,
    a_line_that_comes_meanwhile_is_synced_too,
    what_waits_for_a_name_can_be_had_on_the_disk_now,
    what_must_be_on_the_disk_now_is_synced_in_the_loop)
