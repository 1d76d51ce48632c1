/* loss_tally.h - what became of one kind of traffic in one direction: the part
 * of compare_result.h that counts packets.  Times as there.
 */
#ifndef COMPARE_LOSS_TALLY_H
#define COMPARE_LOSS_TALLY_H

#include <stdint.h>

#include "compare/finding.h"

/* One kind of traffic in one direction. */
struct loss_tally {
	uint32_t sent;     /* in common time, by either capture's account */
	uint32_t arrived;  /* seen at the other end, or proved by an answer */
	uint32_t lost;     /* of a super-packet, its lost segments */
	uint32_t at_least; /* < lost: that capture misses packets itself */
	uint32_t unknown;  /* cannot be said: the sum of unknown_by */
	uint32_t unknown_by[REASON_COUNT];
	uint32_t late;       /* arrived behind the asker's patience */
	uint32_t duplicated; /* on the way: once sent, twice arrived */
	uint32_t missed;     /* arrived, and the receiver's capture lacks it */
	uint32_t incomplete; /* lost: not all of its pieces arrived */
	int64_t first, last; /* when the first and the last lost were sent */
	int64_t longest;     /* the longest time in which all were lost */
	uint32_t run;        /* the most lost one behind the other */
	uint32_t among;      /* sent from `first` to `last` */
	enum pattern pattern;
	uint32_t pattern_n;
	/* Median of the way's delay, but for an unknown constant (the clock's
	 * error): compare only with each other.  -1: not known. */
	int64_t delay_before, delay_during;
	enum grade grade; /* of `lost`; lost 0: of "nothing was lost" */
};

#endif
