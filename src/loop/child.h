/* child.h - a program that runs beside us, its stderr read line by line.
 *
 * No shell.  The child has its own process group (Ctrl-C at our terminal is not
 * for it), an empty signal mask, default signal actions, /dev/null as stdin and
 * stdout, no other descriptor of ours, and gets SIGTERM should we die
 * (PR_SET_PDEATHSIG, prctl(2)).
 */
#ifndef LOOP_CHILD_H
#define LOOP_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/fail.h"
#include "loop/loop.h"

struct child;

struct child_events {
	/* A line of stderr without its newline, made printable, at most 1023
	 * bytes; an unfinished last line comes when the stream ends. */
	void (*line)(void *arg, const char *text);
	/* The child has ended and stderr was read to its end; `status` as from
	 * waitpid(2).  Runs once; the child is freed after it returns. */
	void (*exited)(void *arg, int status);
};

/* Start argv[0] (an absolute path) with exactly this argument vector and
 * environment, both NULL-terminated.  NULL and FAIL_LOCAL in `why` if it cannot
 * be started.  `events` outlives the child. */
struct child *child_start(struct loop *lp, const char *const argv[],
    const char *const envp[], const struct child_events *events, void *arg,
    struct fail *why);
/* The same for a child that gets more: a place for its stdout, and descriptors
 * that are open, which it has in this order from CHILD_FD_FIRST on.  All stay
 * the caller's, who may close them at once.  Of our ambient capabilities, which
 * are for who captures, it has none, unless it is to. */
#define CHILD_FD_FIRST 4
struct child_files {
	int out; /* -1: /dev/null */
	const int *fds;
	int n;
	bool bare;    /* it has no capability, whatever this process may do */
	bool ambient; /* it has ours, as from child_start() */
};
struct child *child_start_with(struct loop *lp, const char *const argv[],
    const char *const envp[], const struct child_files *files,
    const struct child_events *events, void *arg, struct fail *why);
/* The path of a program of ours: beside the running one or, of those that only
 * another one starts, below the same place; else `otherwise`.  free(3) */
char *child_program(const char *name, const char *otherwise);
pid_t child_pid(const struct child *c);
/* Send a signal; harmless if the child has just ended. */
void child_signal(struct child *c, int signo);
/* Kill with SIGKILL, reap, free; no event runs.  NULL is accepted. */
void child_kill(struct child *c);

#endif
