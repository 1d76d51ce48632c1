/* pcap_walk.h - where a walk of pcap_file.h is, and how a step moves it on.
 *
 * At any moment the walk either skips bytes nobody needs or gathers the few of
 * one header; a full header is handed to its stage's step, which says what
 * comes next.  For the steps of the two formats, which know nothing of each
 * other.
 */
#ifndef WIRE_PCAP_WALK_H
#define WIRE_PCAP_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_HEAD_LEN  8u /* type and length of a pcapng block */
#define WALK_HEADER_MAX 24 /* the longest header that is gathered */

enum stage {
	STAGE_MAGIC,
	STAGE_PCAP_HEADER,
	STAGE_RECORD,       /* a record's header */
	STAGE_RECORD_END,   /* all of a record is there */
	STAGE_BLOCK,        /* type and length */
	STAGE_SECTION,      /* the rest of a section's fixed part */
	STAGE_FIXED,        /* another block's fixed part */
	STAGE_OPTION,       /* code and length */
	STAGE_OPTION_VALUE, /* of an option that matters */
	STAGE_TRAILER,      /* the length again */
	STAGE_INVALID
};

struct interface {
	int64_t offset_s;
	unsigned char resolution; /* if_tsresol as it stands in the file */
};

struct pcap_walk {
	enum stage stage;
	uint64_t skip; /* bytes to pass over before the next header */
	unsigned have; /* bytes of `head` that are there */
	unsigned need; /* at which its step is run */
	bool swapped;  /* the other byte order than big-endian */
	bool nano;     /* pcap with nanoseconds */
	bool modified; /* pcap with longer record headers */
	bool padded;   /* a header of zeros was passed over */
	/* Of the pcapng block: */
	uint32_t type;   /* its type */
	uint32_t total;  /* length as its head says */
	uint32_t left;   /* bytes of its body that are not read yet */
	uint16_t option; /* the option whose value comes */
	struct interface *interfaces; /* of the section */
	size_t n_interfaces, cap_interfaces;
	/* Of the record or block, and of all so far: */
	bool pending; /* it is a packet ... */
	bool timed;   /* ... and has a time stamp */
	int64_t time_us;
	uint64_t packets;
	bool any_time;
	int64_t first_us, last_us;
	unsigned char head[WALK_HEADER_MAX];
};

/* A number of `head`, in the byte order of the file. */
uint16_t walk_get16(const struct pcap_walk *w, unsigned at);
uint32_t walk_get32(const struct pcap_walk *w, unsigned at);
/* Is what there is of `head` zeros, and enough of them to be no header?  A file
 * system, or a device's, fills up its last block so. */
bool walk_is_padding(const struct pcap_walk *w);
/* What comes after the bytes to skip: the header of `stage`, `need` bytes. */
void walk_expect(struct pcap_walk *w, enum stage stage, unsigned need);
/* The same, keeping the bytes of `head` as the beginning of that header. */
void walk_expect_more(struct pcap_walk *w, enum stage stage, unsigned need);
/* The bytes cannot be a capture. */
void walk_refuse(struct pcap_walk *w);
/* The record or block is there to its last byte. */
void walk_record_done(struct pcap_walk *w);

#endif
