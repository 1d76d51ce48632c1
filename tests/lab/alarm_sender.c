/* alarm_sender.c - the two texts that OVOC's alarms have, and their socket.
 *
 * outage.c decides what is sent when; ovoc.c knows the destinations.
 */
#include "alarm_sender.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"

#define PRIORITY 130 /* local0, critical: RFC 3164, section 4.1.1 */

struct alarm_sender {
	struct loop *lp;
	const struct ovoc_conf *conf;
	int fd4, fd6; /* -1: not yet */
};

struct alarm_sender *
alarm_sender_new(struct loop *lp, const struct ovoc_conf *conf)
{
	struct alarm_sender *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->conf = conf;
	s->fd4 = s->fd6 = -1;
	return s;
}

static void
header_write(int64_t wall_ms, struct strbuf *to)
{
	time_t now = (time_t)(wall_ms / 1000);
	struct tm tm;
	char text[32];

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "%b %e %H:%M:%S", &tm);
	strbuf_addf(to, "<%d>%s ovoc ", PRIORITY, text);
}

void
alarm_write(const struct ovoc_conf *conf, const struct alarm_note *note,
    struct strbuf *to)
{
	const char *severity = note->clear ? "Clear" : "Critical";
	char ip[ADDR_TEXT_MAX];

	addr_text(&note->address, ip);
	if (conf->syslog_header)
		header_write(note->wall_ms, to);
	if (conf->alarm_format == ALARM_DOCUMENTED)
		strbuf_addf(to,
		    "Title: Alarm %s, received from %s, %s with Severity %s. "
		    "Description: EMS/%s, %s",
		    conf->alarm_name, note->name, ip, severity, ip, note->text);
	else
		strbuf_addf(to,
		    "New Alarm - %s, Source:EMS/%s, Severity:%s, Unique ID:%u, "
		    "Description:%s, Device Name:%s, IP Address:%s, "
		    "Tenant:lab, Site:lab",
		    conf->alarm_name, ip, severity, note->unique_id, note->text,
		    note->name, ip);
}

/* A UDP socket of this family; bound if the address is of the family too. */
static int
socket_open(struct alarm_sender *s, sa_family_t family, const struct addr *at)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(at, 0, &ss);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char text[ADDR_TEXT_MAX];

	if (fd >= 0 && (at->family != family ||
			   bind(fd, (struct sockaddr *)&ss, len) == 0))
		return fd;
	log_write(loop_log(s->lp), LOGGING_ERROR, NULL, "alarm",
	    "cannot send from %s: %s", addr_text(at, text), strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
socket_send(struct alarm_sender *s, int fd, const void *data, size_t len,
    const struct addr *to, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t ss_len = addr_to_sockaddr(to, port, &ss);
	char text[ADDR_TEXT_MAX];

	/* An ICMP error of the datagram before may stand in the way once. */
	for (int tries = 0; tries < 2; tries++)
		if (sendto(fd, data, len, 0, (struct sockaddr *)&ss, ss_len) >=
		    0)
			return;
	log_write(loop_log(s->lp), LOGGING_ERROR, NULL, "alarm",
	    "cannot send to %s: %s", addr_port_text(to, port, text),
	    strerror(errno));
}

void
alarm_send(struct alarm_sender *s, const void *data, size_t len,
    const struct addr *to, uint16_t port, const struct addr *source)
{
	int *kept = to->family == AF_INET ? &s->fd4 : &s->fd6;

	if (source) {
		int fd = socket_open(s, to->family, source);
		if (fd >= 0) {
			socket_send(s, fd, data, len, to, port);
			close(fd);
		}
		return;
	}
	if (*kept < 0)
		*kept = socket_open(s, to->family, &s->conf->address);
	if (*kept >= 0)
		socket_send(s, *kept, data, len, to, port);
}

void
alarm_sender_free(struct alarm_sender *s)
{
	if (!s)
		return;
	if (s->fd4 >= 0)
		close(s->fd4);
	if (s->fd6 >= 0)
		close(s->fd6);
	free(s);
}
