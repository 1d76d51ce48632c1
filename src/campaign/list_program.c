/* list_program.c - see list_program.h.
 *
 * Has a loop of its own, which turns until the program has ended: there is no
 * campaign yet.  Called when the configuration is loaded.
 */
#include "campaign/list_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/os_error.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/child.h"
#include "loop/timer.h"

/* Of its lines in the log. */
#define LINES_MAX 20
/* Its output is there when it ends; what comes later is somebody else's. */
#define REST_MS   1000
#define READ_SIZE 65536
#define SAFE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct run {
	struct loop *lp;
	const char *program;
	struct child *child; /* NULL: it has ended */
	int fd;              /* -1: its output was read to its end */
	struct watch *watch;
	struct timer limit, rest;
	int64_t limit_ms;
	char *text;
	size_t len, cap;
	int status;
	int signo; /* that is to end us; 0: none */
	int lines;
	char last[120]; /* of them */
	struct fail why;
};

/* --- its end --- */

static void
close_output(struct run *r)
{
	watch_free(r->watch);
	r->watch = NULL;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

static void
give_up(struct run *r)
{
	child_kill(r->child);
	r->child = NULL;
	close_output(r);
	loop_stop(r->lp);
}

static void
see_to_end(struct run *r)
{
	if (r->child == NULL && r->fd < 0)
		loop_stop(r->lp);
}

static void
on_limit(void *arg)
{
	struct run *r = arg;
	char span[CLOCK_TEXT_MAX];

	fail_set(&r->why, FAIL_LOCAL,
	    "it had not ended after %s and was killed",
	    clock_span(r->limit_ms, span));
	give_up(r);
}

static void
on_rest(void *arg)
{
	struct run *r = arg;

	fail_set(&r->why, FAIL_LOCAL,
	    "it has ended, but something that it started still holds its "
	    "output: its list may be cut off");
	give_up(r);
}

/* By itself it would end without the program's own children. */
static void
on_signal(void *arg, int signo)
{
	struct run *r = arg;

	r->signo = signo;
	fail_set(&r->why, FAIL_LOCAL, "interrupted");
	give_up(r);
}

static void
on_exited(void *arg, int status)
{
	struct run *r = arg;

	r->child = NULL;
	r->status = status;
	if (r->fd >= 0)
		timer_set(&r->rest, REST_MS);
	see_to_end(r);
}

/* --- what it prints --- */

static void
on_line(void *arg, const char *text)
{
	struct run *r = arg;

	if (text[0] == '\0')
		return;
	str_copy(r->last, sizeof(r->last), text);
	if (++r->lines > LINES_MAX)
		return;
	log_write(loop_log(r->lp), LOGGING_WARNING, NULL, "devices", "%s: %s",
	    r->program, text);
}

static void
make_room(struct run *r)
{
	size_t cap = r->cap * 2;

	if (r->cap - r->len > READ_SIZE)
		return;
	r->text = bytes_grow(r->text, r->cap, cap);
	r->cap = cap;
}

static void
on_output(void *arg, short ready)
{
	struct run *r = arg;
	ssize_t n;

	(void)ready;
	make_room(r);
	n = read(r->fd, r->text + r->len, READ_SIZE);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_output(r);
		see_to_end(r);
		return;
	}
	r->len += (size_t)n;
	if (r->len <= LIST_PROGRAM_MOST)
		return;
	fail_set(
	    &r->why, FAIL_LOCAL, "it printed more than 16 MB and was killed");
	give_up(r);
}

/* --- starting --- */

/* "NAME=value", or NULL. */
static char *
variable(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	if (value == NULL)
		value = fallback;
	return value == NULL ? NULL : xasprintf("%s=%s", name, value);
}

static void
start_child(struct run *r, char *const *words, size_t n, int out)
{
	static const struct child_events events = {on_line, on_exited};
	const struct child_files files = {.out = out, .bare = true};
	char *env[] = {variable("PATH", SAFE_PATH), variable("LANG", NULL),
	    variable("TZ", NULL)};
	const char *envp[4] = {NULL};
	const char **argv = xcalloc(n + 1, sizeof(*argv));
	size_t n_env = 0;

	for (size_t i = 0; i < n; i++)
		argv[i] = words[i];
	for (size_t i = 0; i < 3; i++)
		if (env[i] != NULL)
			envp[n_env++] = env[i];
	r->child =
	    child_start_with(r->lp, argv, envp, &files, &events, r, &r->why);
	for (size_t i = 0; i < 3; i++)
		free(env[i]);
	free(argv);
}

static void
start(struct run *r, char *const *words, size_t n)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		os_error_set(&r->why, OS_RUN, errno, "cannot start it");
		return;
	}
	/* Before it can have children of its own. */
	loop_on_signal(r->lp, SIGTERM, on_signal, r);
	loop_on_signal(r->lp, SIGINT, on_signal, r);
	start_child(r, words, n, ends[1]);
	close(ends[1]);
	r->fd = ends[0];
	if (r->child == NULL)
		return;
	fcntl(r->fd, F_SETFL, O_NONBLOCK); /* our end only */
	r->watch = watch_new(r->lp, r->fd, POLLIN, on_output, r);
	timer_set(&r->limit, r->limit_ms);
	loop_run(r->lp);
}

/* --- judging --- */

static void
judge(struct run *r)
{
	const char *says = r->last[0] != '\0' ? "; it says: " : "";

	if (r->why.kind != FAIL_NONE)
		return;
	if (WIFSIGNALED(r->status))
		fail_set(&r->why, FAIL_LOCAL, "it was killed (%s)%s%s",
		    strsignal(WTERMSIG(r->status)), says, r->last);
	else if (WEXITSTATUS(r->status) != 0)
		fail_set(&r->why, FAIL_LOCAL, "it ended with status %d%s%s",
		    WEXITSTATUS(r->status), says, r->last);
	else if (r->len == 0)
		fail_set(&r->why, FAIL_LOCAL, "it printed nothing%s%s", says,
		    r->last);
}

char *
list_program_run(struct log *lg, char *const *words, size_t n_words,
    int64_t limit_ms, size_t *len, struct fail *why)
{
	struct run r = {.lp = loop_new(lg),
	    .program = words[0],
	    .fd = -1,
	    .limit_ms = limit_ms,
	    .cap = (size_t)2 * READ_SIZE};
	char *text = NULL;
	sigset_t before;

	sigprocmask(SIG_BLOCK, NULL, &before);
	r.text = xcalloc(r.cap, 1);
	timer_init(&r.limit, r.lp, on_limit, &r);
	timer_init(&r.rest, r.lp, on_rest, &r);
	start(&r, words, n_words);
	judge(&r);
	if (r.why.kind == FAIL_NONE) {
		*len = r.len;
		text = bytes_grow(r.text, r.cap, r.len + 1);
	} else {
		*why = r.why;
		bytes_free(r.text, r.cap);
	}
	timer_clear(&r.limit);
	timer_clear(&r.rest);
	close_output(&r);
	loop_free(r.lp);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (r.signo != 0)
		raise(r.signo); /* as if nobody had taken it */
	return text;
}
