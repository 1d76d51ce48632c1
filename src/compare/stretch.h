/* stretch.h - a time in which a capture ran without a break.  Pure data. */
#ifndef COMPARE_STRETCH_H
#define COMPARE_STRETCH_H

#include <stdint.h>

/* By what it holds: from its first to its last packet.  In it no stamp is
 * earlier than the one before. */
struct stretch {
	int64_t from, to;
	uint32_t first, n; /* its records */
	enum stretch_begin {
		STRETCH_FIRST,
		STRETCH_HOLE,    /* packets before it are in no file */
		STRETCH_SET_BACK /* the clock was set back just before it */
	} begin;
};

#endif
