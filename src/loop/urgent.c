/* urgent.c - see urgent.h.  The loop asks, between callbacks and once a turn.
 */
#include "loop/urgent.h"

#include <assert.h>

#include "base/clock.h"

void
urgent_set(struct urgent *u, int fd, short events)
{
	nfds_t i = 0;

	while (i < u->n && u->fd[i].fd != fd)
		i++;
	if (events == 0 && i < u->n)
		u->fd[i] = u->fd[--u->n];
	if (events == 0)
		return;
	assert(i < URGENT_MAX);
	u->fd[i] = (struct pollfd){.fd = fd, .events = events};
	if (i == u->n)
		u->n++;
}

bool
urgent_has_come(struct urgent *u, int64_t now)
{
	if (u->n == 0 || u->used_up || now < u->look_at)
		return false;
	u->look_at = now + URGENT_LOOK_US;
	return poll(u->fd, u->n, 0) > 0;
}

bool
urgent_or_over(struct urgent *u, const struct turn_time *t)
{
	return turn_part_is_over(t) ||
	       (t->part_end != 0 && urgent_has_come(u, clock_mono_us()));
}

bool
urgent_alone(struct urgent *u, int64_t now, bool more)
{
	const int64_t all = URGENT_ALONE_MS * 1000;
	int64_t passed = now - u->since;

	u->used += u->alone ? passed : -passed / URGENT_GIVEN;
	if (u->used < 0)
		u->used = 0;
	if (u->used > 2 * all) /* the loop may have slept */
		u->used = 2 * all;
	u->since = now;
	u->alone = more && u->used < all;
	u->used_up = more && !u->alone;
	return u->alone;
}
