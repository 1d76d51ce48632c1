/* splitter.c - see splitter.h.
 *
 * A packet is on its files before the next turn of the loop, so that whoever
 * kills us loses only what the kernel still holds: at most BLOCK_MS of it, for
 * which a device that ends is waited for.  The kernel's filter is replaced by
 * the system call alone: pcap_setfilter(3) drops what comes meanwhile.
 */
#include "split/splitter.h"

#include <errno.h>
#include <pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "split/host_table.h"
#include "split/kernel_filter.h"
#include "split/order.h"
#include "split/packet_hosts.h"
#include "split/ring_writer.h"

/* The kernel hands a block of packets over this long after the first of them,
 * and looks for that as often: the next look after the end comes within twice
 * that. */
#define BLOCK_MS    100
#define UNDER_WAY   (2 * BLOCK_MS + 20)
#define WHOLE       262144 /* tcpdump's -s 0 */
#define BATCH       8192   /* packets in a turn, before orders have theirs */
#define ORDERS_TURN 256
/* A filter that lets pass too much is no harm for so long, and that of
 * thousands takes milliseconds: no more often than this. */
#define FILTER_LATE_MS  100
#define FILTER_PAUSE_MS 20
#define BUCKETS         1024 /* of devices by their id */

struct part {                        /* of one device */
	LIST_ENTRY(part) next_alike; /* of the same bucket */
	TAILQ_ENTRY(part) next;      /* that begins, or ends; else none */
	STAILQ_ENTRY(part) next_dirty;
	uint64_t id;
	struct addr addrs[ORDER_ADDRS_MAX];
	size_t n_addrs;
	struct ring_writer *ring;
	uint64_t seen; /* the last packet that it got */
	bool dirty;
	bool begins;     /* its addresses are not in the kernel's filter */
	int64_t ends_at; /* monotonic ms; 0: it goes on */
	int64_t told_at; /* that it is to end; wall ms, as packets have it */
	struct fail why; /* it can go on no more */
};

TAILQ_HEAD(part_queue, part);
LIST_HEAD(bucket, part);

struct splitter {
	struct loop *lp;
	struct ring_plan plan;
	int orders;
	pcap_t *pcap;
	int link_type;
	struct watch *packets_ready, *orders_ready;
	struct timer more;   /* there are packets left, or a device ends */
	struct timer filter; /* the kernel's has to be another one */
	int64_t filter_set;  /* monotonic ms, the last time */
	struct bucket parts[BUCKETS];
	struct part_queue begin, end; /* the soonest first */
	STAILQ_HEAD(, part) dirty;
	struct host_table *hosts;
	uint64_t packets;
	int64_t reached; /* wall ms of the last packet */
	struct fail why;
	struct sock_filter program[KERNEL_FILTER_MAX];
};

static void
stop_for(struct splitter *s, const char *what, const char *why)
{
	fail_set(&s->why, FAIL_LOCAL, "%s: %s", what, why);
	loop_stop(s->lp);
}

static int64_t
drops(const struct splitter *s)
{
	struct pcap_stat now = {.ps_drop = 0};

	return pcap_stats(s->pcap, &now) == 0 ? (int64_t)now.ps_drop : 0;
}

/* The agent always reads, so this waits for it. */
static void
answer(struct splitter *s, const struct part *p, enum order_kind kind)
{
	const struct order o = {
	    .kind = kind, .id = p->id, .drops = drops(s), .text = p->why.text};
	char text[ORDER_MAX];
	size_t len = order_format(text, &o);

	if (send(s->orders, text, len, MSG_NOSIGNAL) < 0)
		stop_for(s, "cannot answer", strerror(errno));
}

/* --- the kernel's filter --- */

static void
set_filter(struct splitter *s)
{
	struct sock_fprog program = {.filter = s->program};
	size_t n4, n6;
	uint32_t *v4 = host_table_words(s->hosts, AF_INET, &n4);
	uint32_t *v6 = host_table_words(s->hosts, AF_INET6, &n6);

	program.len = (unsigned short)kernel_filter_make(
	    s->program, v4, n4, v6, n6, (uint32_t)pcap_snapshot(s->pcap));
	free(v4);
	free(v6);
	timer_clear(&s->filter);
	s->filter_set = clock_mono_ms();
	if (setsockopt(pcap_fileno(s->pcap), SOL_SOCKET, SO_ATTACH_FILTER,
		&program, sizeof(program)) != 0)
		stop_for(s, "cannot set the kernel's filter", strerror(errno));
}

/* All that begin listen now. */
static void
on_filter(void *arg)
{
	struct splitter *s = arg;
	struct part *p;

	set_filter(s);
	while ((p = TAILQ_FIRST(&s->begin)) != NULL) {
		TAILQ_REMOVE(&s->begin, p, next);
		p->begins = false;
		answer(s, p, ORDER_LISTENING);
	}
}

/* The first of many at once, the others together a little later. */
static void
begin_listening(struct splitter *s)
{
	int64_t left = s->filter_set + FILTER_PAUSE_MS - clock_mono_ms();

	if (TAILQ_EMPTY(&s->begin))
		return;
	if (left <= 0)
		on_filter(s);
	else if (!timer_is_set(&s->filter) || timer_left(&s->filter) > left)
		timer_set(&s->filter, left);
}

/* --- devices --- */

static struct bucket *
bucket_of(struct splitter *s, uint64_t id)
{
	return &s->parts[id % BUCKETS];
}

/* One that is not dirty. */
static void
part_free(struct splitter *s, struct part *p)
{
	for (size_t i = 0; i < p->n_addrs; i++)
		host_table_remove(s->hosts, &p->addrs[i], p);
	if (p->begins)
		TAILQ_REMOVE(&s->begin, p, next);
	if (p->ends_at != 0)
		TAILQ_REMOVE(&s->end, p, next);
	LIST_REMOVE(p, next_alike);
	ring_writer_close(p->ring);
	free(p);
	if (!timer_is_set(&s->filter))
		timer_set(&s->filter, FILTER_LATE_MS);
}

static struct part *
part_find(struct splitter *s, uint64_t id)
{
	struct part *p;

	LIST_FOREACH (p, bucket_of(s, id), next_alike)
		if (p->id == id)
			return p;
	return NULL;
}

static void
add(struct splitter *s, const struct order *o)
{
	struct part *p = xcalloc(1, sizeof(*p));

	p->id = o->id;
	memcpy(p->addrs, o->addrs, sizeof(p->addrs));
	p->n_addrs = o->n_addrs;
	LIST_INSERT_HEAD(bucket_of(s, p->id), p, next_alike);
	p->ring = ring_writer_open(&s->plan, o->text, &p->why);
	if (p->ring == NULL) {
		answer(s, p, ORDER_FAILED);
		part_free(s, p);
		return;
	}
	for (size_t i = 0; i < p->n_addrs; i++)
		host_table_add(s->hosts, &p->addrs[i], p);
	TAILQ_INSERT_TAIL(&s->begin, p, next);
	p->begins = true;
}

/* From here on its packets are kept; what is under way comes, too. */
static void
end(struct splitter *s, uint64_t id)
{
	struct part *p = part_find(s, id);

	if (p == NULL || p->ends_at != 0)
		return;
	if (p->begins)
		TAILQ_REMOVE(&s->begin, p, next);
	p->begins = false;
	p->ends_at = clock_mono_ms() + UNDER_WAY;
	p->told_at = clock_wall_ms();
	TAILQ_INSERT_TAIL(&s->end, p, next);
	if (!timer_is_set(&s->more))
		timer_set(&s->more, UNDER_WAY);
}

static void
take(struct splitter *s, char *text)
{
	struct order o;

	if (!order_parse(&o, text))
		stop_for(s, "an order is not understood", text);
	else if (o.kind == ORDER_ADD)
		add(s, &o);
	else if (o.kind == ORDER_END)
		end(s, o.id);
}

static void
on_orders(void *arg, short ready)
{
	struct splitter *s = arg;
	char text[ORDER_MAX];

	(void)ready;
	for (int i = 0; i < ORDERS_TURN; i++) {
		ssize_t n =
		    recv(s->orders, text, sizeof(text) - 1, MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0) { /* the agent is gone */
			loop_stop(s->lp);
			return;
		}
		text[n] = '\0';
		take(s, text);
	}
	begin_listening(s);
}

/* --- packets --- */

static void
keep(struct splitter *s, struct part *p, const struct ring_packet *packet)
{
	if (p->seen == s->packets)
		return;
	p->seen = s->packets;
	if (!p->dirty)
		STAILQ_INSERT_TAIL(&s->dirty, p, next_dirty);
	p->dirty = true;
	if (p->why.kind == FAIL_NONE)
		(void)ring_writer_add(p->ring, packet, &p->why);
}

static void
on_packet(
    unsigned char *arg, const struct pcap_pkthdr *h, const unsigned char *data)
{
	struct splitter *s = (struct splitter *)(void *)arg;
	const struct ring_packet packet = {
	    .at = h->ts, .captured = h->caplen, .length = h->len, .data = data};
	const struct host_entry *e;
	struct packet_hosts whose;

	s->packets++;
	s->reached = (int64_t)h->ts.tv_sec * 1000 + h->ts.tv_usec / 1000;
	packet_hosts_find(&whose, s->link_type, data, h->caplen);
	for (size_t i = 0; i < whose.n; i++)
		for (e = host_table_first(s->hosts, whose.family, whose.ip[i]);
		     e != NULL; e = host_table_next(e))
			keep(s, e->who, &packet);
}

static void
flush_all(struct splitter *s)
{
	struct part *p;

	while ((p = STAILQ_FIRST(&s->dirty)) != NULL) {
		STAILQ_REMOVE_HEAD(&s->dirty, next_dirty);
		p->dirty = false;
		if (p->why.kind == FAIL_NONE &&
		    ring_writer_flush(p->ring, &p->why))
			continue;
		answer(s, p, ORDER_FAILED);
		part_free(s, p);
	}
}

/* What had come by `now`, if that is `all`, is on the files.  Where packets
 * come faster than they can be written that is never so, but they are in order.
 */
static void
finish_ending(struct splitter *s, int64_t now, bool all)
{
	struct part *p;

	while ((p = TAILQ_FIRST(&s->end)) != NULL && p->ends_at <= now &&
	       (all || s->reached > p->told_at)) {
		answer(s, p, ORDER_ENDED);
		part_free(s, p);
	}
	if (!all)
		timer_set(&s->more, 0);
	else if (p != NULL)
		timer_set(&s->more, p->ends_at - now);
}

static void
drain(struct splitter *s)
{
	int64_t now = clock_mono_ms();
	int n = pcap_dispatch(
	    s->pcap, BATCH, on_packet, (unsigned char *)(void *)s);

	flush_all(s);
	if (n < 0)
		stop_for(s, "cannot read packets", pcap_geterr(s->pcap));
	else
		finish_ending(s, now, n < BATCH);
}

static void
on_packets(void *arg, short ready)
{
	(void)ready;
	drain(arg);
}

static void
on_more(void *arg)
{
	drain(arg);
}

/* --- its life --- */

static void
cannot_open(const struct splitter_plan *plan, pcap_t *pcap, int status,
    struct fail *why)
{
	const char *more = pcap_geterr(pcap);

	if (status == PCAP_ERROR)
		fail_set(why, FAIL_LOCAL, "%s", more);
	else
		fail_set(why, FAIL_LOCAL, "%s: %s%s%s%s", plan->interface,
		    pcap_statustostr(status), more[0] != '\0' ? " (" : "", more,
		    more[0] != '\0' ? ")" : "");
}

/* As tcpdump does. */
static pcap_t *
open_interface(const struct splitter_plan *plan, struct fail *why)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(plan->interface, text);
	int kept = plan->snaplen > 0 ? plan->snaplen : WHOLE, status;

	if (pcap == NULL) {
		fail_set(why, FAIL_LOCAL, "%s", text);
		return NULL;
	}
	if (kept < PACKET_HOSTS_BYTES)
		kept = PACKET_HOSTS_BYTES;
	pcap_set_snaplen(pcap, kept);
	pcap_set_promisc(pcap, 1);
	pcap_set_timeout(pcap, BLOCK_MS);
	pcap_set_buffer_size(pcap, plan->buffer);
	status = pcap_activate(pcap);
	if (status < 0) {
		cannot_open(plan, pcap, status, why);
		pcap_close(pcap);
		return NULL;
	}
	if (strcmp(plan->interface, "any") == 0)
		(void)pcap_set_datalink(pcap, DLT_LINUX_SLL2);
	return pcap;
}

/* libpcap itself says what a file begins with. */
static bool
make_header(struct splitter *s)
{
	pcap_t *none = pcap_open_dead(s->link_type, (int)s->plan.snaplen);
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	pcap_dumper_t *dumper =
	    none != NULL && to != NULL ? pcap_dump_fopen(none, to) : NULL;

	if (dumper == NULL)
		xmem_exhausted();
	pcap_dump_close(dumper);
	pcap_close(none);
	if (len == RING_HEADER_LEN)
		memcpy(s->plan.header, text, len);
	free(text);
	return len == RING_HEADER_LEN;
}

static bool
is_usable(struct splitter *s, struct fail *why)
{
	char text[PCAP_ERRBUF_SIZE] = "";

	if (!packet_hosts_knows(s->link_type) || !make_header(s)) {
		fail_set(why, FAIL_LOCAL,
		    "packets of link type %s cannot be told apart: set "
		    "agent.capture_with = \"tcpdump\"",
		    splitter_link_type(s));
		return false;
	}
	if (pcap_setnonblock(s->pcap, 1, text) == 0 &&
	    pcap_get_selectable_fd(s->pcap) >= 0)
		return true;
	fail_set(why, FAIL_LOCAL, "cannot wait for packets: %s", text);
	return false;
}

struct splitter *
splitter_new(
    struct loop *lp, const struct splitter_plan *plan, struct fail *why)
{
	pcap_t *pcap = open_interface(plan, why);
	struct splitter *s;

	if (pcap == NULL)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->lp = lp;
	s->pcap = pcap;
	s->link_type = pcap_datalink(pcap);
	s->orders = plan->orders;
	s->plan.file_bytes = plan->file_bytes;
	s->plan.files = plan->files;
	s->plan.snaplen = plan->snaplen > 0 ? (uint32_t)plan->snaplen : WHOLE;
	TAILQ_INIT(&s->begin);
	TAILQ_INIT(&s->end);
	STAILQ_INIT(&s->dirty);
	s->hosts = host_table_new();
	timer_init(&s->more, lp, on_more, s);
	timer_init(&s->filter, lp, on_filter, s);
	if (!is_usable(s, why)) {
		splitter_free(s);
		return NULL;
	}
	set_filter(s);
	s->packets_ready =
	    watch_new(lp, pcap_get_selectable_fd(pcap), POLLIN, on_packets, s);
	s->orders_ready = watch_new(lp, s->orders, POLLIN, on_orders, s);
	return s;
}

const char *
splitter_link_type(const struct splitter *s)
{
	const char *name = pcap_datalink_val_to_name(s->link_type);

	return name != NULL ? name : "unknown";
}

bool
splitter_failed(const struct splitter *s, struct fail *why)
{
	*why = s->why;
	return s->why.kind != FAIL_NONE;
}

void
splitter_free(struct splitter *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (!LIST_EMPTY(&s->parts[i]))
			part_free(s, LIST_FIRST(&s->parts[i]));
	timer_clear(&s->more);
	timer_clear(&s->filter);
	watch_free(s->packets_ready);
	watch_free(s->orders_ready);
	host_table_free(s->hosts);
	pcap_close(s->pcap);
	free(s);
}
