/* comparison.c - one event's captures, given to traffic-capture-compare.
 *
 * Opens them, starts the child, reads what it wrote when it has ended.
 */
#include "campaign/comparison.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/os_error.h"
#include "base/xmem.h"
#include "compare/result_decode.h"
#include "compare/result_json.h"
#include "conf/conf_value.h"
#include "conf/device_label.h"
#include "loop/child.h"

#define PROGRAM "traffic-capture-compare"
/* Of what it says on stderr, in the log. */
#define LINES_MAX 20
/* The pieces, the device's capture, both records. */
#define FILES_MAX (COMPARISON_PIECES_MAX + 3)
/* Before the descriptors stand the program and six words, behind them NULL. */
#define WORDS_MAX (2 * FILES_MAX + 8)

struct comparison {
	const struct tools *tools;
	const struct past_event *event;
	struct child *child;
	int out; /* what it writes; -1: nothing */
	struct timer limit;
	int lines;
	char last[160];  /* of its lines */
	struct fail why; /* it could not be started */
	comparison_done *done;
	void *arg;
};

/* What is open for the child. */
struct given {
	int folder;
	int fds[FILES_MAX];
	char *words[FILES_MAX]; /* "4=CPE_device_..." */
	int n;
};

char *
comparison_program(void)
{
	return child_program(PROGRAM, BINDIR "/" PROGRAM);
}

/* --- the files --- */

static bool
is_regular(int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return false;
	errno = EINVAL;
	return S_ISREG(st.st_mode);
}

/* False with errno: it is not there, or cannot be read. */
static bool
give_file(struct given *g, const char *name)
{
	int fd = openat(g->folder, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	if (!is_regular(fd)) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	g->words[g->n] = xasprintf("%d=%s", CHILD_FD_FIRST + g->n, name);
	g->fds[g->n++] = fd;
	return true;
}

static bool
must_give(struct given *g, const char *name, struct fail *why)
{
	if (give_file(g, name))
		return true;
	fail_set(why, FAIL_LOCAL, "cannot read %s: %s", name, strerror(errno));
	return false;
}

static bool
give_pieces(struct given *g, const struct past_event *e, struct fail *why)
{
	char name[CAPTURE_NAME_MAX];
	size_t i = e->n_pieces > COMPARISON_PIECES_MAX
		       ? e->n_pieces - COMPARISON_PIECES_MAX
		       : 0;

	for (; i < e->n_pieces; i++) {
		capture_name_ovoc(name, e->round.file, e->pieces[i]);
		if (!must_give(g, name, why))
			return false;
	}
	return true;
}

static bool
give_all(struct given *g, const struct past_event *e, struct fail *why)
{
	char name[CAPTURE_NAME_MAX];

	g->folder = open(
	    e->books.captures, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (g->folder < 0) {
		fail_set(why, FAIL_LOCAL, "cannot open %s: %s",
		    e->books.captures, strerror(errno));
		return false;
	}
	if (!must_give(g, e->round.file, why) || !give_pieces(g, e, why))
		return false;
	/* Without either record it is compared all the same. */
	capture_name_sidecar(name, "", e->round.file);
	(void)give_file(g, name);
	capture_name_campaign(name, e->round.file);
	(void)give_file(g, name);
	return true;
}

static void
given_clear(struct given *g)
{
	for (int i = 0; i < g->n; i++) {
		close(g->fds[i]);
		free(g->words[i]);
	}
	if (g->folder >= 0)
		close(g->folder);
}

/* --- what it found --- */

static bool
read_text(int fd, struct strbuf *to)
{
	char piece[16384];
	off_t at = 0;
	ssize_t n;

	while (to->len <= RESULT_JSON_MAX &&
	       (n = pread(fd, piece, sizeof(piece), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		strbuf_add_bytes(to, piece, (size_t)n);
		at += n;
	}
	return true;
}

static bool
check_status(const struct compare_result *r, int code, struct fail *why)
{
	if (r->exit_status == code)
		return true;
	fail_set(why, FAIL_FINAL,
	    "its result cannot be read: it ended with status %d and says %d",
	    code, r->exit_status);
	return false;
}

static struct compare_result *
read_result(const struct comparison *c, int code, struct fail *why)
{
	struct strbuf text = STRBUF_INIT;
	struct compare_result *r = NULL;
	struct fail wrong = {0};

	if (read_text(c->out, &text))
		r = result_decode(strbuf_text(&text), text.len, &wrong);
	else
		fail_set(&wrong, FAIL_LOCAL, "%s", strerror(errno));
	strbuf_free(&text);
	if (r == NULL)
		fail_set(why, FAIL_FINAL,
		    "its result cannot be read: it ended with status %d; %s%s%s",
		    code, wrong.text, c->last[0] != '\0' ? "; it says: " : "",
		    c->last);
	if (r == NULL || check_status(r, code, why))
		return r;
	free(r);
	return NULL;
}

static void
set_late(const struct comparison *c, struct fail *why)
{
	struct strbuf limit = STRBUF_INIT;

	conf_duration_text(c->tools->conf->compare.timeout, &limit);
	fail_set(why, FAIL_LOCAL,
	    "it took longer than compare.timeout (%s) and was killed",
	    strbuf_text(&limit));
	strbuf_free(&limit);
}

static void
set_killed(const struct comparison *c, int signo, struct fail *why)
{
	struct strbuf limit = STRBUF_INIT;

	conf_size_text(c->tools->conf->compare.memory, &limit);
	/* base/xmem ends so; so does the kernel where no memory is left. */
	if (signo == SIGABRT || signo == SIGKILL)
		fail_set(why, FAIL_LOCAL,
		    "it was killed (%s): most likely it wanted more memory "
		    "than compare.memory (%s), or than this host has",
		    strsignal(signo), strbuf_text(&limit));
	else if (signo == SIGXCPU)
		set_late(c, why);
	else
		fail_set(
		    why, FAIL_LOCAL, "it was killed (%s)", strsignal(signo));
	strbuf_free(&limit);
}

static void
release(struct comparison *c)
{
	timer_clear(&c->limit);
	child_kill(c->child);
	if (c->out >= 0)
		close(c->out);
	free(c);
}

static void
finish(struct comparison *c, const struct compare_result *r,
    const struct fail *why)
{
	c->done(c->arg, r, why);
	release(c);
}

static void
on_exited(void *arg, int status)
{
	struct comparison *c = arg;
	struct compare_result *r = NULL;
	struct fail why = {0};

	c->child = NULL;
	if (WIFSIGNALED(status))
		set_killed(c, WTERMSIG(status), &why);
	else
		r = read_result(c, WEXITSTATUS(status), &why);
	finish(c, r, &why);
	free(r);
}

static void
on_line(void *arg, const char *text)
{
	struct comparison *c = arg;
	char label[DEVICE_LABEL_MAX];

	str_copy(c->last, sizeof(c->last), text);
	if (++c->lines > LINES_MAX)
		return;
	log_about(loop_log(c->tools->lp), LOGGING_WARNING,
	    device_label(c->event->conf, label), "compare",
	    &(struct log_facts){.device = c->event->conf->address,
		.event = c->event->round.event},
	    "%s", text);
}

/* It could not be started, or it takes too long. */
static void
on_limit(void *arg)
{
	struct comparison *c = arg;
	struct fail why = c->why;

	if (why.kind == FAIL_NONE)
		set_late(c, &why);
	finish(c, NULL, &why);
}

/* --- starting --- */

/* The words behind the program's name, those of the descriptors last. */
static void
start_with(struct comparison *c, const char *program, const struct given *g)
{
	static const struct child_events events = {on_line, on_exited};
	const struct compare_section *conf = &c->tools->conf->compare;
	struct child_files files = {.out = c->out, .fds = g->fds, .n = g->n};
	const char *argv[WORDS_MAX] = {program, "--format", "json"};
	const char *zone = getenv("TZ"), *envp[2] = {NULL, NULL};
	char *confine = xasprintf(
	    "--confine=%lld", (long long)(conf->timeout + 999) / 1000);
	char *memory =
	    xasprintf("--memory=%lldM", (long long)conf->memory / 1000000);
	char *tz = zone != NULL ? xasprintf("TZ=%s", zone) : NULL;
	int n = 3;

	argv[n++] = confine;
	argv[n++] = memory;
	for (int i = 0; i < g->n; i++) {
		argv[n++] = "--descriptor";
		argv[n++] = g->words[i];
	}
	envp[0] = tz;
	c->child = child_start_with(
	    c->tools->lp, argv, envp, &files, &events, c, &c->why);
	free(confine);
	free(memory);
	free(tz);
}

struct comparison *
comparison_start(const struct tools *t, const char *program,
    const struct past_event *e, comparison_done *done, void *arg)
{
	struct comparison *c = xcalloc(1, sizeof(*c));
	struct given g = {.folder = -1};

	c->tools = t;
	c->event = e;
	c->done = done;
	c->arg = arg;
	timer_init(&c->limit, t->lp, on_limit, c);
	/* Its pages are written by the child alone, and at most so many as its
	 * limit of a file's size allows. */
	c->out = memfd_create("comparison", MFD_CLOEXEC);
	if (c->out < 0)
		os_error_set(&c->why, OS_RUN, errno, "cannot compare");
	else if (give_all(&g, e, &c->why))
		start_with(c, program, &g);
	given_clear(&g);
	timer_set(&c->limit, c->child != NULL ? t->conf->compare.timeout : 0);
	return c;
}

void
comparison_cancel(struct comparison *c)
{
	if (c != NULL)
		release(c);
}
