/* ring.h - the files that a running capture's tcpdump goes round in. */
#ifndef AGENT_RING_H
#define AGENT_RING_H

#include <stdint.h>

#include "base/log.h"
#include "conf/agent_conf.h"

struct ring {            /* and what lies beside it */
	unsigned files;  /* of the ring */
	unsigned all;    /* these, and those that are protected */
	int64_t bytes;   /* of all */
	int64_t last_ms; /* wall: when one was last written to; 0: none */
};
struct ring_held { /* what a ring held when it was protected */
	unsigned files;
	int64_t first_us; /* its earliest packet; 0: none */
};

/* As tcpdump makes it: one of its files in the unit of its -C, and all. */
int64_t ring_file_units(const struct agent_section *c);
int64_t ring_file_bytes(const struct agent_section *c);
int64_t ring_whole_bytes(const struct agent_section *c);

void ring_look(int folder, struct ring *now);
/* The earliest packet in the ring's files, us since 1970; 0: none. */
int64_t ring_first(int folder);
/* Give its files other names, so that tcpdump opens new ones; `name` is the
 * folder's, for the log.  See pieces_protect(). */
void ring_protect(int folder, unsigned time, struct log *lg, const char *name,
    struct ring_held *held);

#endif
