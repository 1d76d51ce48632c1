/* check_run_keep.c - which runs go, in which order, and which never do. */
#include "books/run_keep.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "books/run_names.h"
#include "conf_rig.h"
#include "unit.h"

#define ENDED   "{\"kind\":\"end\",\"mayBeOn\":0}\n"
#define LEFT_ON "{\"kind\":\"end\",\"mayBeOn\":1}\n"
#define KILLED  "{\"kind\":\"run\",\"schema\":1}\n"

static struct conf_rig *rig;
static char *parent;

static void
begin(const char *keys)
{
	rig = conf_rig_with(CONF_RIG_WHOLE);
	conf_rig_file(rig, "b.conf",
	    "campaign = { name = \"night\"; output = \"%s/out\"; %s };",
	    rig->folder, keys);
	conf_rig_right(rig);
	parent = xasprintf("%s/night", rig->campaign->campaign.output);
	ck_assert(disk_make_folders(parent, DISK_PRIVATE));
	unit_log_keep(LOGGING_INFO);
}

static void
end(void)
{
	free(parent);
	conf_rig_free(rig);
}

static char *
path_of(const char *run, const char *name)
{
	return xasprintf("%s/%s/%s", parent, run, name);
}

static void
put(const char *run, const char *name, const char *text)
{
	char *path = path_of(run, name);

	unit_write(path, text);
	free(path);
}

/* A run with a capture; its journal is NULL: it has none. */
static void
make(const char *run, const char *journal)
{
	char *captures = path_of(run, "captures");

	ck_assert(disk_make_folders(captures, DISK_PRIVATE));
	put(run, "captures/CPE_device.pcap", "packets");
	put(run, "report.json", "{}");
	if (journal != NULL)
		put(run, "journal.ndjson", journal);
	free(captures);
}

static bool
is_there(const char *run)
{
	char *path = path_of(run, "");
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static void
says(const char *words)
{
	const char *log = unit_logged();

	ck_assert_msg(strstr(log, words) != NULL, "no '%s': %s", words, log);
}

START_TEST(what_is_older_than_the_newest_by_more_goes)
{
	begin("keep = \"30d\";");
	make("2026-09-01T22.00.00Z", ENDED);
	make("2026-09-01T22.00.00Z-2", ENDED);
	make("2026-10-01T22.00.00Z", ENDED);
	make("2026-10-31T22.00.00Z", ENDED);
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 2);
	says("deleted the run 2026-09-01T22.00.00Z, because of campaign.keep");
	ck_assert(!is_there("2026-09-01T22.00.00Z"));
	ck_assert(!is_there("2026-09-01T22.00.00Z-2"));
	ck_assert(is_there("2026-10-01T22.00.00Z"));
	ck_assert(is_there("2026-10-31T22.00.00Z"));
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 0);
	end();
}
END_TEST

START_TEST(a_wrong_clock_deletes_nothing)
{
	begin("keep = \"30d\";");
	make("2026-10-30T22.00.00Z", ENDED);
	make("2026-10-31T22.00.00Z", ENDED);
	make("2047-01-01T00.00.00Z", KILLED);
	ck_assert(run_link_point(parent, RUN_CURRENT, "2047-01-01T00.00.00Z"));
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 0);
	ck_assert(is_there("2026-10-30T22.00.00Z"));
	ck_assert(is_there("2047-01-01T00.00.00Z"));
	end();
}
END_TEST

START_TEST(what_is_not_finished_never_goes)
{
	static const char *const runs[] = {"2020-01-01T00.00.00Z", KILLED,
	    "2020-01-02T00.00.00Z", LEFT_ON, "2020-01-03T00.00.00Z", "",
	    "2020-01-05T00.00.00Z", "no journal at all\n"};
	char *report;

	begin("keep = \"1h\"; keep_size = \"1M\";");
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i += 2)
		make(runs[i], runs[i + 1]);
	make("2020-01-04T00.00.00Z", NULL);
	report = path_of("2020-01-04T00.00.00Z", "report.json");
	unlink(report);
	free(report);
	make("2020-01-06T00.00.00Z", ENDED);
	ck_assert(run_link_point(parent, RUN_LATEST, "2020-01-06T00.00.00Z"));
	make("2026-10-31T22.00.00Z", ENDED);
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 0);
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i += 2)
		ck_assert_msg(is_there(runs[i]), "%s", runs[i]);
	ck_assert(is_there("2020-01-04T00.00.00Z"));
	ck_assert(is_there("2020-01-06T00.00.00Z"));
	end();
}
END_TEST

START_TEST(the_reports_of_a_recovery_go_and_what_is_no_run_stays)
{
	char *history;

	begin("keep = \"1h\";");
	make("2020-01-01T00.00.00Z", NULL);
	make("probe", ENDED);
	make("2026-10-31T22.00.00Z", ENDED);
	history = xasprintf("%s/history.sqlite", parent);
	unit_write(history, "");
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 1);
	ck_assert(!is_there("2020-01-01T00.00.00Z"));
	ck_assert(is_there("probe"));
	ck_assert_int_eq(access(history, F_OK), 0);
	free(history);
	end();
}
END_TEST

START_TEST(of_what_takes_too_much_the_oldest_goes_first)
{
	char *big = xcalloc(1, 600001);

	memset(big, 'x', 600000);
	begin("keep = 0; keep_size = 1400000;");
	for (int day = 1; day <= 4; day++) {
		char run[RUN_NAME_MAX];

		snprintf(run, sizeof(run), "2026-10-0%dT22.00.00Z", day);
		make(run, ENDED);
		put(run, "captures/OVOC_device.pcap", big);
	}
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 2);
	says("because of campaign.keep_size");
	ck_assert(!is_there("2026-10-01T22.00.00Z"));
	ck_assert(!is_there("2026-10-02T22.00.00Z"));
	ck_assert(is_there("2026-10-03T22.00.00Z"));
	ck_assert(is_there("2026-10-04T22.00.00Z"));
	free(big);
	end();
}
END_TEST

/* What a link points at is not ours. */
START_TEST(no_link_is_followed)
{
	char *path, *elsewhere;

	begin("keep = \"1h\";");
	elsewhere = xasprintf("%s/elsewhere", rig->folder);
	ck_assert(disk_make_folders(elsewhere, DISK_PRIVATE));
	make("2020-01-01T00.00.00Z", ENDED);
	path = path_of("2020-01-01T00.00.00Z", "captures/link");
	ck_assert_int_eq(symlink(elsewhere, path), 0);
	make("2026-10-31T22.00.00Z", ENDED);
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 1);
	ck_assert_int_eq(access(elsewhere, F_OK), 0);
	free(path);
	free(elsewhere);
	end();
}
END_TEST

START_TEST(what_a_killed_deletion_has_left_goes_the_next_time)
{
	begin("");
	make(".2020-01-01T00.00.00Z.going", NULL);
	make(".other", NULL);
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 0);
	ck_assert(!is_there(".2020-01-01T00.00.00Z.going"));
	ck_assert(is_there(".other"));
	end();
}
END_TEST

START_TEST(what_cannot_be_deleted_is_told)
{
	begin("keep = \"1h\";");
	make("2020-01-01T00.00.00Z", ENDED);
	make("2026-10-31T22.00.00Z", ENDED);
	put("", ".2020-01-01T00.00.00Z.going", "a file is in its place");
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 0);
	says("cannot delete");
	ck_assert(is_there("2020-01-01T00.00.00Z"));
	/* The file is gone now. */
	ck_assert_uint_eq(run_keep(rig->campaign, unit_log()), 1);
	end();
}
END_TEST

UNIT_MAIN("run_keep", what_is_older_than_the_newest_by_more_goes,
    a_wrong_clock_deletes_nothing, what_is_not_finished_never_goes,
    the_reports_of_a_recovery_go_and_what_is_no_run_stays,
    of_what_takes_too_much_the_oldest_goes_first, no_link_is_followed,
    what_a_killed_deletion_has_left_goes_the_next_time,
    what_cannot_be_deleted_is_told)
