/* check_shard_runs.c - which runs of a shard are of one night. */
#include "books/shard_runs.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/xmem.h"
#include "conf_rig.h"
#include "unit.h"

static struct conf_rig *rig;
static char *folder;
static struct shard_runs *runs;

static void
begin(void)
{
	rig = conf_rig_with(CONF_RIG_WHOLE);
	conf_rig_right(rig);
	folder = xasprintf("%s/shard-1-of-4", rig->folder);
	ck_assert(disk_make_folders(folder, DISK_PRIVATE));
	unit_log_keep(LOGGING_WARNING);
}

static void
end(void)
{
	shard_runs_free(runs);
	runs = NULL;
	free(folder);
	conf_rig_free(rig);
}

static void
put(const char *run, const char *text)
{
	char *path = xasprintf("%s/%s", folder, run);

	ck_assert(disk_make_folders(path, DISK_PRIVATE));
	free(path);
	if (text == NULL)
		return;
	path = xasprintf("%s/%s/journal.ndjson", folder, run);
	unit_write(path, text);
	free(path);
}

static int64_t
wall(const char *time)
{
	int64_t ns;

	ck_assert_msg(clock_typed_read(time, &ns), "%s", time);
	return ns / 1000000;
}

/* A run with one device, from here to there (NULL: without end); `status` of
 * its end, -1: it was killed. */
static void
make(const char *run, const char *start, const char *window_end, int status)
{
	char text[1024], last[64] = "";

	if (status >= 0)
		snprintf(last, sizeof(last),
		    "{\"kind\":\"end\",\"exitStatus\":%d,\"mayBeOn\":0}\n",
		    status);
	snprintf(text, sizeof(text),
	    "{\"kind\":\"run\",\"schema\":1,\"started\":%lld,"
	    "\"windowEnd\":%lld}\n"
	    "{\"kind\":\"device\",\"n\":0,\"device\":\"192.0.2.1\","
	    "\"name\":\"\",\"type\":\"gwsbc\",\"agent\":\"192.0.2.252\","
	    "\"told\":\"192.0.2.1\",\"restPort\":443}\n%s",
	    (long long)wall(start),
	    window_end != NULL ? (long long)wall(window_end) : 0LL, last);
	put(run, text);
}

static void
look(void)
{
	const struct shard shard = {1, 4};
	struct fail why;

	shard_runs_free(runs);
	runs = shard_runs_open(folder, &shard, &why);
	ck_assert_msg(runs != NULL, "%s", why.text);
}

/* The newest first, with blanks between. */
static void
taken(const char *names)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < runs->n; i++)
		strbuf_addf(&text, "%s%s%s", i > 0 ? " " : "",
		    runs->v[i].earlier->result->run,
		    runs->v[i].killed ? "!" : "");
	ck_assert_str_eq(strbuf_text(&text), names);
	strbuf_free(&text);
}

static void
night(const char *names)
{
	look();
	shard_runs_take_night(runs, rig->campaign, unit_log());
	taken(names);
}

START_TEST(the_newest_run_is_the_night)
{
	begin();
	night("");
	make("1", "2026-11-22T22:00:00Z", "2026-11-23T06:00:00Z", 0);
	make("2", "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z", 1);
	night("2");
	end();
}
END_TEST

START_TEST(what_was_cut_off_in_its_window_goes_on_in_the_next)
{
	begin();
	make("0", "2026-11-22T22:00:00Z", "2026-11-23T06:00:00Z", 8);
	make("1", "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z", -1);
	make("2", "2026-11-24T01:00:00Z", "2026-11-24T06:00:00Z", 7);
	make("3", "2026-11-24T02:00:00Z", "2026-11-24T06:00:00Z", 8);
	make("4", "2026-11-24T03:00:00Z", "2026-11-24T06:00:00Z", 4);
	night("4 3 2 1!");
	/* All devices failed, which is an end. */
	make("5", "2026-11-24T04:00:00Z", "2026-11-24T06:00:00Z", 0);
	night("5");
	end();
}
END_TEST

START_TEST(a_run_without_window_may_go_on_at_any_time)
{
	begin();
	make("1", "2026-11-01T22:00:00Z", NULL, 8);
	make("2", "2026-11-24T01:00:00Z", NULL, 0);
	night("2 1");
	end();
}
END_TEST

START_TEST(all_since_a_time_can_be_taken)
{
	begin();
	make("1", "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z", 0);
	make("2", "2026-11-24T01:00:00Z", "2026-11-24T06:00:00Z", 0);
	make("10", "2026-11-24T02:00:00Z", "2026-11-24T06:00:00Z", 0);
	look();
	shard_runs_take_since(
	    runs, rig->campaign, wall("2026-11-24T01:00:00Z"), unit_log());
	taken("10 2");
	shard_runs_take_since(runs, rig->campaign, 0, unit_log());
	taken("10 2 1");
	look();
	shard_runs_take_since(
	    runs, rig->campaign, wall("2026-11-24T02:00:00.001Z"), unit_log());
	taken("");
	end();
}
END_TEST

START_TEST(what_is_no_journal_is_left_out_and_said)
{
	begin();
	make("1", "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z", 0);
	put("2", "{\"kind\":\"run\",\"schema\":9}\n");
	put("3", NULL); /* the reports of a recovery */
	night("1");
	ck_assert_uint_eq(runs->unread, 1);
	ck_assert_ptr_nonnull(strstr(unit_logged(),
	    "shard-1-of-4/2 is left out: its journal is a newer version's"));
	end();
}
END_TEST

/* Its journal has not even its start. */
START_TEST(what_was_killed_before_it_did_anything_began_by_its_name)
{
	begin();
	make("2026-11-23T22.00.00Z", "2026-11-23T22:00:00Z", NULL, 0);
	put("2026-11-24T01.00.00Z-2", "");
	night("2026-11-24T01.00.00Z-2!");
	ck_assert_int_eq(
	    runs->v[0].earlier->result->started, wall("2026-11-24T01:00:00Z"));
	end();
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_told)
{
	const struct shard shard = {1, 4};
	struct fail why;

	begin();
	ck_assert_ptr_null(shard_runs_open("/nowhere/at/all", &shard, &why));
	ck_assert_str_eq(
	    why.text, "cannot read /nowhere/at/all: No such file or directory");
	end();
}
END_TEST

UNIT_MAIN("shard_runs", the_newest_run_is_the_night,
    what_was_cut_off_in_its_window_goes_on_in_the_next,
    a_run_without_window_may_go_on_at_any_time, all_since_a_time_can_be_taken,
    what_is_no_journal_is_left_out_and_said,
    what_was_killed_before_it_did_anything_began_by_its_name,
    a_folder_that_is_not_there_is_told)
