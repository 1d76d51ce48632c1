/* fragments.h - which pieces of which datagrams were seen.
 *
 * A datagram in pieces is one record, that of its first piece; the others only
 * add bytes to it.  A small ring: pieces of one datagram follow each other.
 */
#ifndef COMPARE_FRAGMENTS_H
#define COMPARE_FRAGMENTS_H

#include <stdint.h>

#include "compare/packet_record.h"

#define FRAGMENTS_NO_RECORD UINT32_MAX

struct fragments;

struct fragments *fragments_new(void);
/* NULL is accepted. */
void fragments_free(struct fragments *f);
/* One more piece `p`, a fragment.  The first of a datagram has a record, number
 * `index` of `records`, which is marked and counted from now on; others have
 * FRAGMENTS_NO_RECORD and may come before it. */
void fragments_add(struct fragments *f, struct record *records,
    const struct ip_packet *p, int64_t time, uint32_t index);

#endif
