/* child.c - children: started without a shell, watched until their end.
 *
 * Owned by whoever runs a program (a capture).  The end is learned from a
 * pidfd, pidfd_open(2), so neither SIGCHLD nor a reused pid can mislead.
 */
#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "base/log.h"
#include "base/str.h"
#include "base/os_error.h"
#include "base/xmem.h"
#include "loop/timer.h"

enum {
	LINE_SIZE = 1024,
	READ_SIZE = 8192,
	/* A grandchild may keep stderr open after the child is gone. */
	LAST_WORDS_MS = 500,
	/* How long a killed child may take to vanish, before we stop looking:
	 * one that hangs in the kernel must not hold up the loop. */
	KILL_WAIT_MS = 1000,
	/* In the child: where descriptors wait for the lower ones to be free,
	 * behind those that it gets. */
	SAFE_FD = 10,
	REPORT_FD = 3,
	/* exit(127): somebody else in this process took the status. */
	UNKNOWN_STATUS = 127 << 8
};

struct child {
	struct loop *lp;
	const struct child_events *events;
	void *arg;
	pid_t pid;
	int pidfd;     /* -1: reaped */
	int stderr_fd; /* -1: at its end */
	struct watch *exit_watch;
	struct watch *stderr_watch;
	struct timer last_words;
	int status;
	bool calling; /* one of the events is running */
	bool killed;  /* by that event */
	size_t line_len;
	char line[LINE_SIZE];
};

/* Of a child that gets no more than all get. */
static const struct child_files no_files = {.out = -1, .ambient = true};

/* What the new process needs to know; made before the fork. */
struct plan {
	const char *const *argv;
	const char *const *envp;
	const struct child_files *files;
	int *moved; /* room for as many as `files` has */
	pid_t parent;
	int stderr_fd;
	int report_fd;
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* From here to exec_plan(): between fork and exec, async-signal-safe calls
 * only, signal-safety(7). */

static void
default_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	/* Fails for SIGKILL, SIGSTOP and those of the C library. */
	for (int signo = 1; signo < _NSIG; signo++)
		sigaction(signo, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool
arrange_files(const struct plan *p, int safe)
{
	const struct child_files *f = p->files;

	for (int i = 0; i < f->n; i++)
		if ((p->moved[i] = fcntl(f->fds[i], F_DUPFD, safe)) < 0)
			return false;
	for (int i = 0; i < f->n; i++)
		if (dup2(p->moved[i], CHILD_FD_FIRST + i) < 0)
			return false;
	return true;
}

static bool
arrange_descriptors(const struct plan *p)
{
	int nothing, in, out, err, report, safe = SAFE_FD + p->files->n;

	/* Any of the lower ones may be in use by any of these. */
	if ((nothing = open("/dev/null", O_RDWR)) < 0 ||
	    (in = fcntl(nothing, F_DUPFD, safe)) < 0 ||
	    (out = p->files->out < 0
		       ? in
		       : fcntl(p->files->out, F_DUPFD, safe)) < 0 ||
	    (err = fcntl(p->stderr_fd, F_DUPFD, safe)) < 0 ||
	    (report = fcntl(p->report_fd, F_DUPFD, safe)) < 0)
		return false;
	return arrange_files(p, safe) &&
	       dup3(report, REPORT_FD, O_CLOEXEC) >= 0 &&
	       dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	       dup2(err, STDERR_FILENO) >= 0 &&
	       close_range((unsigned)(CHILD_FD_FIRST + p->files->n), ~0U, 0) ==
		   0;
}

static __attribute__((noreturn)) void
report_errno(int fd)
{
	int error = errno;
	ssize_t n = write(fd, &error, sizeof(error));

	(void)n;
	_exit(127);
}

/* Through execve(2) who is not root passes ambient ones alone: a sandbox that
 * forbids capset(2) takes nothing away.  Under no_new_privs a program of root's
 * gets none back, either. */
static bool
give_up_capabilities(const struct child_files *f)
{
	if (!f->ambient)
		(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return !f->bare || capabilities_keep(0) || geteuid() != 0;
}

static __attribute__((noreturn)) void
exec_plan(const struct plan *p)
{
	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		report_errno(p->report_fd);
	/* Had we died before that call, no signal would come. */
	if (getppid() != p->parent)
		_exit(127);
	if (!give_up_capabilities(p->files) || !arrange_descriptors(p))
		report_errno(p->report_fd);
	default_signals();
	/* execve(2) changes neither; its prototype is older than const. */
	execve(p->argv[0], (char *const *)(uintptr_t)p->argv,
	    (char *const *)(uintptr_t)p->envp);
	report_errno(REPORT_FD);
}

/* No handler of ours may run in the child. */
static pid_t
fork_plan(const struct plan *p)
{
	sigset_t all, before;
	pid_t pid;
	int error;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		exec_plan(p);
	error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

/* Wait until the child runs its program, which closes the pipe, or tells why
 * it cannot: 0 or an errno. */
static int
read_report(int fd)
{
	int error = 0;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(error) ? error : 0;
}

/* Fork and watch the exec; the pid with *pidfd, or -1 with errno. */
static pid_t
launch(struct plan *p, int *pidfd)
{
	int report[2], error;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) != 0)
		return -1;
	p->report_fd = report[1];
	pid = fork_plan(p);
	error = errno;
	close(report[1]);
	if (pid > 0) {
		*pidfd = pidfd_open(pid, 0);
		error = *pidfd < 0 ? errno : read_report(report[0]);
		if (error != 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			close_fd(pidfd);
			pid = -1;
		}
	}
	close(report[0]);
	errno = error;
	return pid;
}

static void
release(struct child *c)
{
	timer_clear(&c->last_words);
	watch_free(c->exit_watch);
	watch_free(c->stderr_watch);
	close_fd(&c->pidfd);
	close_fd(&c->stderr_fd);
	free(c);
}

/* Hand a line over; false if that killed the child, which is gone then. */
static bool
call_line(struct child *c)
{
	bool killed;

	c->line[c->line_len] = '\0';
	c->line_len = 0;
	str_printable(c->line);
	c->calling = true;
	c->events->line(c->arg, c->line);
	c->calling = false;
	killed = c->killed;
	if (killed)
		release(c);
	return !killed;
}

/* What does not fit into a line is dropped. */
static void
add_text(struct child *c, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			if (!call_line(c))
				return;
		} else if (c->line_len < LINE_SIZE - 1) {
			c->line[c->line_len++] =
			    text[i] == '\0' ? '?' : text[i];
		}
	}
}

static void
finish(struct child *c)
{
	if (c->line_len > 0 && !call_line(c))
		return;
	c->calling = true;
	c->events->exited(c->arg, c->status);
	release(c);
}

static void
on_last_words_over(void *arg)
{
	finish(arg);
}

static void
stderr_ended(struct child *c)
{
	watch_free(c->stderr_watch);
	c->stderr_watch = NULL;
	close_fd(&c->stderr_fd);
	if (c->pidfd < 0)
		finish(c);
}

/* One piece a turn: a child that never stops talking holds up nobody. */
static void
on_stderr(void *arg, short ready)
{
	struct child *c = arg;
	char text[READ_SIZE];
	ssize_t n = read(c->stderr_fd, text, sizeof(text));

	(void)ready;
	if (n > 0)
		add_text(c, text, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		stderr_ended(c);
}

static void
on_exit_ready(void *arg, short ready)
{
	struct child *c = arg;
	pid_t pid = waitpid(c->pid, &c->status, WNOHANG);

	(void)ready;
	if (pid == 0)
		return;
	if (pid < 0)
		c->status = UNKNOWN_STATUS;
	watch_free(c->exit_watch);
	c->exit_watch = NULL;
	close_fd(&c->pidfd);
	if (c->stderr_fd < 0)
		finish(c);
	else
		timer_set(&c->last_words, LAST_WORDS_MS);
}

static struct child *
adopt(struct loop *lp, pid_t pid, int pidfd, int stderr_fd)
{
	struct child *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	c->pid = pid;
	c->pidfd = pidfd;
	c->stderr_fd = stderr_fd;
	timer_init(&c->last_words, lp, on_last_words_over, c);
	c->exit_watch = watch_new(lp, pidfd, POLLIN, on_exit_ready, c);
	c->stderr_watch = watch_new(lp, stderr_fd, POLLIN, on_stderr, c);
	return c;
}

/* Ignored, which may be inherited, SIGCHLD would let the kernel reap our
 * children and throw their status away. */
static void
keep_exit_statuses(void)
{
	struct sigaction now;

	if (sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		signal(SIGCHLD, SIG_DFL);
}

static void
cannot_start(struct fail *why, const char *program, int error)
{
	os_error_set(why, OS_RUN, error, "cannot start %s", program);
}

struct child *
child_start_with(struct loop *lp, const char *const argv[],
    const char *const envp[], const struct child_files *files,
    const struct child_events *events, void *arg, struct fail *why)
{
	struct plan plan = {
	    .argv = argv, .envp = envp, .files = files, .parent = getpid()};
	int words[2], pidfd = -1, error;
	struct child *c;
	pid_t pid;

	keep_exit_statuses();
	if (pipe2(words, O_CLOEXEC) != 0) {
		cannot_start(why, argv[0], errno);
		return NULL;
	}
	plan.moved = xcalloc((size_t)files->n, sizeof(*plan.moved));
	plan.stderr_fd = words[1];
	pid = launch(&plan, &pidfd);
	error = errno;
	free(plan.moved);
	close(words[1]);
	if (pid < 0) {
		close(words[0]);
		cannot_start(why, argv[0], error);
		return NULL;
	}
	/* Our end only: the child's writes block as they always do. */
	fcntl(words[0], F_SETFL, O_NONBLOCK);
	c = adopt(lp, pid, pidfd, words[0]);
	c->events = events;
	c->arg = arg;
	return c;
}

struct child *
child_start(struct loop *lp, const char *const argv[], const char *const envp[],
    const struct child_events *events, void *arg, struct fail *why)
{
	return child_start_with(lp, argv, envp, &no_files, events, arg, why);
}

/* NULL: it is not there. */
static char *
program_in(const char *folder, const char *below, const char *name)
{
	char *path = xasprintf("%s%s/%s", folder, below, name);

	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
child_program(const char *name, const char *otherwise)
{
	char folder[PATH_MAX], *slash, *found = NULL;
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

	folder[n > 0 ? n : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL) {
		*slash = '\0';
		found = program_in(folder, "", name);
		if (found == NULL)
			found = program_in(
			    folder, "/../libexec/traffic-capture", name);
	}
	return found != NULL ? found : xstrdup(otherwise);
}

pid_t
child_pid(const struct child *c)
{
	return c->pid;
}

void
child_signal(struct child *c, int signo)
{
	if (c->pidfd >= 0)
		pidfd_send_signal(c->pidfd, signo, NULL, 0);
}

static void
kill_and_reap(struct child *c)
{
	struct pollfd p = {.fd = c->pidfd, .events = POLLIN};

	/* Not reaped yet, so the pid, and the group by it, are still its. */
	kill(-c->pid, SIGKILL);
	pidfd_send_signal(c->pidfd, SIGKILL, NULL, 0);
	while (poll(&p, 1, KILL_WAIT_MS) < 0 && errno == EINTR)
		;
	if (waitpid(c->pid, NULL, WNOHANG) == 0)
		log_write(loop_log(c->lp), LOGGING_WARNING, NULL, "child",
		    "process %d was killed and does not end: look for a "
		    "disk or network mount that hangs",
		    (int)c->pid);
}

void
child_kill(struct child *c)
{
	if (c == NULL)
		return;
	if (c->pidfd >= 0 && !c->killed)
		kill_and_reap(c);
	c->killed = true;
	/* Inside one of its events, it is freed after that. */
	if (!c->calling)
		release(c);
}
