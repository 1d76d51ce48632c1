/* port.c - a listening socket under the loop.
 *
 * lab.c opens one for every address and service, or one a service when the
 * scenario says `wildcard`.
 */
#include "port.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/timer.h"

#define BACKLOG      4096 /* a thousand devices may be called in one instant */
#define ACCEPT_BATCH 64   /* a turn, so that no port starves the others */
#define PAUSE_MS     100  /* after running out of descriptors */

struct port {
	struct loop *lp;
	struct addr at;
	uint16_t number;
	port_accepted *accepted;
	void *arg;
	int fd; /* -1: shut */
	struct watch *watch;
	struct timer again;
};

static void port_ready(void *arg, short ready);

/* What to do about it, for the two errors that have an answer. */
static const char *
listen_hint(int error)
{
	if (error == EACCES)
		return " (ports below 1024 need root, or a network namespace; "
		       "or use high ports)";
	if (error == EADDRNOTAVAIL)
		return " (it is not an address of this host: add it, or use "
		       "127.0.0.0/8)";
	return "";
}

static bool
port_listen(struct port *p, struct fail *why)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&p->at, p->number, &ss);
	char text[ADDR_TEXT_MAX];
	int on = 1;

	p->fd =
	    socket(p->at.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->fd >= 0) {
		setsockopt(p->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (p->at.family == AF_INET6)
			setsockopt(
			    p->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	}
	if (p->fd >= 0 && bind(p->fd, (struct sockaddr *)&ss, len) == 0 &&
	    listen(p->fd, BACKLOG) == 0) {
		p->watch = watch_new(p->lp, p->fd, POLLIN, port_ready, p);
		return true;
	}
	fail_set(why, FAIL_LOCAL, "cannot listen on %s: %s%s",
	    addr_port_text(&p->at, p->number, text), strerror(errno),
	    listen_hint(errno));
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	return false;
}

static void
port_hand_over(struct port *p, int fd)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);
	struct addr local;
	uint16_t number;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0 &&
	    addr_from_sockaddr(&local, &number, &ss))
		p->accepted(p->arg, fd, &local, number);
	else
		close(fd);
}

static void
port_ready(void *arg, short ready)
{
	struct port *p = arg;

	(void)ready;
	for (int i = 0; i < ACCEPT_BATCH && p->fd >= 0; i++) {
		int fd =
		    accept4(p->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			port_hand_over(p, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE) {
			watch_set(p->watch, 0);
			timer_set(&p->again, PAUSE_MS);
		}
		return;
	}
}

static void
port_again(void *arg)
{
	struct port *p = arg;
	struct fail why = {0};

	if (p->fd >= 0)
		watch_set(p->watch, POLLIN);
	else if (!port_listen(p, &why))
		log_write(loop_log(p->lp), LOGGING_ERROR, NULL, "lab", "%s",
		    why.text);
}

struct port *
port_open(struct loop *lp, const struct addr *at, uint16_t number,
    port_accepted *accepted, void *arg, struct fail *why)
{
	struct port *p = xcalloc(1, sizeof(*p));

	p->lp = lp;
	p->at = *at;
	p->number = number;
	p->accepted = accepted;
	p->arg = arg;
	timer_init(&p->again, lp, port_again, p);
	if (port_listen(p, why))
		return p;
	free(p);
	return NULL;
}

void
port_shut(struct port *p, int64_t ms)
{
	if (p->fd >= 0) {
		watch_free(p->watch);
		p->watch = NULL;
		close(p->fd);
		p->fd = -1;
	}
	timer_clear(&p->again);
	if (ms > 0)
		timer_set(&p->again, ms);
}

bool
port_ipv6(void)
{
	return access("/proc/net/if_inet6", F_OK) == 0;
}

void
port_free(struct port *p)
{
	if (!p)
		return;
	port_shut(p, 0);
	free(p);
}
