/* capture_reader.c - see capture_reader.h.
 *
 * The only file that knows libpcap, which reads from a stream of ours: so the
 * bytes are hashed on their way, a file that grows has an end, and it can be
 * told whether libpcap gave up at the end of the file or before.
 */
#include "compare/capture_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/str.h"
#include "base/xmem.h"
#include "wire/link_frame.h"

#define BUFFER_SIZE     (256 * 1024)
#define MAGIC_LEN       4
#define BLOCK_HEAD_LEN  8  /* of pcapng */
#define RECORD_HEAD_LEN 16 /* of pcap */
#define NS              1000000000
/* A pcap's 32 bits end in 2106, and two such times can be added: 64 bits of ns
 * end in 2262. */
#define SECONDS_MAX 4294967295

struct capture_reader {
	struct side_file *file;
	int fd; /* -1: it could not be opened */
	bool own_fd;
	FILE *stream;
	pcap_t *pcap; /* NULL: it is no capture; else it owns the stream */
	bool done;    /* no further packet is asked for */
	struct digest *digest; /* NULL: the file has one */
	uint64_t at;           /* bytes handed to the stream */
	uint64_t zeros_at;     /* from here to `at` all bytes are 0 */
	bool at_end;           /* more was asked for than there is */
	bool padded;           /* the last record was zeros */
	int error;             /* errno of a read that failed */
	char buffer[BUFFER_SIZE];
};

/* Where the zeros at the end of all bytes so far begin. */
static void
note_zeros(struct capture_reader *r, const char *buf, size_t n)
{
	while (n > 0 && buf[n - 1] == '\0')
		n--;
	if (n > 0)
		r->zeros_at = r->at + n;
}

/* Of a stream: read(2), but up to the size that the file had. */
static ssize_t
stream_read(void *cookie, char *buf, size_t size)
{
	struct capture_reader *r = cookie;
	uint64_t left = r->file->size - r->at;
	ssize_t n;

	if (size > left)
		size = (size_t)left;
	do
		n = pread(r->fd, buf, size, (off_t)r->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		r->error = errno;
		return -1;
	}
	if (n == 0) {
		r->at_end = true;
		return 0;
	}
	if (r->digest != NULL)
		digest_add(r->digest, buf, (size_t)n);
	note_zeros(r, buf, (size_t)n);
	r->at += (uint64_t)n;
	return n;
}

/* Only what ftello(3) needs: where it is. */
static int
stream_seek(void *cookie, off64_t *offset, int whence)
{
	const struct capture_reader *r = cookie;

	if (whence != SEEK_CUR || *offset != 0)
		return -1;
	*offset = (off64_t)r->at;
	return 0;
}

static void __attribute__((format(printf, 3, 4)))
set_state(struct side_file *f, enum file_state state, const char *fmt, ...)
{
	va_list ap;

	f->state = state;
	va_start(ap, fmt);
	(void)vsnprintf(f->trouble, sizeof(f->trouble), fmt, ap);
	va_end(ap);
	str_printable(f->trouble);
}

/* Open it and learn its size.  False: it cannot be read, and `f` says why. */
static bool
open_file(struct capture_reader *r, int fd)
{
	struct side_file *f = r->file;
	struct stat st;

	r->own_fd = fd < 0;
	if (r->own_fd)
		fd = bytes_open(f->name, 0, &st);
	else if (fstat(fd, &st) != 0)
		fd = -1;
	else if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		fd = -1;
	}
	r->fd = fd;
	if (fd < 0) {
		set_state(f, FILE_UNREADABLE, "it cannot be read: %s",
		    errno == EINVAL ? "it is no regular file"
				    : strerror(errno));
		return false;
	}
	if (f->size == 0)
		f->size = (uint64_t)st.st_size;
	return true;
}

/* libpcap did not find a file header. */
static void
refuse(struct capture_reader *r, const char *why)
{
	struct side_file *f = r->file;

	if (r->error != 0)
		set_state(f, FILE_UNREADABLE, "it cannot be read: %s",
		    strerror(r->error));
	else if (f->size == 0)
		set_state(f, FILE_NO_PACKETS, "it is empty");
	else if (r->at_end && f->size >= MAGIC_LEN)
		set_state(f, FILE_CUT, "it ends within its header");
	else
		set_state(f, FILE_NO_CAPTURE, "it is no capture: %s", why);
}

static void
begin(struct capture_reader *r)
{
	static const cookie_io_functions_t calls = {
	    .read = stream_read, .seek = stream_seek};
	struct side_file *f = r->file;
	char why[PCAP_ERRBUF_SIZE] = "", name[SIDE_LINK_NAME_MAX];

	r->stream = fopencookie(r, "rb", calls);
	if (r->stream == NULL)
		xmem_exhausted();
	(void)setvbuf(r->stream, r->buffer, _IOFBF, sizeof(r->buffer));
	(void)__fsetlocking(r->stream, FSETLOCKING_BYCALLER);
	r->pcap = pcap_fopen_offline_with_tstamp_precision(
	    r->stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (r->pcap == NULL) {
		refuse(r, why);
		(void)fclose(r->stream);
		r->stream = NULL;
		return;
	}
	f->link_type = pcap_datalink(r->pcap);
	f->state = FILE_WHOLE;
	if (!link_type_known(f->link_type))
		set_state(f, FILE_LINK_TYPE,
		    "its link type %s is not one that can be compared",
		    capture_link_name(f->link_type, name));
}

struct capture_reader *
capture_reader_open(struct side_file *f, int fd)
{
	struct capture_reader *r = xcalloc(1, sizeof(*r));

	r->file = f;
	f->link_type = -1;
	f->packets = 0;
	f->from = f->to = 0;
	f->trouble[0] = '\0';
	if (!open_file(r, fd))
		return r;
	if (f->sha256[0] == '\0')
		r->digest = digest_new();
	begin(r);
	return r;
}

/* Read what libpcap did not want. */
static void
drain(struct capture_reader *r)
{
	ssize_t n;

	do
		n = stream_read(r, r->buffer, sizeof(r->buffer));
	while (n > 0);
}

/* Does libpcap stop at zeros that go on to the end?  A file system, or a
 * device's, fills up its last block so.  In pcap they are records until less
 * than one is left, in pcapng a block of no length. */
static bool
rest_is_padding(struct capture_reader *r)
{
	off_t here = ftello(r->stream);
	uint64_t least = r->at_end ? RECORD_HEAD_LEN : BLOCK_HEAD_LEN;

	if (here < 0 || (r->at_end && !r->padded))
		return false;
	drain(r);
	return r->error == 0 && r->zeros_at + least <= (uint64_t)here;
}

/* libpcap gave up: what does that say of the file? */
static void
stopped(struct capture_reader *r)
{
	struct side_file *f = r->file;
	unsigned long long packets = f->packets;
	bool at_end = r->at_end;

	if (r->error != 0)
		set_state(f, FILE_UNREADABLE,
		    "reading it failed after %llu packets: %s", packets,
		    strerror(r->error));
	else if (rest_is_padding(r))
		return;
	else if (at_end)
		set_state(f, FILE_CUT,
		    "it ends within a packet, after %llu whole ones", packets);
	else
		set_state(f, FILE_DAMAGED,
		    "it cannot be read further than %llu packets: %s", packets,
		    pcap_geterr(r->pcap));
}

/* There is no further packet; `well`: libpcap is content. */
static void
ended(struct capture_reader *r, bool well)
{
	struct side_file *f = r->file;

	r->done = true;
	if (!well && f->state == FILE_WHOLE)
		stopped(r);
	if (f->state == FILE_WHOLE && f->packets == 0)
		set_state(f, FILE_NO_PACKETS, "there is no packet in it");
}

static void
note_time(struct side_file *f, int64_t time)
{
	if (f->packets == 0)
		f->from = f->to = time;
	else if (time < f->from)
		f->from = time;
	else if (time > f->to)
		f->to = time;
}

static int64_t
time_of(const struct pcap_pkthdr *h)
{
	int64_t s = h->ts.tv_sec;

	if (s < 0)
		return 0;
	if (s > SECONDS_MAX)
		s = SECONDS_MAX;
	/* With the precision asked for, these are ns. */
	return s * NS + (h->ts.tv_usec > 0 ? h->ts.tv_usec : 0);
}

/* A record header of zeros. */
static bool
is_padding(const struct pcap_pkthdr *h)
{
	return h->caplen == 0 && h->len == 0 && h->ts.tv_sec == 0 &&
	       h->ts.tv_usec == 0;
}

bool
capture_reader_next(struct capture_reader *r, struct captured *c)
{
	struct pcap_pkthdr *h;
	const unsigned char *data;
	int got;

	if (r->pcap == NULL || r->done)
		return false;
	r->padded = false;
	while ((got = pcap_next_ex(r->pcap, &h, &data)) == 1 && is_padding(h))
		r->padded = true;
	if (got != 1) {
		ended(r, got == PCAP_ERROR_BREAK);
		return false;
	}
	c->time = time_of(h);
	c->data = data;
	c->n = h->caplen;
	c->length = h->len > h->caplen ? h->len : h->caplen;
	note_time(r->file, c->time);
	r->file->packets++;
	return true;
}

void
capture_reader_close(struct capture_reader *r, bool partly)
{
	struct stat st;

	if (r->fd >= 0 && !partly) {
		if (r->digest != NULL) {
			drain(r);
			digest_hex(r->digest, r->file->sha256);
		}
		r->file->grew = fstat(r->fd, &st) == 0 &&
				(uint64_t)st.st_size > r->file->size;
	}
	digest_free(r->digest);
	if (r->pcap != NULL)
		pcap_close(r->pcap);
	if (r->fd >= 0 && r->own_fd)
		(void)close(r->fd);
	free(r);
}

const char *
capture_link_name(int link_type, char buf[SIDE_LINK_NAME_MAX])
{
	const char *name = pcap_datalink_val_to_name(link_type);

	if (name != NULL)
		(void)str_copy(buf, SIDE_LINK_NAME_MAX, name);
	else
		(void)snprintf(buf, SIDE_LINK_NAME_MAX, "DLT %d", link_type);
	return buf;
}
