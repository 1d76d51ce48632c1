/* compare_facts.c - see compare_facts.h.
 */
#include "report/compare_facts.h"

/* A wider bound says nothing about a crystal, which is rarely off by more. */
#define DRIFT_SHOWN_PPM 20.0

int
compare_held(int n, int max)
{
	return n < max ? n : max;
}

bool
compare_seen(const struct loss_tally *t)
{
	return t->sent > 0 || t->arrived > 0 || t->lost > 0 || t->unknown > 0;
}

bool
compare_judged(const struct compare_result *r)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (compare_seen(&r->tally[kind][way]))
				return true;
	return false;
}

bool
compare_clock_bounded(const struct result_clock *c)
{
	return c->known && c->error != INT64_MAX;
}

bool
compare_drift_shown(const struct result_clock *c)
{
	return compare_clock_bounded(c) && c->drift_error < DRIFT_SHOWN_PPM;
}

const char *
compare_end_point(const struct addr *a, uint16_t port, char buf[ADDR_TEXT_MAX])
{
	return port != 0 ? addr_port_text(a, port, buf) : addr_text(a, buf);
}
