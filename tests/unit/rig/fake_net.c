/* fake_net.c - io/datagram.h, and the way of datagrams to the fake agents. */
#include "fake_net.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "io/datagram.h"
#include "loop/timer.h"
#include "../unit.h"

#define WAY_MS 1

static struct fake_net *the_net;

struct datagram {
	struct loop *lp;
	datagram_received *received;
	void *arg;
};
static struct datagram *the_socket;

struct packet {
	TAILQ_ENTRY(packet) next;
	struct timer timer;
	struct fake_agent *to; /* NULL: the campaign */
	char from[ADDR_TEXT_MAX];
	size_t len;
	char data[AGENT_SIGNED_MAX];
};
static TAILQ_HEAD(, packet) packets = TAILQ_HEAD_INITIALIZER(packets);

static void
packet_free(struct packet *p)
{
	timer_clear(&p->timer);
	TAILQ_REMOVE(&packets, p, next);
	free(p);
}

void
fake_arrive(const char *from, const void *data, size_t len)
{
	struct datagram_from f = {.port = 20001};

	if (the_socket == NULL)
		return;
	unit_must(addr_parse(&f.addr, from), "%s", from);
	if (the_net->from_port != 0)
		f.port = (uint16_t)the_net->from_port;
	the_socket->received(the_socket->arg, data, len, &f);
}

static void
on_packet(void *arg)
{
	struct packet p = *(struct packet *)arg;

	packet_free(arg);
	if (p.to != NULL)
		fake_agent_received(p.to, p.data, p.len);
	else
		fake_arrive(p.from, p.data, p.len);
}

static bool
is_dropped(struct fake_net *n, const char *text)
{
	if (n->drop > 0 && str_starts(text, n->drop_prefix)) {
		n->drop--;
		return true;
	}
	return random() % 100 < n->loss;
}

static void
carry(struct fake_agent *to, const char *from, const void *data, size_t len)
{
	struct fake_net *n = the_net;
	struct packet *p = xcalloc(1, sizeof(*p));

	timer_init(&p->timer, n->lp, on_packet, p);
	p->to = to;
	str_copy(p->from, sizeof(p->from), from);
	unit_must(len < sizeof(p->data), "%zu bytes", len);
	memcpy(p->data, data, len);
	p->len = len;
	TAILQ_INSERT_TAIL(&packets, p, next);
	timer_set(&p->timer,
	    WAY_MS + (n->delay_max > 0 ? random() % n->delay_max : 0));
}

static void
through(struct fake_agent *to, const char *from, const void *data, size_t len)
{
	if (is_dropped(the_net, data))
		return;
	carry(to, from, data, len);
	/* A STOP that a network doubles can end an agent of 1.0.6. */
	if (to != NULL && to->old)
		return;
	if (random() % 100 < the_net->doubled)
		carry(to, from, data, len);
}

void
fake_leave(const char *from, const void *data, size_t len)
{
	through(NULL, from, data, len);
}

struct fake_net *
fake_net_new(struct loop *lp, size_t n_agents)
{
	struct fake_net *n = xcalloc(1, sizeof(*n));

	ck_assert_ptr_null(the_net);
	the_net = n;
	n->lp = lp;
	n->n_agents = n_agents;
	n->agents = xcalloc(n_agents, sizeof(*n->agents));
	return n;
}

void
fake_net_free(struct fake_net *n)
{
	struct packet *p;

	while ((p = TAILQ_FIRST(&packets)) != NULL)
		packet_free(p);
	for (size_t i = 0; i < n->n_agents; i++)
		fake_agent_clear(&n->agents[i]);
	free(n->agents);
	strbuf_free(&n->log);
	free(n);
	the_net = NULL;
}

/* --- io/datagram.h --- */

struct datagram *
datagram_new(struct loop *lp, const struct addr *at, uint16_t port,
    datagram_received *received, void *arg, struct fail *why)
{
	struct datagram *d;

	(void)at;
	if (the_net->no_bind) {
		fail_set(why, FAIL_LOCAL, "cannot bind UDP port %d", port);
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	d->lp = lp;
	d->received = received;
	d->arg = arg;
	the_socket = d;
	return d;
}

/* What a peer sends here arrives by itself. */
void
datagram_sort(struct datagram *d, datagram_can_wait *can_wait)
{
	(void)d;
	(void)can_wait;
}

void
datagram_free(struct datagram *d)
{
	if (d != NULL)
		the_socket = NULL;
	free(d);
}

uint16_t
datagram_port(const struct datagram *d)
{
	(void)d;
	return 20001;
}

bool
datagram_send(struct datagram *d, const void *data, size_t len,
    const struct addr *to, uint16_t port, const struct addr *local)
{
	struct fake_net *n = the_net;
	char text[AGENT_MESSAGE_MAX], who[ADDR_TEXT_MAX];

	(void)d;
	(void)local;
	unit_must(len < sizeof(text), "%zu bytes", len);
	unit_must(port == 20001, "port %d", port);
	memcpy(text, data, len);
	text[len] = '\0';
	if (n->send_error != 0) {
		errno = n->send_error;
		return false;
	}
	n->sent++;
	strbuf_addf(&n->log, "%" PRId64 " %s\n", unit_elapsed(n->lp), text);
	addr_text(to, who);
	for (size_t i = 0; i < n->n_agents; i++)
		if (strcmp(n->agents[i].address, who) == 0)
			through(&n->agents[i], "", text, len);
	return true;
}

uint64_t
datagram_dropped(const struct datagram *d)
{
	(void)d;
	return 0;
}

/* --- what was sent --- */

/* The next line from `*at` on that has the prefix; its time and text. */
static bool
next_sent(const char **at, const char *prefix, int64_t *ms, const char **text)
{
	while (**at != '\0') {
		char *end;
		const char *line = *at;

		*ms = strtoll(line, &end, 10);
		*text = end + 1;
		*at = strchr(line, '\n') + 1;
		if (str_starts(*text, prefix))
			return true;
	}
	return false;
}

const char *
fake_sent_times(const struct fake_net *n, const char *prefix, char buf[1024])
{
	const char *at = strbuf_text(&n->log), *text;
	int64_t ms, first = -1;
	size_t len = 0;

	buf[0] = '\0';
	while (next_sent(&at, prefix, &ms, &text) && len < 1000) {
		if (first < 0)
			first = ms;
		len += (size_t)snprintf(buf + len, 1024 - len, "%s%" PRId64,
		    len > 0 ? " " : "", ms - first);
	}
	return buf;
}

int64_t
fake_sent_at(const struct fake_net *n, const char *prefix)
{
	const char *at = strbuf_text(&n->log), *text;
	int64_t ms;

	return next_sent(&at, prefix, &ms, &text) ? ms : -1;
}

int
fake_sent_count(const struct fake_net *n, const char *prefix)
{
	const char *at = strbuf_text(&n->log), *text;
	int64_t ms;
	int count = 0;

	while (next_sent(&at, prefix, &ms, &text))
		count++;
	return count;
}

char *
fake_sent_last(const struct fake_net *n, const char *prefix)
{
	const char *at = strbuf_text(&n->log), *text, *last = NULL;
	int64_t ms;

	while (next_sent(&at, prefix, &ms, &text))
		last = text;
	return last != NULL ? xstrndup(last, strcspn(last, "\n")) : NULL;
}
