/* ring_writer.h - one device's files, as `tcpdump -C -W` writes them.
 *
 * The path and a number from 0 on, with as many digits as the last one has.  A
 * packet that finds its file longer than the limit goes into the next one,
 * behind the last one into the first again, which is emptied; where it was
 * given another name meanwhile, that one keeps what is in it.  What is added
 * is on its file after ring_writer_flush().
 */
#ifndef SPLIT_RING_WRITER_H
#define SPLIT_RING_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#include "base/fail.h"

#define RING_HEADER_LEN 24 /* of a pcap file */

struct ring_plan {                             /* of all devices */
	unsigned char header[RING_HEADER_LEN]; /* of each file */
	int64_t file_bytes;
	unsigned files;
	uint32_t snaplen; /* no more of a packet is kept */
};
struct ring_packet {
	struct timeval at;
	uint32_t captured, length;
	const unsigned char *data;
};

struct ring_writer;

/* Open the first file; `plan` outlives the writer.  NULL and FAIL_LOCAL in
 * `why` if that cannot be. */
struct ring_writer *ring_writer_open(
    const struct ring_plan *plan, const char *path, struct fail *why);
/* False and FAIL_LOCAL in `why`: a file cannot be opened, or written to (then
 * its last packet may be cut, as tcpdump leaves it); no more is to be added. */
bool ring_writer_add(
    struct ring_writer *w, const struct ring_packet *p, struct fail *why);
bool ring_writer_flush(struct ring_writer *w, struct fail *why);
/* What is not flushed is gone.  NULL is accepted. */
void ring_writer_close(struct ring_writer *w);

#endif
