/* copies.h - the same packet twice in one capture: once is enough.
 *
 * A capture on several interfaces, a mirror port or two files that overlap have
 * packets several times; none of them is another packet.  But TCP may send two
 * that are all alike at once: where no IP id tells, the packets around them do.
 */
#ifndef COMPARE_COPIES_H
#define COMPARE_COPIES_H

#include <stdint.h>

#include "compare/packet_record.h"
#include "compare/stretch.h"

/* Same key, flow and tie within this time: a copy. */
#define COPIES_WITHIN_NS 2000000

/* Take the copies out of records in order of time and out of their stretches;
 * how many records are left. */
uint32_t copies_fold(
    struct record *records, struct stretch *stretches, uint32_t n_stretches);

#endif
