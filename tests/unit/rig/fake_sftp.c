/* fake_sftp.c - io/sftp.h in front of the fake devices. */
#include "io/sftp.h"

#include "base/xmem.h"
#include "fake_device.h"
#include "loop/timer.h"
#include "../unit.h"

#define LOGIN_MS 30
#define PIECE    50 /* bytes a millisecond */

enum phase { PHASE_LOGIN, PHASE_READ, PHASE_STALLED };

struct sftp {
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

struct sftp *
sftp_start(struct loop *lp, const struct sftp_spec *spec,
    const struct sftp_events *events, void *arg)
{
	struct sftp *s = xcalloc(1, sizeof(*s));
	struct fake_device *d = fake_device_at(&spec->addr);

	ck_assert_msg(
	    !d->busy && d->sessions == 0, "%s has a session", d->text);
	s->device = d;
	s->events = events;
	s->arg = arg;
	s->path = xstrdup(spec->files[0]);
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
