/* coverage.h - how long a device's capture was on, and how long off, since it
 * first was: a night that was not captured is no quiet night.
 */
#ifndef BOOKS_COVERAGE_H
#define BOOKS_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

struct coverage { /* zero-initialised; monotonic ms */
	int64_t on, off;
	int64_t seen; /* when it was told last; 0: it is not counted now */
	bool was_on;  /* what was told */
	bool blind;   /* it could not be asked since */
};

/* The capture was seen on or off.  It went off in the middle between that and
 * the last time it was seen; time in which it could not be asked counts neither
 * way. */
void coverage_seen(struct coverage *c, int64_t now, bool on);
/* It is off now, and went off at `at`, by the device's own account; without
 * effect where it was not on then. */
void coverage_went_off(struct coverage *c, int64_t now, int64_t at);
/* It could not be asked. */
void coverage_blind(struct coverage *c);
/* It is not waited for any more: what was seen last held until now. */
void coverage_end(struct coverage *c, int64_t now);
/* Was it off for more than a tenth of the time? */
bool coverage_is_poor(const struct coverage *c);

#endif
