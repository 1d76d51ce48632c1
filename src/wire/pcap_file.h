/* pcap_file.h - walks a pcap or pcapng file as its bytes arrive.
 *
 * Only record headers are looked at, nothing is kept, so a capture is checked
 * while it is written and never read twice.  pcap: both byte orders, micro- and
 * nanoseconds, and the "modified" variant of Kuznetzov's; pcapng: any number of
 * sections and interfaces with their time resolutions (IETF
 * draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng).  Zeros that fill up a
 * file's last block are no packets.
 */
#ifndef WIRE_PCAP_FILE_H
#define WIRE_PCAP_FILE_H

#include <stddef.h>
#include <stdint.h>

enum pcap_verdict {
	PCAP_EMPTY,  /* no byte at all */
	PCAP_WHOLE,  /* valid to its last record (perhaps no packet) */
	PCAP_CUT,    /* valid so far, but ends inside a header or record */
	PCAP_INVALID /* not a capture, or a record that cannot be */
};

struct pcap_walk;

struct pcap_walk *pcap_walk_new(void);
void pcap_walk_free(struct pcap_walk *w);
/* Forget all and begin again. */
void pcap_walk_reset(struct pcap_walk *w);
/* The next bytes, in pieces of any size. */
void pcap_walk_add(struct pcap_walk *w, const void *data, size_t len);
/* What the bytes so far would be if they were all. */
enum pcap_verdict pcap_walk_verdict(const struct pcap_walk *w);
const char *pcap_verdict_name(enum pcap_verdict v);
uint64_t pcap_walk_packets(const struct pcap_walk *w);
/* Earliest and latest time stamp, microseconds since 1970; 0 with no packet. */
int64_t pcap_walk_first_us(const struct pcap_walk *w);
int64_t pcap_walk_last_us(const struct pcap_walk *w);

#endif
