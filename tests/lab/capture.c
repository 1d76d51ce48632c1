/* capture.c - writes the capture files that the SFTP server serves.
 *
 * device.c starts and stops it as the CLI scripts say.
 */
#include "capture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/child.h"
#include "loop/timer.h"

/* tcpdump loses up to the last second of what it has not read yet when it is
 * ended (libpcap pull request 1495), and it may read late. */
#define SETTLE_MS 1400

#define FRAME_MAX 1000 /* bytes of a synthetic packet */
#define ETHER_LEN 14
#define UDP_LEN   8

struct capture {
	struct loop *lp;
	struct capture_plan plan;
	capture_changed *changed;
	void *arg;
	enum capture_state state;
	int64_t started; /* wall ms */
	uint32_t serial; /* n-th capture of this device */
	struct child *child;
	struct timer settle;
};

/* draft-ietf-opsawg-pcap: byte order of the writer, microseconds. */
struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved1, reserved2;
	uint32_t snaplen;
	uint32_t linktype;
};
struct pcap_record {
	uint32_t sec, usec;
	uint32_t captured, length;
};

static void
put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

/* The header checksum of RFC 791. */
static unsigned
ip_checksum(const unsigned char *p, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (unsigned)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* A packet from the device to itself; returns where its payload begins. */
static unsigned char *
frame_headers(const struct addr *a, unsigned char *frame)
{
	unsigned char *ip = frame + ETHER_LEN;
	bool v4 = a->family == AF_INET;
	unsigned char *udp = ip + (v4 ? 20 : 40);
	size_t rest = FRAME_MAX - (size_t)(udp - frame);

	memset(frame, 0, FRAME_MAX);
	put16(frame + 12, v4 ? 0x0800 : 0x86dd);
	if (v4) {
		ip[0] = 0x45;
		put16(ip + 2, FRAME_MAX - ETHER_LEN);
		ip[8] = 64;
		ip[9] = IPPROTO_UDP;
		memcpy(ip + 12, a->ip, 4);
		memcpy(ip + 16, a->ip, 4);
		put16(ip + 10, ip_checksum(ip, 20));
	} else {
		ip[0] = 0x60;
		put16(ip + 4, (unsigned)rest);
		ip[6] = IPPROTO_UDP;
		ip[7] = 64;
		memcpy(ip + 8, a->ip, 16);
		memcpy(ip + 24, a->ip, 16);
	}
	put16(udp, 50000);
	put16(udp + 2, 9); /* discard: RFC 863 */
	put16(udp + 4, (unsigned)rest);
	return udp + UDP_LEN;
}

static bool
records_write(const struct capture *c, FILE *f, int64_t n, int64_t until)
{
	unsigned char frame[FRAME_MAX];
	char text[ADDR_TEXT_MAX];
	char *payload = (char *)frame_headers(&c->plan.address, frame);

	for (int64_t i = 0; i < n; i++) {
		int64_t us = c->plan.clock * 1000000 + c->started * 1000 +
			     (until - c->started) * 1000 * i / n;
		struct pcap_record r = {(uint32_t)(us / 1000000),
		    (uint32_t)(us % 1000000), FRAME_MAX, FRAME_MAX};
		snprintf(payload, 128, "%s capture %u packet %lld",
		    addr_text(&c->plan.address, text), c->serial,
		    (long long)i + 1);
		if (fwrite(&r, sizeof(r), 1, f) != 1 ||
		    fwrite(frame, sizeof(frame), 1, f) != 1)
			return false;
	}
	return true;
}

/* An empty file while the capture runs, the whole one afterwards. */
static bool
file_write(const struct capture *c, int64_t n, struct fail *why)
{
	const struct pcap_header h = {0xa1b2c3d4, 2, 4, 0, 0, 262144, 1};
	FILE *f = fopen(c->plan.path, "we");
	bool good = f && fwrite(&h, sizeof(h), 1, f) == 1 &&
		    records_write(c, f, n, loop_wall(c->lp));

	if (f && fclose(f) != 0)
		good = false;
	if (!good)
		fail_set(why, FAIL_LOCAL, "cannot write %s: %s", c->plan.path,
		    strerror(errno));
	return good;
}

/* Only the time of each record of tcpdump's is changed, by whole seconds: there
 * is no clock of its own in a network namespace. */
static bool
stamps_shift(const struct capture *c)
{
	FILE *f = fopen(c->plan.path, "r+e");
	struct pcap_record r;
	long at = sizeof(struct pcap_header);
	bool good = f != NULL;

	while (good && fseek(f, at, SEEK_SET) == 0 &&
	       fread(&r, sizeof(r), 1, f) == 1) {
		r.sec += (uint32_t)c->plan.clock;
		good = fseek(f, at, SEEK_SET) == 0 &&
		       fwrite(&r, sizeof(r), 1, f) == 1;
		at += (long)sizeof(r) + (long)r.captured;
	}
	if (f != NULL && fclose(f) != 0)
		good = false;
	return good;
}

static void
settled(void *arg)
{
	struct capture *c = arg;

	if (c->child)
		child_signal(c->child, SIGTERM);
}

static void
tcpdump_line(void *arg, const char *text)
{
	struct capture *c = arg;
	char who[ADDR_TEXT_MAX];

	log_write(loop_log(c->lp), LOGGING_DEBUG,
	    addr_text(&c->plan.address, who), "tcpdump", "%s", text);
	if (c->state == CAPTURE_STARTING && strstr(text, "listening on")) {
		c->state = CAPTURE_ON;
		c->changed(c->arg);
	}
}

static void
tcpdump_exited(void *arg, int status)
{
	struct capture *c = arg;
	char who[ADDR_TEXT_MAX];

	c->child = NULL;
	timer_clear(&c->settle);
	if (c->state != CAPTURE_ENDING)
		log_write(loop_log(c->lp), LOGGING_WARNING,
		    addr_text(&c->plan.address, who), "tcpdump",
		    "ended by itself, wait status %d", status);
	if (c->plan.clock != 0 && !stamps_shift(c))
		log_write(loop_log(c->lp), LOGGING_ERROR,
		    addr_text(&c->plan.address, who), "capture",
		    "cannot change the stamps: %s", strerror(errno));
	c->state = CAPTURE_OFF;
	c->changed(c->arg);
}

static const struct child_events tcpdump_events = {
    tcpdump_line, tcpdump_exited};

static bool
tcpdump_start(struct capture *c, struct fail *why)
{
	char host[ADDR_TEXT_MAX];
	/* Without -Z root Debian's tcpdump changes to a user of its own and
	 * can then not write into our folder. */
	const char *const as_root[] = {c->plan.tcpdump, "-i", c->plan.interface,
	    "-U", "-n", "-w", c->plan.path, "-Z", "root", "host",
	    addr_text(&c->plan.address, host), NULL};
	const char *const as_user[] = {c->plan.tcpdump, "-i", c->plan.interface,
	    "-U", "-n", "-w", c->plan.path, "host", host, NULL};
	const char *const env[] = {"LC_ALL=C", NULL};

	c->child = child_start(c->lp, geteuid() == 0 ? as_root : as_user, env,
	    &tcpdump_events, c, why);
	return c->child != NULL;
}

struct capture *
capture_new(struct loop *lp, const struct capture_plan *plan,
    capture_changed *changed, void *arg)
{
	struct capture *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	c->plan = *plan;
	c->changed = changed;
	c->arg = arg;
	timer_init(&c->settle, lp, settled, c);
	return c;
}

bool
capture_start(struct capture *c, struct fail *why)
{
	child_kill(c->child);
	c->child = NULL;
	timer_clear(&c->settle);
	c->state = CAPTURE_OFF;
	c->started = loop_wall(c->lp);
	c->serial++;
	if (c->plan.interface ? !tcpdump_start(c, why) : !file_write(c, 0, why))
		return false;
	c->state = c->child ? CAPTURE_STARTING : CAPTURE_ON;
	return true;
}

bool
capture_stop(struct capture *c, struct fail *why)
{
	int64_t record = (int64_t)sizeof(struct pcap_record) + FRAME_MAX;
	int64_t n = c->plan.size / record;

	if (c->state != CAPTURE_ON && c->state != CAPTURE_STARTING)
		return true;
	if (c->child) {
		c->state = CAPTURE_ENDING;
		timer_set(&c->settle, SETTLE_MS);
		return true;
	}
	c->state = CAPTURE_OFF;
	return file_write(c, n == 0 && c->plan.size > 0 ? 1 : n, why);
}

enum capture_state
capture_state(const struct capture *c)
{
	return c->state;
}

void
capture_lose(struct capture *c)
{
	child_kill(c->child);
	c->child = NULL;
	timer_clear(&c->settle);
	c->state = CAPTURE_OFF;
	unlink(c->plan.path);
}

void
capture_free(struct capture *c)
{
	if (!c)
		return;
	child_kill(c->child);
	timer_clear(&c->settle);
	free(c);
}
