/* capture_rig.h - capture files, byte by byte. */
#ifndef UNIT_CAPTURE_RIG_H
#define UNIT_CAPTURE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet_rig.h"

#define LINK_ETHERNET 1
#define LINK_RAW      101

struct capture_file {
	/* Before capture_begin(): */
	bool big;         /* the byte order */
	bool nano;        /* pcap: nanoseconds */
	bool modified;    /* pcap: longer headers of records */
	bool ng;          /* pcapng */
	uint32_t snaplen; /* 0: 262144 */
	/* Filled in: */
	unsigned char *b;
	size_t len, cap;
};

/* Forget what is there, write the header. */
void capture_begin(struct capture_file *f, int link_type);
/* A frame of `length` bytes of which `n` were captured; time in ns. */
void capture_frame(struct capture_file *f, int64_t time, const void *data,
    size_t n, size_t length);
/* A packet without a link layer, cut by the snaplen. */
void capture_packet(
    struct capture_file *f, int64_t time, const struct packet *p);
void capture_bytes(struct capture_file *f, const void *data, size_t n);
void capture_save(const struct capture_file *f, const char *path);
void capture_free(struct capture_file *f);

/* How many packets are in a file, which must be whole; and when the first one
 * was, us since 1970 (NULL: whenever). */
int64_t capture_packets_in(const char *path, int64_t *first_us);

#endif
