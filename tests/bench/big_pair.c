/* big_pair.c - two large captures of the two ends of one path.
 *
 * usage: big_pair PACKETS SIZE FLOWS FOLDER
 *
 * PACKETS of SIZE bytes (of IP) in FLOWS conversations, half of them TCP's and
 * half UDP's, both ways by turns.  One of 200 is lost; the device's clock is an
 * hour ahead.  Writes server.pcap and device.pcap.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ETHERNET       14
#define HEAD           (ETHERNET + 20)
#define SIZE_MAX_BYTES 1500
#define BEGAN          INT64_C(1795402800000000) /* us */
#define APART          50                        /* us from one to the next */
#define DELAY          10000
#define OFFSET         INT64_C(3600000000)
#define PORTS          5000
#define LOST           200

struct packet {
	unsigned char bytes[ETHERNET + SIZE_MAX_BYTES];
	uint32_t size;
};

static void
put16(unsigned char *p, uint32_t value)
{
	p[0] = (unsigned char)(value >> 8);
	p[1] = (unsigned char)value;
}

static void
put32(unsigned char *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value);
}

static void
begin(FILE *f)
{
	static const uint32_t header[6] = {
	    0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1};

	fwrite(header, sizeof(header), 1, f);
}

static void
write_at(FILE *f, const struct packet *p, int64_t us)
{
	uint32_t head[4] = {(uint32_t)(us / 1000000), (uint32_t)(us % 1000000),
	    ETHERNET + p->size, ETHERNET + p->size};

	fwrite(head, sizeof(head), 1, f);
	fwrite(p->bytes, ETHERNET + p->size, 1, f);
}

/* The n-th packet, of this conversation. */
static void
make(struct packet *p, uint32_t n, uint32_t flow, bool there)
{
	unsigned char *ip = p->bytes + ETHERNET, *l4 = ip + 20;
	bool tcp = flow % 2 == 0;
	uint32_t port = 1024 + flow % PORTS, peer = 0x0a000000 + flow / PORTS;

	memset(p->bytes, 0, HEAD + 20);
	put16(p->bytes + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, p->size);
	put16(ip + 4, n);
	ip[8] = 64;
	ip[9] = tcp ? 6 : 17;
	put32(ip + 12, there ? peer : 0xc0000201);
	put32(ip + 16, there ? 0xc0000201 : peer);
	put16(l4, there ? port : 443);
	put16(l4 + 2, there ? 443 : port);
	if (tcp) {
		put32(l4 + 4, n * 2000);
		l4[12] = 0x50;
		l4[13] = 0x10;
		put16(l4 + 14, 64240);
		put32(l4 + 20, n);
	} else {
		put16(l4 + 4, p->size - 20);
		put32(l4 + 8, n);
		put32(l4 + 20, n * 2654435761u);
	}
}

static void
write_pair(FILE *server, FILE *device, uint32_t packets, uint32_t flows,
    struct packet *p)
{
	FILE *sent, *came;
	int64_t at, due, waits = 0;
	uint32_t i;

	for (i = 0; i < packets; i++) {
		bool there = i % 2 == 0;

		make(p, i, i / 2 % flows, there);
		if (!there)
			p->bytes[ETHERNET + 8] = 64;
		sent = there ? server : device;
		came = there ? device : server;
		at = BEGAN + (int64_t)i * APART;
		/* What comes is written between what is sent: a little late
		 * stamps are in order all the same. */
		due = at + DELAY % APART + 7;
		write_at(sent, p, at + (there ? 0 : OFFSET));
		if (i % LOST == LOST - 1)
			continue;
		p->bytes[ETHERNET + 8] = 58;
		write_at(came, p, due + (there ? OFFSET : 0));
		waits++;
	}
}

int
main(int argc, char *argv[])
{
	static struct packet p;
	char path[2][4096];
	FILE *f[2];
	uint32_t packets, flows;
	int i;

	if (argc != 5) {
		fprintf(stderr, "usage: big_pair PACKETS SIZE FLOWS FOLDER\n");
		return 2;
	}
	packets = (uint32_t)strtoul(argv[1], NULL, 10);
	p.size = (uint32_t)strtoul(argv[2], NULL, 10);
	flows = (uint32_t)strtoul(argv[3], NULL, 10);
	if (p.size < 64 || p.size > SIZE_MAX_BYTES || flows == 0)
		return 2;
	snprintf(path[0], sizeof(path[0]), "%s/server.pcap", argv[4]);
	snprintf(path[1], sizeof(path[1]), "%s/device.pcap", argv[4]);
	for (i = 0; i < 2; i++) {
		f[i] = fopen(path[i], "w");
		if (f[i] == NULL) {
			perror(path[i]);
			return 1;
		}
		begin(f[i]);
	}
	write_pair(f[0], f[1], packets, flows, &p);
	for (i = 0; i < 2; i++)
		if (fclose(f[i]) != 0)
			return 1;
	return 0;
}
