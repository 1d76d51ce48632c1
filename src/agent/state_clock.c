/* state_clock.c - see state_clock.h.  Pure. */
#include "agent/state_clock.h"

static int64_t
wall_of(int64_t mono, int64_t now, int64_t wall)
{
	int64_t at = wall - (now - mono);

	return at > 0 ? at : 0;
}

static int64_t
mono_of(int64_t at, int64_t now, int64_t wall)
{
	int64_t ago = wall - at;

	return now - (ago > 0 ? ago : 0);
}

static void
move_times(struct agent_state *s,
    int64_t (*move)(int64_t at, int64_t now, int64_t wall), int64_t now,
    int64_t wall)
{
	for (size_t i = 0; i < s->n; i++) {
		struct device_state *d = &s->devices[i];
		int64_t *const times[] = {&d->registration.registered_at,
		    &d->lease.renewed_at, &d->last_verify.at};

		for (size_t k = 0; k < sizeof(times) / sizeof(times[0]); k++)
			*times[k] = move(*times[k], now, wall);
	}
}

void
agent_state_to_wall(struct agent_state *s, int64_t now, int64_t wall)
{
	move_times(s, wall_of, now, wall);
}

void
agent_state_to_mono(struct agent_state *s, int64_t now, int64_t wall)
{
	move_times(s, mono_of, now, wall);
}
