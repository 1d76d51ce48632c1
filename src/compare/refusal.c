/* refusal.c - who on the way says that it does not let packets through.
 */
#include "compare/refusal.h"

#include <stdlib.h>

#include "base/xmem.h"

/* An error comes so much later than what it quotes, at most. */
#define LATER_NS INT64_C(2000000000)

/* Flows of a side that lost something then. */
static unsigned char *
losers(const struct scene *sc, enum side s, int64_t from, int64_t to)
{
	const struct trace *t = sc->trace[s];
	unsigned char *lost = xcalloc((size_t)t->n_flows + 1, 1);
	enum reason why;
	uint32_t i;
	int64_t at;

	for (i = 0; i < t->n; i++) {
		if (t->mate[i] != TRACE_NONE)
			continue;
		at = fate_time(sc, s, i);
		if (at >= from && at <= to &&
		    fate_of_sent(sc, s, i, &why) == FATE_LOST)
			lost[t->rec[i].flow] = 1;
	}
	return lost;
}

static void
take_error(
    struct compare_result *r, const struct trace *t, const struct record *error)
{
	const struct flow *f = &t->flow[error->flow];

	if (r->refusal.n++ > 0)
		return;
	r->refusal.by = *flow_table_host(t->table, f->from);
	r->refusal.type = (uint8_t)(error->tie >> 8);
	r->refusal.code = (uint8_t)error->tie;
}

static void
look(struct compare_result *r, const struct scene *sc, enum side s,
    const unsigned char *lost, int64_t from, int64_t to)
{
	const struct trace *t = sc->trace[s];
	const struct record *e;
	int64_t at;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		e = &t->rec[i];
		if (e->what != RECORD_ICMP_ERROR || e->seq == FLOW_NONE ||
		    e->seq >= t->n_flows || !lost[e->seq])
			continue;
		at = fate_time(sc, s, i);
		if (at < from || at > to + LATER_NS ||
		    t->at[t->flow[e->flow].from] == t->at[t->flow[e->seq].to])
			continue;
		take_error(r, t, e);
	}
}

void
refusal_find(
    struct compare_result *r, const struct scene *sc, int64_t from, int64_t to)
{
	unsigned char *lost;
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		lost = losers(sc, (enum side)s, from, to);
		look(r, sc, (enum side)s, lost, from, to);
		free(lost);
	}
}
