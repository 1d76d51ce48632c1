/* check_run_folder.c - the lock, the folder of a run, the links to it. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "books/run_folder.h"
#include "conf_rig.h"

#define WALL INT64_C(1795406400000) /* 2026-11-23T04:00:00Z */

static struct conf_rig *
rig_new(void)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf",
	    "campaign = { name = \"night\"; output = \"%s/deep/out\"; "
	    "min_free = 0; };",
	    r->folder);
	conf_rig_right(r);
	return r;
}

static enum run_folder_made
open_run(struct conf_rig *r, struct run_folder **f, struct run_result **result,
    struct fail *why)
{
	*result = run_result_new(r->campaign, WALL);
	return run_folder_open(f, *result, why);
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* What a link points at; NULL: there is none. */
static void
link_is(const struct conf_rig *r, const char *link, const char *run)
{
	char *path =
	    xasprintf("%s/night/%s", r->campaign->campaign.output, link);
	char to[100] = "";
	ssize_t n = readlink(path, to, sizeof(to) - 1);

	if (run == NULL)
		ck_assert_int_eq(n, -1);
	else
		ck_assert_str_eq(to, run);
	free(path);
}

static void
links_are(const struct conf_rig *r, const char *current, const char *latest)
{
	link_is(r, "current", current);
	link_is(r, "latest", latest);
	link_is(r, ".current.part", NULL);
	link_is(r, ".latest.part", NULL);
}

START_TEST(a_run_has_a_folder_named_by_its_start_and_current_points_at_it)
{
	struct conf_rig *r = rig_new();
	struct run_result *result;
	struct run_folder *f;
	struct fail why;
	char *folder = xasprintf(
	    "%s/night/2026-11-23T04.00.00Z", r->campaign->campaign.output);
	char *captures = xasprintf("%s/captures", folder);

	umask(022);
	ck_assert_int_eq(open_run(r, &f, &result, &why), RUN_FOLDER_MADE);
	ck_assert_str_eq(result->run, "2026-11-23T04.00.00Z");
	ck_assert_str_eq(result->folder, folder);
	ck_assert_str_eq(run_folder_captures(f), captures);
	ck_assert_uint_eq(mode_of(folder), 0750);
	ck_assert_uint_eq(mode_of(captures), 0700);
	links_are(r, "2026-11-23T04.00.00Z", NULL);
	run_folder_close(f);
	links_are(r, NULL, NULL);
	run_result_free(result);
	free(captures);
	free(folder);
	conf_rig_free(r);
}
END_TEST

START_TEST(while_a_campaign_runs_a_second_of_its_name_is_locked_out)
{
	struct conf_rig *r = rig_new();
	struct run_result *a, *b;
	struct run_folder *f, *g = NULL;
	struct fail why;

	ck_assert_int_eq(open_run(r, &f, &a, &why), RUN_FOLDER_MADE);
	ck_assert_int_eq(open_run(r, &g, &b, &why), RUN_FOLDER_LOCKED);
	ck_assert_ptr_null(g);
	ck_assert_ptr_nonnull(strstr(why.text, "already running"));
	run_folder_close(f);
	run_result_free(b);
	ck_assert_int_eq(open_run(r, &g, &b, &why), RUN_FOLDER_MADE);
	run_folder_close(g);
	run_result_free(a);
	run_result_free(b);
	conf_rig_free(r);
}
END_TEST

START_TEST(runs_of_one_second_are_numbered)
{
	static const char *const names[] = {"2026-11-23T04.00.00Z",
	    "2026-11-23T04.00.00Z-2", "2026-11-23T04.00.00Z-3"};
	struct conf_rig *r = rig_new();

	for (int i = 0; i < 3; i++) {
		struct run_result *result;
		struct run_folder *f;
		struct fail why;

		ck_assert_int_eq(
		    open_run(r, &f, &result, &why), RUN_FOLDER_MADE);
		ck_assert_str_eq(result->run, names[i]);
		ck_assert_ptr_nonnull(strstr(result->folder, names[i]));
		links_are(r, names[i], i > 0 ? names[i - 1] : NULL);
		ck_assert(run_folder_ended(result, &why));
		links_are(r, names[i], names[i]);
		run_folder_close(f);
		links_are(r, NULL, names[i]);
		run_result_free(result);
	}
	conf_rig_free(r);
}
END_TEST

START_TEST(a_recoverys_reports_stand_beside_the_runs)
{
	struct conf_rig *r = rig_new();
	struct run_result *night, *recovery;
	struct run_folder *f, *lock;
	struct fail why;

	ck_assert_int_eq(open_run(r, &f, &night, &why), RUN_FOLDER_MADE);
	ck_assert(run_folder_ended(night, &why));
	run_folder_close(f);
	recovery = run_result_new(r->campaign, WALL);
	ck_assert_int_eq(
	    run_folder_lock(&lock, recovery, &why), RUN_FOLDER_MADE);
	ck_assert(run_folder_for_recovery(recovery, &why));
	ck_assert_str_eq(recovery->run, "2026-11-23T04.00.00Z-2");
	ck_assert_uint_eq(mode_of(recovery->folder), 0750);
	links_are(r, NULL, night->run);
	run_folder_close(lock);
	run_result_free(recovery);
	run_result_free(night);
	conf_rig_free(r);
}
END_TEST

/* A run whose process is killed: nothing closes it. */
static struct run_result *
killed_run(struct conf_rig *r)
{
	struct run_result *killed, *own;
	struct run_folder *f;
	struct fail why;
	pid_t pid;
	int status;

	killed = run_result_new(r->campaign, WALL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (open_run(r, &f, &own, &why) == RUN_FOLDER_MADE)
			raise(SIGKILL);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	return killed;
}

START_TEST(the_next_run_takes_current_from_a_killed_one)
{
	struct conf_rig *r = rig_new();
	struct run_result *killed = killed_run(r), *next;
	struct run_folder *f;
	struct fail why;

	links_are(r, killed->run, NULL);
	ck_assert_int_eq(open_run(r, &f, &next, &why), RUN_FOLDER_MADE);
	links_are(r, "2026-11-23T04.00.00Z-2", NULL);
	ck_assert(run_folder_recovered(killed, &why));
	links_are(r, "2026-11-23T04.00.00Z-2", killed->run);
	ck_assert(run_folder_ended(next, &why));
	run_folder_close(f);
	links_are(r, NULL, "2026-11-23T04.00.00Z-2");
	run_result_free(next);
	run_result_free(killed);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_recovery_takes_current_from_a_killed_run)
{
	struct conf_rig *r = rig_new();
	struct run_result *killed = killed_run(r);
	struct run_folder *lock;
	struct fail why;

	ck_assert_int_eq(run_folder_lock(&lock, killed, &why), RUN_FOLDER_MADE);
	links_are(r, NULL, NULL);
	run_folder_close(lock);
	run_result_free(killed);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_recovered_run_is_not_newer_than_one_that_ended_later)
{
	struct conf_rig *r = rig_new();
	struct run_result *killed = killed_run(r), *next;
	struct run_folder *f;
	struct fail why;
	char *gone;

	ck_assert_int_eq(open_run(r, &f, &next, &why), RUN_FOLDER_MADE);
	ck_assert(run_folder_ended(next, &why));
	run_folder_close(f);
	ck_assert(run_folder_recovered(killed, &why));
	links_are(r, NULL, next->run);
	/* But than one that is no longer there it is. */
	gone = xasprintf("%s/gone", r->folder);
	ck_assert_int_eq(rename(next->folder, gone), 0);
	free(gone);
	ck_assert(run_folder_recovered(killed, &why));
	links_are(r, NULL, killed->run);
	run_result_free(next);
	run_result_free(killed);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_run_of_which_nothing_comes_leaves_the_links_as_they_were)
{
	struct conf_rig *r = rig_new();
	struct run_result *first, *second;
	struct run_folder *f;
	struct fail why;

	ck_assert_int_eq(open_run(r, &f, &first, &why), RUN_FOLDER_MADE);
	ck_assert(run_folder_ended(first, &why));
	run_folder_close(f);
	ck_assert_int_eq(open_run(r, &f, &second, &why), RUN_FOLDER_MADE);
	run_folder_discard(f, second);
	run_folder_close(f);
	links_are(r, NULL, first->run);
	ck_assert_int_ne(access(second->folder, F_OK), 0);
	run_result_free(first);
	run_result_free(second);
	conf_rig_free(r);
}
END_TEST

START_TEST(what_is_in_the_way_of_latest_is_told_before_the_night)
{
	struct conf_rig *r = rig_new();
	struct run_result *result = run_result_new(r->campaign, WALL);
	struct run_folder *f = NULL;
	struct fail why;
	char *path = xasprintf("%s/night/latest", r->campaign->campaign.output);

	ck_assert(disk_make_folders(path, DISK_PRIVATE));
	ck_assert_int_eq(run_folder_open(&f, result, &why), RUN_FOLDER_TROUBLE);
	ck_assert_ptr_nonnull(strstr(why.text, "`latest`"));
	/* It came later. */
	ck_assert(!run_folder_ended(result, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "`latest`"));
	links_are(r, NULL, NULL);
	free(path);
	run_result_free(result);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_probe_stands_apart_and_leaves_the_links)
{
	struct conf_rig *r = rig_new();
	struct run_result *first = run_result_new(r->campaign, WALL);
	struct run_result *second = run_result_new(r->campaign, WALL);
	struct run_folder *f, *other = NULL;
	struct fail why;

	ck_assert_int_eq(
	    run_folder_for_probe(&f, first, &why), RUN_FOLDER_MADE);
	ck_assert_str_eq(first->run, "probe/2026-11-23T04.00.00Z");
	ck_assert_uint_eq(mode_of(first->folder), 0750);
	ck_assert_ptr_null(run_folder_captures(f));
	links_are(r, NULL, NULL);
	ck_assert_int_eq(
	    run_folder_for_probe(&other, second, &why), RUN_FOLDER_LOCKED);
	run_folder_close(f);
	ck_assert_int_eq(
	    run_folder_for_probe(&f, second, &why), RUN_FOLDER_MADE);
	ck_assert_str_eq(second->run, "probe/2026-11-23T04.00.00Z-2");
	/* Nothing came of it. */
	run_folder_discard(f, second);
	ck_assert_int_eq(access(second->folder, F_OK), -1);
	run_folder_close(f);
	run_result_free(second);
	run_result_free(first);
	conf_rig_free(r);
}
END_TEST

START_TEST(what_a_run_would_come_to_is_told_and_nothing_is_left)
{
	struct conf_rig *r = rig_new();
	struct run_result *result;
	struct run_folder *f = NULL;
	struct fail why;

	ck_assert_int_eq(run_folder_try(r->campaign, &why), RUN_FOLDER_MADE);
	ck_assert_int_eq(access(r->campaign->campaign.output, F_OK), -1);
	ck_assert_int_eq(open_run(r, &f, &result, &why), RUN_FOLDER_MADE);
	ck_assert_int_eq(run_folder_try(r->campaign, &why), RUN_FOLDER_LOCKED);
	ck_assert_ptr_nonnull(strstr(why.text, "already running"));
	run_folder_close(f);
	ck_assert_int_eq(run_folder_try(r->campaign, &why), RUN_FOLDER_MADE);
	run_result_free(result);
	conf_rig_free(r);
}
END_TEST

START_TEST(too_little_space_is_trouble)
{
	struct conf_rig *r = rig_new();
	struct run_result *result;
	struct run_folder *f = NULL;
	struct fail why;

	r->campaign->campaign.min_free = INT64_MAX;
	ck_assert_int_eq(open_run(r, &f, &result, &why), RUN_FOLDER_TROUBLE);
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "min_free"));
	ck_assert_ptr_null(f);
	run_result_free(result);
	conf_rig_free(r);
}
END_TEST

START_TEST(an_output_that_cannot_be_made_is_trouble)
{
	struct conf_rig *r = rig_new();
	struct run_result *result;
	struct run_folder *f = NULL;
	struct fail why;

	conf_rig_file(r, "deep", "a file in the way");
	ck_assert_int_eq(open_run(r, &f, &result, &why), RUN_FOLDER_TROUBLE);
	ck_assert_ptr_nonnull(strstr(why.text, "campaign.output"));
	run_result_free(result);
	conf_rig_free(r);
}
END_TEST

/* What was merged is merged anew in its place; a run is never. */
START_TEST(a_merge_has_the_folder_of_the_merge_before)
{
	struct conf_rig *r = rig_new();
	struct run_result *run, *again;
	struct run_folder *f;
	struct fail why;
	char *first;

	run = run_result_new(r->campaign, WALL);
	ck_assert_int_eq(run_folder_for_merge(&f, run, &why), RUN_FOLDER_MADE);
	ck_assert_uint_eq(mode_of(run_folder_captures(f)), 0700);
	link_is(r, "current", NULL);
	again = run_result_new(r->campaign, WALL);
	ck_assert_int_eq(
	    run_folder_for_merge(&f, again, &why), RUN_FOLDER_LOCKED);
	run_folder_close(f);
	first = xstrdup(run->folder);
	ck_assert_int_eq(
	    run_folder_for_merge(&f, again, &why), RUN_FOLDER_MADE);
	ck_assert_str_eq(again->folder, first);
	run_folder_close(f);
	run_result_free(again);
	free(first);
	/* One with a journal is not its. */
	first = xasprintf("%s/journal.ndjson", run->folder);
	unit_write(first, "{}");
	free(first);
	again = run_result_new(r->campaign, WALL);
	ck_assert_int_eq(
	    run_folder_for_merge(&f, again, &why), RUN_FOLDER_MADE);
	ck_assert_str_eq(again->run, "2026-11-23T04.00.00Z-2");
	ck_assert_ptr_nonnull(strstr(run_folder_captures(f), "00Z-2/captures"));
	run_folder_close(f);
	run_result_free(again);
	run_result_free(run);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_lock_can_be_asked_for_and_is_not_taken)
{
	struct conf_rig *r = rig_new();
	struct run_result *run;
	struct run_folder *f;
	struct fail why;
	char *parent = run_parent(r->campaign);

	ck_assert_int_eq(open_run(r, &f, &run, &why), RUN_FOLDER_MADE);
	ck_assert_int_eq(run_folder_is_free(parent, &why), RUN_FOLDER_LOCKED);
	run_folder_close(f);
	ck_assert_int_eq(run_folder_is_free(parent, &why), RUN_FOLDER_MADE);
	ck_assert_int_eq(run_folder_is_free(parent, &why), RUN_FOLDER_MADE);
	free(parent);
	run_result_free(run);
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("run_folder", a_merge_has_the_folder_of_the_merge_before,
    a_lock_can_be_asked_for_and_is_not_taken,
    a_run_has_a_folder_named_by_its_start_and_current_points_at_it,
    while_a_campaign_runs_a_second_of_its_name_is_locked_out,
    runs_of_one_second_are_numbered, a_recoverys_reports_stand_beside_the_runs,
    the_next_run_takes_current_from_a_killed_one,
    a_recovery_takes_current_from_a_killed_run,
    a_recovered_run_is_not_newer_than_one_that_ended_later,
    a_run_of_which_nothing_comes_leaves_the_links_as_they_were,
    what_is_in_the_way_of_latest_is_told_before_the_night,
    a_probe_stands_apart_and_leaves_the_links,
    what_a_run_would_come_to_is_told_and_nothing_is_left,
    too_little_space_is_trouble, an_output_that_cannot_be_made_is_trouble)
