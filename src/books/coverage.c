/* coverage.c - how long a capture was on and off.
 */
#include "books/coverage.h"

/* One part in so many may be off: a restart now and then. */
#define POOR 10

void
coverage_seen(struct coverage *c, int64_t now, bool on)
{
	int64_t span = now - c->seen;
	int64_t off = c->was_on ? (on ? 0 : span / 2) : span;

	if (c->seen != 0 && !c->blind) {
		c->off += off;
		c->on += span - off;
	}
	c->seen = now;
	c->was_on = on;
	c->blind = false;
}

void
coverage_went_off(struct coverage *c, int64_t now, int64_t at)
{
	if (c->seen == 0 || !c->was_on || at < c->seen)
		return;
	c->on += at - c->seen;
	c->off += now - at;
	c->seen = now;
	c->was_on = false;
	c->blind = false;
}

void
coverage_blind(struct coverage *c)
{
	c->blind = true;
}

void
coverage_end(struct coverage *c, int64_t now)
{
	if (c->seen != 0)
		coverage_seen(c, now, c->was_on);
	c->seen = 0;
}

bool
coverage_is_poor(const struct coverage *c)
{
	return c->off > (c->on + c->off) / POOR;
}
