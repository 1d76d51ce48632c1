/* fate.h - what became of one packet, as far as two captures tell. */
#ifndef COMPARE_FATE_H
#define COMPARE_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/blindness.h"
#include "compare/byte_range.h"
#include "compare/common_time.h"
#include "compare/delay.h"
#include "compare/finding.h"
#include "compare/trace.h"

/* All that is known by then. */
struct scene {
	const struct path *path;
	const struct common_time *common;
	struct trace *const *trace;
	const struct blindness *blind;
	const struct byte_gaps *gaps;
	/* That capture has one direction only: nothing that came in, or
	 * nothing that its host sent. */
	bool no_in[SIDE_COUNT], no_out[SIDE_COUNT];
};

enum fate {
	FATE_NOT_OURS, /* it does not go from one end to the other */
	FATE_OUTSIDE,  /* it was not judged */
	FATE_ARRIVED,
	FATE_PROVED, /* ... and the receiver's capture lacks it */
	FATE_DOUBLE, /* a copy that the network made */
	FATE_LOST,
	FATE_UNKNOWN
};

/* Of a packet that side `s` sent, by its own capture; `why` of FATE_OUTSIDE and
 * FATE_UNKNOWN. */
enum fate fate_of_sent(
    const struct scene *sc, enum side s, uint32_t i, enum reason *why);
/* Of a packet that came in at side `s` without a mate. */
enum fate fate_of_seen(
    const struct scene *sc, enum side s, uint32_t i, enum reason *why);

/* When a packet of side `s` was sent, by the server's clock. */
int64_t fate_time(const struct scene *sc, enum side s, uint32_t i);
/* When, by the other side's clock, it should arrive at the earliest. */
int64_t fate_due(const struct scene *sc, enum side s, uint32_t i);

#endif
