/* slow_wire.c - a wire between two interfaces on which frames take their time.
 *
 * usage: slow_wire ONE OTHER ADDRESS THERE BACK [THERE BACK]
 *
 * Packets from or to the IPv4 address that arrive at ONE leave at OTHER after
 * THERE ms, and the reverse after BACK ms; from SIGUSR1 on the second pair
 * holds.  None overtakes another one.  All other frames pass at once.  It needs
 * CAP_NET_RAW, and both interfaces for itself: no addresses.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A super-packet, and the header that says how it is to be cut. */
#define FRAME_MAX  (65536 + 64)
#define QUEUED_MAX 4096 /* frames: what is more is lost, as on any wire */
#define US_S       INT64_C(1000000)
/* Where an Ethernet frame has its type and IPv4's addresses, behind the virtio
 * header. */
#define VIRTIO_LEN 10
#define TYPE_AT    (VIRTIO_LEN + 12)
#define SOURCE_AT  (VIRTIO_LEN + 14 + 12)
#define TARGET_AT  (VIRTIO_LEN + 14 + 16)

enum { EXIT_USAGE = 2, EXIT_HOST = 7 };

struct frame {
	STAILQ_ENTRY(frame) next;
	int64_t due; /* monotonic us */
	size_t len;
	unsigned char data[];
};
STAILQ_HEAD(frames, frame);

struct direction {
	int from, to;
	int64_t delay[2]; /* us: at first, and later */
	int64_t last_due;
	struct frames frames;
	int queued;
};

static volatile sig_atomic_t later;

static void
told_later(int signo)
{
	(void)signo;
	later = 1;
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * US_S + t.tv_nsec / 1000;
}

static void
give_up(const char *what)
{
	perror(what);
	exit(EXIT_HOST);
}

/* All frames of one interface, each with a virtio header: checksums that are
 * not made yet and super-packets go through as they are. */
static int
interface_open(const char *name)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(name)};
	struct packet_mreq all = {
	    .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
	int on = 1, room = 1 << 22;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (at.sll_ifindex == 0 || fd < 0)
		give_up(name);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
		sizeof(all)) != 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		give_up(name);
	return fd;
}

static void
queue(struct direction *d, const unsigned char *data, size_t len)
{
	struct frame *f;

	if (d->queued == QUEUED_MAX)
		return;
	f = malloc(sizeof(*f) + len);
	if (f == NULL)
		give_up("malloc");
	f->due = now_us() + d->delay[later];
	if (f->due < d->last_due)
		f->due = d->last_due;
	d->last_due = f->due;
	f->len = len;
	memcpy(f->data, data, len);
	STAILQ_INSERT_TAIL(&d->frames, f, next);
	d->queued++;
}

static bool
is_slow(const struct in_addr *whose, const unsigned char *data, size_t len)
{
	return len >= TARGET_AT + 4 && data[TYPE_AT] == 8 &&
	       data[TYPE_AT + 1] == 0 &&
	       (memcmp(data + SOURCE_AT, whose, 4) == 0 ||
		   memcmp(data + TARGET_AT, whose, 4) == 0);
}

static void
take_in(struct direction *d, const struct in_addr *whose)
{
	static unsigned char data[FRAME_MAX];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(d->from, data, sizeof(data), 0,
		    (struct sockaddr *)&from, &size)) > 0) {
		/* What we have sent ourselves is seen, too. */
		size = sizeof(from);
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		if (is_slow(whose, data, (size_t)n))
			queue(d, data, (size_t)n);
		else
			(void)!write(d->to, data, (size_t)n);
	}
}

static void
let_out(struct direction *d)
{
	struct frame *f;

	while ((f = STAILQ_FIRST(&d->frames)) != NULL && f->due <= now_us()) {
		(void)!write(d->to, f->data, f->len);
		STAILQ_REMOVE_HEAD(&d->frames, next);
		d->queued--;
		free(f);
	}
}

static int64_t
first_due(const struct direction *d, int n)
{
	int64_t due = INT64_MAX;
	int i;

	for (i = 0; i < n; i++)
		if (!STAILQ_EMPTY(&d[i].frames) &&
		    STAILQ_FIRST(&d[i].frames)->due < due)
			due = STAILQ_FIRST(&d[i].frames)->due;
	return due;
}

static void
carry(struct direction d[2], const struct in_addr *whose)
{
	struct pollfd fds[2] = {{d[0].from, POLLIN, 0}, {d[1].from, POLLIN, 0}};
	struct timespec wait;
	int64_t due;
	int i;

	for (;;) {
		due = first_due(d, 2);
		due = due == INT64_MAX ? US_S : due - now_us();
		due = due < 0 ? 0 : due;
		wait = (struct timespec){due / US_S, due % US_S * 1000};
		ppoll(fds, 2, &wait, NULL);
		for (i = 0; i < 2; i++) {
			take_in(&d[i], whose);
			let_out(&d[i]);
		}
	}
}

int
main(int argc, char **argv)
{
	struct direction d[2];
	struct in_addr whose;
	int i;

	if ((argc != 6 && argc != 8) ||
	    inet_pton(AF_INET, argv[3], &whose) != 1) {
		fputs("usage: slow_wire ONE OTHER ADDRESS THERE BACK "
		      "[THERE BACK]\n",
		    stderr);
		return EXIT_USAGE;
	}
	signal(SIGUSR1, told_later);
	for (i = 0; i < 2; i++) {
		d[i] = (struct direction){.delay = {atoi(argv[4 + i]) * 1000,
					      atoi(argv[argc - 2 + i]) * 1000}};
		STAILQ_INIT(&d[i].frames);
		d[i].from = interface_open(argv[1 + i]);
	}
	d[0].to = d[1].from;
	d[1].to = d[0].from;
	carry(d, &whose);
}
