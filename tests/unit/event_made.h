/* event_made.h - comparisons of whole events made by hand, for what draws them.
 */
#ifndef UNIT_EVENT_MADE_H
#define UNIT_EVENT_MADE_H

#include "compare/compare_result.h"

enum event_kind {
	EVENT_LOST_THERE, /* SNMP towards the device, for 98 s */
	EVENT_LOST_BACK,  /* every third answer, and what cannot be said */
	EVENT_UNANSWERED, /* nothing is lost, the device does not answer */
	EVENT_WELL,       /* nothing is lost */
	EVENT_UNKNOWN,    /* nothing can be said, nothing was judged */
	EVENT_KIND_COUNT
};

/* At this time (ns), seven minutes of it.  free(3). */
struct compare_result *event_made(enum event_kind kind, int64_t at);
/* As large as a result can be: ten rows of full bins, a ladder in which no row
 * is like the one before, the most files, steps and addresses.  free(3). */
struct compare_result *event_made_large(int64_t at);

#endif
