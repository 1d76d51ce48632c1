/* splitter.h - one capture of an interface, split by address as packets arrive.
 *
 * Takes orders (split/order) on a socket of the agent's and ends when that is
 * closed, or with an error when the interface is gone.  The one who calls gives
 * up its privileges between splitter_new(), which opens the interface, and the
 * first turn of the loop.
 */
#ifndef SPLIT_SPLITTER_H
#define SPLIT_SPLITTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "loop/loop.h"

struct splitter_plan {
	const char *interface; /* "any": all */
	int snaplen;           /* 0: all of a packet */
	int buffer;            /* in the kernel, bytes */
	int64_t file_bytes;    /* of a ring's file */
	unsigned files;        /* of a ring, 1 or more */
	int orders;            /* SOCK_SEQPACKET */
};

struct splitter;

/* NULL and FAIL_LOCAL in `why`, in tcpdump's words, if the interface cannot be
 * captured on. */
struct splitter *splitter_new(
    struct loop *lp, const struct splitter_plan *plan, struct fail *why);
/* libpcap's name of its link type. */
const char *splitter_link_type(const struct splitter *s);
/* Why the loop was stopped; false: in order. */
bool splitter_failed(const struct splitter *s, struct fail *why);
/* NULL is accepted. */
void splitter_free(struct splitter *s);

#endif
