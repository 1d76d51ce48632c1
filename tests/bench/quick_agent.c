/* quick_agent.c - an agent that does nothing, at once: what a campaign costs is
 * then the campaign's, and it is told what came of an alarm and when.
 *
 * usage: quick_agent AT PORT FIRST COUNT SPREAD [FEWER]
 *
 * It answers every request about the COUNT devices from FIRST on.  Lines on
 * standard output, moments in microseconds since 1970: `ready`; `armed MOMENT`
 * once each has its CAPTURE, or FEWER of them; on SIGUSR1 an alarm of each of
 * these, within SPREAD microseconds, and `alarms MOMENT`; once both have come
 * of each of them, or after 20 s, `verify MEDIAN WORST MISSING` and `probe
 * MEDIAN WORST MISSING`: milliseconds from the alarm to the first VERIFY and to
 * the first echo request.
 */
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/xmem.h"
#include "stamps.h"
#include "wire/agent_message.h"

#define PATIENCE INT64_C(20000000) /* us */

struct agent {
	int udp, icmp, signals;
	uint32_t first; /* address of the first device */
	size_t n, fewer, captured, sent, verified, probed;
	size_t *order;         /* in which they had their CAPTURE */
	int64_t spread, burst; /* burst: the first alarm's moment; 0: none */
	int64_t *alarm, *verify, *probe;
	bool *capturing;
	struct sockaddr_in campaign;
	bool told;
};

/* Which device it is; one of none is `n`. */
static size_t
index_of(const struct agent *a, uint32_t address)
{
	return address - a->first < a->n ? address - a->first : a->n;
}

static void
answer(const struct agent *a, const struct agent_message *asked, int code,
    const struct sockaddr_storage *to)
{
	struct agent_message m = *asked;
	char text[AGENT_MESSAGE_MAX];
	size_t len;

	m.code = code;
	len = agent_message_format_answer(text, &m);
	sendto(a->udp, text, len, 0, (const struct sockaddr *)to,
	    sizeof(struct sockaddr_in));
}

static void
note(struct agent *a, enum agent_request r, size_t i, int64_t at)
{
	if (r == REQUEST_CAPTURE && !a->capturing[i]) {
		a->capturing[i] = true;
		a->order[a->captured++] = i;
		if (a->captured == a->fewer)
			printf("armed %lld\n", (long long)stamp_now());
	}
	if (r == REQUEST_VERIFY && a->alarm[i] != 0 && a->verify[i] == 0) {
		a->verify[i] = at;
		a->verified++;
	}
}

static void
take_requests(struct agent *a)
{
	struct sockaddr_storage from;
	struct agent_message m;
	char data[AGENT_MESSAGE_MAX];
	const char *why;
	struct in_addr ip;
	ssize_t len;
	int64_t at;
	size_t i;

	while ((len = stamp_receive(a->udp, data, sizeof(data), &from, &at)) >=
	       0) {
		if (!agent_message_parse_request(data, (size_t)len, &m, &why) ||
		    inet_pton(AF_INET, m.device, &ip) != 1)
			continue;
		i = index_of(a, ntohl(ip.s_addr));
		if (i == a->n)
			continue;
		memcpy(&a->campaign, &from, sizeof(a->campaign));
		/* To a REGISTER, too: one of 1.0.6 would not. */
		answer(a, &m, AGENT_TRYING, &from);
		answer(a, &m, AGENT_OK, &from);
		note(a, m.request, i, at);
	}
}

static void
take_echoes(struct agent *a)
{
	struct sockaddr_storage from;
	unsigned char data[256];
	uint32_t to;
	int64_t at;
	size_t i;

	while (stamp_receive(a->icmp, data, sizeof(data), &from, &at) >= 20) {
		memcpy(&to, data + 16, sizeof(to));
		i = index_of(a, ntohl(to));
		if (i == a->n || a->alarm[i] == 0 || a->probe[i] != 0)
			continue;
		a->probe[i] = at;
		a->probed++;
	}
}

static void
send_alarm(struct agent *a, size_t i)
{
	struct in_addr ip = {htonl(a->first + (uint32_t)i)};
	char host[INET_ADDRSTRLEN], text[512];
	int len;

	inet_ntop(AF_INET, &ip, host, sizeof(host));
	len = snprintf(text, sizeof(text),
	    "<130>Nov 23 04:00:00 ovoc New Alarm - Connection Alarm, "
	    "Source:EMS/%s, Severity:Critical, Unique ID:%zu, "
	    "Description:Connection Lost, Device Name:%s, IP Address:%s, "
	    "Tenant:bench, Site:bench",
	    host, i + 1, host, host);
	a->alarm[i] = stamp_now();
	sendto(a->udp, text, (size_t)len, 0, (struct sockaddr *)&a->campaign,
	    sizeof(a->campaign));
}

/* How long until the next alarm is due, after those that are; -1: none. */
static int64_t
send_due(struct agent *a)
{
	int64_t due;

	while (a->burst != 0 && a->sent < a->fewer) {
		due = a->burst +
		      a->spread * (int64_t)a->sent / (int64_t)a->fewer -
		      stamp_now();
		if (due > 0)
			return due;
		send_alarm(a, a->order[a->sent++]);
	}
	return -1;
}

static void
tell(struct agent *a)
{
	bool late;

	if (a->told || a->burst == 0 || a->sent < a->fewer)
		return;
	late = stamp_now() - a->burst > a->spread + PATIENCE;
	if (!late && (a->verified < a->fewer || a->probed < a->fewer))
		return;
	a->told = true;
	stamp_print("verify", a->alarm, a->verify, a->n);
	stamp_print("probe", a->alarm, a->probe, a->n);
}

static void
begin_burst(struct agent *a)
{
	struct signalfd_siginfo info;

	if (read(a->signals, &info, sizeof(info)) < 0 || a->burst != 0 ||
	    a->captured < a->fewer)
		return;
	a->burst = stamp_now();
	printf("alarms %lld\n", (long long)a->burst);
}

static void
turn(struct agent *a)
{
	struct pollfd fds[] = {
	    {a->udp, POLLIN, 0}, {a->icmp, POLLIN, 0}, {a->signals, POLLIN, 0}};
	int64_t left = send_due(a);
	struct timespec t = {0, 200000000};

	if (left >= 0)
		t.tv_nsec = (left < 200000 ? left : 200000) * 1000;
	if (ppoll(fds, 3, &t, NULL) < 0)
		return;
	if (fds[0].revents != 0)
		take_requests(a);
	if (fds[1].revents != 0)
		take_echoes(a);
	if (fds[2].revents != 0)
		begin_burst(a);
	tell(a);
}

static bool
open_sockets(struct agent *a, const char *at, const char *port)
{
	struct sockaddr_in here = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	struct icmp_filter echoes = {~(UINT32_C(1) << ICMP_ECHO)};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	a->signals = signalfd(-1, &set, SFD_CLOEXEC);
	a->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	a->icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (a->signals < 0 || a->udp < 0 || a->icmp < 0 ||
	    inet_pton(AF_INET, at, &here.sin_addr) != 1 ||
	    bind(a->udp, (struct sockaddr *)&here, sizeof(here)) != 0 ||
	    setsockopt(
		a->icmp, SOL_RAW, ICMP_FILTER, &echoes, sizeof(echoes)) != 0) {
		perror("quick_agent");
		return false;
	}
	stamp_prepare(a->udp);
	stamp_prepare(a->icmp);
	return true;
}

int
main(int argc, char **argv)
{
	struct agent a = {0};
	struct in_addr first;

	if (argc < 6 || argc > 7 || inet_pton(AF_INET, argv[3], &first) != 1) {
		fprintf(stderr, "usage: quick_agent AT PORT FIRST COUNT "
				"SPREAD [FEWER]\n");
		return 2;
	}
	a.first = ntohl(first.s_addr);
	a.n = strtoul(argv[4], NULL, 10);
	a.spread = atoll(argv[5]);
	a.alarm = xcalloc(a.n, sizeof(*a.alarm));
	a.verify = xcalloc(a.n, sizeof(*a.verify));
	a.probe = xcalloc(a.n, sizeof(*a.probe));
	a.capturing = xcalloc(a.n, sizeof(*a.capturing));
	a.order = xcalloc(a.n, sizeof(*a.order));
	a.fewer = argc == 7 ? strtoul(argv[6], NULL, 10) : a.n;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!open_sockets(&a, argv[1], argv[2]))
		return 1;
	puts("ready");
	for (;;)
		turn(&a);
}
