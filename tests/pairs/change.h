/* change.h - what the way does besides losing packets, from a time on.
 *
 * Sets of ways as in settings.h, whose times these are.  Pure data.
 */
#ifndef PAIRS_CHANGE_H
#define PAIRS_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

struct change {
	/* It takes so much longer for a while. */
	unsigned slow_ways;
	int64_t slow_from, slow_until, slow_by;
	/* There are so many more routers; of every second packet only. */
	unsigned route_ways;
	int64_t route_from;
	int more;
	bool flaps;
	/* Packets leave with the first DSCP and arrive with the second one. */
	unsigned marked_ways, dscp[2];
	/* The device is translated otherwise: it has another address, or
	 * another port for UDP.  The server knows from the second time on, and
	 * sends to the old one till then. */
	bool new_address, new_ports;
	int64_t mapped_from, mapped_known;
};

#endif
