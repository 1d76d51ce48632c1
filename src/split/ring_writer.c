/* ring_writer.c - see ring_writer.h.  For split/splitter. */
#include "split/ring_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os_error.h"
#include "base/str.h"
#include "base/xmem.h"

/* Of one device no more waits for its file. */
#define WAITING_MAX 65536
/* A record's head, pcap-savefile(5): in the byte order of this host, as the
 * file's header says. */
#define HEAD_NUMBERS 4

struct ring_writer {
	const struct ring_plan *plan;
	char *path; /* without the number */
	int fd;
	unsigned number, digits;
	int64_t written; /* to this file, with what waits */
	struct strbuf waiting;
};

/* As tcpdump has it, which counts from 0. */
static unsigned
digits_of(unsigned files)
{
	unsigned n = 0;

	for (unsigned last = files - 1; last > 0; last /= 10)
		n++;
	return n;
}

static bool
open_file(struct ring_writer *w, struct fail *why)
{
	char *name = xasprintf("%s%0*u", w->path, (int)w->digits, w->number);

	/* Its mode is the umask's, as tcpdump's is. */
	w->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (w->fd < 0)
		os_error_set(why, OS_WRITE, errno, "cannot open %s", name);
	free(name);
	w->written = RING_HEADER_LEN;
	strbuf_clear(&w->waiting);
	strbuf_add_bytes(&w->waiting, w->plan->header, sizeof(w->plan->header));
	return w->fd >= 0;
}

static void
close_file(struct ring_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

struct ring_writer *
ring_writer_open(
    const struct ring_plan *plan, const char *path, struct fail *why)
{
	struct ring_writer *w = xcalloc(1, sizeof(*w));

	w->plan = plan;
	w->path = xstrdup(path);
	w->digits = digits_of(plan->files);
	if (open_file(w, why) && ring_writer_flush(w, why))
		return w;
	ring_writer_close(w);
	return NULL;
}

static bool
turn_over(struct ring_writer *w, struct fail *why)
{
	if (!ring_writer_flush(w, why))
		return false;
	close_file(w);
	w->number = (w->number + 1) % w->plan->files;
	return open_file(w, why);
}

bool
ring_writer_add(
    struct ring_writer *w, const struct ring_packet *p, struct fail *why)
{
	uint32_t kept =
	    p->captured < w->plan->snaplen ? p->captured : w->plan->snaplen;
	const uint32_t head[HEAD_NUMBERS] = {
	    (uint32_t)p->at.tv_sec, (uint32_t)p->at.tv_usec, kept, p->length};

	if (w->written > w->plan->file_bytes && !turn_over(w, why))
		return false;
	strbuf_add_bytes(&w->waiting, head, sizeof(head));
	strbuf_add_bytes(&w->waiting, p->data, kept);
	w->written += (int64_t)sizeof(head) + kept;
	return w->waiting.len < WAITING_MAX || ring_writer_flush(w, why);
}

bool
ring_writer_flush(struct ring_writer *w, struct fail *why)
{
	const char *from = w->waiting.s;
	size_t left = w->waiting.len;

	while (left > 0) {
		ssize_t n = write(w->fd, from, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			os_error_set(why, OS_WRITE, n < 0 ? errno : ENOSPC,
			    "cannot write to %s%0*u", w->path, (int)w->digits,
			    w->number);
			return false;
		}
		from += n;
		left -= (size_t)n;
	}
	/* Thousands may wait for their next packet. */
	strbuf_free(&w->waiting);
	return true;
}

void
ring_writer_close(struct ring_writer *w)
{
	if (w == NULL)
		return;
	close_file(w);
	strbuf_free(&w->waiting);
	free(w->path);
	free(w);
}
