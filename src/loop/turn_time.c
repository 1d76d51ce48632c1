/* turn_time.c - see turn_time.h.
 */
#include "loop/turn_time.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return clock_us(&ts);
}

static void
charge(struct turn_time *t, int64_t took)
{
	unsigned i = 0;

	while (i < t->n && strcmp(t->kinds[i].what, t->doing) != 0)
		i++;
	if (i == TURN_KINDS)
		return;
	if (i == t->n) {
		t->kinds[i].what = t->doing;
		t->kinds[i].took = 0;
		t->n++;
	}
	t->kinds[i].took += took;
}

void
turn_time_begin(struct turn_time *t)
{
	t->n = 0;
	t->doing = LOOP_OTHER;
	t->began = t->since = read_us(CLOCK_MONOTONIC);
	t->began_cpu = read_us(CLOCK_THREAD_CPUTIME_ID);
}

void
turn_time_doing(struct turn_time *t, const char *what)
{
	int64_t now;

	if (t->began == 0 || t->doing == what)
		return;
	now = read_us(CLOCK_MONOTONIC);
	charge(t, now - t->since);
	t->since = now;
	t->doing = what;
}

static const char *
most_of(const struct turn_time *t)
{
	unsigned most = 0;

	for (unsigned i = 1; i < t->n; i++)
		if (t->kinds[i].took > t->kinds[most].took)
			most = i;
	return t->kinds[most].what;
}

void
turn_time_end(struct turn_time *t)
{
	int64_t now;

	if (t->began == 0)
		return;
	now = read_us(CLOCK_MONOTONIC);
	charge(t, now - t->since);
	if (now - t->began > t->longest.took_us)
		t->longest = (struct loop_turn){.took_us = now - t->began,
		    .cpu_us = read_us(CLOCK_THREAD_CPUTIME_ID) - t->began_cpu,
		    .what = most_of(t)};
	t->began = 0;
}

void
turn_part_begin(struct turn_time *t, bool hurry)
{
	int64_t ms = hurry ? TURN_PART_HURRY_MS : TURN_PART_MS;

	t->part_end = t->began == 0 ? 0 : read_us(CLOCK_MONOTONIC) + ms * 1000;
}

bool
turn_part_is_over(const struct turn_time *t)
{
	return t->part_end != 0 && read_us(CLOCK_MONOTONIC) >= t->part_end;
}
