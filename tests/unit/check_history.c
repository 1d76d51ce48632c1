/* check_history.c - the history of nights: what is in it, and that it is made
 * anew, kept up, and never in the way.
 */
#include "books/history.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/history_store.h"
#include "history_made.h"
#include "report/report.h"
#include "run_made.h"
#include "unit.h"

static struct history_sum sum;

static void
begin(void)
{
	history_made_begin();
	unit_log_keep(LOGGING_INFO);
}

static bool
update(void)
{
	return history_update(history_parent, unit_log(), &sum);
}

static void
is(const char *sql, int64_t wanted)
{
	int64_t n = history_made_ask(sql);

	ck_assert_msg(n == wanted, "%s: %lld, not %lld", sql, (long long)n,
	    (long long)wanted);
}

static void
says(const char *sql, const char *wanted)
{
	char *text = history_made_ask_text(sql);

	ck_assert_ptr_nonnull(text);
	ck_assert_msg(
	    strcmp(text, wanted) == 0, "%s: %s, not %s", sql, text, wanted);
	free(text);
}

static void
logged(const char *words)
{
	const char *log = unit_logged();

	ck_assert_msg(strstr(log, words) != NULL, "no '%s': %s", words, log);
}

static char *
path_of(const char *name)
{
	return xasprintf("%s/%s", history_parent, name);
}

/* A night of three devices, the second of which lost something. */
static void
night(int n)
{
	struct strbuf b = STRBUF_INIT;

	history_made_head(&b, n);
	history_made_quiet(&b, 1);
	history_made_lost(&b, 2, n, 60 + n, n % 2 == 1);
	history_made_open(&b, 3, n);
	history_made_write(&b, n);
}

/* --- what is in it --- */

START_TEST(a_night_has_its_rows)
{
	struct stat st;
	char *path;

	begin();
	night(0);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 1);
	ck_assert_str_eq(unit_logged(), "");
	says("SELECT name || ' ' || started || ' ' || ended || ' ' || version "
	     "|| exit_status FROM run",
	    "2026-11-01T22.00.00Z 1793570400000 1793599200000 0.2.00");
	is("SELECT count(*) FROM night", 3);
	says("SELECT address || name || type || agent || outcome || severity "
	     "|| events || triggers || on_ms || off_ms || description FROM "
	     "night JOIN device ON id = device WHERE verdict = 'lost'",
	    "10.0.0.2branch 2msbr198.51.100.1successNORMAL11288000005so it "
	    "ended");
	is("SELECT count(*) FROM event", 2);
	says("SELECT at || alarm || icmp || snmp || tcp FROM event",
	    "1793574000000Connection Lost: the event begins9 of 10 answered, "
	    "lost 410 of 10 answeredport 443: 2 of 2 answered");
	says("SELECT verdict || grade || direction || protocol || lost || ' ' "
	     "|| lost_from || ' ' || lost_to || sentence FROM event",
	    "lostcertaintheresnmp,icmp33 1793573880000 1793573940000SNMP was "
	    "lost");
	is("SELECT count(*) FROM event WHERE verdict IS NULL AND grade IS NULL "
	   "AND lost_from IS NULL AND lost = 0 AND device = 3",
	    1);
	path = path_of(HISTORY_FILE);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	free(path);
}
END_TEST

/* As report.json is written by the same program. */
START_TEST(a_report_of_ours_is_understood)
{
	char output[UNIT_PATH_MAX], *parent;
	struct run_made *m;
	struct fail why;

	begin();
	unit_folder(output);
	m = run_made_new(output, EVENT_KIND_COUNT + 1);
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		run_made_compared(m, i, 1,
		    event_made((enum event_kind)i, run_made_time(i, 1)));
	run_made_skipped(m, EVENT_LOST_THERE, 2);
	run_made_event(m, EVENT_KIND_COUNT, 1);
	ck_assert(report_write(m->r, &why));
	parent = xasprintf("%s/night", output);
	ck_assert(str_copy(history_parent, UNIT_PATH_MAX, parent));
	free(parent);
	ck_assert(update());
	is("SELECT count(*) FROM night", EVENT_KIND_COUNT + 1);
	is("SELECT count(*) FROM event", EVENT_KIND_COUNT + 2);
	says("SELECT group_concat(ifnull(verdict, '-')) FROM night",
	    "lost,lost,nothing lost,nothing lost,cannot be said,-");
	says("SELECT direction || ' ' || protocol || ' ' || lost FROM event "
	     "WHERE device = 1",
	    "there snmp 33");
	is("SELECT number FROM event WHERE device = 1 AND verdict IS NULL", 2);
	is("SELECT count(*) FROM event WHERE verdict = 'lost' AND lost_from > "
	   "at AND lost_to - lost_from BETWEEN 90000 AND 600000",
	    2);
	run_made_free(m);
}
END_TEST

#define ALARM(event, second, text)                               \
	"{\"event\":" event ",\"task\":\"Alarm\",\"timestamp\":" \
	"\"2026-11-23T03:00:" second ".000Z\",\"description\":\"" text "\"}"
#define RETRIEVED \
	"{\"event\":3,\"task\":\"Retrieve capture\",\"filename\":\"CPE_x\"}"

/* What is recorded makes no event; nor does a quiet capture that was fetched.
 */
START_TEST(an_event_is_one_that_began)
{
	char name[HISTORY_NAME_MAX], *path;

	begin();
	night(0);
	path = xasprintf(
	    "%s/%s/report.json", history_parent, history_made_name(0, name));
	unit_write(path,
	    "{\"schema\":1,\"devices\":[{\"device\":\"a\",\"status\":\"partial"
	    "\",\"tasks\":[" ALARM("1", "01", "other: recorded") "," ALARM(
		"1", "02", "lost: held down") "," ALARM("1", "03",
		"over: cleared in time, no event") "," ALARM("1", "04",
		"lost: held down") "," ALARM("1", "05",
		"lost: already held down") ",{\"event\":1,\"task\":\"Send "
					   "TCP\",\"description\":\"refused\"}"
					   "," ALARM("1", "06",
					       "lost: recorded during the event") "," ALARM("2",
					       "07",
					       "lost: held down") "," ALARM("3",
					       "08",
					       "other: recorded") "," RETRIEVED "," ALARM("4",
					       "09",
					       "capture_for is over: the event begins") "]}]}");
	ck_assert(update());
	says("SELECT group_concat(number || alarm || at || ifnull(tcp, '-')) "
	     "FROM event",
	    "1lost: held down1795402804000refused,"
	    "4capture_for is over: the event begins1795402809000-");
	free(path);
}
END_TEST

/* --- kept up --- */

START_TEST(what_is_known_is_not_read_again)
{
	begin();
	night(0);
	ck_assert(update());
	night(1);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 1);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 0);
	is("SELECT count(*) FROM night", 6);
	is("SELECT count(*) FROM device", 3);
	ck_assert_str_eq(unit_logged(), "");
}
END_TEST

/* A recovered run has its report from the next one. */
START_TEST(runs_that_were_left_out_are_added)
{
	char name[HISTORY_NAME_MAX], *folder;

	begin();
	night(1);
	folder = path_of(history_made_name(0, name));
	ck_assert_int_eq(mkdir(folder, 0750), 0); /* killed */
	ck_assert(update());
	is("SELECT count(*) FROM run", 1);
	night(0);
	night(2);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 2);
	logged("lacked 2 runs: they were added from their reports");
	is("SELECT count(*) FROM run", 3);
	is("SELECT count(*) FROM event", 6);
	free(folder);
}
END_TEST

/* --compare writes the report once more. */
START_TEST(a_verdict_that_comes_later_replaces_the_rows)
{
	struct strbuf b = STRBUF_INIT;

	begin();
	night(0);
	night(1);
	ck_assert(update());
	history_made_head(&b, 0);
	history_made_quiet(&b, 1);
	history_made_lost(&b, 3, 0, 60, true);
	history_made_write(&b, 0);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 1);
	is("SELECT count(*) FROM run", 2);
	is("SELECT count(*) FROM night", 5);
	is("SELECT count(*) FROM event WHERE run = 1", 1);
	says("SELECT direction FROM event WHERE run = 1", "back");
}
END_TEST

START_TEST(what_is_no_report_is_told_and_left_out)
{
	static const char *const texts[] = {"", "{", "[]", "{\"schema\":2}",
	    "{\"schema\":1,\"devices\":{}}",
	    "{\"schema\":1,\"devices\":[{\"device\":\"10.0.0.9\"},"};
	char name[HISTORY_NAME_MAX], *path;

	begin();
	night(0);
	night(1);
	path = xasprintf(
	    "%s/%s/report.json", history_parent, history_made_name(0, name));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		unit_write(path, texts[i]);
		ck_assert(update());
		ck_assert_uint_eq(sum.unread, 1);
		logged("2026-11-01T22.00.00Z/report.json cannot be read (it is "
		       "cut off, or no report of this program)");
		is("SELECT count(*) FROM run", 1);
		is("SELECT count(*) FROM night", 3);
	}
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	ck_assert(update());
	is("SELECT count(*) FROM run", 1);
	free(path);
}
END_TEST

/* One that was quiet, or had nothing left, in the report of --recover alone. */
START_TEST(a_recovery_is_no_night)
{
	char name[HISTORY_NAME_MAX], *path;

	begin();
	night(0);
	night(1);
	path = xasprintf(
	    "%s/%s/report.json", history_parent, history_made_name(0, name));
	unit_write(path,
	    "{\"schema\":1,\"devices\":[{\"device\":\"10.0.0.1\",\"status\":"
	    "\"quiet\",\"tasks\":[{\"task\":\"Recover\"},{\"task\":"
	    "\"Alarm\"}]},{\"device\":\"10.0.0.2\",\"status\":\"quiet\","
	    "\"tasks\":[]}]}");
	ck_assert(update());
	is("SELECT count(*) FROM run", 2);
	is("SELECT count(*) FROM night", 3);
	free(path);
}
END_TEST

#define ODD                                                                   \
	"{\"schema\":1,\"devices\":[{\"device\":\"10.0.0.9\",\"status\":"     \
	"\"odd\",\"events\":\"many\",\"tasks\":[{\"task\":\"Alarm\","         \
	"\"event\":-1},{\"task\":\"Send TCP\",\"event\":1,\"timestamp\":"     \
	"\"soon\"},{\"task\":7},3],\"verdicts\":[{\"event\":2,\"exitStatus\"" \
	":1,\"classes\":[{\"lost\":1e300},{\"lost\":5},{\"lost\":-1},"        \
	"{\"lost\":5,\"protocol\":\"a'b\",\"direction\":\"up\"},9]},"         \
	"{\"event\":2,\"exitStatus\":7},{\"event\":0}]},"                     \
	"{\"device\":\"10.0.0.9\",\"status\":\"failed\"},{\"device\":9},7]}"

START_TEST(an_odd_report_gives_odd_rows_at_worst)
{
	char name[HISTORY_NAME_MAX], *path;

	begin();
	night(0);
	path = xasprintf(
	    "%s/%s/report.json", history_parent, history_made_name(0, name));
	unit_write(path, ODD);
	ck_assert(update());
	/* Of one device twice the last stays. */
	is("SELECT count(*) FROM night", 1);
	says("SELECT outcome FROM night", "failed");
	is("SELECT count(*) FROM event", 2);
	says("SELECT verdict FROM event WHERE number = 2", "not read");
	free(path);
}
END_TEST

/* --- lost and made anew --- */

START_TEST(a_deleted_one_is_made_anew)
{
	char *path;

	begin();
	for (int i = 0; i < 5; i++)
		night(i);
	ck_assert(update());
	path = path_of(HISTORY_FILE);
	ck_assert_int_eq(unlink(path), 0);
	night(5);
	ck_assert(update());
	ck_assert_uint_eq(sum.added, 6);
	is("SELECT count(*) FROM run", 6);
	is("SELECT count(*) FROM event", 12);
	logged("lacked 6 runs");
	free(path);
}
END_TEST

START_TEST(a_damaged_one_is_kept_aside)
{
	static const char *const texts[] = {
	    "this is no database, and it is longer than a header of one would "
	    "be: that has one hundred bytes, and here are some more of them",
	    "short"};
	char *path, *aside, *journal;

	begin();
	night(0);
	night(1);
	path = path_of(HISTORY_FILE);
	aside = path_of(HISTORY_FILE ".damaged");
	journal = path_of(HISTORY_FILE "-journal");
	for (size_t i = 0; i < 2; i++) {
		unit_write(path, texts[i]);
		unit_write(journal, "of another one");
		ck_assert(update());
		ck_assert_uint_eq(sum.added, 2);
		logged("history.sqlite is damaged (file is not a database): it "
		       "is kept as history.sqlite.damaged, and made anew");
		is("SELECT count(*) FROM night", 6);
		unit_file_is(aside, texts[i]);
	}
	ck_assert(update());
	free(path);
	free(aside);
	free(journal);
}
END_TEST

/* Its first page is whole. */
START_TEST(one_that_is_cut_off_is_damaged)
{
	char *path;
	long size;

	begin();
	for (int i = 0; i < 20; i++)
		night(i);
	ck_assert(update());
	path = path_of(HISTORY_FILE);
	size = unit_file_size(path);
	ck_assert_int_eq(truncate(path, size / 2), 0);
	ck_assert(history_rebuild(history_parent, unit_log(), &sum));
	logged("is damaged");
	is("SELECT count(*) FROM night", 60);
	ck_assert_int_eq(unit_file_size(path), size);
	/* An empty file is what is left of one that was never written. */
	ck_assert_int_eq(truncate(path, 0), 0);
	ck_assert(update());
	is("SELECT count(*) FROM night", 60);
	free(path);
}
END_TEST

START_TEST(of_another_program_or_version)
{
	enum database_state state;
	struct fail why;
	char *path = NULL;
	struct database *db;

	begin();
	night(0);
	path = path_of(HISTORY_FILE);
	db = database_open(path, DATABASE_MAKE, &state, &why);
	ck_assert(database_do(db, "CREATE TABLE run (a)"));
	database_close(db);
	ck_assert(update());
	logged("is damaged (it is no history of nights)");
	db = database_open(path, DATABASE_WRITE, &state, &why);
	ck_assert(database_do(db, "PRAGMA user_version = 99"));
	database_close(db);
	night(1);
	ck_assert(!update());
	logged("history.sqlite: it is of a newer version");
	free(path);
}
END_TEST

/* What retention deleted is in the database alone. */
START_TEST(a_rebuild_keeps_runs_without_a_report)
{
	char name[HISTORY_NAME_MAX], *path;

	begin();
	for (int i = 0; i < 3; i++)
		night(i);
	ck_assert(update());
	path = xasprintf(
	    "%s/%s/report.json", history_parent, history_made_name(0, name));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(history_rebuild(history_parent, unit_log(), &sum));
	ck_assert_uint_eq(sum.added, 2);
	is("SELECT count(*) FROM night", 9);
	is("SELECT count(*) FROM event", 6);
	free(path);
}
END_TEST

/* --- what is in its way --- */

/* Killed anywhere: whole runs are there, and the next one adds the rest. */
START_TEST(who_is_killed_leaves_whole_runs)
{
	begin();
	for (int i = 0; i < 30; i++)
		night(i);
	for (int ms = 0; ms < 40; ms += 4) {
		struct timespec wait = {.tv_nsec = ms * 1000000L};
		pid_t child = fork();
		int status;
		int64_t runs;

		if (child == 0) {
			history_rebuild(history_parent, NULL, &sum);
			_exit(0);
		}
		nanosleep(&wait, NULL);
		kill(child, SIGKILL);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		if (ms % 8 == 0)
			continue; /* and so is who comes behind it */
		ck_assert(update());
		runs = history_made_ask("SELECT count(*) FROM run");
		ck_assert_int_eq(runs, 30);
		is("SELECT count(*) FROM night", 90);
		is("SELECT count(*) FROM event", 60);
	}
	ck_assert_str_eq(
	    strstr(unit_logged(), "damaged") != NULL ? "damaged" : "", "");
}
END_TEST

START_TEST(a_locked_one_waits_for_the_next_run)
{
	enum database_state state;
	struct fail why;
	struct database *db;

	begin();
	night(0);
	ck_assert(update());
	db = history_open(history_parent, DATABASE_MAKE, &state, &why);
	ck_assert(database_do(db, "BEGIN EXCLUSIVE"));
	night(1);
	ck_assert(!update());
	logged("history.sqlite: somebody else has it locked; the next run adds "
	       "what is missing");
	database_close(db);
	night(2);
	ck_assert(update());
	is("SELECT count(*) FROM run", 3);
}
END_TEST

START_TEST(a_full_disk_is_a_warning)
{
	struct rlimit most, less;

	begin();
	night(0);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &most), 0);
	less = (struct rlimit){8000, most.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &less), 0);
	ck_assert(!update());
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &most), 0);
	logged("cannot write");
	ck_assert(update());
	is("SELECT count(*) FROM night", 3);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_a_warning)
{
	begin();
	ck_assert(!history_update("/nonexistent", unit_log(), &sum));
	logged("cannot write /nonexistent/history.sqlite");
}
END_TEST

UNIT_MAIN("history", a_night_has_its_rows, a_report_of_ours_is_understood,
    an_event_is_one_that_began, a_recovery_is_no_night,
    what_is_known_is_not_read_again, runs_that_were_left_out_are_added,
    a_verdict_that_comes_later_replaces_the_rows,
    what_is_no_report_is_told_and_left_out,
    an_odd_report_gives_odd_rows_at_worst, a_deleted_one_is_made_anew,
    a_damaged_one_is_kept_aside, one_that_is_cut_off_is_damaged,
    of_another_program_or_version, a_rebuild_keeps_runs_without_a_report,
    who_is_killed_leaves_whole_runs, a_locked_one_waits_for_the_next_run,
    a_full_disk_is_a_warning, a_folder_that_is_not_there_is_a_warning)
