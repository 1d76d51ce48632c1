/* piece_file.c - see piece_file.h.
 *
 * For agent/store, which orders and names the files.
 */
#include "agent/piece_file.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "wire/pcap_file.h"

#define READ_STEP 65536
/* One packet has at most 256 KiB (tcpdump's largest snapshot length). */
#define FIRST_PACKET_WITHIN (8 * READ_STEP)
#define WHOLE_WITHIN        200000000

int64_t
piece_first_packet(int fd)
{
	struct pcap_walk *w = pcap_walk_new();
	char *buf = xcalloc(1, READ_STEP);
	size_t total = 0;
	while (total < FIRST_PACKET_WITHIN && pcap_walk_packets(w) == 0) {
		ssize_t got = read(fd, buf, READ_STEP);
		if (got <= 0)
			break;
		pcap_walk_add(w, buf, (size_t)got);
		total += (size_t)got;
	}
	int64_t first = pcap_walk_first_us(w);
	free(buf);
	pcap_walk_free(w);
	return first;
}

int64_t
piece_time(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	int64_t us = piece_first_packet(fd);
	struct stat st;
	if (us == 0 && fstat(fd, &st) == 0)
		us = (int64_t)st.st_mtim.tv_sec * 1000000 +
		     st.st_mtim.tv_nsec / 1000;
	close(fd);
	return us;
}

/* To its end, in an open file. */
static bool
walk_all(int fd)
{
	struct pcap_walk *w = pcap_walk_new();
	char *buf = xcalloc(1, READ_STEP);
	ssize_t got;
	while ((got = read(fd, buf, READ_STEP)) > 0)
		pcap_walk_add(w, buf, (size_t)got);
	bool whole = got == 0 && pcap_walk_verdict(w) == PCAP_WHOLE;
	free(buf);
	pcap_walk_free(w);
	return whole;
}

bool
piece_is_whole(int folder, const char *name)
{
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	bool whole =
	    fstat(fd, &st) == 0 && st.st_size <= WHOLE_WITHIN && walk_all(fd);
	close(fd);
	return whole;
}
