/* capture_reader.h - the packets of one capture file, through libpcap.
 *
 * pcap with micro- and nanoseconds, both byte orders, modified; pcapng as far
 * as libpcap has it (all interfaces of one link type).  A file that ends early
 * or lies is read up to there.  Only what it had when it was opened is read.
 */
#ifndef COMPARE_CAPTURE_READER_H
#define COMPARE_CAPTURE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/side_facts.h"

struct captured {
	int64_t time;              /* ns since 1970 */
	const unsigned char *data; /* until the next call */
	uint32_t n, length;        /* captured; on the wire, not less */
};

struct capture_reader;

/* Read the file `f->name`, or `fd` if it is not -1 (it stays the caller's and
 * is read from its beginning).  All that is known of it goes into `f`, which
 * outlives the reader: its state from the opening on, the rest as it is read.
 * A size that is there already, from an earlier reading, is not exceeded, and
 * a digest not made again.  Never NULL. */
struct capture_reader *capture_reader_open(struct side_file *f, int fd);
/* False: there are no more. */
bool capture_reader_next(struct capture_reader *r, struct captured *c);
/* Finish the digest, unless `partly`: then the file is to be read again. */
void capture_reader_close(struct capture_reader *r, bool partly);

/* "EN10MB", or "DLT 999". */
const char *capture_link_name(int link_type, char buf[SIDE_LINK_NAME_MAX]);

#endif
