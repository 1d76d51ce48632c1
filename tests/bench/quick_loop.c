/* quick_loop.c - what a burst of alarms takes who only answers datagrams: a
 * VERIFY and an echo request for each, and nothing else.
 *
 * usage: quick_loop AT AGENT PORT FIRST COUNT
 *
 * It asks the agent to CAPTURE the COUNT devices from FIRST on, then answers
 * alarms until it is killed.
 */
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stamps.h"

#define AT_ONCE 64

struct sockets {
	int udp, icmp;
	struct sockaddr_in agent;
};

static void
ask(const struct sockets *s, const char *what, const char *device)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "%s %s", what, device);

	sendto(s->udp, text, (size_t)len, 0, (const struct sockaddr *)&s->agent,
	    sizeof(s->agent));
}

static uint16_t
checksum(const uint16_t *words, size_t n)
{
	uint32_t sum = 0;

	while (n-- > 0)
		sum += *words++;
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void
echo(const struct sockets *s, const char *device)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct icmphdr h = {.type = ICMP_ECHO};

	if (inet_pton(AF_INET, device, &to.sin_addr) != 1)
		return;
	h.un.echo.id = htons((uint16_t)getpid());
	h.checksum = checksum((const uint16_t *)&h, sizeof(h) / 2);
	sendto(s->icmp, &h, sizeof(h), 0, (struct sockaddr *)&to, sizeof(to));
}

/* The device that an alarm names; false: it is none. */
static bool
device_of(const char *text, char device[INET_ADDRSTRLEN])
{
	const char *at = strstr(text, "IP Address:");

	return at != NULL && sscanf(at, "IP Address:%15[0-9.]", device) == 1;
}

static void
arm(const struct sockets *s, uint32_t first, uint32_t n)
{
	char host[INET_ADDRSTRLEN], data[512];
	uint32_t asked = 0, answers = 0;
	struct in_addr ip;

	while (answers < 2 * n) {
		for (; asked < n && asked < answers / 2 + AT_ONCE; asked++) {
			ip.s_addr = htonl(first + asked);
			inet_ntop(AF_INET, &ip, host, sizeof(host));
			ask(s, "CAPTURE", host);
		}
		if (recv(s->udp, data, sizeof(data), 0) > 0)
			answers++;
	}
}

static void
answer(const struct sockets *s)
{
	char data[1024], device[INET_ADDRSTRLEN];
	ssize_t len;

	while ((len = recv(s->udp, data, sizeof(data) - 1, 0)) >= 0) {
		data[len] = '\0';
		if (!device_of(data, device))
			continue;
		ask(s, "VERIFY", device);
		echo(s, device);
	}
}

int
main(int argc, char **argv)
{
	struct sockaddr_in here = {.sin_family = AF_INET};
	struct sockets s = {.agent.sin_family = AF_INET};
	struct in_addr first;

	if (argc != 6 || inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[2], &s.agent.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[4], &first) != 1) {
		fprintf(
		    stderr, "usage: quick_loop AT AGENT PORT FIRST COUNT\n");
		return 2;
	}
	s.agent.sin_port = htons((uint16_t)atoi(argv[3]));
	s.udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	s.icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (s.udp < 0 || s.icmp < 0 ||
	    bind(s.udp, (struct sockaddr *)&here, sizeof(here)) != 0) {
		perror("quick_loop");
		return 1;
	}
	stamp_prepare(s.udp);
	arm(&s, ntohl(first.s_addr), (uint32_t)strtoul(argv[5], NULL, 10));
	answer(&s);
	return 0;
}
