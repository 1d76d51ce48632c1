/* pcap_out.h - a capture file, in each form that libpcap reads. */
#ifndef PAIRS_PCAP_OUT_H
#define PAIRS_PCAP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

struct pcap_out;

/* NULL, and a message, if the file cannot be made. */
struct pcap_out *pcap_out_open(
    const char *path, enum format format, enum link link, unsigned snaplen);
/* A packet of `len` bytes at `wall` ns since 1970, cut to the snaplen. */
void pcap_out_packet(
    struct pcap_out *out, int64_t wall, const unsigned char *bytes, size_t len);
/* False, and a message, if something could not be written. */
bool pcap_out_close(struct pcap_out *out);
/* Do numbers of this form have the order of a big-endian host? */
bool pcap_out_swapped(enum format format);

#endif
