/* check_past_run.c - a run that has ended, whose events are compared now. */
#include "campaign/past_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "books/journal.h"
#include "books/run_folder.h"
#include "books/run_names.h"
#include "compare/result_json.h"
#include "compare_made.h"
#include "conf_rig.h"
#include "loop/timer.h"

#define RUN    "2026-11-23T04.00.00Z"
#define DEVICE "192.0.2.218"

static struct {
	struct conf_rig *files;
	struct campaign_conf *conf;
	struct loop *lp;
	char *parent, *captures, *program;
	struct past_run *run;
	int done;
} it;

/* --- a run of two events --- */

static const char *
file_of(int event, char name[CAPTURE_NAME_MAX])
{
	capture_name_cpe(name, DEVICE, 1795406400000 + event);
	return name;
}

static void
put_file(const char *name)
{
	char *path = xasprintf("%s/%s", it.captures, name);

	unit_write(path, "x\n");
	free(path);
}

static void
put_server_file(int event)
{
	char cpe[CAPTURE_NAME_MAX], name[CAPTURE_NAME_MAX];

	capture_name_ovoc(name, file_of(event, cpe), 0);
	put_file(name);
}

static void
play_event(struct journal *j, struct device_result *d, int event)
{
	char name[CAPTURE_NAME_MAX];

	round_begin(&d->round, event);
	journal_fact(j, d, FACT_REGISTERED);
	journal_fact(j, d, FACT_START);
	journal_fact(j, d, FACT_ON);
	journal_fact(j, d, FACT_EVENT);
	round_name(&d->round, file_of(event, name));
	journal_fact(j, d, FACT_STOP);
	journal_fact(j, d, FACT_OFF);
	journal_fact(j, d, FACT_FILE);
	journal_fact(j, d, FACT_ENDED);
	put_file(name);
}

/* `ends`: in order. */
static void
play(bool ends)
{
	struct run_result *r = run_result_new(it.conf, 1795406400000);
	struct device_result *d = &r->devices[0];
	struct fail why;
	struct journal *j = journal_create(it.lp, r, NULL, NULL, &why);

	ck_assert_ptr_nonnull(j);
	play_event(j, d, 1);
	play_event(j, d, 2);
	d->outcome = OUTCOME_SUCCESS;
	result_describe(d, "2 of 2 events captured");
	journal_outcome(j, d);
	r->exit_status = 5;
	if (ends) {
		journal_end(j, r->exit_status);
	} else {
		journal_flush(j);
		journal_free(j);
	}
	run_result_free(r);
}

/* The program writes that SNMP was lost. */
static void
make_program(void)
{
	struct compare_result *r = compare_made();
	struct strbuf json = STRBUF_INIT;

	result_json(r, &json);
	conf_rig_file(it.files, "program",
	    "#!/bin/sh\ncat <<'END'\n%sEND\nexit 1\n", json.s);
	conf_rig_mode(it.files, "program", 0700);
	it.program = conf_rig_path(it.files, "program");
	strbuf_free(&json);
	free(r);
}

static void
make(bool ends)
{
	memset(&it, 0, sizeof(it));
	unit_log_keep(LOGGING_ERROR);
	it.files = conf_rig_with(CONF_RIG_WHOLE);
	it.files->output = it.files->folder;
	it.conf = conf_rig_right(it.files);
	it.lp = unit_loop();
	it.parent = run_parent(it.conf);
	it.captures = xasprintf("%s/" RUN "/" RUN_CAPTURES, it.parent);
	ck_assert(disk_make_folders(it.captures, DISK_PRIVATE));
	make_program();
	play(ends);
}

static void
drop(void)
{
	past_run_free(it.run);
	unit_loop_free(it.lp);
	free(it.parent);
	free(it.captures);
	free(it.program);
	conf_rig_free(it.files);
}

static void
on_done(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	it.done++;
	loop_stop(it.lp);
}

static void
open_it(const char *name)
{
	struct fail why = {0};

	ck_assert_int_eq(
	    past_run_open(&it.run, it.lp, it.conf, name, &why), PAST_RUN_OPEN);
}

static void
is_refused(const char *name, enum past_run_opened how, const char *has)
{
	struct fail why = {0};

	ck_assert_int_eq(
	    past_run_open(&it.run, it.lp, it.conf, name, &why), how);
	ck_assert_msg(strstr(why.text, has) != NULL, "%s", why.text);
	ck_assert_ptr_null(it.run);
}

/* Compare all, and close; the result is the caller's to look at before. */
static void
compare(void)
{
	it.done = 0;
	past_run_compare(it.run, it.program, on_done, &it);
	ck_assert_int_eq(it.done, 0);
	loop_run(it.lp);
	ck_assert_int_eq(it.done, 1);
}

static const struct row *
row_of(int event)
{
	return result_last(
	    &past_run_result(it.run)->devices[0], TASK_COMPARE, event);
}

static void
close_it(void)
{
	past_run_close(it.run);
	it.run = NULL;
}

/* --- what is compared --- */

START_TEST(what_has_no_verdict_gets_one)
{
	make(true);
	put_server_file(1);
	open_it(RUN);
	compare();
	ck_assert_uint_eq(past_run_compared(it.run), 2);
	ck_assert_uint_eq(past_run_unjudged(it.run), 1);
	ck_assert_int_eq(row_of(1)->severity, SEVERITY_MAJOR);
	ck_assert_int_eq(row_of(1)->status, TASK_SUCCESS);
	ck_assert_int_eq(row_of(2)->status, TASK_SKIPPED);
	/* A loss is no failure: the run's own status stays. */
	ck_assert_int_eq(past_run_result(it.run)->exit_status, 5);
	ck_assert_int_eq(
	    past_run_result(it.run)->devices[0].outcome, OUTCOME_SUCCESS);
	ck_assert_int_eq(
	    past_run_result(it.run)->devices[0].severity, SEVERITY_MAJOR);
	drop();
}
END_TEST

START_TEST(a_later_one_does_what_was_left_and_nothing_again)
{
	make(true);
	put_server_file(1);
	open_it(RUN);
	compare();
	close_it();
	open_it(RUN);
	compare();
	ck_assert_uint_eq(past_run_compared(it.run), 0);
	ck_assert_uint_eq(past_run_unjudged(it.run), 1);
	ck_assert_int_eq(row_of(1)->severity, SEVERITY_MAJOR);
	close_it();
	put_server_file(2);
	open_it(RUN);
	compare();
	ck_assert_uint_eq(past_run_compared(it.run), 1);
	ck_assert_uint_eq(past_run_unjudged(it.run), 0);
	ck_assert_int_eq(row_of(2)->severity, SEVERITY_MAJOR);
	ck_assert_int_eq(past_run_result(it.run)->devices[0].n_rows, 3);
	close_it();
	drop();
}
END_TEST

START_TEST(what_failed_is_tried_again)
{
	make(true);
	put_server_file(1);
	conf_rig_file(it.files, "program", "#!/bin/sh\nkill -KILL $$\n");
	conf_rig_mode(it.files, "program", 0700);
	open_it(RUN);
	compare();
	ck_assert_int_eq(row_of(1)->status, TASK_FAILURE);
	ck_assert_uint_eq(past_run_unjudged(it.run), 2);
	close_it();
	free(it.program);
	make_program();
	open_it(RUN);
	compare();
	ck_assert_int_eq(row_of(1)->status, TASK_SUCCESS);
	close_it();
	drop();
}
END_TEST

static void
on_a_moment(void *arg)
{
	(void)arg;
	past_run_interrupt(it.run);
}

START_TEST(an_interruption_is_a_row)
{
	struct timer moment;

	make(true);
	put_server_file(1);
	conf_rig_file(it.files, "program", "#!/bin/sh\nexec sleep 60\n");
	conf_rig_mode(it.files, "program", 0700);
	open_it(RUN);
	timer_init(&moment, it.lp, on_a_moment, NULL);
	timer_set(&moment, 100);
	compare();
	ck_assert_int_eq(row_of(1)->severity, SEVERITY_MINOR);
	ck_assert_str_eq(row_of(1)->description, "not compared: interrupted");
	close_it();
	drop();
}
END_TEST

/* --- which run --- */

START_TEST(the_latest_is_found_by_its_link)
{
	make(true);
	ck_assert(run_link_point(it.parent, RUN_LATEST, RUN));
	open_it("latest");
	ck_assert_str_eq(past_run_result(it.run)->run, RUN);
	drop();
}
END_TEST

START_TEST(a_run_that_is_not_there_is_told)
{
	make(true);
	is_refused("latest", PAST_RUN_NONE, "has no latest run");
	is_refused("2026-01-01T00.00.00Z", PAST_RUN_NONE, "there is no run");
	is_refused("../x", PAST_RUN_NONE, "is no run's name");
	is_refused("", PAST_RUN_NONE, "is no run's name");
	drop();
}
END_TEST

START_TEST(a_killed_run_is_for_a_recovery)
{
	make(false);
	is_refused(RUN, PAST_RUN_TROUBLE, "was killed and is not finished");
	drop();
}
END_TEST

/* flock(2) knows open files, not processes. */
START_TEST(the_run_under_way_is_left_alone)
{
	struct run_result *r;
	struct run_folder *lock;
	struct fail why;

	make(false);
	r = run_result_new(it.conf, 1795406400000);
	ck_assert_int_eq(run_folder_lock(&lock, r, &why), RUN_FOLDER_MADE);
	is_refused(RUN, PAST_RUN_UNDER_WAY, "is under way");
	run_folder_close(lock);
	run_result_free(r);
	drop();
}
END_TEST

START_TEST(while_another_campaign_runs_an_ended_one_is_compared)
{
	struct run_result *r;
	struct run_folder *lock;
	struct fail why;

	make(true);
	r = run_result_new(it.conf, 1795406400000);
	ck_assert_int_eq(run_folder_lock(&lock, r, &why), RUN_FOLDER_MADE);
	open_it(RUN);
	compare();
	close_it();
	run_folder_close(lock);
	run_result_free(r);
	drop();
}
END_TEST

/* ... but not one that a campaign may see to. */
START_TEST(what_a_run_left_on_is_not_compared_beside_a_campaign)
{
	char *journal;
	struct run_result *r;
	struct run_folder *lock;
	struct fail why;
	FILE *f;

	make(true);
	journal = xasprintf("%s/" RUN "/" RUN_JOURNAL, it.parent);
	f = fopen(journal, "a");
	ck_assert_ptr_nonnull(f);
	fputs("{\"kind\":\"end\",\"exitStatus\":1,\"mayBeOn\":1}\n", f);
	ck_assert_int_eq(fclose(f), 0);
	r = run_result_new(it.conf, 1795406400000);
	ck_assert_int_eq(run_folder_lock(&lock, r, &why), RUN_FOLDER_MADE);
	is_refused(RUN, PAST_RUN_UNDER_WAY, "is under way");
	run_folder_close(lock);
	open_it(RUN);
	ck_assert_int_eq(run_folder_lock(&lock, r, &why), RUN_FOLDER_LOCKED);
	compare();
	close_it();
	run_result_free(r);
	free(journal);
	drop();
}
END_TEST

START_TEST(of_two_that_compare_it_one_does)
{
	char *folder, *journal;
	int fd;

	make(true);
	folder = xasprintf("%s/" RUN, it.parent);
	fd = open(folder, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	is_refused(RUN, PAST_RUN_UNDER_WAY, "by another process");
	/* What the other one is writing is not read before it has ended. */
	journal = xasprintf("%s/" RUN_JOURNAL, folder);
	unit_write(journal, "");
	is_refused(RUN, PAST_RUN_UNDER_WAY, "by another process");
	close(fd);
	is_refused(RUN, PAST_RUN_TROUBLE, "was killed");
	free(journal);
	free(folder);
	drop();
}
END_TEST

START_TEST(without_its_captures_nothing_can_be_said)
{
	char *moved;

	make(true);
	moved = xasprintf("%s.gone", it.captures);
	ck_assert_int_eq(rename(it.captures, moved), 0);
	is_refused(RUN, PAST_RUN_TROUBLE, "cannot read");
	ck_assert_int_eq(rename(moved, it.captures), 0);
	free(moved);
	drop();
}
END_TEST

UNIT_MAIN("past_run", what_has_no_verdict_gets_one,
    a_later_one_does_what_was_left_and_nothing_again,
    what_failed_is_tried_again, an_interruption_is_a_row,
    the_latest_is_found_by_its_link, a_run_that_is_not_there_is_told,
    a_killed_run_is_for_a_recovery, the_run_under_way_is_left_alone,
    while_another_campaign_runs_an_ended_one_is_compared,
    what_a_run_left_on_is_not_compared_beside_a_campaign,
    of_two_that_compare_it_one_does, without_its_captures_nothing_can_be_said)
