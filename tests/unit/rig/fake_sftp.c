/* fake_sftp.c - io/sftp.h in front of the fake devices, and of a server with
 * sessions that are kept.
 */
#include "io/sftp.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "fake_device.h"
#include "fake_server.h"
#include "loop/timer.h"
#include "../unit.h"

#define LOGIN_MS 30
#define PIECE    50 /* bytes a millisecond */

enum phase { PHASE_LOGIN, PHASE_READ, PHASE_STALLED };

struct sftp {
	struct fake_server *server; /* NULL: it is a device's */
	bool only; /* a login, and kept until it is cancelled */
	bool stands, absent;
	size_t number; /* of the server's file */
	struct fake_device *device;
	struct fake_fault fault;
	const struct sftp_events *events;
	void *arg;
	char *path;
	int stall_ms;
	enum phase phase;
	uint64_t at;
	struct timer timer;
};

static void
forget(struct sftp *s)
{
	timer_clear(&s->timer);
	if (s->server != NULL)
		s->server->sessions--;
	else
		s->device->sessions--;
	free(s->path);
	free(s);
}

static void
end(struct sftp *s, bool logged_in, enum fail_kind kind, const char *text)
{
	const struct sftp_events *events = s->events;
	void *arg = s->arg;
	struct fail f = {.kind = FAIL_NONE};

	if (kind != FAIL_NONE)
		fail_set(&f, kind, "%s", text);
	if (!s->only)
		forget(s);
	events->done(arg, logged_in, &f);
}

static void
login(struct sftp *s)
{
	struct fake_device *d = s->device;
	struct sftp_file f = {s->path, d->len + d->more - d->less, d->mtime};

	if (s->fault.kind == FAULT_UNREACHABLE) {
		end(s, false, FAIL_UNREACHABLE, "no SSH session");
	} else if (s->fault.kind == FAULT_IDENTITY) {
		end(s, false, FAIL_IDENTITY, "the host key has changed");
	} else if (s->fault.kind == FAULT_AUTH) {
		end(s, false, FAIL_AUTH, "login refused");
	} else if (s->only && s->fault.kind == FAULT_NO_SPACE) {
		end(s, false, FAIL_LOCAL, "cannot record the host key");
	} else if (s->only) {
		end(s, true, FAIL_NONE, "");
	} else if (s->fault.kind == FAULT_MISSING || d->len == 0) {
		d->unfetched = false;
		end(s, true, FAIL_FINAL, "no such file");
	} else {
		d->unfetched = false;
		s->at = s->events->opened(s->arg, &f);
		d->offset = s->at;
		s->phase = PHASE_READ;
		timer_set(&s->timer, 1);
	}
}

static void
read_piece(struct sftp *s)
{
	struct fake_device *d = s->device;
	bool cut = s->fault.kind == FAULT_CUT || s->fault.kind == FAULT_HANG;
	uint64_t stop = cut || s->fault.kind == FAULT_ENDS_EARLY
			    ? (uint64_t)s->fault.n
			    : d->len;
	uint64_t n = s->at < stop ? stop - s->at : 0;

	if (s->fault.kind == FAULT_NO_SPACE) {
		end(s, true, FAIL_LOCAL, "no space left on device");
		return;
	}
	if (s->fault.kind == FAULT_SLOW && n > (uint64_t)s->fault.n)
		n = (uint64_t)s->fault.n;
	if (n > PIECE)
		n = PIECE;
	if (n > 0) {
		if (!s->events->data(s->arg, d->file + s->at, n)) {
			end(s, true, FAIL_LOCAL, "not taken");
			return;
		}
		s->at += n;
		timer_set(&s->timer, s->fault.kind == FAULT_SLOW ? 1000 : 1);
	} else if (s->fault.kind == FAULT_HANG) {
		s->phase = PHASE_STALLED;
		timer_set(&s->timer, s->stall_ms);
	} else if (cut) {
		end(s, true, FAIL_TRANSIENT, "connection cut");
	} else {
		end(s, true, FAIL_NONE, "");
	}
}

static void
on_timer(void *arg)
{
	struct sftp *s = arg;

	switch (s->phase) {
	case PHASE_LOGIN:
		login(s);
		return;
	case PHASE_READ:
		read_piece(s);
		return;
	case PHASE_STALLED:
		end(s, true, FAIL_TRANSIENT, "stalled");
		return;
	}
}

/* --- a server --- */

static void
server_end(
    struct sftp *s, bool logged_in, enum fail_kind kind, const char *text)
{
	struct fail f = {.kind = FAIL_NONE};

	if (kind != FAIL_NONE)
		fail_set(&f, kind, "%s", text);
	s->stands = logged_in && (kind == FAIL_NONE || kind == FAIL_FINAL);
	s->events->done(s->arg, logged_in, &f);
}

static void
server_login(struct sftp *s)
{
	struct fake_server *h = s->server;

	h->logins++;
	s->fault.kind = FAULT_NONE;
	if (h->fault > SERVER_IDENTITY)
		server_end(s, true, FAIL_NONE, "");
	else if (fake_server_fault(h) == SERVER_SOUND)
		server_end(s, true, FAIL_NONE, "");
	else if (h->fault == SERVER_AUTH)
		server_end(s, false, FAIL_AUTH, "login refused for capture");
	else if (h->fault == SERVER_IDENTITY)
		server_end(s, false, FAIL_IDENTITY, "the host key has changed");
	else
		server_end(s, false, FAIL_UNREACHABLE, "no SSH session");
}

static void
server_data(struct sftp *s, enum server_fault fault)
{
	struct fake_server *h = s->server;
	size_t len = h->files[s->number].len;
	size_t stop = fault == SERVER_SOUND ? len : h->fault_at;
	const char *data = h->files[s->number].data;

	if (s->at < stop &&
	    !s->events->data(s->arg, data + s->at, stop - s->at)) {
		server_end(s, true, FAIL_LOCAL, "not taken");
	} else if (fault == SERVER_CUT) {
		server_end(s, true, FAIL_TRANSIENT, "connection cut");
	} else if (fault == SERVER_HANG) {
		s->phase = PHASE_STALLED;
		timer_set(&s->timer, s->stall_ms);
	} else {
		server_end(s, true, FAIL_NONE, "");
	}
}

static void
server_file(struct sftp *s)
{
	struct fake_server *h = s->server;
	struct sftp_file f = {.path = s->path, .mtime = 1};
	enum server_fault fault =
	    h->fault > SERVER_IDENTITY ? fake_server_fault(h) : SERVER_SOUND;

	h->asked++;
	s->number = fake_server_find(h, s->path);
	if (fault == SERVER_DENIED) {
		server_end(s, true, FAIL_FINAL, "permission denied");
		return;
	}
	if (s->number == h->n_files) {
		s->absent = true;
		server_end(s, true, FAIL_FINAL, "no such file");
		return;
	}
	f.size = h->files[s->number].len;
	s->at = h->offset = s->events->opened(s->arg, &f);
	server_data(s, fault);
}

static void
on_server(void *arg)
{
	struct sftp *s = arg;

	switch (s->phase) {
	case PHASE_LOGIN:
		server_login(s);
		return;
	case PHASE_READ:
		server_file(s);
		return;
	case PHASE_STALLED:
		server_end(s, true, FAIL_TRANSIENT, "stalled");
		return;
	}
}

static struct sftp *
server_start(struct loop *lp, const struct sftp_spec *spec,
    const struct sftp_events *events, void *arg)
{
	struct sftp *s = xcalloc(1, sizeof(*s));

	ck_assert_uint_eq(spec->n_files, 0);
	s->server = fake_server_now();
	ck_assert_int_eq(s->server->sessions++, 0);
	s->server->narrow = spec->narrow;
	s->events = events;
	s->arg = arg;
	s->stall_ms = spec->stall_ms;
	timer_init(&s->timer, lp, on_server, s);
	timer_set(&s->timer, LOGIN_MS);
	return s;
}

bool
sftp_next(struct sftp *s, const char *const *files, size_t n_files,
    const struct sftp_events *events, void *arg)
{
	ck_assert_uint_eq(n_files, 1);
	if (!s->stands)
		return false;
	free(s->path);
	s->path = xstrdup(files[0]);
	s->events = events;
	s->arg = arg;
	s->absent = false;
	s->phase = PHASE_READ;
	timer_set(&s->timer, 1);
	return true;
}

bool
sftp_is_absent(const struct sftp *s)
{
	return s->absent;
}

struct sftp *
sftp_start(struct loop *lp, const struct sftp_spec *spec,
    const struct sftp_events *events, void *arg)
{
	struct fake_device *d = fake_device_find(&spec->addr);
	struct sftp *s;

	if (spec->keep && d == NULL)
		return server_start(lp, spec, events, arg);
	s = xcalloc(1, sizeof(*s));
	ck_assert_ptr_nonnull(d);
	ck_assert_msg(
	    !d->busy && d->sessions == 0, "%s has a session", d->text);
	s->device = d;
	s->events = events;
	s->arg = arg;
	s->only = spec->keep; /* a login, no file */
	s->path = s->only ? NULL : xstrdup(spec->files[0]);
	s->stall_ms = spec->stall_ms;
	s->fault = fake_hit(d, STEP_SFTP, lp);
	d->narrow = spec->narrow;
	d->sessions++;
	timer_init(&s->timer, lp, on_timer, s);
	timer_set(&s->timer, LOGIN_MS);
	return s;
}

void
sftp_cancel(struct sftp *s)
{
	if (s != NULL)
		forget(s);
}
