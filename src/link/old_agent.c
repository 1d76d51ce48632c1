/* old_agent.c - see old_agent.h.
 */
#include "link/old_agent.h"

#include <string.h>

#include "base/str.h"

/* So long after the first a REGISTER may be sent again, ms. */
static const int64_t register_again[] = {4000, 12000, 28000};
#define BUSY_MS 16000
/* Behind this much silence a request may be lost: until then it may be busy
 * with somebody else's.  Behind 100 Trying its answer may be: a VERIFY of a
 * device that is dead takes 20 s. */
#define QUIET_MS  20000
#define VERIFY_MS 30000
/* Beyond the time that an answer to a repeat should take. */
#define LATE_SLACK_MS 1000

void
old_agent_init(struct old_agent *o, struct loop *lp,
    void (*free_again)(void *arg), void *arg)
{
	*o = (struct old_agent){0};
	timer_init(&o->over, lp, free_again, arg);
}

void
old_agent_clear(struct old_agent *o)
{
	o->late = 0;
	timer_clear(&o->over);
}

/* One that comes sooner than this agent is known to answer would only make it
 * do the work twice. */
static int64_t
register_after(const struct old_agent *o, int64_t passed)
{
	size_t n = sizeof(register_again) / sizeof(register_again[0]);
	/* What seemed slower was a doubled or delayed answer: were it believed,
	 * one lost datagram would cost the whole of timeouts.agent. */
	int64_t slowest = o->slowest < BUSY_MS ? o->slowest : BUSY_MS;

	for (size_t i = 0; i < n; i++) {
		int64_t at = register_again[i];

		if (at > passed && at > slowest)
			return at - passed;
	}
	return -1;
}

int64_t
old_agent_repeat(const struct old_agent *o, enum agent_request r, bool trying,
    int64_t passed)
{
	int64_t left;

	if (r == REQUEST_REGISTER)
		return register_after(o, passed);
	left = (trying ? VERIFY_MS : QUIET_MS) - passed;
	return left > 0 ? left : 0;
}

/* Where one seemed to take longer, it was lost. */
static void
wait_on(struct old_agent *o)
{
	int64_t each = o->took < BUSY_MS ? o->took : BUSY_MS;

	timer_set(&o->over, o->late > 0 ? o->late * each + LATE_SLACK_MS : 0);
}

static void
wait_for(struct old_agent *o, enum agent_request r, const char *device, int n,
    int64_t took)
{
	o->late = n;
	o->took = took;
	o->request = r;
	str_copy(o->device, sizeof(o->device), device);
	wait_on(o);
}

void
old_agent_registered(
    struct old_agent *o, const char *device, int sent, int64_t took)
{
	if (sent == 1) {
		o->slowest = took > o->slowest ? took : o->slowest;
		return;
	}
	wait_for(o, REQUEST_REGISTER, device, sent - 1, took);
	o->measured = true;
}

void
old_agent_left(
    struct old_agent *o, enum agent_request r, const char *device, int sent)
{
	if (old_agent_busy(o))
		return;
	wait_for(o, r, device, sent, BUSY_MS);
	o->measured = false;
}

bool
old_agent_busy(const struct old_agent *o)
{
	return timer_is_set(&o->over);
}

bool
old_agent_late(struct old_agent *o, const struct agent_message *m)
{
	bool named = m->request == o->request;

	if (o->late == 0 || !old_agent_busy(o) || m->code == AGENT_TRYING ||
	    !(named || m->request == REQUEST_NONE) ||
	    strcmp(o->device, m->device) != 0)
		return false;
	/* It was not lost on the way, it took so long. */
	if (o->measured && o->took > o->slowest)
		o->slowest = o->took;
	o->late--;
	wait_on(o);
	return true;
}
