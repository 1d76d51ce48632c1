/* file_age.c - can these packets be of this capture?
 */
#include "device/file_age.h"

#define SLACK_MS   (5 * 60 * 1000)
#define QUARTER_MS (15 * 60 * 1000)
/* Local times are at most 14 hours ahead of UTC. */
#define QUARTERS_MAX (14 * 4)

static bool
overlaps(const struct file_age *a, int64_t shift)
{
	return a->first - shift <= a->until + SLACK_MS &&
	       a->last - shift >= a->from - SLACK_MS;
}

bool
file_age_is_right(const struct file_age *a)
{
	if (a->from == 0 || a->until == 0)
		return true;
	if (a->clock_known && overlaps(a, a->clock))
		return true;
	for (int k = -QUARTERS_MAX; k <= QUARTERS_MAX; k++)
		if (overlaps(a, (int64_t)k * QUARTER_MS))
			return true;
	return false;
}

int64_t
file_age_difference(const struct file_age *a)
{
	return a->last < a->from ? a->from - a->last : a->first - a->until;
}
