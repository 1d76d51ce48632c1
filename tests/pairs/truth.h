/* truth.h - what really happened, and what may be said of it.
 *
 * Counts of packets of a kind that took a way.  "Most" and "least" bound what
 * the two files show: what a recorder missed, what left near the ends of the
 * time that both have, in a hole or at a step of the clock needs no judgement.
 */
#ifndef PAIRS_TRUTH_H
#define PAIRS_TRUTH_H

#include <stdbool.h>

#include "capture.h"
#include "files.h"

enum may { MAY_CERTAIN = 1, MAY_LIKELY = 2, MAY_ARRIVED = 4, MAY_UNKNOWN = 8 };

struct tally {
	unsigned sent, arrived, lost; /* while both recorded */
	unsigned sent_least, sent_most, lost_least, lost_most;
	unsigned missed; /* arrived, and not in the receiver's file */
	unsigned run;    /* of losses, one behind the other, at the longest */
	unsigned in_server, in_device, in_both;
	unsigned may; /* enum may */
	/* When the losses were, those that may and those that must be seen. */
	int64_t most_first, most_last, least_first, least_last;
};

struct truth {
	struct tally tally[KIND_COUNT][WAYS];
	unsigned met; /* packets that both files have, of any kind */
	unsigned met_way[WAYS];
	int64_t from, until; /* of the time that both have */
	int64_t guard;
	bool murky;      /* something else than loss makes packets missing */
	unsigned status; /* a set of exit statuses */
};

void truth_find(struct truth *t, const struct world *w,
    const struct capture captures[SIDES]);
/* Write it as a text: one line a fact, see truth_text.c. */
bool truth_write(const struct truth *t, const struct world *w,
    const struct files *files, const char *scenario, unsigned seed,
    const char *path);

#endif
