/* beats.h - the last heartbeats of a device, for the record of its event. */
#ifndef DEVICE_BEATS_H
#define DEVICE_BEATS_H

#include "verify/verify_result.h"

/* So many before the event are kept: at 10 s a quarter of an hour. */
#define BEATS_KEPT 100

/* One beat that had its end. */
struct beat {
	int64_t began_us; /* wall clock */
	struct verify_probe probe[VERIFY_KINDS];
};

struct beats {             /* zero-initialised; the fields are its own */
	struct beat *ring; /* NULL: none yet */
	size_t n;          /* so many in all */
};

/* One more: the first probe of each kind. */
void beats_keep(struct beats *b, const struct verify_result *r);
/* None is kept any more; the room for them is, until beats_free(). */
void beats_forget(struct beats *b);
void beats_free(struct beats *b);

/* How many are kept; the i-th of them, the oldest first. */
size_t beats_count(const struct beats *b);
const struct beat *beats_at(const struct beats *b, size_t i);

#endif
