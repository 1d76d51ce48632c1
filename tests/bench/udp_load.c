/* udp_load.c - datagrams to many addresses of this host, in turn, at an even
 * pace, and nobody who reads them.
 *
 * usage: udp_load PORT FIRST COUNT DATAGRAMS A-SECOND SIZE
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "stamps.h"

#define SIZE_MAX_BYTES 1472

/* Takes what comes, so that no ICMP tells of a closed port. */
static int
open_sink(uint16_t port)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	perror("udp_load");
	exit(1);
}

int
main(int argc, char **argv)
{
	static char data[SIZE_MAX_BYTES];
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct in_addr first;
	uint32_t n, i, all;
	int64_t began, pace, left;
	size_t size;
	int fd;

	if (argc != 7 || inet_pton(AF_INET, argv[2], &first) != 1) {
		fprintf(stderr, "usage: udp_load PORT FIRST COUNT DATAGRAMS "
				"A-SECOND SIZE\n");
		return 2;
	}
	to.sin_port = htons((uint16_t)atoi(argv[1]));
	n = (uint32_t)strtoul(argv[3], NULL, 10);
	all = (uint32_t)strtoul(argv[4], NULL, 10);
	pace = atoll(argv[5]);
	size = strtoul(argv[6], NULL, 10);
	if (n == 0 || pace <= 0 || size > sizeof(data))
		return 2;
	open_sink((uint16_t)atoi(argv[1]));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	began = stamp_now();
	for (i = 0; i < all; i++) {
		struct timespec t = {0};

		to.sin_addr.s_addr = htonl(ntohl(first.s_addr) + i % n);
		if (sendto(fd, data, size, 0, (struct sockaddr *)&to,
			sizeof(to)) < 0) {
			perror("udp_load");
			return 1;
		}
		left = began + (int64_t)(i + 1) * 1000000 / pace - stamp_now();
		t.tv_nsec = left < 0 ? 0 : left > 999999 ? 999999 : left;
		t.tv_nsec *= 1000;
		if (left > 1000)
			nanosleep(&t, NULL);
	}
	return 0;
}
