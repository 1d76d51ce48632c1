/* sftp.c - see sftp.h.
 *
 * Owns one ssh_session, its watch and its deadlines; chooses the file and reads
 * it.  libssh2 in non-blocking mode has no time-out of its own, and may hold
 * data that poll(2) does not show: a step that stops before EAGAIN must be
 * followed by another one without waiting.
 */
#include "io/sftp.h"

#include <stdlib.h>
#include <string.h>

#include <libssh2.h>
#include <libssh2_sftp.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/ssh_session.h"
#include "loop/timer.h"

/* Key exchange and login take more round trips than TCP, and a server that
 * checks a password elsewhere takes seconds. */
#define LOGIN_CONNECTS 4
/* libssh2's pipeline: so many buffers, in READs of at most 30 000 bytes. */
#define BUFFERS_AHEAD 4
#define BUFFER_WIDE   (1536 * 1024)
#define BUFFER_NARROW 7500
/* After so much the other sessions have their turn. */
#define BUDGET_BYTES (1024 * 1024)
#define BUDGET_MS    5
/* A stall is seen at most a quarter of stall_ms late. */
#define STALL_PARTS       4
#define STALL_BYTES_PER_S 1024

enum sftp_state {
	SFTP_LOGIN,
	SFTP_INIT,
	SFTP_STAT,
	SFTP_OPEN,
	SFTP_READ,
	SFTP_CLOSE
};

static const char *const state_names[] = {
    "login", "SFTP subsystem", "stat", "open", "read", "close"};

enum outcome {
	GO_ON,  /* the state has changed, or the next file is due */
	WAIT,   /* for the descriptor */
	YIELD,  /* more can be done, in the next turn */
	FINISH, /* s->fail says how */
};

struct sftp {
	struct loop *lp;
	const struct sftp_events *events;
	void *arg;
	enum sftp_state state;
	struct ssh_session *ssh; /* NULL: could not begin */
	struct watch *watch;
	struct timer deadline;
	struct timer run; /* the next turn, or right after the start */
	bool login_timed; /* TCP stands, the deadline is the login's */
	int connect_ms;
	int stall_ms;
	LIBSSH2_SFTP *sftp;
	LIBSSH2_SFTP_HANDLE *handle;
	char *host;
	char **files;
	size_t n_files;
	size_t asked; /* so many files have been asked for */
	bool found;
	struct sftp_file file;
	struct fail trouble; /* of a file that may exist all the same */
	void *buffer;
	size_t buffer_len;
	uint64_t left; /* of the file's size, as far as that is known */
	uint64_t received[STALL_PARTS]; /* bytes, the newest part first */
	unsigned parts;                 /* so many have passed */
	bool keep, only_key;
	bool absent; /* none of the files exists */
	bool in_callback;
	bool cancelled; /* in a callback: free on the way out */
	struct fail fail;
};

static const char *
status_text(unsigned long status)
{
	/* draft-ietf-secsh-filexfer-02 section 7, the statuses of version 3 */
	static const char *const texts[] = {"ok", "end of file", "no such file",
	    "permission denied", "failure", "bad message", "no connection",
	    "connection lost", "operation not supported"};

	return status < sizeof(texts) / sizeof(texts[0]) ? texts[status]
							 : "unknown status";
}

/* An answer of the server, as opposed to trouble on the way. */
static bool
is_status(const struct sftp *s)
{
	return libssh2_session_last_errno(ssh_session_handle(s->ssh)) ==
		   LIBSSH2_ERROR_SFTP_PROTOCOL &&
	       libssh2_sftp_last_error(s->sftp) != LIBSSH2_FX_OK;
}

static bool
must_wait(const struct sftp *s)
{
	return libssh2_session_last_errno(ssh_session_handle(s->ssh)) ==
	       LIBSSH2_ERROR_EAGAIN;
}

static bool
is_absent(unsigned long status)
{
	return status == LIBSSH2_FX_NO_SUCH_FILE ||
	       status == LIBSSH2_FX_NO_SUCH_PATH;
}

/* What the last call said about `path` (NULL: about the session). */
static void
set_error(struct sftp *s, struct fail *f, const char *path)
{
	bool status = s->sftp != NULL && is_status(s);
	unsigned long code = status ? libssh2_sftp_last_error(s->sftp) : 0;
	bool final = code == LIBSSH2_FX_PERMISSION_DENIED || is_absent(code);

	fail_set(f,
	    final && s->state != SFTP_READ ? FAIL_FINAL : FAIL_TRANSIENT,
	    "SFTP %s: %s%s%s: %s", ssh_session_peer(s->ssh),
	    state_names[s->state], path != NULL ? " " : "",
	    path != NULL ? path : "",
	    status ? status_text(code) : ssh_session_error(s->ssh));
}

static enum outcome
enter(struct sftp *s, enum sftp_state state)
{
	s->state = state;
	log_write(loop_log(s->lp), LOGGING_DEBUG, s->host, "sftp", "%s: %s",
	    ssh_session_peer(s->ssh), state_names[state]);
	timer_set(&s->deadline,
	    state == SFTP_READ ? s->stall_ms / STALL_PARTS : s->stall_ms);
	return GO_ON;
}

static enum outcome
step_login(struct sftp *s)
{
	switch (ssh_session_step(s->ssh, &s->fail)) {
	case SSH_WAITING:
		break;
	case SSH_LOGGED_IN:
		return s->only_key ? FINISH : enter(s, SFTP_INIT);
	case SSH_FAILED:
		return FINISH;
	}
	if (!s->login_timed && ssh_session_connected(s->ssh)) {
		s->login_timed = true;
		timer_set(
		    &s->deadline, (int64_t)LOGIN_CONNECTS * s->connect_ms);
	}
	return WAIT;
}

static enum outcome
step_init(struct sftp *s)
{
	s->sftp = libssh2_sftp_init(ssh_session_handle(s->ssh));
	if (s->sftp != NULL && s->n_files == 0)
		return FINISH;
	if (s->sftp != NULL)
		return enter(s, SFTP_STAT);
	if (must_wait(s))
		return WAIT;
	set_error(s, &s->fail, NULL);
	return FINISH;
}

/* The newest wins, the first of equals. */
static void
consider(struct sftp *s, const LIBSSH2_SFTP_ATTRIBUTES *a)
{
	uint64_t mtime = a->flags & LIBSSH2_SFTP_ATTR_ACMODTIME ? a->mtime : 0;

	if (s->found && mtime <= s->file.mtime)
		return;
	s->found = true;
	s->file.path = s->files[s->asked];
	s->file.size = a->flags & LIBSSH2_SFTP_ATTR_SIZE ? a->filesize : 0;
	s->file.mtime = mtime;
}

static enum outcome
files_asked(struct sftp *s)
{
	struct strbuf names = STRBUF_INIT;

	if (s->found)
		return enter(s, SFTP_OPEN);
	for (size_t i = 0; i < s->n_files; i++)
		strbuf_addf(&names, "%s%s", i > 0 ? ", " : "", s->files[i]);
	s->absent = s->trouble.kind == FAIL_NONE;
	if (!s->absent)
		s->fail = s->trouble;
	else
		fail_set(&s->fail, FAIL_FINAL,
		    "SFTP %s: no capture there: %s: no such file",
		    ssh_session_peer(s->ssh), strbuf_text(&names));
	strbuf_free(&names);
	return FINISH;
}

static enum outcome
step_stat(struct sftp *s)
{
	const char *path;
	LIBSSH2_SFTP_ATTRIBUTES a;
	int rc;

	if (s->asked == s->n_files)
		return files_asked(s);
	path = s->files[s->asked];
	memset(&a, 0, sizeof(a));
	rc = libssh2_sftp_stat_ex(
	    s->sftp, path, (unsigned)strlen(path), LIBSSH2_SFTP_STAT, &a);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return WAIT;
	if (rc != 0 && !is_status(s)) {
		set_error(s, &s->fail, path);
		return FINISH;
	}
	/* A server without stat may still let the file be opened. */
	if (rc == 0 ||
	    libssh2_sftp_last_error(s->sftp) == LIBSSH2_FX_OP_UNSUPPORTED)
		consider(s, &a);
	else if (!is_absent(libssh2_sftp_last_error(s->sftp)))
		set_error(s, &s->trouble, path);
	s->asked++;
	timer_set(&s->deadline, s->stall_ms);
	return GO_ON;
}

static enum outcome
step_open(struct sftp *s)
{
	uint64_t offset;

	s->handle = libssh2_sftp_open_ex(s->sftp, s->file.path,
	    (unsigned)strlen(s->file.path), LIBSSH2_FXF_READ, 0,
	    LIBSSH2_SFTP_OPENFILE);
	if (s->handle == NULL && must_wait(s))
		return WAIT;
	if (s->handle == NULL) {
		set_error(s, &s->fail, s->file.path);
		return FINISH;
	}
	s->in_callback = true;
	offset = s->events->opened(s->arg, &s->file);
	s->in_callback = false;
	if (s->cancelled)
		return FINISH;
	libssh2_sftp_seek64(s->handle, offset);
	s->left = offset < s->file.size ? s->file.size - offset : 0;
	if (s->file.size == 0) /* it may not be known */
		s->left = UINT64_MAX;
	if (s->buffer == NULL)
		s->buffer = xreallocarray(NULL, 1, s->buffer_len);
	return enter(s, SFTP_READ);
}

static bool
deliver(struct sftp *s, size_t len)
{
	bool ok;

	s->received[0] += len;
	s->left -= len < s->left ? len : s->left;
	ssh_session_used(s->ssh, len);
	s->in_callback = true;
	ok = s->events->data(s->arg, s->buffer, len);
	s->in_callback = false;
	if (!ok && !s->cancelled)
		fail_set(&s->fail, FAIL_LOCAL,
		    "SFTP %s: read %s: the file cannot be kept here",
		    ssh_session_peer(s->ssh), s->file.path);
	return ok && !s->cancelled;
}

/* Each READ behind a file's end is a packet, and its answer another one. */
static size_t
buffer_wanted(const struct sftp *s)
{
	uint64_t part = s->left / BUFFERS_AHEAD + BUFFER_NARROW;

	return part < s->buffer_len ? (size_t)part : s->buffer_len;
}

static enum outcome
step_read(struct sftp *s)
{
	int64_t began = clock_mono_ms();
	size_t total = 0;

	do {
		ssize_t n =
		    libssh2_sftp_read(s->handle, s->buffer, buffer_wanted(s));

		if (n == LIBSSH2_ERROR_EAGAIN)
			return WAIT;
		if (n < 0)
			set_error(s, &s->fail, s->file.path);
		if (n == 0 && s->keep)
			return enter(s, SFTP_CLOSE);
		if (n <= 0 || !deliver(s, (size_t)n))
			return FINISH;
		total += (size_t)n;
	} while (total < BUDGET_BYTES && clock_mono_ms() - began < BUDGET_MS);
	return YIELD;
}

/* So that the session has only one file open.  What was asked for has come. */
static enum outcome
step_close(struct sftp *s)
{
	if (libssh2_sftp_close_handle(s->handle) == LIBSSH2_ERROR_EAGAIN)
		return WAIT;
	s->handle = NULL;
	return FINISH;
}

static enum outcome
step(struct sftp *s)
{
	switch (s->state) {
	case SFTP_LOGIN:
		return step_login(s);
	case SFTP_INIT:
		return step_init(s);
	case SFTP_STAT:
		return step_stat(s);
	case SFTP_OPEN:
		return step_open(s);
	case SFTP_READ:
		return step_read(s);
	case SFTP_CLOSE:
		return step_close(s);
	}
	return FINISH;
}

/* Close everything but the memory a callback may be using.  Waiting for the
 * server is not worth it: the file is complete or given up.  The order matters:
 * a handle that is left to libssh2_session_free() leaks, and so does one whose
 * close was never ended. */
static void
drop(struct sftp *s, bool polite)
{
	watch_free(s->watch);
	s->watch = NULL;
	timer_clear(&s->deadline);
	timer_clear(&s->run);
	if (s->ssh == NULL)
		return;
	if (polite && s->handle != NULL &&
	    libssh2_sftp_close_handle(s->handle) != LIBSSH2_ERROR_EAGAIN)
		s->handle = NULL;
	ssh_session_shut(s->ssh, polite);
	libssh2_sftp_close_handle(s->handle);
	libssh2_sftp_shutdown(s->sftp);
	s->handle = NULL;
	s->sftp = NULL;
	ssh_session_free(s->ssh);
	s->ssh = NULL;
}

static void
forget_files(struct sftp *s)
{
	for (size_t i = 0; i < s->n_files; i++)
		free(s->files[i]);
	free(s->files);
	s->files = NULL;
	s->n_files = 0;
}

static void
release(struct sftp *s)
{
	forget_files(s);
	free(s->host);
	free(s->buffer);
	free(s);
}

/* What can be asked for another file is kept, if it is to be. */
static void
rest_or_drop(struct sftp *s, bool in)
{
	enum fail_kind kind = s->fail.kind;

	if (!s->keep || !in || s->handle != NULL ||
	    (kind != FAIL_NONE && kind != FAIL_FINAL)) {
		drop(s, kind == FAIL_NONE);
		return;
	}
	watch_set(s->watch, 0);
	timer_clear(&s->deadline);
	timer_clear(&s->run);
}

static void
finish(struct sftp *s)
{
	bool in = s->state != SFTP_LOGIN;

	if (!s->cancelled) {
		rest_or_drop(s, in);
		s->in_callback = true;
		s->events->done(s->arg, in, &s->fail);
		s->in_callback = false;
	}
	if (!s->keep || s->cancelled)
		release(s);
}

static void
run(void *arg)
{
	struct sftp *s = arg;

	loop_doing(s->lp, "SFTP");
	if (s->ssh != NULL)
		ssh_session_turn(s->ssh);
	for (;;) {
		switch (s->ssh != NULL ? step(s) : FINISH) {
		case GO_ON:
			break;
		case WAIT:
			watch_set(s->watch, ssh_session_events(s->ssh));
			return;
		case YIELD:
			watch_set(s->watch, 0);
			timer_set(&s->run, 0);
			return;
		case FINISH:
			finish(s);
			return;
		}
	}
}

static void
on_ready(void *arg, short ready)
{
	(void)ready;
	run(arg);
}

/* True if the last stall_ms brought less than they must. */
static bool
is_stalled(struct sftp *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < STALL_PARTS; i++)
		sum += s->received[i];
	memmove(s->received + 1, s->received,
	    sizeof(s->received) - sizeof(s->received[0]));
	s->received[0] = 0;
	return ++s->parts >= STALL_PARTS &&
	       sum * 1000 < (uint64_t)STALL_BYTES_PER_S * (unsigned)s->stall_ms;
}

static void
on_deadline(void *arg)
{
	struct sftp *s = arg;
	const char *peer = ssh_session_peer(s->ssh);
	bool login = s->state == SFTP_LOGIN;
	int ms = s->stall_ms;

	if (s->state == SFTP_READ && !is_stalled(s)) {
		timer_set(&s->deadline, s->stall_ms / STALL_PARTS);
		return;
	}
	if (s->state == SFTP_CLOSE) {
		finish(s); /* the file has come, the session has broken */
		return;
	}
	if (login)
		ms = s->login_timed ? LOGIN_CONNECTS * s->connect_ms
				    : s->connect_ms;
	if (s->state == SFTP_READ)
		fail_set(&s->fail, FAIL_TRANSIENT,
		    "SFTP %s: read %s: stalled, less than 1 KiB/s for %d ms",
		    peer, s->file.path, ms);
	else
		fail_set(&s->fail, login ? FAIL_UNREACHABLE : FAIL_TRANSIENT,
		    "SFTP %s: %s: no answer within %d ms", peer,
		    login ? ssh_session_doing(s->ssh) : state_names[s->state],
		    ms);
	finish(s);
}

static void
take_files(struct sftp *s, const char *const *files, size_t n)
{
	s->n_files = n;
	s->files = xcalloc(n, sizeof(*s->files));
	for (size_t i = 0; i < n; i++)
		s->files[i] = xstrdup(files[i]);
}

static void
copy_spec(struct sftp *s, const struct sftp_spec *spec)
{
	s->connect_ms = spec->connect_ms;
	s->stall_ms = spec->stall_ms;
	s->buffer_len = spec->narrow ? BUFFER_NARROW : BUFFER_WIDE;
	s->host = xstrdup(spec->host);
	s->keep = spec->keep;
	s->only_key = spec->only_key;
	take_files(s, spec->files, spec->n_files);
}

struct sftp *
sftp_start(struct loop *lp, const struct sftp_spec *spec,
    const struct sftp_events *events, void *arg)
{
	const struct ssh_spec ssh = {.addr = spec->addr,
	    .port = spec->port,
	    .host = spec->host,
	    .username = spec->username,
	    .password = spec->password,
	    .private_key = spec->private_key,
	    .only_key = spec->only_key,
	    .hosts = spec->hosts,
	    .host_keys = spec->host_keys,
	    .n_host_keys = spec->n_host_keys};
	struct sftp *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->events = events;
	s->arg = arg;
	copy_spec(s, spec);
	timer_init(&s->deadline, lp, on_deadline, s);
	timer_init(&s->run, lp, run, s);
	s->ssh = ssh_session_new(&ssh, loop_log(lp), &s->fail);
	if (s->ssh == NULL) {
		timer_set(&s->run, 0);
		return s;
	}
	s->watch = watch_new(lp, ssh_session_fd(s->ssh),
	    ssh_session_events(s->ssh), on_ready, s);
	timer_set(&s->deadline, s->connect_ms);
	return s;
}

bool
sftp_next(struct sftp *s, const char *const *files, size_t n_files,
    const struct sftp_events *events, void *arg)
{
	if (s->ssh == NULL)
		return false;
	forget_files(s);
	take_files(s, files, n_files);
	s->events = events;
	s->arg = arg;
	s->asked = s->parts = 0;
	s->found = s->absent = false;
	fail_clear(&s->trouble);
	fail_clear(&s->fail);
	memset(s->received, 0, sizeof(s->received));
	/* The answers that no file's bytes are. */
	ssh_session_used(s->ssh, BUFFER_NARROW);
	enter(s, SFTP_STAT);
	timer_set(&s->run, 0);
	return true;
}

bool
sftp_is_absent(const struct sftp *s)
{
	return s->absent;
}

void
sftp_cancel(struct sftp *s)
{
	if (s == NULL || s->cancelled)
		return;
	drop(s, false);
	s->cancelled = true;
	if (!s->in_callback)
		release(s);
}
