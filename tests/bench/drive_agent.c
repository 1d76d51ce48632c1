/* drive_agent.c - one kind of request to an agent about many devices, as fast
 * as the agent takes them.
 *
 * usage: drive_agent AT AGENT PORT REQUEST FIRST COUNT
 *
 * Of those that it has not answered at all there are 64 at most.  Prints
 * microseconds from the first request to the last answer, and how many of them
 * were good; what is not answered in 30 s is not.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "stamps.h"
#include "wire/agent_message.h"

#define AT_ONCE  64
#define PATIENCE INT64_C(30000000) /* us */

struct driver {
	int fd;
	enum agent_request request;
	uint32_t first;
	size_t n, sent, heard, ended, good;
	bool *is_heard, *is_ended;
};

static void
send_next(struct driver *d)
{
	struct agent_message m = {.request = d->request};
	struct in_addr ip = {htonl(d->first + (uint32_t)d->sent++)};
	char text[AGENT_MESSAGE_MAX];
	size_t len;

	inet_ntop(AF_INET, &ip, m.device, sizeof(m.device));
	if (d->request == REQUEST_STOP)
		snprintf(m.file, sizeof(m.file),
		    "CPE_device_%.15s_2026-11-23T04.00.00.000000.pcap",
		    m.device);
	len = agent_message_format_request(text, &m);
	if (send(d->fd, text, len, 0) < 0)
		perror("drive_agent");
}

static void
take(struct driver *d)
{
	struct agent_message m;
	char data[AGENT_TEXT_MAX];
	const char *why;
	struct in_addr ip;
	ssize_t len;
	size_t i;

	while ((len = recv(d->fd, data, sizeof(data), MSG_DONTWAIT)) >= 0) {
		if (!agent_message_parse_answer(data, (size_t)len, &m, &why) ||
		    m.request != d->request ||
		    inet_pton(AF_INET, m.device, &ip) != 1)
			continue;
		i = ntohl(ip.s_addr) - d->first;
		if (i >= d->n)
			continue;
		d->heard += !d->is_heard[i];
		d->is_heard[i] = true;
		if (m.code == AGENT_TRYING || d->is_ended[i])
			continue;
		d->is_ended[i] = true;
		d->ended++;
		d->good += m.code == AGENT_OK;
		if (m.code != AGENT_OK && d->ended - d->good == 1)
			fprintf(stderr, "drive_agent: %.*s\n", (int)len, data);
	}
}

static bool
open_socket(struct driver *d, const char *at, const char *to, const char *port)
{
	struct sockaddr_in here = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	struct sockaddr_in agent = here;

	d->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (d->fd >= 0 && inet_pton(AF_INET, at, &here.sin_addr) == 1 &&
	    inet_pton(AF_INET, to, &agent.sin_addr) == 1 &&
	    bind(d->fd, (struct sockaddr *)&here, sizeof(here)) == 0 &&
	    connect(d->fd, (struct sockaddr *)&agent, sizeof(agent)) == 0) {
		stamp_prepare(d->fd);
		return true;
	}
	perror("drive_agent");
	return false;
}

static void
drive(struct driver *d)
{
	int64_t began = stamp_now();

	while (d->ended < d->n && stamp_now() - began < PATIENCE) {
		struct pollfd p = {d->fd, POLLIN, 0};

		while (d->sent < d->n && d->sent < d->heard + AT_ONCE)
			send_next(d);
		if (poll(&p, 1, 100) > 0)
			take(d);
	}
	printf("%lld %zu\n", (long long)(stamp_now() - began), d->good);
}

int
main(int argc, char **argv)
{
	struct driver d = {0};
	struct in_addr first;

	for (int i = REQUEST_REGISTER; argc == 7 && i <= REQUEST_STOP; i++)
		if (strcmp(agent_request_name((enum agent_request)i),
			argv[4]) == 0)
			d.request = (enum agent_request)i;
	if (d.request == REQUEST_NONE ||
	    inet_pton(AF_INET, argv[5], &first) != 1) {
		fprintf(stderr, "usage: drive_agent AT AGENT PORT REQUEST "
				"FIRST COUNT\n");
		return 2;
	}
	d.first = ntohl(first.s_addr);
	d.n = strtoul(argv[6], NULL, 10);
	d.is_heard = xcalloc(d.n, sizeof(*d.is_heard));
	d.is_ended = xcalloc(d.n, sizeof(*d.is_ended));
	if (!open_socket(&d, argv[1], argv[2], argv[3]))
		return 1;
	drive(&d);
	free(d.is_heard);
	free(d.is_ended);
	return 0;
}
