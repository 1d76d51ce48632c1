/* check_list_program.c - the program that prints the devices: what it gets, how
 * it ends, and that none of its ways to hang holds us up. */
#include "campaign/list_program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/capabilities.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "unit.h"

#define LONG_MS 30000

static struct fail why;
static size_t length;

static char *
run_for(const char *script, int64_t limit_ms)
{
	char *words[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};

	unit_log_keep(LOGGING_WARNING);
	fail_clear(&why);
	length = 0;
	return list_program_run(unit_log(), words, 3, limit_ms, &length, &why);
}

static void
prints(const char *script, const char *output)
{
	char *text = run_for(script, LONG_MS);

	ck_assert_msg(text != NULL, "%s", why.text);
	ck_assert_str_eq(text, output);
	ck_assert_uint_eq(length, strlen(output));
	bytes_free(text, length + 1);
}

static void
fails_within(const char *script, int64_t limit_ms, const char *words)
{
	ck_assert_ptr_null(run_for(script, limit_ms));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_str_eq(why.text, words);
}

static void
fails(const char *script, const char *words)
{
	fails_within(script, LONG_MS, words);
}

START_TEST(what_it_prints_is_taken)
{
	prints("printf 'address\\n192.0.2.1\\n'", "address\n192.0.2.1\n");
	prints("printf a; sleep 0.1; printf b", "ab");
}
END_TEST

START_TEST(what_it_says_is_logged_and_no_part_of_the_list)
{
	prints("echo hm >&2; echo address", "address\n");
	ck_assert_ptr_nonnull(strstr(unit_logged(), "devices: /bin/sh: hm"));
}
END_TEST

START_TEST(of_many_words_only_the_first_are_logged)
{
	const char *s;
	size_t n = 0;

	prints("i=0; while [ $i -lt 300 ]; do echo no $i >&2; "
	       "i=$((i + 1)); done; echo a",
	    "a\n");
	for (s = unit_logged(); (s = strstr(s, ": no ")) != NULL; s++)
		n++;
	ck_assert_uint_eq(n, 20);
}
END_TEST

START_TEST(it_has_no_environment_of_ours_and_no_input)
{
	ck_assert_int_eq(setenv("SECRET_OF_OURS", "x", 1), 0);
	ck_assert_int_eq(setenv("CREDENTIALS_DIRECTORY", "/", 1), 0);
	ck_assert_int_eq(setenv("PATH", "/usr/bin:/bin", 1), 0);
	ck_assert_int_eq(setenv("LANG", "C", 1), 0);
	ck_assert_int_eq(setenv("TZ", "UTC", 1), 0);
	prints("env -u PWD -u SHLVL -u _ | LC_ALL=C sort; cat",
	    "LANG=C\nPATH=/usr/bin:/bin\nTZ=UTC\n");
	unsetenv("LANG");
	unsetenv("TZ");
	unsetenv("PATH");
	prints("env -u PWD -u SHLVL -u _",
	    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:"
	    "/bin\n");
}
END_TEST

START_TEST(it_has_no_capability_and_gets_none_back)
{
	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	prints("sed -n 's/^Cap\\(Inh\\|Prm\\|Eff\\|Amb\\):.//p' "
	       "/proc/self/status | sort -u",
	    "0000000000000000\n");
}
END_TEST

START_TEST(this_process_keeps_its_own)
{
	uint64_t before = capabilities_here();

	prints("echo a", "a\n");
	ck_assert_uint_eq(capabilities_here(), before);
}
END_TEST

START_TEST(it_has_no_descriptor_of_ours)
{
	int fd = open("/dev/null", O_RDONLY);

	prints("for i in 3 4 5 6 7 8 9 11 12 13; do "
	       "[ -e /proc/$$/fd/$i ] && echo $i; done; echo end",
	    "end\n");
	close(fd);
}
END_TEST

START_TEST(one_that_fails_is_told_with_its_last_words)
{
	fails("exit 1", "it ended with status 1");
	fails("echo address; echo 'no route to db1' >&2; exit 2",
	    "it ended with status 2; it says: no route to db1");
	fails("kill -9 $$", "it was killed (Killed)");
	fails(":", "it printed nothing");
	fails("echo 'no rows' >&2", "it printed nothing; it says: no rows");
}
END_TEST

START_TEST(one_that_cannot_be_started_is_told)
{
	char *words[] = {(char *)"/nowhere/list", NULL};
	char path[UNIT_PATH_MAX];

	unit_log_keep(LOGGING_WARNING);
	ck_assert_ptr_null(
	    list_program_run(unit_log(), words, 1, LONG_MS, &length, &why));
	ck_assert_msg(strstr(why.text, "cannot start /nowhere/list: No such "
				       "file") != NULL,
	    "%s", why.text);
	unit_file(path, "#!/bin/sh\n");
	words[0] = path;
	ck_assert_ptr_null(
	    list_program_run(unit_log(), words, 1, LONG_MS, &length, &why));
	ck_assert_msg(
	    strstr(why.text, "Permission denied") != NULL, "%s", why.text);
}
END_TEST

/* Or will be, as soon as somebody reaps it. */
static void
is_gone(pid_t pid)
{
	char *path = xasprintf("/proc/%d/stat", (int)pid);
	int64_t begun = clock_mono_ms();
	char state = '?';

	while (kill(pid, 0) == 0 && state != 'Z' &&
	       clock_mono_ms() - begun < 5000) {
		FILE *f = fopen(path, "r");

		if (f != NULL && fscanf(f, "%*d %*s %c", &state) != 1)
			state = '?';
		if (f != NULL)
			fclose(f);
	}
	ck_assert(state == 'Z' || kill(pid, 0) != 0);
	free(path);
}

START_TEST(one_that_hangs_is_killed_with_what_it_started)
{
	int64_t begun = clock_mono_ms();
	char path[UNIT_PATH_MAX], *script;

	unit_file(path, "");
	script = xasprintf("(echo $$; sleep 1000) & echo $! >%s; wait", path);
	fails_within(
	    script, 300, "it had not ended after 300ms and was killed");
	ck_assert_int_lt(clock_mono_ms() - begun, 10000);
	free(script);
	script = unit_read(path);
	is_gone(atoi(script));
	free(script);
}
END_TEST

START_TEST(one_that_ignores_signals_and_talks_for_ever_is_killed)
{
	fails_within("trap '' TERM INT; while :; do echo x >&2; sleep 0.01; "
		     "done",
	    300, "it had not ended after 300ms and was killed");
	fails_within("while :; do echo x; sleep 0.01; done", 300,
	    "it had not ended after 300ms and was killed");
}
END_TEST

START_TEST(a_signal_ends_it_with_its_children_and_then_us)
{
	char path[UNIT_PATH_MAX], *script, *text;
	int status;
	pid_t pid;

	unit_file(path, "");
	script = xasprintf("sleep 1000 & echo $! >%s; wait", path);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL); /* libcheck has a handler */
		run_for(script, LONG_MS);
		_exit(0);
	}
	while (unit_file_size(path) == 0)
		usleep(1000);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	text = unit_read(path);
	is_gone(atoi(text));
	free(text);
	free(script);
}
END_TEST

START_TEST(a_grandchild_that_holds_the_output_makes_the_list_doubtful)
{
	int64_t begun = clock_mono_ms();

	fails("echo address; sleep 20 2>/dev/null & exit 0",
	    "it has ended, but something that it started still holds its "
	    "output: its list may be cut off");
	ck_assert_int_lt(clock_mono_ms() - begun, 10000);
	/* One that lets go in time is waited for. */
	prints("(sleep 0.2; echo b) 2>/dev/null & echo a", "a\nb\n");
}
END_TEST

START_TEST(more_than_16_MB_is_refused)
{
	char *text;

	fails("head -c 17000000 /dev/zero | tr '\\0' x",
	    "it printed more than 16 MB and was killed");
	text = run_for("head -c 16000000 /dev/zero | tr '\\0' x", LONG_MS);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(length, 16000000);
	bytes_free(text, length + 1);
}
END_TEST

UNIT_MAIN("list_program", what_it_prints_is_taken,
    what_it_says_is_logged_and_no_part_of_the_list,
    of_many_words_only_the_first_are_logged,
    it_has_no_environment_of_ours_and_no_input,
    it_has_no_capability_and_gets_none_back, this_process_keeps_its_own,
    it_has_no_descriptor_of_ours, one_that_fails_is_told_with_its_last_words,
    one_that_cannot_be_started_is_told,
    one_that_hangs_is_killed_with_what_it_started,
    one_that_ignores_signals_and_talks_for_ever_is_killed,
    a_signal_ends_it_with_its_children_and_then_us,
    a_grandchild_that_holds_the_output_makes_the_list_doubtful,
    more_than_16_MB_is_refused)
