/* hook.c - see hook.h.
 *
 * stderr is the child's, line by line; stdout is a pipe that is read here.
 */
#include "campaign/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/os_error.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/child.h"
#include "loop/timer.h"

enum {
	/* Of its lines in the log. */
	LINES_MAX = 20,
	LINE_SIZE = 1024,
	READ_SIZE = 8192,
	/* What a pipe holds: so much may be left in it at the end. */
	LAST_READS = 8
};

struct hook {
	struct loop *lp;
	struct hook_call call;
	struct child *child; /* NULL: it was not started, or has ended */
	int out;             /* its stdout; -1: at its end */
	struct watch *watch;
	struct timer limit; /* also: it could not be started */
	int64_t allowed;    /* ms, in the end */
	int64_t began;
	unsigned lines;
	size_t len;
	char line[LINE_SIZE]; /* of stdout, so far */
	char last[120];       /* of the lines on stderr */
	struct fail why;
	hook_done *done;
	void *arg;
};

/* --- what it says --- */

static void
log_line(struct hook *h, enum log_level level, const char *text)
{
	if (text[0] == '\0')
		return;
	h->lines++;
	if (h->lines <= LINES_MAX)
		log_write(loop_log(h->lp), level, h->call.device, "hook",
		    "%s: %s", h->call.key, text);
	else if (h->lines == LINES_MAX + 1)
		log_write(loop_log(h->lp), LOGGING_WARNING, h->call.device,
		    "hook", "%s says more than is kept here", h->call.key);
}

static void
on_error_line(void *arg, const char *text)
{
	struct hook *h = arg;

	if (text[0] != '\0')
		str_copy(h->last, sizeof(h->last), text);
	log_line(h, LOGGING_WARNING, text);
}

static void
end_line(struct hook *h)
{
	h->line[h->len] = '\0';
	h->len = 0;
	str_printable(h->line);
	log_line(h, LOGGING_DEBUG, h->line);
}

/* What does not fit into a line is dropped. */
static void
add_text(struct hook *h, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			end_line(h);
		else if (h->len < LINE_SIZE - 1)
			h->line[h->len++] = text[i] == '\0' ? '?' : text[i];
}

static void
close_out(struct hook *h)
{
	watch_free(h->watch);
	h->watch = NULL;
	if (h->out >= 0)
		close(h->out);
	h->out = -1;
}

/* One piece; false: there is none now, or there will be none. */
static bool
read_out(struct hook *h)
{
	char text[READ_SIZE];
	ssize_t n = read(h->out, text, sizeof(text));

	if (n > 0)
		add_text(h, text, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_out(h);
	return n > 0;
}

/* One a turn: a program that never stops talking holds up nobody. */
static void
on_out(void *arg, short ready)
{
	(void)ready;
	(void)read_out(arg);
}

/* --- its end --- */

static void
release(struct hook *h)
{
	timer_clear(&h->limit);
	child_kill(h->child);
	close_out(h);
	free(h);
}

static void
finish(struct hook *h)
{
	h->done(h->arg, &h->why);
	release(h);
}

static void
judge(struct hook *h, int status)
{
	const char *says = h->last[0] != '\0' ? "; it says: " : "";

	if (WIFSIGNALED(status))
		fail_set(&h->why, FAIL_LOCAL, "it was killed (%s)%s%s",
		    strsignal(WTERMSIG(status)), says, h->last);
	else if (WEXITSTATUS(status) != 0)
		fail_set(&h->why, FAIL_LOCAL, "it ended with status %d%s%s",
		    WEXITSTATUS(status), says, h->last);
}

/* What it leaves behind may hold its output open: that is not waited for. */
static void
on_exited(void *arg, int status)
{
	struct hook *h = arg;

	h->child = NULL;
	for (int i = 0; i < LAST_READS && h->out >= 0 && read_out(h); i++)
		;
	if (h->len > 0)
		end_line(h);
	judge(h, status);
	finish(h);
}

static void
on_limit(void *arg)
{
	struct hook *h = arg;
	char span[CLOCK_TEXT_MAX];

	if (h->why.kind == FAIL_NONE)
		fail_set(&h->why, FAIL_LOCAL,
		    "it had not ended after %s and was killed%s%s",
		    clock_span(h->allowed, span),
		    h->last[0] != '\0' ? "; it says: " : "", h->last);
	finish(h);
}

/* --- starting --- */

static void
start_child(struct hook *h, const struct child_files *files)
{
	static const struct child_events events = {on_error_line, on_exited};
	const char *const argv[] = {h->call.program, h->call.folder, NULL};

	h->child = child_start_with(h->lp, argv, hook_facts_env(h->call.facts),
	    files, &events, h, &h->why);
}

static void
start(struct hook *h)
{
	struct child_files files = {.bare = true};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		os_error_set(
		    &h->why, OS_RUN, errno, "cannot start %s", h->call.program);
		return;
	}
	files.out = ends[1];
	start_child(h, &files);
	close(ends[1]);
	h->out = ends[0];
	fcntl(h->out, F_SETFL, O_NONBLOCK); /* our end only */
	if (h->child != NULL)
		h->watch = watch_new(h->lp, h->out, POLLIN, on_out, h);
}

struct hook *
hook_start(
    struct loop *lp, const struct hook_call *call, hook_done *done, void *arg)
{
	struct hook *h = xcalloc(1, sizeof(*h));

	h->lp = lp;
	h->call = *call;
	h->out = -1;
	h->allowed = call->timeout;
	h->began = loop_now(lp);
	h->done = done;
	h->arg = arg;
	timer_init(&h->limit, lp, on_limit, h);
	start(h);
	h->call.facts = NULL;
	timer_set(&h->limit, h->child != NULL ? h->allowed : 0);
	return h;
}

void
hook_hurry(struct hook *h, int64_t ms)
{
	if (h->child == NULL || timer_left(&h->limit) <= ms)
		return;
	h->allowed = loop_now(h->lp) - h->began + ms;
	timer_set(&h->limit, ms);
}

void
hook_cancel(struct hook *h)
{
	if (h != NULL)
		release(h);
}
