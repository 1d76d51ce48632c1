/* pulse.c - see pulse.h.
 */
#include "device/pulse.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/xmem.h"

/* Beats leave at multiples of this: a turn of the loop serves several. */
#define GRID_MS 50
/* With fewer devices behind an agent, all of them may well be lost at once. */
#define AGENT_DEVICES 3
/* The part of the period between one device and the next: of the golden ratio,
 * so that any number of them is spread evenly (Knuth, volume 3, 6.4). */
#define STEP 0.6180339887498949

struct tally {
	const struct agent_entry *agent; /* NULL: of all */
	size_t waiting, silent;
};

struct pulse {
	struct loop *lp;
	int64_t period;
	double phase; /* of the next device, 0 .. 1 */
	struct tally all;
	struct tally *agents;
	size_t n_agents;
	bool doubted; /* too many were silent at the last look */
	struct silent_together together;
};

struct pulse *
pulse_new(struct loop *lp, int64_t period)
{
	struct pulse *p = xcalloc(1, sizeof(*p));

	p->lp = lp;
	p->period = period;
	return p;
}

void
pulse_free(struct pulse *p)
{
	if (p == NULL)
		return;
	free(p->agents);
	free(p);
}

/* --- when --- */

int64_t
pulse_first(struct pulse *p)
{
	int64_t at = loop_now(p->lp) + (int64_t)(p->phase * (double)p->period);

	p->phase += STEP;
	if (p->phase >= 1)
		p->phase -= 1;
	return at - at % GRID_MS + GRID_MS;
}

int64_t
pulse_next(const struct pulse *p, int64_t due)
{
	int64_t now = loop_now(p->lp);

	if (due + p->period > now)
		return due + p->period;
	return due + ((now - due) / p->period + 1) * p->period;
}

/* --- who is silent --- */

static size_t
agent_number(struct pulse *p, const struct agent_entry *agent)
{
	size_t i = 0;

	while (i < p->n_agents && p->agents[i].agent != agent)
		i++;
	if (i == p->n_agents) {
		p->agents = xreallocarray(
		    p->agents, ++p->n_agents, sizeof(p->agents[0]));
		p->agents[i] = (struct tally){.agent = agent};
	}
	return i;
}

static void
count(struct pulse *p, struct pulse_mark *m, const struct agent_entry *agent)
{
	if (m->counted)
		return;
	m->counted = true;
	m->agent = agent_number(p, agent);
	p->all.waiting++;
	p->agents[m->agent].waiting++;
}

static void
set_silent(struct pulse *p, struct pulse_mark *m, bool silent)
{
	if (m->silent == silent)
		return;
	m->silent = silent;
	if (silent) {
		p->all.silent++;
		p->agents[m->agent].silent++;
	} else {
		p->all.silent--;
		p->agents[m->agent].silent--;
	}
}

static bool
too_many(const struct pulse *p, const struct tally *of_agent)
{
	return p->all.silent * 2 > p->all.waiting ||
	       (of_agent->waiting >= AGENT_DEVICES &&
		   of_agent->silent == of_agent->waiting);
}

static void
say_doubt(struct pulse *p, const struct tally *of)
{
	if (p->doubted)
		return;
	p->doubted = true;
	log_write(loop_log(p->lp), LOGGING_WARNING, NULL, "heartbeat",
	    "%zu of %zu devices%s%s are silent together: this host's own "
	    "network; no event follows from it",
	    of->silent, of->waiting, of->agent != NULL ? " of agent " : "",
	    of->agent != NULL ? of->agent->address : "");
}

static void
doubt(struct pulse *p, const struct tally *of_agent)
{
	bool all = p->all.silent * 2 > p->all.waiting;
	const struct tally *of = all ? &p->all : of_agent;
	int64_t now = loop_wall(p->lp);

	say_doubt(p, of);
	if (p->together.first == 0)
		p->together.first = now;
	p->together.last = now;
	if (of->silent > p->together.devices) {
		p->together.devices = of->silent;
		p->together.of = of->waiting;
	}
}

void
pulse_heard(
    struct pulse *p, struct pulse_mark *m, const struct agent_entry *agent)
{
	count(p, m, agent);
	set_silent(p, m, false);
	if (!p->doubted || too_many(p, &p->agents[m->agent]))
		return;
	p->doubted = false;
	log_write(loop_log(p->lp), LOGGING_NOTICE, NULL, "heartbeat",
	    "devices are heard again");
}

bool
pulse_silent(
    struct pulse *p, struct pulse_mark *m, const struct agent_entry *agent)
{
	count(p, m, agent);
	set_silent(p, m, true);
	if (!too_many(p, &p->agents[m->agent]))
		return true;
	/* Of one that waits alone nobody knows whose silence it is. */
	if (p->all.waiting > 1)
		doubt(p, &p->agents[m->agent]);
	return false;
}

void
pulse_leave(struct pulse *p, struct pulse_mark *m)
{
	if (!m->counted)
		return;
	set_silent(p, m, false);
	p->all.waiting--;
	p->agents[m->agent].waiting--;
	m->counted = false;
}

struct silent_together
pulse_together(const struct pulse *p)
{
	return p->together;
}
