/* udp_proxy.c - a bad way between two UDP addresses: loses, doubles, delays.
 *
 * usage: udp_proxy AT ONE OTHER PORT LOSS DOUBLED DELAY FOR EVERY GOOD
 *
 * What comes from ONE goes to OTHER and the reverse, from AT, all on PORT.
 * LOSS and DOUBLED are of a hundred; every datagram is late by up to DELAY ms,
 * so that one overtakes the other; for FOR of each EVERY ms nothing gets
 * through.  The first GOOD datagrams are let pass.  PROXY_SEED repeats a run.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "base/xmem.h"
#include "io/datagram.h"
#include "loop/timer.h"

enum { EXIT_USAGE = 2, EXIT_HOST = 7 };

struct proxy {
	struct loop *lp;
	struct datagram *socket;
	struct addr ends[2];
	uint16_t port;
	int loss, doubled, delay, quiet_for, quiet_every, good;
	int64_t began;
	int lost, carried;
	TAILQ_HEAD(, packet) packets;
};

struct packet {
	TAILQ_ENTRY(packet) next;
	struct proxy *proxy;
	struct timer timer;
	const struct addr *to;
	size_t len;
	unsigned char data[];
};

static void
packet_free(struct packet *k)
{
	TAILQ_REMOVE(&k->proxy->packets, k, next);
	timer_clear(&k->timer);
	free(k);
}

static void
packet_due(void *arg)
{
	struct packet *k = arg;
	struct proxy *p = k->proxy;

	datagram_send(p->socket, k->data, k->len, k->to, p->port, NULL);
	p->carried++;
	packet_free(k);
}

static void
packet_new(struct proxy *p, const struct addr *to, const void *data, size_t len)
{
	struct packet *k = xcalloc(1, sizeof(*k) + len);

	k->proxy = p;
	k->to = to;
	k->len = len;
	memcpy(k->data, data, len);
	timer_init(&k->timer, p->lp, packet_due, k);
	timer_set(
	    &k->timer, p->good == 0 && p->delay > 0 ? random() % p->delay : 0);
	TAILQ_INSERT_TAIL(&p->packets, k, next);
}

static bool
is_lost(const struct proxy *p)
{
	int64_t now = loop_now(p->lp) - p->began;

	if (p->good > 0)
		return false;
	if (p->quiet_every > 0 && now % p->quiet_every < p->quiet_for)
		return true;
	return random() % 100 < p->loss;
}

static void
received(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct proxy *p = arg;
	const struct addr *to =
	    addr_cmp(&from->addr, &p->ends[0]) == 0 ? &p->ends[1] : &p->ends[0];

	if (is_lost(p)) {
		p->lost++;
		return;
	}
	packet_new(p, to, data, len);
	if (p->good > 0)
		p->good--;
	else if (random() % 100 < p->doubled)
		packet_new(p, to, data, len);
}

static void
on_end(void *arg, int signo)
{
	struct proxy *p = arg;

	(void)signo;
	loop_stop(p->lp);
}

static void
run(struct proxy *p)
{
	loop_on_signal(p->lp, SIGTERM, on_end, p);
	p->began = loop_now(p->lp);
	puts("udp-proxy: ready");
	loop_run(p->lp);
	printf("udp-proxy: %d carried, %d lost\n", p->carried, p->lost);
	while (!TAILQ_EMPTY(&p->packets))
		packet_free(TAILQ_FIRST(&p->packets));
}

static void
seed(void)
{
	const char *given = getenv("PROXY_SEED");
	unsigned n = given ? (unsigned)atoi(given) : (unsigned)time(NULL);

	printf("udp-proxy: seed %u\n", n);
	srandom(n);
}

int
main(int argc, char **argv)
{
	struct proxy p = {.lost = 0};
	struct fail why;
	struct addr at;

	if (argc != 11 || !addr_parse(&at, argv[1]) ||
	    !addr_parse(&p.ends[0], argv[2]) ||
	    !addr_parse(&p.ends[1], argv[3])) {
		fprintf(stderr, "%s: wrong arguments\n", argv[0]);
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	seed();
	TAILQ_INIT(&p.packets);
	p.port = (uint16_t)atoi(argv[4]);
	p.loss = atoi(argv[5]);
	p.doubled = atoi(argv[6]);
	p.delay = atoi(argv[7]);
	p.quiet_for = atoi(argv[8]);
	p.quiet_every = atoi(argv[9]);
	p.good = atoi(argv[10]);
	p.lp = loop_new(NULL);
	p.socket = datagram_new(p.lp, &at, p.port, received, &p, &why);
	if (p.socket != NULL)
		run(&p);
	else
		fprintf(stderr, "%s: %s\n", argv[0], why.text);
	datagram_free(p.socket);
	loop_free(p.lp);
	return p.socket != NULL ? 0 : EXIT_HOST;
}
