/* datagram.c - one bound UDP socket under the loop.
 *
 * The campaign and the agent own one each and live on it.  What a datagram
 * means is theirs; this module only bounds how much is taken in a turn and
 * keeps the address that was asked, so that the answer comes from there.
 */
#include "io/datagram.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os_error.h"
#include "base/xmem.h"
#include "loop/timer.h"

/* Taken in one turn: a millisecond or two of work, then what that set off is
 * sent. */
#define DATAGRAM_TURN_MAX 32
/* Room for a burst of some ten thousand alarms while the loop is busy. */
#define DATAGRAM_BUFFER (8 * 1024 * 1024)
/* Of those that can wait so many are kept; then the first has its turn. */
#define KEPT_MAX 256

/* One that can wait. */
struct kept {
	TAILQ_ENTRY(kept) next;
	struct datagram_from from;
	size_t len;
	unsigned char data[];
};
TAILQ_HEAD(kept_list, kept);

struct datagram {
	struct loop *lp;
	int fd;
	sa_family_t family; /* of the socket */
	uint16_t port;
	struct watch *watch;
	datagram_received *received;
	void *arg;
	bool receiving;
	bool dying; /* freed by its own callback; the turn lets it go */
	datagram_can_wait *can_wait; /* NULL: none can */
	struct kept_list kept;
	size_t n_kept;
	uint64_t waited; /* so many that could, in all */
	struct timer kept_turn;
	struct log_once unsent;
	/* One byte more than is allowed: a longer datagram shows by it. */
	unsigned char data[DATAGRAM_MAX + 1];
};

union control {
	struct cmsghdr align;
	char in4[CMSG_SPACE(sizeof(struct in_pktinfo))];
	char in6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void
addr_from_in(struct addr *a, const struct in_addr *in)
{
	struct sockaddr_storage ss = {0};
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;

	sin->sin_family = AF_INET;
	sin->sin_addr = *in;
	addr_from_sockaddr(a, NULL, &ss);
}

static void
addr_from_in6(struct addr *a, const struct in6_addr *in6)
{
	struct sockaddr_storage ss = {0};
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;

	sin6->sin6_family = AF_INET6;
	sin6->sin6_addr = *in6;
	addr_from_sockaddr(a, NULL, &ss);
}

/* ip(7) IP_PKTINFO: ipi_spec_dst is our own address even when the datagram
 * was sent to a broadcast address.  RFC 3542 section 6.2 for IPv6. */
static void
read_local(struct msghdr *m, struct addr *local)
{
	struct in_pktinfo in4;
	struct in6_pktinfo in6;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	     c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&in4, CMSG_DATA(c), sizeof(in4));
			addr_from_in(local, &in4.ipi_spec_dst);
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&in6, CMSG_DATA(c), sizeof(in6));
			addr_from_in6(local, &in6.ipi6_addr);
		}
	}
}

static void
kept_hand_over(struct datagram *d)
{
	struct kept *k = TAILQ_FIRST(&d->kept);

	TAILQ_REMOVE(&d->kept, k, next);
	d->n_kept--;
	d->received(d->arg, k->data, k->len, &k->from);
	free(k);
}

/* What is in `data` waits, behind the others. */
static void
kept_add(struct datagram *d, size_t len, const struct datagram_from *from)
{
	struct kept *k = xcalloc(1, sizeof(*k) + len);

	k->from = *from;
	k->len = len;
	memcpy(k->data, d->data, len);
	TAILQ_INSERT_TAIL(&d->kept, k, next);
	d->n_kept++;
	d->waited++;
	if (!timer_is_set(&d->kept_turn))
		timer_set(&d->kept_turn, 0);
	if (d->n_kept > KEPT_MAX)
		kept_hand_over(d);
}

static void
receive(struct datagram *d, size_t len, const struct datagram_from *from)
{
	if (d->can_wait != NULL && d->can_wait(d->data, len))
		kept_add(d, len, from);
	else
		d->received(d->arg, d->data, len, from);
}

/* Take one datagram; false when there is none or the socket is in trouble. */
static bool
take_one(struct datagram *d)
{
	struct sockaddr_storage ss = {0};
	union control control;
	struct iovec iov = {d->data, sizeof(d->data)};
	struct msghdr m = {
	    .msg_name = &ss,
	    .msg_namelen = sizeof(ss),
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control),
	};
	struct datagram_from from = {0};
	ssize_t n = recvmsg(d->fd, &m, MSG_DONTWAIT);

	/* An ICMP error about something we sent is taken by the read; what has
	 * arrived is still there. */
	if (n < 0)
		return errno != EAGAIN && errno != EBADF;
	read_local(&m, &from.local);
	if (addr_from_sockaddr(&from.addr, &from.port, &ss))
		receive(d, (size_t)n, &from);
	return true;
}

/* From d->receiving on, its callback may have freed it. */
static void
end_receiving(struct datagram *d)
{
	d->receiving = false;
	if (d->dying)
		free(d);
}

/* What is left after DATAGRAM_TURN_MAX makes the next poll ready at once. */
static void
socket_ready(void *arg, short ready)
{
	struct datagram *d = arg;
	uint64_t waited = d->waited;
	unsigned n = 0;

	(void)ready;
	d->receiving = true;
	while (n < DATAGRAM_TURN_MAX && take_one(d) && !d->dying)
		n++;
	/* Where all can wait, others need not. */
	if (n == DATAGRAM_TURN_MAX && d->waited - waited < n)
		watch_has_more(d->watch);
	end_receiving(d);
}

static void
kept_have_turn(void *arg)
{
	struct datagram *d = arg;

	d->receiving = true;
	for (int i = 0; i < DATAGRAM_TURN_MAX && d->n_kept > 0; i++)
		kept_hand_over(d);
	if (d->n_kept > 0)
		timer_set(&d->kept_turn, 0);
	end_receiving(d);
}

static void
set_options(int fd, sa_family_t family)
{
	int on = 1, off = 0, size = DATAGRAM_BUFFER;

	/* FORCE goes beyond net.core.rmem_max and needs CAP_NET_ADMIN. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (family == AF_INET) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		return;
	}
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
}

/* The bound descriptor, or -1 with errno set. */
static int
open_bound(const struct addr *at, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(at, port, &ss);
	int fd = socket(at->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -1;
	set_options(fd, at->family);
	if (bind(fd, (struct sockaddr *)&ss, len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

struct datagram *
datagram_new(struct loop *lp, const struct addr *at, uint16_t port,
    datagram_received *received, void *arg, struct fail *why)
{
	char text[ADDR_TEXT_MAX];
	int fd = open_bound(at, port);
	struct datagram *d;

	if (fd < 0) {
		int error = errno;

		os_error_set(why, OS_LISTEN, error, "cannot listen on UDP %s",
		    addr_port_text(at, port, text));
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	d->lp = lp;
	d->fd = fd;
	d->family = at->family;
	d->port = addr_port_here(fd);
	d->received = received;
	d->arg = arg;
	d->watch = watch_new(lp, fd, POLLIN, socket_ready, d);
	watch_urgent(d->watch);
	TAILQ_INIT(&d->kept);
	timer_init(&d->kept_turn, lp, kept_have_turn, d);
	return d;
}

void
datagram_sort(struct datagram *d, datagram_can_wait *can_wait)
{
	d->can_wait = can_wait;
}

void
datagram_free(struct datagram *d)
{
	struct kept *k;

	if (d == NULL)
		return;
	watch_free(d->watch);
	timer_clear(&d->kept_turn);
	while ((k = TAILQ_FIRST(&d->kept)) != NULL) {
		TAILQ_REMOVE(&d->kept, k, next);
		free(k);
	}
	d->n_kept = 0;
	close(d->fd);
	d->dying = true;
	if (!d->receiving)
		free(d);
}

uint16_t
datagram_port(const struct datagram *d)
{
	return d->port;
}

/* Fill in one control message that names the address to send from. */
static void
put_control(struct msghdr *m, int level, int type, const void *info, size_t len)
{
	struct cmsghdr *c;

	m->msg_controllen = CMSG_SPACE(len);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), info, len);
}

static void
put_local(const struct datagram *d, struct msghdr *m, const struct addr *local)
{
	struct sockaddr_storage ss;
	struct in_pktinfo in4 = {0};
	struct in6_pktinfo in6 = {0};

	if (d->family == AF_INET && local->family == AF_INET) {
		memcpy(&in4.ipi_spec_dst, local->ip, sizeof(in4.ipi_spec_dst));
		put_control(m, IPPROTO_IP, IP_PKTINFO, &in4, sizeof(in4));
	} else if (d->family == AF_INET6 && local->family != AF_UNSPEC) {
		addr_to_sockaddr6(local, 0, &ss);
		in6.ipi6_addr = ((struct sockaddr_in6 *)&ss)->sin6_addr;
		put_control(m, IPPROTO_IPV6, IPV6_PKTINFO, &in6, sizeof(in6));
	}
}

/* A firewall or a missing route of this host, say; errno stays as it is. */
static void
say_unsent(struct datagram *d, const struct addr *to, uint16_t port)
{
	int saved = errno;
	char text[ADDR_TEXT_MAX];

	log_repeated(loop_log(d->lp), &d->unsent, NULL, "udp",
	    "cannot send to %s: %s", addr_port_text(to, port, text),
	    strerror(saved));
	errno = saved;
}

bool
datagram_send(struct datagram *d, const void *data, size_t len,
    const struct addr *to, uint16_t port, const struct addr *local)
{
	struct sockaddr_storage ss;
	union control control = {.in6 = {0}};
	struct iovec iov = {(void *)data, len};
	struct msghdr m = {.msg_name = &ss, .msg_iov = &iov, .msg_iovlen = 1};

	if (d->family == AF_INET && to->family != AF_INET) {
		errno = EAFNOSUPPORT;
		say_unsent(d, to, port);
		return false;
	}
	m.msg_namelen = d->family == AF_INET6 ? addr_to_sockaddr6(to, port, &ss)
					      : addr_to_sockaddr(to, port, &ss);
	if (local != NULL && local->family != AF_UNSPEC) {
		m.msg_control = &control;
		put_local(d, &m, local);
		if (m.msg_controllen == 0)
			m.msg_control = NULL;
	}
	if (sendmsg(d->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len)
		return true;
	say_unsent(d, to, port);
	return false;
}

uint64_t
datagram_dropped(const struct datagram *d)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(info);

	if (getsockopt(d->fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0)
		return 0;
	return info[SK_MEMINFO_DROPS];
}
