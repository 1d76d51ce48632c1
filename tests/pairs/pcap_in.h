/* pcap_in.h - a capture file read back, by other code than wrote it. */
#ifndef PAIRS_PCAP_IN_H
#define PAIRS_PCAP_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pcap_in {
	unsigned char *bytes;
	size_t len, at;
	bool big, ng;          /* numbers are big-endian; pcapng */
	unsigned link, header; /* bytes of a record's */
};

struct packet_in {
	const unsigned char *bytes;
	size_t kept, len;
	unsigned link;
};

/* False if it is no capture. */
bool pcap_in_open(struct pcap_in *in, const char *path);
/* False at the end, or where a record is cut. */
bool pcap_in_next(struct pcap_in *in, struct packet_in *p);
void pcap_in_close(struct pcap_in *in);

#endif
