/* check_comparisons.c - what was lost at each event: the child, the queue, the
 * rows.  The child is a script, the clocks are real.
 */
#include "campaign/comparisons.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/comparison.h"
#include "compare/result_json.h"
#include "compare_made.h"
#include "conf_rig.h"

#define EVENTS_MAX 3

static struct {
	struct conf_rig *files;
	struct campaign_conf *conf;
	struct tools tools;
	struct run_result *run;
	struct comparisons *all;
	struct past_event event[EVENTS_MAX];
	unsigned piece[1]; /* of each event: the number 0 */
	char *captures, *program;
	int compared;
} it;

static void
on_compared(void *arg, const struct past_event *e)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert(e >= it.event && e < it.event + EVENTS_MAX);
	it.compared++;
}

static char *
in_captures(const char *name)
{
	return xasprintf("%s/%s", it.captures, name);
}

static void
write_capture(const char *name, const char *text)
{
	char *path = in_captures(name);

	unit_write(path, text);
	free(path);
}

static void
make_event(int n)
{
	struct past_event *e = &it.event[n];
	char server[CAPTURE_NAME_MAX];

	e->books.result = &it.run->devices[0];
	e->books.captures = it.captures;
	e->conf = it.run->devices[0].conf;
	e->round.event = n + 1;
	capture_name_cpe(e->round.file, "192.0.2.218", 1795403400000 + n);
	capture_name_ovoc(server, e->round.file, 0);
	write_capture(e->round.file, "device\n");
	write_capture(server, "server\n");
	e->pieces = it.piece;
	e->n_pieces = 1;
}

/* `script` is the program: NULL, it is not there. */
static void
make(const char *settings, const char *script)
{
	char *text = xasprintf(CONF_RIG_WHOLE "compare = { %s };", settings);

	memset(&it, 0, sizeof(it));
	unit_log_keep(LOGGING_INFO);
	it.files = conf_rig_with(text);
	it.conf = conf_rig_right(it.files);
	it.conf->campaign.min_free = 0;
	free(text);
	it.tools.lp = unit_loop();
	it.tools.conf = it.conf;
	it.run = run_result_new(it.conf, 1795403400000);
	it.captures = conf_rig_path(it.files, "captures");
	ck_assert_int_eq(mkdir(it.captures, 0750), 0);
	it.program = conf_rig_path(it.files, "program");
	if (script != NULL) {
		conf_rig_file(it.files, "program", "%s", script);
		conf_rig_mode(it.files, "program", 0700);
	}
	it.all = comparisons_new(&it.tools, it.program, on_compared, &it);
	for (int n = 0; n < EVENTS_MAX; n++)
		make_event(n);
}

static void
drop(void)
{
	comparisons_free(it.all);
	run_result_free(it.run);
	unit_loop_free(it.tools.lp);
	free(it.captures);
	free(it.program);
	conf_rig_free(it.files);
}

/* Until all that was added is compared. */
static void
run(void)
{
	loop_run(it.tools.lp);
}

static const struct row *
row_of(int event)
{
	const struct row *row =
	    result_last(&it.run->devices[0], TASK_COMPARE, event);

	ck_assert_msg(row != NULL, "no row of event %d", event);
	return row;
}

/* Of the first event, compared by this script. */
static const struct row *
compared_by(const char *settings, const char *script)
{
	make(settings, script);
	comparisons_add(it.all, &it.event[0]);
	ck_assert_int_eq(it.compared, 0);
	run();
	ck_assert_int_eq(it.compared, 1);
	return row_of(1);
}

static void
is_row(const struct row *row, enum task_status status, enum severity severity,
    const char *text)
{
	ck_assert_str_eq(
	    task_status_name(row->status), task_status_name(status));
	ck_assert_str_eq(severity_name(row->severity), severity_name(severity));
	ck_assert_msg(strstr(row->description, text) != NULL, "no '%s' in '%s'",
	    text, row->description);
}

/* It was not compared, and this is how it could be. */
static void
is_trouble(const struct row *row, const char *text)
{
	char *command = xasprintf(
	    "to compare them: traffic-capture-compare %s/*_device_192.0.2.218_"
	    "2026-11-23T03.10.00.000000Z*",
	    it.captures);

	is_row(row, TASK_FAILURE, SEVERITY_MINOR, text);
	ck_assert(str_starts(row->description, "not compared: "));
	ck_assert_str_eq(row->note, command);
	ck_assert_ptr_null(row->file);
	free(command);
}

/* --- what is found --- */

/* A script that writes this result and ends with this status; free(3). */
static char *
writes(struct compare_result *r, int status)
{
	struct strbuf json = STRBUF_INIT;
	char *script;

	result_json(r, &json);
	free(r);
	script = xasprintf(
	    "#!/bin/sh\ncat <<'END'\n%sEND\nexit %d\n", json.s, status);
	strbuf_free(&json);
	return script;
}

static const struct row *
compared_with(struct compare_result *r, int status)
{
	char *script = writes(r, status);
	const struct row *row = compared_by("", script);

	free(script);
	return row;
}

START_TEST(a_loss_is_a_major_row_and_its_file)
{
	const struct row *row = compared_with(compare_made(), 1);
	struct strbuf json = STRBUF_INIT;
	struct compare_result *r = compare_made();
	struct stat st;
	char *path;

	is_row(row, TASK_SUCCESS, SEVERITY_MAJOR, "never reached the device");
	ck_assert_str_eq(row->file,
	    "COMPARE_device_192.0.2.218_2026-11-23T03.10.00.000000Z.json");
	ck_assert_int_eq(it.run->devices[0].severity, SEVERITY_MAJOR);
	ck_assert_int_eq(it.run->devices[0].outcome, OUTCOME_NONE);
	path = in_captures(row->file);
	result_json(r, &json);
	unit_file_is(path, strbuf_text(&json));
	ck_assert_uint_eq(row->bytes, json.len);
	ck_assert_uint_eq(strlen(row->sha256), 64);
	ck_assert_uint_eq(it.run->devices[0].bytes, 0); /* of those fetched */
	ck_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
	free(path);
	free(r);
	strbuf_free(&json);
	drop();
}
END_TEST

static struct compare_result *
made_without_loss(int status, const char *sentence)
{
	struct compare_result *r = compare_made();

	memset(&r->tally[TRAFFIC_SNMP], 0, sizeof(r->tally[0]));
	r->exit_status = status;
	str_copy(r->sentence, sizeof(r->sentence), sentence);
	return r;
}

START_TEST(what_is_found_has_its_severity)
{
	is_row(compared_with(made_without_loss(0, "Nothing was lost."), 0),
	    TASK_SUCCESS, SEVERITY_NORMAL, "Nothing was lost.");
	drop();
	is_row(compared_with(made_without_loss(3, "Cannot be said."), 3),
	    TASK_SUCCESS, SEVERITY_MINOR, "Cannot be said.");
	drop();
	is_row(compared_with(compare_made_of_nothing(), 7), TASK_FAILURE,
	    SEVERITY_MINOR, "Cannot be said: x.pcap: no capture.");
	ck_assert_str_eq(row_of(1)->note, "x.pcap: no capture");
	drop();
}
END_TEST

START_TEST(a_verdict_that_cannot_be_kept_is_told_all_the_same)
{
	char *script = writes(compare_made(), 1), *path;
	const struct row *row;

	make("", script);
	path = in_captures(
	    "COMPARE_device_192.0.2.218_2026-11-23T03.10.00.000000Z.json");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	comparisons_add(it.all, &it.event[0]);
	run();
	row = row_of(1);
	is_row(row, TASK_FAILURE, SEVERITY_MAJOR, "never reached the device");
	ck_assert(str_starts(row->note, "the verdict is not kept: "));
	ck_assert_ptr_null(row->file);
	ck_assert_int_eq(rmdir(path), 0);
	free(path);
	free(script);
	drop();
}
END_TEST

START_TEST(a_verdict_leaves_min_free_free)
{
	char *script = writes(compare_made(), 1);
	const struct row *row;

	make("", script);
	it.conf->campaign.min_free = INT64_MAX;
	comparisons_add(it.all, &it.event[0]);
	run();
	row = row_of(1);
	is_row(row, TASK_FAILURE, SEVERITY_MAJOR, "never reached the device");
	ck_assert(str_starts(row->note, "the verdict is not kept: "));
	ck_assert_ptr_nonnull(strstr(row->note, "min_free"));
	ck_assert_ptr_null(row->file);
	free(script);
	drop();
}
END_TEST

/* --- what the child has --- */

START_TEST(the_child_gets_open_files_by_name_and_nothing_else)
{
	static const char script[] =
	    "#!/bin/sh\n"
	    "read -r device <&4\n"
	    "read -r server <&5\n"
	    "echo \"$* $device $server home=$HOME tz=$TZ\" >${0%/*}/seen\n"
	    "exit 9\n";
	char *seen;

	setenv("HOME", "/home", 1);
	setenv("TZ", "Asia/Tokyo", 1);
	compared_by("timeout = \"90s\"; memory = \"64M\"", script);
	unsetenv("TZ");
	seen = conf_rig_path(it.files, "seen");
	unit_file_is(seen,
	    "--format json --confine=90 --memory=64M "
	    "--descriptor "
	    "4=CPE_device_192.0.2.218_2026-11-23T03.10.00.000000Z.pcap "
	    "--descriptor "
	    "5=OVOC_device_192.0.2.218_2026-11-23T03.10.00.000000Z-0.pcap "
	    "device server home= tz=Asia/Tokyo\n");
	free(seen);
	drop();
}
END_TEST

START_TEST(a_file_that_is_none_is_not_given)
{
	char *path;

	make("", "#!/bin/sh\nexit 0\n");
	path = in_captures(
	    "OVOC_device_192.0.2.218_2026-11-23T03.10.00.000000Z-0.pcap");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	comparisons_add(it.all, &it.event[0]);
	run();
	is_trouble(row_of(1), "cannot read OVOC_device_192.0.2.218");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	comparisons_add(it.all, &it.event[0]);
	run();
	is_trouble(row_of(1), "cannot read OVOC_device_192.0.2.218");
	free(path);
	drop();
}
END_TEST

START_TEST(what_it_says_is_logged_and_bounded)
{
	const char *at;
	int n = 0;

	compared_by("",
	    "#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9; do\n"
	    "echo some words >&2; echo >&2; echo some words >&2; done\n");
	for (at = unit_logged(); (at = strstr(at, "some words")); at++)
		n++;
	ck_assert_int_ge(n, 12);
	ck_assert_int_le(n, 14);
	drop();
}
END_TEST

/* --- its trouble --- */

START_TEST(one_that_takes_too_long_is_killed)
{
	is_trouble(
	    compared_by("timeout = \"1s\"", "#!/bin/sh\nexec sleep 60\n"),
	    "it took longer than compare.timeout (1s) and was killed");
	drop();
	is_trouble(compared_by("", "#!/bin/sh\nkill -XCPU $$\n"),
	    "it took longer than compare.timeout (1m) and was killed");
	drop();
}
END_TEST

START_TEST(one_that_wants_too_much_memory_is_said_to)
{
	is_trouble(compared_by("", "#!/bin/sh\nkill -ABRT $$\n"),
	    "more memory than compare.memory (1G)");
	drop();
	is_trouble(compared_by("", "#!/bin/sh\nkill -KILL $$\n"),
	    "more memory than compare.memory (1G)");
	drop();
}
END_TEST

START_TEST(one_that_breaks_down_is_said_to)
{
	is_trouble(compared_by("", "#!/bin/sh\nkill -SEGV $$\n"),
	    "it was killed (Segmentation fault)");
	drop();
}
END_TEST

START_TEST(one_that_is_not_there_is_said_so)
{
	is_trouble(compared_by("", NULL), "cannot start ");
	ck_assert_ptr_nonnull(
	    strstr(row_of(1)->description, "No such file or directory"));
	drop();
}
END_TEST

START_TEST(a_result_that_cannot_be_read_is_said_so)
{
	is_trouble(compared_by("", "#!/bin/sh\nexit 0\n"),
	    "its result cannot be read: it ended with status 0; it is no JSON");
	drop();
	is_trouble(compared_by("", "#!/bin/sh\necho no file >&2\nexit 2\n"),
	    "status 2; it is no JSON object; it says: no file");
	drop();
	is_trouble(compared_by("", "#!/bin/sh\necho rubbish\nexit 1\n"),
	    "its result cannot be read: it ended with status 1; it is no JSON");
	drop();
	is_trouble(compared_by("", "#!/bin/sh\necho '{\"schema\": 2}'\n"),
	    "it ended with status 0; \"schema\" is not 1");
	drop();
	is_trouble(
	    compared_by("", "#!/bin/sh\nhead -c 1100000 /dev/zero\nexit 0\n"),
	    "its result cannot be read: it ended with status 0; it is too "
	    "long");
	drop();
}
END_TEST

START_TEST(a_status_that_is_not_the_results_is_not_believed)
{
	is_trouble(compared_with(compare_made(), 0),
	    "its result cannot be read: it ended with status 0 and says 1");
	drop();
	is_trouble(compared_with(made_without_loss(0, "Nothing."), 1),
	    "its result cannot be read: it ended with status 1 and says 0");
	drop();
}
END_TEST

/* --- the queue --- */

START_TEST(one_side_alone_is_not_compared)
{
	const struct row *row;

	make("", "#!/bin/sh\nexit 0\n");
	it.event[0].n_pieces = 0;
	comparisons_add(it.all, &it.event[0]);
	run();
	row = row_of(1);
	is_row(row, TASK_SKIPPED, SEVERITY_NORMAL,
	    "only the device's file of this event is on this host");
	ck_assert(str_starts(row->note,
	    "once the server's are beside it: traffic-capture-compare /"));
	drop();
}
END_TEST

START_TEST(with_comparing_off_there_is_no_row)
{
	make("run = false", "#!/bin/sh\nexit 0\n");
	comparisons_add(it.all, &it.event[0]);
	run();
	ck_assert_int_eq(it.compared, 1);
	ck_assert_ptr_null(result_last(&it.run->devices[0], TASK_COMPARE, 1));
	drop();
}
END_TEST

static const char in_turns[] =
    "#!/bin/sh\necho begin >>${0%/*}/seen\nsleep 0.2\necho end >>${0%/*}/seen\nexit 9\n";

START_TEST(only_so_many_run_at_once)
{
	char *seen;

	make("at_once = 1", in_turns);
	for (int n = 0; n < EVENTS_MAX; n++)
		comparisons_add(it.all, &it.event[n]);
	run();
	ck_assert_int_eq(it.compared, EVENTS_MAX);
	seen = conf_rig_path(it.files, "seen");
	unit_file_is(seen, "begin\nend\nbegin\nend\nbegin\nend\n");
	free(seen);
	drop();
}
END_TEST

static void
on_a_moment(void *arg)
{
	(void)arg;
	comparisons_abandon(it.all, "interrupted");
}

START_TEST(without_time_left_each_gets_a_row_that_says_so)
{
	struct timer moment;

	make("at_once = 1", "#!/bin/sh\nexec sleep 60\n");
	timer_init(&moment, it.tools.lp, on_a_moment, NULL);
	timer_set(&moment, 100);
	comparisons_add(it.all, &it.event[0]);
	comparisons_add(it.all, &it.event[1]);
	run();
	ck_assert_int_eq(it.compared, 2);
	is_trouble(row_of(1), "not compared: interrupted");
	is_row(row_of(2), TASK_FAILURE, SEVERITY_MINOR,
	    "not compared: interrupted");
	comparisons_add(it.all, &it.event[2]);
	run();
	is_row(row_of(3), TASK_FAILURE, SEVERITY_MINOR,
	    "not compared: interrupted");
	drop();
}
END_TEST

START_TEST(what_is_under_way_may_be_dropped)
{
	make("at_once = 1", "#!/bin/sh\nexec sleep 60\n");
	comparisons_add(it.all, &it.event[0]);
	comparisons_add(it.all, &it.event[1]);
	loop_run_for(it.tools.lp, 50);
	drop();
}
END_TEST

START_TEST(a_command_line_can_be_copied_into_a_shell)
{
	struct strbuf text = STRBUF_INIT;

	make("", NULL);
	it.event[0].books.captures = "/it's/a folder";
	comparison_command(&it.event[0], &text);
	ck_assert_str_eq(strbuf_text(&text),
	    "traffic-capture-compare '/it'\\''s/a folder'/*_device_192.0.2.218_"
	    "2026-11-23T03.10.00.000000Z*");
	strbuf_free(&text);
	drop();
}
END_TEST

START_TEST(the_program_is_beside_ours_or_installed)
{
	char *program = comparison_program();

	ck_assert_str_eq(program, BINDIR "/traffic-capture-compare");
	free(program);
}
END_TEST

UNIT_MAIN("comparisons", a_loss_is_a_major_row_and_its_file,
    what_is_found_has_its_severity,
    a_verdict_that_cannot_be_kept_is_told_all_the_same,
    a_verdict_leaves_min_free_free,
    the_child_gets_open_files_by_name_and_nothing_else,
    a_file_that_is_none_is_not_given, what_it_says_is_logged_and_bounded,
    one_that_takes_too_long_is_killed,
    one_that_wants_too_much_memory_is_said_to, one_that_breaks_down_is_said_to,
    one_that_is_not_there_is_said_so, a_result_that_cannot_be_read_is_said_so,
    a_status_that_is_not_the_results_is_not_believed,
    one_side_alone_is_not_compared, with_comparing_off_there_is_no_row,
    only_so_many_run_at_once, without_time_left_each_gets_a_row_that_says_so,
    what_is_under_way_may_be_dropped, a_command_line_can_be_copied_into_a_shell,
    the_program_is_beside_ours_or_installed)
