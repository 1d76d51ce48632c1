/* sink.h - where a report goes, piece by piece: it is never whole in memory. */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "base/str.h"

#define SINK_PIECE 16384 /* the most that gathers, but for one row */

/* Set `put` and `to`; all else is 0. */
struct sink {
	void (*put)(void *to, const void *data, size_t len);
	void *to;
	struct strbuf held; /* a format adds its text here, */
};

/* and says so after each row: when a piece has gathered, it goes on. */
void sink_pass(struct sink *s);
/* The rest goes on; nothing is held any more. */
void sink_end(struct sink *s);

#endif
