/* piece_file.c - see piece_file.h.
 *
 * For agent/store, which orders and names the files.
 */
#include "agent/piece_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "wire/pcap_file.h"

#define READ_STEP 65536
/* One packet has at most 256 KiB (tcpdump's largest snapshot length). */
#define FIRST_PACKET_WITHIN (8 * READ_STEP)

int64_t
piece_first_packet(int fd)
{
	struct pcap_walk *w = pcap_walk_new();
	char *buf = xcalloc(1, READ_STEP);
	size_t total = 0;
	int64_t first;

	while (total < FIRST_PACKET_WITHIN && pcap_walk_packets(w) == 0) {
		ssize_t got = read(fd, buf, READ_STEP);

		if (got <= 0)
			break;
		pcap_walk_add(w, buf, (size_t)got);
		total += (size_t)got;
	}
	first = pcap_walk_first_us(w);
	free(buf);
	pcap_walk_free(w);
	return first;
}

int64_t
piece_time(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	int64_t us;

	if (fd < 0)
		return 0;
	us = piece_first_packet(fd);
	if (us == 0 && fstat(fd, &st) == 0)
		us = clock_us(&st.st_mtim);
	close(fd);
	return us;
}

struct piece_walk {
	int fd;
	struct pcap_walk *walk;
	char buf[READ_STEP];
};

struct piece_walk *
piece_walk_new(int folder, const char *name)
{
	struct piece_walk *w = xcalloc(1, sizeof(*w));

	w->fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	w->walk = pcap_walk_new();
	return w;
}

enum piece_verdict
piece_walk_on(struct piece_walk *w, size_t *budget)
{
	while (*budget > 0) {
		size_t most = *budget < READ_STEP ? *budget : READ_STEP;
		ssize_t got = read(w->fd, w->buf, most);

		if (got < 0)
			return PIECE_CUT;
		if (got == 0)
			return pcap_walk_verdict(w->walk) == PCAP_WHOLE
				   ? PIECE_WHOLE
				   : PIECE_CUT;
		pcap_walk_add(w->walk, w->buf, (size_t)got);
		*budget -= (size_t)got;
	}
	return PIECE_UNREAD;
}

int64_t
piece_walk_packets(const struct piece_walk *w)
{
	return (int64_t)pcap_walk_packets(w->walk);
}

int64_t
piece_walk_last_us(const struct piece_walk *w)
{
	return pcap_walk_last_us(w->walk);
}

void
piece_walk_free(struct piece_walk *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		close(w->fd);
	pcap_walk_free(w->walk);
	free(w);
}
