/* check_child.c - children: start, lines, end, signals, what they inherit. */
#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "unit.h"

struct rig {
	struct loop *lp;
	struct child *c;
	struct strbuf lines; /* joined by '|' */
	int exits;
	int status;
	bool kill_at_line;
	bool signal_at_line;
};

static void
on_line(void *arg, const char *text)
{
	struct rig *r = arg;

	strbuf_addf(&r->lines, "%s|", text);
	if (r->kill_at_line)
		child_kill(r->c);
	if (r->signal_at_line)
		child_signal(r->c, SIGTERM);
}

static void
on_exited(void *arg, int status)
{
	struct rig *r = arg;

	r->exits++;
	r->status = status;
}

/* Waits until a process that is not ours to reap is gone or a zombie. */
static void
wait_until_dead(pid_t pid)
{
	int64_t begun = clock_mono_ms();
	char path[40], state[64];
	bool dead = false;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	while (!dead) {
		int fd = open(path, O_RDONLY);

		memset(state, 0, sizeof(state));
		dead = fd < 0 || read(fd, state, sizeof(state) - 1) <= 0 ||
		       strstr(state, ") Z") != NULL;
		if (fd >= 0)
			close(fd);
		ck_assert_int_lt(clock_mono_ms() - begun, 5000);
	}
}

static const struct child_events events = {on_line, on_exited};
static const char *const no_environment[] = {NULL};

static void
rig_sh(struct rig *r, const char *script)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	struct fail why = {0};

	memset(r, 0, sizeof(*r));
	r->lp = loop_new(NULL);
	r->c = child_start(r->lp, argv, no_environment, &events, r, &why);
	ck_assert_msg(r->c != NULL, "%s", why.text);
}

static void
rig_end(struct rig *r)
{
	strbuf_free(&r->lines);
	loop_free(r->lp);
}

/* Runs until the child has ended and checks how. */
static void
rig_expect(struct rig *r, const char *lines, int status)
{
	loop_run(r->lp);
	ck_assert_int_eq(r->exits, 1);
	ck_assert_int_eq(r->status, status);
	ck_assert_str_eq(strbuf_text(&r->lines), lines);
	rig_end(r);
}

START_TEST(the_exit_status_is_told)
{
	struct rig r;

	rig_sh(&r, "exit 0");
	rig_expect(&r, "", 0);
	rig_sh(&r, "exit 42");
	rig_expect(&r, "", 42 << 8);
	rig_sh(&r, "kill -9 $$");
	rig_expect(&r, "", SIGKILL);
}
END_TEST

START_TEST(stderr_comes_in_lines_before_the_end)
{
	struct rig r;

	rig_sh(&r, "echo one >&2; printf 'two\\n\\nlast' >&2; exit 3");
	rig_expect(&r, "one|two||last|", 3 << 8);
}
END_TEST

START_TEST(lines_are_printable_and_bounded)
{
	struct rig r;

	rig_sh(&r, "printf 'a\\033b\\000c\\n' >&2");
	rig_expect(&r, "a?b?c|", 0);
	rig_sh(&r, "printf '%05000d\\nx\\n' 7 >&2");
	loop_run(r.lp);
	ck_assert_uint_eq(r.lines.len, 1023 + 1 + 2);
	ck_assert_str_eq(r.lines.s + 1023, "|x|");
	rig_end(&r);
}
END_TEST

START_TEST(what_was_said_last_is_read_whole)
{
	struct rig r;
	unsigned lines = 0;

	/* More than one piece, at once before the end. */
	rig_sh(&r, "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); "
		   "done >&2");
	loop_run(r.lp);
	for (const char *p = r.lines.s; *p != '\0'; p++)
		lines += *p == '|';
	ck_assert_uint_eq(lines, 3000);
	ck_assert_int_eq(r.exits, 1);
	rig_end(&r);
}
END_TEST

START_TEST(a_program_that_cannot_run_is_an_error_at_once)
{
	static const char *const none[] = {"/nonexistent/tcpdump", NULL};
	static const char *const folder[] = {"/tmp", NULL};
	struct loop *lp = loop_new(NULL);
	struct fail why = {0};

	ck_assert_ptr_null(
	    child_start(lp, none, no_environment, &events, NULL, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_str_eq(why.text,
	    "cannot start /nonexistent/tcpdump: No such file or directory; "
	    "install it or correct its path");
	ck_assert_ptr_null(
	    child_start(lp, folder, no_environment, &events, NULL, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "Permission denied"));
	/* Nothing is left: no child, no watch. */
	loop_run(lp);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	loop_free(lp);
}
END_TEST

START_TEST(without_descriptors_the_limit_is_named)
{
	static const char *const argv[] = {"/bin/true", NULL};
	struct loop *lp = loop_new(NULL);
	struct rlimit few;
	int next;

	getrlimit(RLIMIT_NOFILE, &few);
	do
		next = dup(STDERR_FILENO);
	while (next < 30);
	/* The pipes, then what the new process needs itself. */
	for (rlim_t more = 1; more < 8; more++) {
		struct fail why = {0};

		few.rlim_cur = (rlim_t)next + more;
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
		ck_assert_ptr_null(
		    child_start(lp, argv, no_environment, &events, NULL, &why));
		ck_assert_str_eq(why.text,
		    "cannot start /bin/true: Too many open files; raise the "
		    "limit of open files");
	}
	loop_free(lp);
}
END_TEST

START_TEST(arguments_and_environment_are_exactly_those_given)
{
	static const char *const argv[] = {"/bin/sh", "-c",
	    "echo \"$0 $1 $A\" >&2; export -p >&2", "x; y", "$HOME *", NULL};
	static const char *const envp[] = {"A=b c", NULL};
	struct rig r = {0};
	struct fail why;

	setenv("SECRET_OF_THE_PARENT", "1", 1);
	r.lp = loop_new(NULL);
	ck_assert_ptr_nonnull(child_start(r.lp, argv, envp, &events, &r, &why));
	loop_run(r.lp);
	ck_assert_msg(
	    str_starts(r.lines.s, "x; y $HOME * b c|"), "%s", r.lines.s);
	ck_assert_ptr_null(strstr(r.lines.s, "SECRET"));
	rig_end(&r);
}
END_TEST

START_TEST(no_descriptor_is_inherited)
{
	struct rig r;
	int leak = dup(1); /* without FD_CLOEXEC */

	ck_assert_int_eq(fcntl(leak, F_DUPFD, 300), 300);
	rig_sh(&r, "a=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); echo $a >&2; "
		   "exec ls /proc/self/fd >&2");
	loop_run(r.lp);
	/* 3 is the folder that ls reads. */
	ck_assert_str_eq(r.lines.s, "/dev/null /dev/null|0|1|2|3|");
	rig_end(&r);
	close(leak);
	close(300);
}
END_TEST

START_TEST(our_own_standard_descriptors_may_be_closed)
{
	struct rig r;
	int keep[3];

	for (int i = 0; i < 3; i++) {
		keep[i] = fcntl(i, F_DUPFD_CLOEXEC, 50);
		close(i);
	}
	rig_sh(&r, "echo fine >&2; exit 4");
	loop_run(r.lp);
	for (int i = 0; i < 3; i++) {
		dup2(keep[i], i);
		close(keep[i]);
	}
	ck_assert_str_eq(strbuf_text(&r.lines), "fine|");
	ck_assert_int_eq(r.status, 4 << 8);
	rig_end(&r);
}
END_TEST

START_TEST(signals_start_afresh_and_the_group_is_its_own)
{
	struct rig r;
	sigset_t all;
	pid_t pid;
	unsigned long long ignored;

	/* Whoever started us may have ignored more than glibc can undo
	 * (signals 32 and 33 are its own), so one of the usual ones is looked
	 * for: SIGINT, bit 1. */
	signal(SIGINT, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	rig_sh(&r, "grep -E '^Sig(Blk|Ign)' /proc/self/status >&2; exec "
		   "sleep 100");
	pid = child_pid(r.c);
	ck_assert_int_eq(getpgid(pid), pid);
	while (r.lines.len < 2 * 24)
		loop_run_for(r.lp, 1);
	/* The tab comes as '?'. */
	ck_assert(str_starts(r.lines.s, "SigBlk:?0000000000000000|SigIgn:?"));
	ignored = strtoull(r.lines.s + strlen("SigBlk:?0000000000000000|"
					      "SigIgn:?"),
	    NULL, 16);
	ck_assert_uint_eq(ignored & 0x7fffffff, 0);
	child_signal(r.c, SIGINT);
	loop_run(r.lp);
	ck_assert_int_eq(r.status, SIGINT);
	rig_end(&r);
}
END_TEST

START_TEST(an_ignored_sigchld_loses_no_status)
{
	struct rig r;

	signal(SIGCHLD, SIG_IGN);
	rig_sh(&r, "exit 7");
	rig_expect(&r, "", 7 << 8);
}
END_TEST

START_TEST(a_killed_child_is_reaped_and_says_nothing)
{
	struct rig r;
	pid_t pid;

	rig_sh(&r, "trap '' TERM; sleep 100");
	pid = child_pid(r.c);
	child_kill(r.c);
	child_kill(NULL);
	ck_assert_int_eq(kill(pid, 0), -1);
	loop_run(r.lp);
	ck_assert_int_eq(r.exits, 0);
	rig_end(&r);
}
END_TEST

START_TEST(a_child_may_be_killed_from_its_own_line)
{
	struct rig r;

	rig_sh(&r, "echo a >&2; echo b >&2; sleep 100");
	r.kill_at_line = true;
	loop_run(r.lp);
	ck_assert_str_eq(r.lines.s, "a|");
	ck_assert_int_eq(r.exits, 0);
	rig_end(&r);
}
END_TEST

START_TEST(a_child_may_be_signalled_from_its_own_line)
{
	struct rig r;

	rig_sh(&r, "echo a >&2; exec sleep 100");
	r.signal_at_line = true;
	rig_expect(&r, "a|", SIGTERM);
}
END_TEST

START_TEST(a_grandchild_with_our_pipe_delays_the_end_only_a_little)
{
	struct rig r;
	int64_t begun;

	rig_sh(&r, "sleep 20 & echo $! >&2; exit 5");
	begun = clock_mono_ms();
	loop_run(r.lp);
	ck_assert_int_lt(clock_mono_ms() - begun, 5000);
	ck_assert_int_eq(r.exits, 1);
	ck_assert_int_eq(r.status, 5 << 8);
	kill((pid_t)atoi(r.lines.s), SIGKILL);
	rig_end(&r);
}
END_TEST

START_TEST(killing_takes_the_whole_group)
{
	struct rig r;
	pid_t grandchild;

	rig_sh(&r, "sleep 30 & echo $! >&2; wait");
	while (r.lines.len == 0)
		loop_run_for(r.lp, 1);
	grandchild = (pid_t)atoi(r.lines.s);
	child_kill(r.c);
	wait_until_dead(grandchild);
	rig_end(&r);
}
END_TEST

/* A parent that starts a child and dies; the child tells who it is. */
static void
parent_that_dies(int tell)
{
	struct rig r;
	pid_t pid;

	rig_sh(&r, "exec sleep 30");
	pid = child_pid(r.c);
	if (write(tell, &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
		_exit(1);
	_exit(0);
}

START_TEST(a_child_does_not_outlive_us)
{
	int tell[2];
	pid_t parent, child;

	ck_assert_int_eq(pipe(tell), 0);
	parent = fork();
	if (parent == 0)
		parent_that_dies(tell[1]);
	ck_assert_int_eq(read(tell[0], &child, sizeof(child)), sizeof(child));
	waitpid(parent, NULL, 0);
	wait_until_dead(child);
	close(tell[0]);
	close(tell[1]);
}
END_TEST

/* Where they are does not matter: here they are those that it uses itself. */
START_TEST(a_child_may_get_descriptors_and_a_place_for_its_output)
{
	static const char script[] =
	    "read -r a <&4; read -r b <&5; read -r c <&6; echo $a $b $c\n"
	    "for fd in 3 7 8 9; do if true <&$fd; then exit 1; fi; done "
	    "2>/dev/null";
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	struct child_files files = {.n = 3};
	char path[3][UNIT_PATH_MAX], out[UNIT_PATH_MAX];
	struct rig r = {.lp = loop_new(NULL)};
	struct fail why;
	int fds[3];

	unit_file(path[0], "one\n");
	unit_file(path[1], "two\n");
	unit_file(path[2], "three\n");
	unit_file(out, "");
	for (int i = 2; i >= 0; i--)
		fds[i] = open(path[i], O_RDONLY | O_CLOEXEC);
	files.out = open(out, O_WRONLY | O_CLOEXEC);
	files.fds = fds;
	r.c = child_start_with(
	    r.lp, argv, no_environment, &files, &events, &r, &why);
	ck_assert_ptr_nonnull(r.c);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close(files.out);
	rig_expect(&r, "", 0);
	unit_file_is(out, "one two three\n");
}
END_TEST

START_TEST(a_bare_child_has_no_capability)
{
	const char *const argv[] = {"/bin/sh", "-c",
	    "sed -n 's/^Cap\\(Inh\\|Prm\\|Amb\\):.//p' /proc/self/status | "
	    "sort -u >&2",
	    NULL};
	const struct child_files files = {.out = -1, .bare = true};
	struct rig r = {.lp = loop_new(NULL)};
	struct fail why;

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	r.c = child_start_with(
	    r.lp, argv, no_environment, &files, &events, &r, &why);
	ck_assert_ptr_nonnull(r.c);
	rig_expect(&r, "0000000000000000|", 0);
}
END_TEST

/* As SystemCallFilter=~@privileged of the units does. */
static void
forbid_capset(void)
{
	struct sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					   offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_capset, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	const struct sock_fprog program = {
	    sizeof(filter) / sizeof(filter[0]), filter};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* Root's program would have all of them: it is not started. */
START_TEST(where_a_sandbox_forbids_capset_a_bare_child_of_a_user_starts)
{
	static const char *const argv[] = {"/bin/true", NULL};
	const struct child_files files = {.out = -1, .bare = true};
	struct rig r = {.lp = loop_new(NULL)};
	struct fail why;

	forbid_capset();
	if (geteuid() == 0) {
		ck_assert_ptr_null(child_start_with(
		    r.lp, argv, no_environment, &files, &events, &r, &why));
		ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
	}
	r.c = child_start_with(
	    r.lp, argv, no_environment, &files, &events, &r, &why);
	ck_assert_msg(r.c != NULL, "%s", why.text);
	rig_expect(&r, "", 0);
}
END_TEST

START_TEST(a_program_of_ours_is_found_beside_us)
{
	char *found = child_program("check_child", "/nowhere");
	size_t len = strlen(found);

	ck_assert_int_eq(found[0], '/');
	ck_assert_str_eq(found + len - strlen("/check_child"), "/check_child");
	ck_assert_int_eq(access(found, X_OK), 0);
	free(found);
	found = child_program("no-such-program", "/nowhere/else");
	ck_assert_str_eq(found, "/nowhere/else");
	free(found);
}
END_TEST

UNIT_MAIN("child", a_program_of_ours_is_found_beside_us,
    where_a_sandbox_forbids_capset_a_bare_child_of_a_user_starts,
    a_bare_child_has_no_capability,
    a_child_may_get_descriptors_and_a_place_for_its_output,
    the_exit_status_is_told, stderr_comes_in_lines_before_the_end,
    lines_are_printable_and_bounded, what_was_said_last_is_read_whole,
    a_program_that_cannot_run_is_an_error_at_once,
    without_descriptors_the_limit_is_named,
    arguments_and_environment_are_exactly_those_given,
    no_descriptor_is_inherited, our_own_standard_descriptors_may_be_closed,
    signals_start_afresh_and_the_group_is_its_own,
    an_ignored_sigchld_loses_no_status,
    a_killed_child_is_reaped_and_says_nothing,
    a_child_may_be_killed_from_its_own_line,
    a_child_may_be_signalled_from_its_own_line,
    a_grandchild_with_our_pipe_delays_the_end_only_a_little,
    killing_takes_the_whole_group, a_child_does_not_outlive_us)
