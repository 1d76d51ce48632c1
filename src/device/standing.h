/* standing.h - why a device goes on to a further round, or does not: what it
 * has failed with, what the campaign told it.
 */
#ifndef DEVICE_STANDING_H
#define DEVICE_STANDING_H

#include "books/round.h"
#include "conf/campaign_conf.h"

struct standing { /* zero-initialised but for the first two */
	const struct campaign_conf *conf;
	bool recover_only;
	struct fail failure;     /* FAIL_NONE: it has not failed */
	struct fail unrecovered; /* of --recover, which goes on behind it */
	bool interrupted, window_over;
	bool ever_on; /* a capture of this run was confirmed once */
};

bool standing_is_well(const struct standing *s);
/* The first failure is the device's, but a refusal goes before any other. */
void standing_fail(struct standing *s, const struct fail *why);
/* No time is left; `doing` is what is cut short. */
void standing_abandon(struct standing *s, const char *why, const char *doing);
/* Is there a file of this round on the device that is wanted here?  `earlier`:
 * the round is an earlier run's. */
bool standing_wants_file(
    const struct standing *s, const struct round *r, bool earlier);
/* The event of the round that follows this one, or 0: there is none. */
int standing_next_event(const struct standing *s, const struct round *r);

/* An earlier run is finished.  Unless it is `lasting`, what failed there is no
 * failure of this run's. */
void standing_forgive(struct standing *s, bool lasting);
/* Does this run end for the device with it?  `more` earlier ones wait. */
bool standing_ends(struct standing *s, bool more);

#endif
