/* check_hook.c - one run of a user's program: what it gets, how it may end.
 * The programs are scripts, the clocks real.
 */
#include "campaign/hook.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "unit.h"

static struct {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	char *program;
	struct hook_facts *facts;
	struct hook *hook;
	int64_t timeout, began;
	int done;
	struct fail why;
} it;

static void
on_done(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	it.done++;
	it.why = *why;
}

/* `script` NULL: there is no such program. */
static void
make(const char *script)
{
	memset(&it, 0, sizeof(it));
	unit_log_keep(LOGGING_DEBUG);
	it.lp = unit_loop();
	it.timeout = 20000;
	unit_folder(it.folder);
	it.program = xasprintf("%s/program", it.folder);
	it.facts = hook_facts_new();
	if (script == NULL)
		return;
	unit_write(it.program, script);
	ck_assert_int_eq(chmod(it.program, 0700), 0);
}

static void
start(void)
{
	const struct hook_call call = {.key = "on_event",
	    .program = it.program,
	    .folder = it.folder,
	    .facts = it.facts,
	    .timeout = it.timeout,
	    .device = "192.0.2.1"};

	it.began = clock_mono_ms();
	it.hook = hook_start(it.lp, &call, on_done, &it);
	ck_assert_int_eq(it.done, 0);
}

static void
drop(void)
{
	hook_facts_free(it.facts);
	unit_loop_free(it.lp);
	free(it.program);
}

/* It ends within `ms`; what is wrong with it has this text, NULL: nothing. */
static void
ends(int64_t ms, const char *has)
{
	loop_run(it.lp);
	ck_assert_int_eq(it.done, 1);
	ck_assert_int_le(clock_mono_ms() - it.began, ms);
	if (has == NULL)
		ck_assert_msg(it.why.kind == FAIL_NONE, "%s", it.why.text);
	else
		ck_assert_msg(it.why.kind == FAIL_LOCAL &&
				  strstr(it.why.text, has) != NULL,
		    "no '%s' in '%s'", has, it.why.text);
	drop();
}

static void
runs(const char *script, int64_t ms, const char *has)
{
	make(script);
	start();
	ends(ms, has);
}

static void
file_has(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", it.folder, name);

	unit_file_is(path, text);
	free(path);
}

START_TEST(it_gets_the_facts_and_the_folder_and_nothing_else)
{
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
	setenv("SOMETHING", "else", 1);
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("LANG", "C.UTF-8", 1);
	setenv("TZ", "Asia/Tokyo", 1);
	make("#!/bin/sh\n"
	     "tr '\\0' '\\n' </proc/$$/environ >\"$1/env\"\n"
	     "echo $# \"$1\" >\"$1/words\"; pwd >\"$1/at\"\n"
	     "cat >\"$1/stdin\"\n");
	hook_fact(it.facts, "DEVICE", "192.0.2.1");
	start();
	/* They are copied. */
	hook_facts_free(it.facts);
	it.facts = NULL;
	ends(20000, NULL);
	file_has("env", "PATH=/usr/bin:/bin\nLANG=C.UTF-8\nTZ=Asia/Tokyo\n"
			"TRAFFIC_CAPTURE_DEVICE=192.0.2.1\n");
	file_has("stdin", "");
}
END_TEST

START_TEST(it_has_no_capability_and_gets_none)
{
	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	runs("#!/bin/sh\n"
	     "grep -E '^(CapPrm|CapEff|CapAmb)' /proc/self/status | tr -d "
	     "'\\t' >\"$1/caps\"\n",
	    20000, NULL);
	file_has("caps", "CapPrm:0000000000000000\nCapEff:0000000000000000\n"
			 "CapAmb:0000000000000000\n");
}
END_TEST

START_TEST(what_it_says_is_in_the_log_by_where_it_says_it)
{
	const char *log;

	runs("#!/bin/sh\necho all is well\nprintf 'oh \\033[31mno' >&2\n",
	    20000, NULL);
	log = unit_logged();
	ck_assert_ptr_nonnull(
	    strstr(log, "debug 192.0.2.1 hook: on_event: all is well\n"));
	ck_assert_ptr_nonnull(
	    strstr(log, "warning 192.0.2.1 hook: on_event: oh ?[31mno\n"));
}
END_TEST

START_TEST(its_failure_is_told_with_what_it_said_last)
{
	runs("#!/bin/sh\necho one >&2\necho no route >&2\nexit 3\n", 20000,
	    "it ended with status 3; it says: no route");
	runs("#!/bin/sh\nexit 1\n", 20000, "it ended with status 1");
	runs("#!/bin/sh\nkill -9 $$\n", 20000, "it was killed (Killed)");
}
END_TEST

START_TEST(one_that_is_not_there_cannot_be_started)
{
	make(NULL);
	start();
	ends(5000, "No such file or directory");
}
END_TEST

START_TEST(one_that_is_not_executable_cannot_be_started)
{
	make("#!/bin/sh\n");
	chmod(it.program, 0600);
	start();
	ends(5000, "Permission denied");
	make("neither a script nor a binary");
	start();
	ends(5000, "cannot start");
	make("#!/no/such/interpreter\n");
	start();
	ends(5000, "cannot start");
}
END_TEST

START_TEST(one_that_hangs_is_killed_with_its_children)
{
	char *path, *pid, stat[64];

	make("#!/bin/sh\ntrap '' TERM\nsleep 1000 & echo $! >\"$1/pid\"\n"
	     "echo waiting >&2\nwait; sleep 1000\n");
	it.timeout = 700;
	start();
	ends(10000, "it had not ended after 700ms and was killed; it says: "
		    "waiting");
	path = xasprintf("%s/pid", it.folder);
	pid = unit_read(path);
	snprintf(stat, sizeof(stat), "/proc/%d", atoi(pid));
	for (int i = 0; i < 500 && access(stat, F_OK) == 0; i++) {
		char *state = xasprintf("%s/stat", stat), *text;

		if (access(state, R_OK) == 0) {
			text = unit_read(state);
			if (strstr(text, ") Z") != NULL)
				i = 1000; /* nobody reaps it here */
			free(text);
		}
		free(state);
		usleep(10000);
		ck_assert_int_ne(i, 499);
	}
	free(path);
	free(pid);
}
END_TEST

/* It holds both pipes; it is not waited for. */
START_TEST(a_grandchild_that_goes_on_holds_up_nobody)
{
	runs("#!/bin/sh\nsleep 4 &\necho begun\n", 3500, NULL);
	ck_assert_ptr_nonnull(strstr(unit_logged(), "on_event: begun\n"));
}
END_TEST

START_TEST(megabytes_are_read_and_not_kept)
{
	const char *log;
	int lines = 0;

	runs("#!/bin/sh\nhead -c 4000000 /dev/zero\n"
	     "yes one line and another | head -n 100000\n"
	     "yes on the other side | head -n 100000 >&2\n",
	    20000, NULL);
	log = unit_logged();
	for (const char *p = log; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	ck_assert_int_eq(lines, 21);
	ck_assert_ptr_nonnull(
	    strstr(log, "hook: on_event says more than is kept here\n"));
	ck_assert_uint_lt(strlen(log), 30000);
}
END_TEST

START_TEST(it_can_be_told_to_hurry)
{
	make("#!/bin/sh\nexec sleep 1000\n");
	start();
	hook_hurry(it.hook, 300);
	hook_hurry(it.hook, 5000); /* that is no more time */
	ends(4000, "was killed");
}
END_TEST

START_TEST(one_that_is_cancelled_reports_nothing)
{
	make("#!/bin/sh\nsleep 1000 & wait\n");
	start();
	hook_cancel(it.hook);
	loop_run_for(it.lp, 100);
	ck_assert_int_eq(it.done, 0);
	drop();
	make(NULL);
	start();
	hook_cancel(it.hook);
	loop_run_for(it.lp, 100);
	ck_assert_int_eq(it.done, 0);
	drop();
	hook_cancel(NULL);
}
END_TEST

UNIT_MAIN("hook", it_gets_the_facts_and_the_folder_and_nothing_else,
    it_has_no_capability_and_gets_none,
    what_it_says_is_in_the_log_by_where_it_says_it,
    its_failure_is_told_with_what_it_said_last,
    one_that_is_not_there_cannot_be_started,
    one_that_is_not_executable_cannot_be_started,
    one_that_hangs_is_killed_with_its_children,
    a_grandchild_that_goes_on_holds_up_nobody, megabytes_are_read_and_not_kept,
    it_can_be_told_to_hurry, one_that_is_cancelled_reports_nothing)
