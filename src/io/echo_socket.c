/* echo_socket.c - open, filter, send and read the ICMP socket of one family.
 *
 * Called by io/ping, which matches what is heard to what was sent.  Errors that
 * a ping socket queues (ip(7), IP_RECVERR) and unreachables that a raw socket
 * reads come out the same way.
 */
#include "io/echo_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os_error.h"
#include "base/random.h"
#include "base/xmem.h"

/* Datagrams read in one turn, so that a flood cannot hold the loop. */
#define READS_A_TURN 2048
/* Clamped by net.core.rmem_max. */
#define RECEIVE_BUFFER (4 << 20)

#define NEED_RIGHT                                                     \
	"this host may not send ICMP echoes: give the program "        \
	"CAP_NET_RAW as an ambient capability, or put its group into " \
	"net.ipv4.ping_group_range"

struct echo_socket {
	struct loop *lp;
	sa_family_t family;
	int fd; /* -1: not open */
	bool raw;
	uint16_t id; /* of a raw socket; a ping socket has its own */
	struct watch *watch;
	echo_heard *heard;
	void *arg;
};

const char *
echo_error_text(int error)
{
	return error == ECONNREFUSED ? "destination unreachable"
				     : os_error_network(error);
}

/* --- receiving --- */

static void
read_replies(struct echo_socket *s)
{
	bool header = s->raw && s->family == AF_INET;
	unsigned char buf[1024];

	for (int i = 0; i < READS_A_TURN; i++) {
		struct sockaddr_storage ss = {0};
		socklen_t len = sizeof(ss);
		struct icmp_echo got;
		struct addr from;
		ssize_t n = recvfrom(s->fd, buf, sizeof(buf), MSG_DONTWAIT,
		    (struct sockaddr *)&ss, &len);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 || !addr_from_sockaddr(&from, NULL, &ss))
			continue;
		switch (icmp_decode(buf, (size_t)n, s->family, header, &got)) {
		case ICMP_ECHO_ANSWER:
			s->heard(s->arg, &got, &from, NULL);
			break;
		case ICMP_UNREACHABLE_ANSWER:
			s->heard(
			    s->arg, &got, NULL, echo_error_text(ECONNREFUSED));
			break;
		case ICMP_OTHER:
			break;
		}
	}
}

static int
queued_error(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	     c = CMSG_NXTHDR(m, c)) {
		struct sock_extended_err err;
		bool v4 =
		    c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
		bool v6 = c->cmsg_level == IPPROTO_IPV6 &&
			  c->cmsg_type == IPV6_RECVERR;

		if (!v4 && !v6)
			continue;
		memcpy(&err, CMSG_DATA(c), sizeof(err));
		return (int)err.ee_errno;
	}
	return 0;
}

/* A ping socket's error queue returns our own request.  Made into the reply
 * that it would have had, it goes through the one decoder. */
static void
hear_error(struct echo_socket *s, unsigned char *data, size_t len, int error)
{
	struct icmp_echo got;

	if (len == 0 || error == 0)
		return;
	data[0] = s->family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	if (icmp_decode(data, len, s->family, false, &got) == ICMP_ECHO_ANSWER)
		s->heard(s->arg, &got, NULL, echo_error_text(error));
}

static void
read_errors(struct echo_socket *s)
{
	unsigned char buf[256];
	unsigned char control[512];

	for (int i = 0; i < READS_A_TURN; i++) {
		struct iovec iov = {buf, sizeof(buf)};
		struct msghdr m = {.msg_iov = &iov,
		    .msg_iovlen = 1,
		    .msg_control = control,
		    .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(s->fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);

		if (n < 0)
			return;
		hear_error(s, buf, (size_t)n, queued_error(&m));
	}
}

void
echo_socket_read(struct echo_socket *s)
{
	if (s->fd < 0)
		return;
	read_errors(s);
	read_replies(s);
}

static void
on_ready(void *arg, short ready)
{
	struct echo_socket *s = arg;

	loop_doing(s->lp, "ICMP");
	if (ready & POLLERR)
		read_errors(s);
	read_replies(s);
}

/* --- opening --- */

/* Of all that a raw socket sees, let in replies to our identifier, and
 * unreachables (RFC 792, type 3) that quote it. */
static void
filter_v4(const struct echo_socket *s)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X: IP header length */
	    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),  /* type */
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP_ECHOREPLY, 0, 2),
	    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
	    BPF_JUMP(BPF_JMP | BPF_JA, 6, 0, 0),
	    /* the quoted IP header begins at X + 8 */
	    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 8),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x0f),
	    BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 2),
	    BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
	    BPF_STMT(BPF_MISC | BPF_TAX, 0),
	    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 12),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, s->id, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0xffff),
	};
	struct sock_fprog prog = {sizeof(code) / sizeof(code[0]), code};
	struct icmp_filter types = {
	    ~(1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH)};

	(void)setsockopt(s->fd, SOL_RAW, ICMP_FILTER, &types, sizeof(types));
	(void)setsockopt(
	    s->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

/* The same for ICMPv6 (RFC 4443), which comes without the IP header; an error
 * quotes the packet from its IPv6 header of 40 bytes on. */
static void
filter_v6(const struct echo_socket *s)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), /* type */
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP6_ECHO_REPLY, 0, 2),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
	    BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 8 + 40 + 4),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, s->id, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0xffff),
	};
	struct sock_fprog prog = {sizeof(code) / sizeof(code[0]), code};
	struct icmp6_filter types;

	ICMP6_FILTER_SETBLOCKALL(&types);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &types);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &types);
	(void)setsockopt(
	    s->fd, IPPROTO_ICMPV6, ICMP6_FILTER, &types, sizeof(types));
	(void)setsockopt(
	    s->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static int
open_either(struct echo_socket *s)
{
	int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
	int proto =
	    s->family == AF_INET ? (int)IPPROTO_ICMP : (int)IPPROTO_ICMPV6;
	int fd = socket(s->family, SOCK_DGRAM | flags, proto);

	s->raw = false;
	if (fd < 0 && errno != EMFILE && errno != ENFILE) {
		fd = socket(s->family, SOCK_RAW | flags, proto);
		s->raw = true;
	}
	return fd;
}

static void
prepare(struct echo_socket *s)
{
	int on = 1;
	int size = RECEIVE_BUFFER;
	bool v4 = s->family == AF_INET;

	(void)setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (s->raw && v4)
		filter_v4(s);
	else if (s->raw)
		filter_v6(s);
	else if (v4)
		(void)setsockopt(
		    s->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	else
		(void)setsockopt(
		    s->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

const char *
echo_socket_open(struct echo_socket *s)
{
	if (s->fd >= 0)
		return NULL;
	s->fd = open_either(s);
	if (s->fd < 0 && (errno == EPERM || errno == EACCES))
		return NEED_RIGHT;
	if (s->fd < 0)
		return os_error_network(errno);
	prepare(s);
	s->watch = watch_new(s->lp, s->fd, POLLIN, on_ready, s);
	return NULL;
}

/* --- life and sending --- */

struct echo_socket *
echo_socket_new(
    struct loop *lp, sa_family_t family, echo_heard *heard, void *arg)
{
	struct echo_socket *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->family = family;
	s->fd = -1;
	s->heard = heard;
	s->arg = arg;
	random_bytes(&s->id, sizeof(s->id));
	return s;
}

void
echo_socket_free(struct echo_socket *s)
{
	if (s == NULL)
		return;
	watch_free(s->watch);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static int
send_once(struct echo_socket *s, const struct addr *to, const void *data)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(to, 0, &ss);

	return sendto(s->fd, data, ICMP_ECHO_LEN, MSG_DONTWAIT,
		   (struct sockaddr *)&ss, len) < 0
		   ? errno
		   : 0;
}

int
echo_socket_send(
    struct echo_socket *s, const struct addr *to, struct icmp_echo *e)
{
	unsigned char buf[ICMP_ECHO_LEN];
	int error;

	e->id = s->raw ? s->id : 0;
	icmp_echo_encode(buf, s->family, e);
	error = send_once(s, to, buf);
	if (error == 0 || error == EAGAIN || error == ENOBUFS)
		return error;
	/* It may be the fate of an earlier request to another device, which a
	 * ping socket tells to whoever uses it next (ip(7), IP_RECVERR). */
	return send_once(s, to, buf);
}

/* A ping socket's is the port that the kernel gave it (icmp(7)). */
uint16_t
echo_socket_identifier(const struct echo_socket *s)
{
	if (s->watch == NULL)
		return 0;
	return s->raw ? s->id : addr_port_here(s->fd);
}
