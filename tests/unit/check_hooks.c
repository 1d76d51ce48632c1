/* check_hooks.c - the program that is run for each event: the queue, the rows.
 * The program is a script, the clocks are real.
 */
#include "campaign/hooks.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "conf_rig.h"

#define EVENTS_MAX 1000

static struct {
	struct conf_rig *files;
	struct campaign_conf *conf;
	struct tools tools;
	struct run_result *run;
	struct hooks *all;
	struct past_event event[EVENTS_MAX];
	char *captures;
	int hooked, wanted;
} it;

static void
on_hooked(void *arg, const struct past_event *e)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert(e >= it.event && e < it.event + EVENTS_MAX);
	if (++it.hooked == it.wanted)
		loop_stop(it.tools.lp);
}

/* `script` is the program: NULL, none is named. */
static void
make(const char *script)
{
	memset(&it, 0, sizeof(it));
	unit_log_keep(LOGGING_INFO);
	it.files = conf_rig_with(CONF_RIG_WHOLE);
	it.conf = conf_rig_right(it.files);
	if (script != NULL) {
		it.conf->hooks.on_event = arena_take(
		    it.conf->values, conf_rig_path(it.files, "program"));
		conf_rig_file(it.files, "program", "%s", script);
		conf_rig_mode(it.files, "program", 0700);
	}
	it.tools.lp = unit_loop();
	it.tools.conf = it.conf;
	it.run = run_result_new(it.conf, 1795403400000);
	it.captures = conf_rig_path(it.files, "captures");
	it.all = hooks_new(&it.tools, on_hooked, &it);
	for (int n = 0; n < EVENTS_MAX; n++) {
		struct past_event *e = &it.event[n];

		e->books.result = &it.run->devices[0];
		e->books.captures = it.captures;
		e->conf = it.run->devices[0].conf;
		e->round.event = n + 1;
	}
}

static void
drop(void)
{
	hooks_free(it.all);
	run_result_free(it.run);
	unit_loop_free(it.tools.lp);
	free(it.captures);
	conf_rig_free(it.files);
}

static void
add(int from, int n)
{
	for (int i = from; i < from + n; i++)
		ck_assert(hooks_add(it.all, &it.event[i]));
}

/* Until so many have been told of, since the beginning. */
static void
until(int n)
{
	it.wanted = n;
	if (it.hooked < n)
		loop_run(it.tools.lp);
	ck_assert_int_eq(it.hooked, n);
}

static const struct row *
row_of(int event)
{
	return result_last(&it.run->devices[0], TASK_HOOK, event);
}

static void
is_trouble(int event, enum task_status status, const char *text)
{
	const struct row *row = row_of(event);

	ck_assert_msg(row != NULL, "no row of event %d", event);
	ck_assert_str_eq(
	    task_status_name(row->status), task_status_name(status));
	ck_assert_str_eq(severity_name(row->severity), "MINOR");
	ck_assert_msg(strstr(row->description, text) != NULL, "no '%s' in '%s'",
	    text, row->description);
}

static int
count_lines(const char *name)
{
	char *path = conf_rig_path(it.files, name), *text = NULL;
	int n = 0;

	if (access(path, F_OK) == 0)
		text = unit_read(path);
	for (const char *p = text; p != NULL && (p = strchr(p, '\n')); p++)
		n++;
	free(path);
	free(text);
	return n;
}

START_TEST(without_a_program_nothing_is_to_be_done)
{
	make(NULL);
	ck_assert(!hooks_add(it.all, &it.event[0]));
	hooks_abandon(it.all, "interrupted");
	ck_assert(!hooks_add(it.all, &it.event[0]));
	drop();
}
END_TEST

START_TEST(it_is_run_with_the_runs_folder_and_leaves_no_row)
{
	make("#!/bin/sh\n"
	     "echo \"$TRAFFIC_CAPTURE_EVENT $TRAFFIC_CAPTURE_HOOK\" "
	     ">>\"$1/events\"\n");
	add(1, 1);
	ck_assert_int_eq(it.hooked, 0);
	until(1);
	ck_assert_ptr_null(row_of(2));
	ck_assert_int_eq(count_lines("events"), 1);
	ck_assert_ptr_nonnull(
	    strstr(unit_logged(), "event 2: on_event has run\n"));
	drop();
}
END_TEST

START_TEST(its_trouble_is_a_row_of_the_event)
{
	make("#!/bin/sh\necho cannot reach it >&2; exit 6\n");
	add(0, 1);
	until(1);
	is_trouble(1, TASK_FAILURE,
	    "program: it ended with status 6; it says: cannot reach it");
	ck_assert_int_eq(it.run->devices[0].severity, SEVERITY_MINOR);
	ck_assert_int_eq(it.run->devices[0].outcome, OUTCOME_NONE);
	conf_rig_mode(it.files, "program", 0600);
	add(1, 1);
	until(2);
	is_trouble(2, TASK_FAILURE, "Permission denied");
	it.conf->hooks.timeout = 300;
	conf_rig_file(it.files, "program", "#!/bin/sh\nsleep 1000\n");
	conf_rig_mode(it.files, "program", 0700);
	add(2, 1);
	until(3);
	is_trouble(
	    3, TASK_FAILURE, "it had not ended after 300ms and was killed");
	drop();
}
END_TEST

START_TEST(a_few_run_at_the_same_time)
{
	make("#!/bin/sh\necho >>\"$1/begun\"\n"
	     "until [ -e \"$1/go\" ]; do sleep 0.05; done\n");
	add(0, 9);
	for (int i = 0; i < 200 && count_lines("begun") < 4; i++)
		loop_run_for(it.tools.lp, 50);
	loop_run_for(it.tools.lp, 300);
	ck_assert_int_eq(count_lines("begun"), 4);
	conf_rig_file(it.files, "go", "%s", "");
	until(9);
	ck_assert_int_eq(count_lines("begun"), 9);
	drop();
}
END_TEST

START_TEST(a_thousand_at_once_have_their_turn)
{
	make("#!/bin/sh\necho \"$TRAFFIC_CAPTURE_EVENT\" >>\"$1/events\"\n");
	add(0, EVENTS_MAX);
	until(EVENTS_MAX);
	ck_assert_int_eq(count_lines("events"), EVENTS_MAX);
	ck_assert_ptr_null(row_of(1));
	ck_assert_ptr_null(row_of(EVENTS_MAX));
	drop();
}
END_TEST

/* Those that run have their time, the others a row. */
START_TEST(without_time_what_waits_has_a_row_that_says_so)
{
	make("#!/bin/sh\necho >>\"$1/begun\"\nsleep 0.5\n");
	add(0, EVENTS_MAX - 1);
	for (int i = 0; i < 200 && count_lines("begun") < 4; i++)
		loop_run_for(it.tools.lp, 20);
	hooks_abandon(it.all, "no time is left: the run ends");
	hooks_abandon(it.all, "another reason");
	add(EVENTS_MAX - 1, 1);
	until(EVENTS_MAX);
	ck_assert_int_lt(count_lines("begun"), 30);
	ck_assert_ptr_null(row_of(1));
	is_trouble(EVENTS_MAX - 1, TASK_SKIPPED,
	    "program was not run: no time is left: the run ends");
	is_trouble(EVENTS_MAX, TASK_SKIPPED, "was not run: no time is left");
	drop();
}
END_TEST

START_TEST(they_can_be_dropped_with_programs_left)
{
	make("#!/bin/sh\nsleep 1000\n");
	add(0, 9);
	loop_run_for(it.tools.lp, 100);
	drop();
	ck_assert_int_eq(it.hooked, 0);
	hooks_free(NULL);
}
END_TEST

UNIT_MAIN("hooks", without_a_program_nothing_is_to_be_done,
    it_is_run_with_the_runs_folder_and_leaves_no_row,
    its_trouble_is_a_row_of_the_event, a_few_run_at_the_same_time,
    a_thousand_at_once_have_their_turn,
    without_time_what_waits_has_a_row_that_says_so,
    they_can_be_dropped_with_programs_left)
