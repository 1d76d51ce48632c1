/* beats.c - see beats.h.  device/heartbeat keeps them, device/event_notes
 * writes them down.
 */
#include "device/beats.h"

#include <stdlib.h>

#include "base/xmem.h"

void
beats_keep(struct beats *b, const struct verify_result *r)
{
	struct beat *one;

	if (b->ring == NULL)
		b->ring = xcalloc(BEATS_KEPT, sizeof(b->ring[0]));
	one = &b->ring[b->n++ % BEATS_KEPT];
	one->began_us = r->began_us;
	for (int k = 0; k < VERIFY_KINDS; k++) {
		const struct verify_count *c = &r->kind[k];

		one->probe[k] = (struct verify_probe){.fate = VERIFY_NOT_SENT};
		if (c->n > 0)
			one->probe[k] = c->probe[0];
	}
}

void
beats_forget(struct beats *b)
{
	b->n = 0;
}

void
beats_free(struct beats *b)
{
	free(b->ring);
	*b = (struct beats){.ring = NULL};
}

size_t
beats_count(const struct beats *b)
{
	return b->n < BEATS_KEPT ? b->n : BEATS_KEPT;
}

const struct beat *
beats_at(const struct beats *b, size_t i)
{
	return &b->ring[(b->n - beats_count(b) + i) % BEATS_KEPT];
}
