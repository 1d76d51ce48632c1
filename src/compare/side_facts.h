/* side_facts.h - what is to be said about the files of one side. */
#ifndef COMPARE_SIDE_FACTS_H
#define COMPARE_SIDE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

enum side_status {
	SIDE_READ,       /* there are records (what is wrong is in `file`) */
	SIDE_NOTHING,    /* files were read, nothing in them can be compared */
	SIDE_UNREADABLE, /* no file could be read */
	SIDE_MEMORY      /* the limit of memory was reached */
};

enum file_state {
	FILE_WHOLE,
	FILE_CUT,        /* it ends within a packet: read up to there */
	FILE_DAMAGED,    /* a length cannot be true: read up to there */
	FILE_NO_PACKETS, /* empty, or a header alone */
	FILE_NO_CAPTURE, /* something else */
	FILE_LINK_TYPE,  /* a link type that we do not know */
	FILE_UNREADABLE  /* not there, no permission, no regular file */
};

struct side_file {
	char *name; /* as it was given */
	char sha256[DIGEST_HEX_MAX];
	enum file_state state;
	uint64_t packets;  /* in the file, of whatever kind */
	int64_t from, to;  /* earliest and latest stamp in ns; 0 without any */
	int link_type;     /* DLT_ of libpcap; -1: not known */
	uint64_t size;     /* bytes of it that were read */
	bool grew;         /* while it was read; what it had then was read */
	char trouble[160]; /* one sentence without the name; "": none */
};

#define SIDE_LINK_TYPES_MAX 8
#define SIDE_LINK_NAME_MAX  32

struct side_facts {
	const char *name;
	enum side_status status;
	char trouble[384]; /* one sentence if status is not SIDE_READ */
	const struct side_file *files; /* in the order of time */
	unsigned n_files;
	/* Packets: all = records + copies + pieces + no_ip + local + left +
	 * other_link + broken. */
	uint64_t packets, records;
	uint64_t copies; /* folded: the same packet again within 2 ms */
	uint64_t pieces; /* fragments behind a first one, or without it */
	uint64_t no_ip;  /* ARP and the like */
	uint64_t local;  /* multicast, broadcast, link-local: go nowhere */
	uint64_t left;   /* outside the limits' from and to */
	/* In files of a link type that we do not know. */
	uint64_t other_link;
	uint64_t broken;  /* headers cut or wrong: not decoded */
	uint64_t tunnel;  /* of the records: in a tunnel */
	bool both_ways;   /* both directions of some conversation are in it */
	unsigned snaplen; /* bytes of the shortest cut packet; 0: none cut */
	char link_types[SIDE_LINK_TYPES_MAX][SIDE_LINK_NAME_MAX];
	unsigned n_link_types;
};

/* All is counted: status and trouble.  `full`: this side's part of the
 * memory was reached, of `allowed` bytes for all. */
void side_facts_conclude(struct side_facts *f, bool full, size_t allowed);

#endif
