/* status_ask.c - see status_ask.h.
 *
 * For a program that does nothing else, so it may wait.  What comes is bounded
 * and checked all the same: an agent of another version may answer.
 */
#include "agent/status_ask.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/state.h"
#include "agent/status_place.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"

#define WHOLE_MS  60000
#define LINE_MOST 65536

struct asking {
	const char *folder;
	int fd;
	int64_t until; /* monotonic ms, for all */
	int silent_ms;
	struct agent_status *to;
	struct strbuf line; /* its beginning */
	size_t room;        /* of to->devices */
	bool begun, ended;
	struct fail *why;
};

static void
not_answered(struct asking *a, const char *what)
{
	fail_set(a->why, FAIL_LOCAL, "the agent of %s %s", a->folder, what);
}

/* --- who is there --- */

static void
not_connected(struct asking *a, int error)
{
	if (error == ENOENT || error == ECONNREFUSED)
		fail_set(a->why, FAIL_UNREACHABLE,
		    "no agent runs in %s (agent.captures), or none that "
		    "answers --status",
		    a->folder);
	else if (error == EACCES || error == EPERM)
		fail_set(a->why, FAIL_LOCAL,
		    "this user may not ask the agent of %s: be root, or the "
		    "user that it runs as",
		    a->folder);
	else if (error == EAGAIN)
		not_answered(a, "answers many others, or none: ask again");
	else
		fail_set(a->why, FAIL_LOCAL, "cannot ask the agent of %s: %s",
		    a->folder, strerror(error));
}

static bool
connect_to(struct asking *a)
{
	struct status_place place;
	int error = 0;

	if (!status_place_open(&place, a->folder)) {
		not_connected(a, errno);
		return false;
	}
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (a->fd < 0 ||
	    connect(a->fd, (struct sockaddr *)&place.at, sizeof(place.at)) != 0)
		error = errno;
	status_place_close(&place);
	if (error != 0)
		not_connected(a, error);
	return error == 0;
}

/* --- what it says --- */

static bool
add_device(struct asking *a, const struct status_device *d)
{
	struct agent_status *to = a->to;

	if (to->n >= STATE_DEVICES_MAX)
		return false;
	if (to->n == a->room) {
		a->room = a->room == 0 ? 64 : 2 * a->room;
		to->devices =
		    xreallocarray(to->devices, a->room, sizeof(to->devices[0]));
	}
	to->devices[to->n++] = *d;
	return true;
}

static bool
take_line(struct asking *a)
{
	struct status_device d;
	enum status_line kind;
	int64_t devices;

	if (a->ended || !status_line_read(a->line.s, a->line.len, &kind,
			    &a->to->all, &d, &devices))
		return false;
	switch (kind) {
	case STATUS_LINE_FACTS:
		if (a->begun)
			return false;
		a->begun = true;
		return true;
	case STATUS_LINE_DEVICE:
		return a->begun && add_device(a, &d);
	case STATUS_LINE_END:
		a->ended = true;
		return a->begun && devices == (int64_t)a->to->n;
	}
	return false;
}

/* Of what came, the lines that are whole. */
static bool
take(struct asking *a, const char *text, size_t len)
{
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline != NULL ? (size_t)(newline - text) : len;

		if (a->line.len + n > LINE_MOST)
			return false;
		strbuf_add_bytes(&a->line, text, n);
		if (newline == NULL)
			return true;
		if (!take_line(a))
			return false;
		strbuf_clear(&a->line);
		text += n + 1;
		len -= n + 1;
	}
	return true;
}

/* --- the waiting --- */

static bool
wait_for_more(struct asking *a)
{
	struct pollfd p = {.fd = a->fd, .events = POLLIN};
	int64_t left = a->until - clock_mono_ms();
	int n;

	if (left > a->silent_ms)
		left = a->silent_ms;
	n = poll(&p, 1, left > 0 ? (int)left : 0);
	if (n > 0 || (n < 0 && errno == EINTR))
		return true;
	not_answered(a, n == 0 ? "does not answer in time: it hangs, or its "
				 "host is very busy"
			       : strerror(errno));
	return false;
}

/* False: nothing more is to be read. */
static bool
read_more(struct asking *a)
{
	char text[16384];
	ssize_t n = recv(a->fd, text, sizeof(text), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n > 0 && take(a, text, (size_t)n))
		return true;
	if (n > 0) {
		a->ended = false;
		not_answered(a, "says what is not understood: it may be of "
				"another version");
	} else if (!a->ended) {
		not_answered(a, "ended before its answer was whole");
	}
	return false;
}

bool
agent_status_ask(const char *folder, int silent_ms, struct agent_status *to,
    struct fail *why)
{
	struct asking a = {.folder = folder,
	    .fd = -1,
	    .until = clock_mono_ms() + WHOLE_MS,
	    .silent_ms = silent_ms,
	    .to = to,
	    .why = why};
	bool good;

	*to = (struct agent_status){.n = 0};
	good = connect_to(&a);
	while (good && wait_for_more(&a) && read_more(&a))
		;
	if (a.fd >= 0)
		close(a.fd);
	strbuf_free(&a.line);
	if (good && a.ended)
		return true;
	agent_status_free(to);
	return false;
}

void
agent_status_free(struct agent_status *s)
{
	free(s->devices);
	*s = (struct agent_status){.n = 0};
}
