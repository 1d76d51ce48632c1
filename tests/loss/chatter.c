/* chatter.c - what OVOC and a device say to each other all day.
 *
 * usage: chatter ovoc FROM DEVICE EVERY RETRIES LARGE PORTS
 *        chatter device FROM OVOC EVERY
 *
 * As OVOC it sends the device an SNMPv2c request every EVERY ms, repeats it
 * RETRIES times while there is no answer, and takes the device's messages on
 * port 162; every LARGE-th request (0: none) wants much.  PORTS is `one` for a
 * source port, its number, or `new` for another one with each request; from
 * SIGUSR1 on it asks the device at port 61161.  As a device it sends OVOC a
 * trap every EVERY ms.  Both end by a signal, after five minutes at the latest.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COMMUNITY  "public"
#define PORT_SNMP  161
#define PORT_LATER 61161
#define PORT_TRAP  162
#define RETRY_MS   400
#define LIFE_S     300
#define WAITING    16 /* requests without an answer, at most */
#define LARGE_VARS 60 /* of a large request */
#define FIRST_ID   0x5a0000
#define MESSAGE    4096
#define TRAP_PDU   0xa7 /* RFC 3416, section 3 */
#define GET_PDU    0xa0

enum { EXIT_USAGE = 2, EXIT_HOST = 7 };

struct request {
	int socket; /* < 0: none */
	uint32_t id;
	int64_t due; /* of the next repetition, ms */
	int left;
	bool large;
};

struct chatter {
	struct sockaddr_in here, there;
	int every, retries, large_every;
	bool new_ports;
	int socket, traps; /* traps: where they arrive, or -1 */
	struct request waiting[WAITING];
	uint32_t said;
};

static volatile sig_atomic_t later;

static void
told_later(int signo)
{
	(void)signo;
	later = 1;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
give_up(const char *what)
{
	perror(what);
	exit(EXIT_HOST);
}

/* --- SNMP messages: written from their end to their beginning, X.690 --- */

struct message {
	unsigned char bytes[MESSAGE];
	size_t at; /* where it begins */
};

static void
put(struct message *m, const void *data, size_t len)
{
	m->at -= len;
	memcpy(m->bytes + m->at, data, len);
}

/* Tag and length before what was written since `end`. */
static void
wrap(struct message *m, unsigned char tag, size_t end)
{
	size_t len = end - m->at;
	unsigned char head[] = {
	    tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len};

	put(m, head, sizeof(head));
}

static void
put_number(struct message *m, unsigned char tag, uint32_t n)
{
	unsigned char value[] = {tag, 4, (unsigned char)(n >> 24 & 0x7f),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 8),
	    (unsigned char)n};

	put(m, value, sizeof(value));
}

/* sysUpTime.0, in a trap with a value; sysDescr.0 is what is long. */
static void
put_variable(struct message *m, unsigned last, bool with_time)
{
	unsigned char name[] = {6, 8, 0x2b, 6, 1, 2, 1, 1, 0, 0};
	static const unsigned char nothing[] = {5, 0};
	size_t end = m->at;

	name[8] = (unsigned char)last;
	if (with_time)
		put_number(m, 0x43, (uint32_t)now_ms() / 10);
	else
		put(m, nothing, sizeof(nothing));
	put(m, name, sizeof(name));
	wrap(m, 0x30, end);
}

/* snmpTrapOID.0 = coldStart, RFC 3418. */
static void
put_trap_name(struct message *m)
{
	static const unsigned char value[] = {
	    6, 9, 0x2b, 6, 1, 6, 3, 1, 1, 5, 1};
	static const unsigned char name[] = {
	    6, 10, 0x2b, 6, 1, 6, 3, 1, 1, 4, 1, 0};
	size_t end = m->at;

	put(m, value, sizeof(value));
	put(m, name, sizeof(name));
	wrap(m, 0x30, end);
}

static void
message_make(struct message *m, bool trap, bool large, uint32_t id)
{
	int i, n = large ? LARGE_VARS : 1;

	m->at = sizeof(m->bytes);
	if (trap)
		put_trap_name(m);
	for (i = 0; i < n; i++)
		put_variable(m, large ? 1 : 3, trap);
	wrap(m, 0x30, sizeof(m->bytes));
	put_number(m, 2, 0); /* error-index */
	put_number(m, 2, 0); /* error-status */
	put_number(m, 2, id);
	wrap(m, trap ? TRAP_PDU : GET_PDU, sizeof(m->bytes));
	put(m, "\4\6" COMMUNITY, 8);
	put(m, "\2\1\1", 3); /* SNMPv2c */
	wrap(m, 0x30, sizeof(m->bytes));
}

/* --- sockets --- */

static int
socket_open(const struct sockaddr_in *at, int port)
{
	struct sockaddr_in a = *at;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	a.sin_port = htons((uint16_t)port);
	/* Several askers take the device's messages in turn. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		give_up("socket");
	return fd;
}

/* An error here is an ICMP error that came before, or a line that is down: the
 * next message may get through. */
static void
say(struct chatter *c, int fd, bool trap, bool large, uint32_t id)
{
	struct message m;

	message_make(&m, trap, large, id);
	(void)!sendto(fd, m.bytes + m.at, sizeof(m.bytes) - m.at, 0,
	    (struct sockaddr *)&c->there, sizeof(c->there));
}

static void
forget(struct chatter *c, struct request *r)
{
	if (r->socket >= 0 && r->socket != c->socket)
		close(r->socket);
	r->socket = -1;
}

static void
ask(struct chatter *c)
{
	struct request *r = &c->waiting[c->said % WAITING];

	forget(c, r);
	*r = (struct request){
	    .socket = c->new_ports ? socket_open(&c->here, 0) : c->socket,
	    .id = FIRST_ID + c->said,
	    .due = now_ms() + RETRY_MS,
	    .left = c->retries,
	    .large =
		c->large_every > 0 && c->said % (uint32_t)c->large_every == 0};
	say(c, r->socket, false, r->large, r->id);
}

static void
repeat(struct chatter *c)
{
	struct request *r;
	int i;

	for (i = 0; i < WAITING; i++) {
		r = &c->waiting[i];
		if (r->socket < 0 || r->due > now_ms())
			continue;
		r->due += RETRY_MS;
		if (r->left-- > 0)
			say(c, r->socket, false, r->large, r->id);
		else
			forget(c, r);
	}
}

/* The request-id of an answer is found by its bytes: nothing else in it looks
 * like the ids that are used here. */
static void
take_answer(struct chatter *c, const unsigned char *data, size_t len)
{
	int i;
	unsigned char id[4];

	for (i = 0; i < WAITING; i++) {
		id[0] = 0;
		id[1] = (unsigned char)(c->waiting[i].id >> 16);
		id[2] = (unsigned char)(c->waiting[i].id >> 8);
		id[3] = (unsigned char)c->waiting[i].id;
		/* net-snmp leaves the leading zero out. */
		if (memmem(data, len, id + 1, 3) != NULL)
			forget(c, &c->waiting[i]);
	}
}

static void
read_all(struct chatter *c, int fd)
{
	unsigned char data[65536];
	ssize_t n;

	while ((n = recv(fd, data, sizeof(data), 0)) > 0)
		take_answer(c, data, (size_t)n);
}

static void
listen_until(struct chatter *c, int64_t until)
{
	struct pollfd fds[WAITING + 2];
	int i, n;
	int64_t left;

	while ((left = until - now_ms()) > 0) {
		n = 0;
		fds[n++] = (struct pollfd){c->socket, POLLIN, 0};
		if (c->traps >= 0)
			fds[n++] = (struct pollfd){c->traps, POLLIN, 0};
		for (i = 0; i < WAITING; i++)
			if (c->waiting[i].socket >= 0)
				fds[n++] = (struct pollfd){
				    c->waiting[i].socket, POLLIN, 0};
		/* Repetitions are looked for often enough. */
		poll(fds, (nfds_t)n, left < 20 ? (int)left : 20);
		for (i = 0; i < n; i++)
			read_all(c, fds[i].fd);
		repeat(c);
	}
}

static void
talk(struct chatter *c, bool device)
{
	int64_t end = now_ms() + LIFE_S * INT64_C(1000), next = now_ms();

	while (now_ms() < end) {
		c->said++;
		if (later)
			c->there.sin_port = htons(PORT_LATER);
		if (device)
			say(c, c->socket, true, false, c->said);
		else
			ask(c);
		next += c->every;
		listen_until(c, next);
	}
}

static bool
address_read(struct sockaddr_in *to, const char *text, int port)
{
	*to = (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	return inet_pton(AF_INET, text, &to->sin_addr) == 1;
}

int
main(int argc, char **argv)
{
	struct chatter c = {.traps = -1};
	bool device = argc == 5 && strcmp(argv[1], "device") == 0;
	int i;

	if ((!device && (argc != 8 || strcmp(argv[1], "ovoc") != 0)) ||
	    !address_read(&c.here, argv[2], 0) ||
	    !address_read(&c.there, argv[3], device ? PORT_TRAP : PORT_SNMP) ||
	    (c.every = atoi(argv[4])) <= 0) {
		fputs("usage: chatter ovoc FROM DEVICE EVERY RETRIES LARGE "
		      "PORTS\n       chatter device FROM OVOC EVERY\n",
		    stderr);
		return EXIT_USAGE;
	}
	for (i = 0; i < WAITING; i++)
		c.waiting[i].socket = -1;
	c.socket = socket_open(&c.here, device ? 0 : atoi(argv[7]));
	if (!device) {
		signal(SIGUSR1, told_later);
		c.traps = socket_open(&c.here, PORT_TRAP);
		c.retries = atoi(argv[5]);
		c.large_every = atoi(argv[6]);
		c.new_ports = strcmp(argv[7], "new") == 0;
	}
	talk(&c, device);
	return 0;
}
