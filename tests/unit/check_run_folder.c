/* check_run_folder.c - the lock, the folder of a run, the link to it. */
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void
latest_is(const struct conf_rig *r, const char *run)
{
	char *path = xasprintf("%s/night/latest", r->campaign->campaign.output);
	char to[100] = "";

	ck_assert_int_gt(readlink(path, to, sizeof(to) - 1), 0);
	ck_assert_str_eq(to, run);
	free(path);
}

START_TEST(a_run_has_a_folder_named_by_its_start_and_latest_points_at_it)
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
	ck_assert_uint_eq(mode_of(captures), 0750);
	latest_is(r, "2026-11-23T04.00.00Z");
	run_folder_close(f);
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
		latest_is(r, names[i]);
		run_folder_close(f);
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
	run_folder_close(f);
	recovery = run_result_new(r->campaign, WALL);
	ck_assert_int_eq(
	    run_folder_lock(&lock, recovery, &why), RUN_FOLDER_MADE);
	ck_assert(run_folder_for_recovery(recovery, &why));
	ck_assert_str_eq(recovery->run, "2026-11-23T04.00.00Z-2");
	ck_assert_uint_eq(mode_of(recovery->folder), 0750);
	latest_is(r, night->run);
	run_folder_close(lock);
	run_result_free(recovery);
	run_result_free(night);
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

UNIT_MAIN("run_folder",
    a_run_has_a_folder_named_by_its_start_and_latest_points_at_it,
    while_a_campaign_runs_a_second_of_its_name_is_locked_out,
    runs_of_one_second_are_numbered, a_recoverys_reports_stand_beside_the_runs,
    too_little_space_is_trouble, an_output_that_cannot_be_made_is_trouble)
