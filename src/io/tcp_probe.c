/* tcp_probe.c - one non-blocking connect(2), closed once it is decided.
 *
 * Called by verify/ for each TCP probe.  The probe owns its descriptor, its
 * watch and its timer; whichever of the two ends it also frees it.  A verdict
 * that connect(2) gives at once waits for the next turn of the loop.
 */
#include "io/tcp_probe.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os_error.h"
#include "base/xmem.h"
#include "loop/timer.h"

struct tcp_probe {
	int fd;
	struct crowd_member *watch;
	struct timer timer;
	tcp_probe_done *done;
	void *arg;
	enum probe_verdict verdict; /* when the timer runs */
	const char *reason;
};

static enum probe_verdict
verdict_of(int error)
{
	switch (error) {
	case 0:
		return PROBE_ANSWERED;
	case ECONNREFUSED:
	case ECONNRESET:
		return PROBE_REFUSED;
	case ETIMEDOUT:
		return PROBE_SILENT;
	default:
		return PROBE_ERROR;
	}
}

static const char *
reason_of(int error)
{
	switch (error) {
	case 0:
	case ETIMEDOUT:
		return "";
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
		return "connection reset";
	default:
		return os_error_network(error);
	}
}

static void
probe_free(struct tcp_probe *p)
{
	crowd_leave(p->watch);
	timer_clear(&p->timer);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

static void
finish(struct tcp_probe *p, enum probe_verdict v, const char *reason)
{
	tcp_probe_done *done = p->done;
	void *arg = p->arg;

	probe_free(p);
	done(arg, v, reason != NULL ? reason : "unknown error");
}

static void
on_ready(void *arg, short ready)
{
	struct tcp_probe *p = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	(void)ready;
	if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	finish(p, verdict_of(error), reason_of(error));
}

/* Time is up, or connect(2) knew at once. */
static void
on_timer(void *arg)
{
	struct tcp_probe *p = arg;
	struct pollfd at = {.fd = p->fd, .events = POLLOUT};

	/* The loop may have been too busy to see what has come meanwhile. */
	if (p->watch != NULL && poll(&at, 1, 0) == 1)
		on_ready(p, at.revents);
	else
		finish(p, p->verdict, p->reason);
}

static void
decide(struct tcp_probe *p, int error)
{
	p->verdict = verdict_of(error);
	p->reason = reason_of(error);
	timer_set(&p->timer, 0);
}

struct tcp_probe *
tcp_probe_start(struct crowd *crowd, const struct addr *to, uint16_t port,
    int timeout_ms, tcp_probe_done *done, void *arg)
{
	struct tcp_probe *p = xcalloc(1, sizeof(*p));
	struct sockaddr_storage ss;
	socklen_t len;

	assert(to->family == AF_INET || to->family == AF_INET6);
	p->done = done;
	p->arg = arg;
	timer_init(&p->timer, crowd_loop(crowd), on_timer, p);
	p->fd =
	    socket(to->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0) {
		decide(p, errno);
		return p;
	}
	len = addr_to_sockaddr(to, port, &ss);
	if (connect(p->fd, (struct sockaddr *)&ss, len) == 0) {
		decide(p, 0);
	} else if (errno != EINPROGRESS) {
		decide(p, errno);
	} else {
		p->watch = crowd_join(crowd, p->fd, POLLOUT, on_ready, p);
		p->verdict = PROBE_SILENT;
		p->reason = "";
		timer_set(&p->timer, timeout_ms);
	}
	return p;
}

uint16_t
tcp_probe_port(const struct tcp_probe *p)
{
	return p->fd < 0 ? 0 : addr_port_here(p->fd);
}

void
tcp_probe_cancel(struct tcp_probe *p)
{
	if (p != NULL)
		probe_free(p);
}
