/* fate.c - what became of one packet, as far as two captures tell.
 */
#include "compare/fate.h"

static enum way
way_from(enum side s)
{
	return s == SIDE_SERVER ? WAY_THERE : WAY_BACK;
}

int64_t
fate_time(const struct scene *sc, enum side s, uint32_t i)
{
	return delay_common_time(sc->path, s, sc->trace[s]->rec[i].time);
}

int64_t
fate_due(const struct scene *sc, enum side s, uint32_t i)
{
	int64_t at = sc->trace[s]->rec[i].time;

	return s == SIDE_SERVER ? clock_map_to_device(&sc->path->clock, at)
				: clock_map_to_server(&sc->path->clock, at);
}

/* Was the capture that should have it blind, when it came at the earliest or at
 * the latest? */
static bool
was_blind(const struct scene *sc, enum side s, uint32_t i)
{
	const struct trace *t = sc->trace[!s];
	int64_t due = fate_due(sc, s, i);
	struct trace_span first = blindness_silence(t, due), last;

	last = blindness_silence(t, due + sc->path->delay[way_from(s)].usual);
	return blindness_in(&sc->blind[!s], &first) ||
	       (last.from != first.from && blindness_in(&sc->blind[!s], &last));
}

static bool
near_step(const struct scene *sc, enum way w, int64_t at)
{
	return clock_map_step_near(&sc->path->clock, at,
	    delay_narrow(sc->path, w) + sc->common->guard);
}

static enum fate
unknown(enum reason *why, enum reason is)
{
	*why = is;
	return FATE_UNKNOWN;
}

static enum fate
outside(enum reason *why, enum reason is)
{
	*why = is;
	return FATE_OUTSIDE;
}

/* It has no mate, and nothing proves that it arrived. */
static enum fate
missing(const struct scene *sc, enum side s, uint32_t i, enum reason *why)
{
	const struct record *r = &sc->trace[s]->rec[i];
	unsigned marks = sc->trace[s]->flow[r->flow].marks;

	if ((marks & FLOW_CHANGED) != 0)
		return unknown(why, REASON_REWRITTEN);
	if (r->what == RECORD_TUNNEL)
		return unknown(why, REASON_TUNNEL);
	if ((r->bits & TRACE_ALIKE) != 0 ||
	    (r->what == RECORD_TCP && (marks & FLOW_SEVERAL) != 0))
		return unknown(why, REASON_ALIKE);
	/* The other capture has such a packet in a connection of which nobody
	 * knows which one of these it is. */
	if ((r->bits & (TRACE_ABSENT | TRACE_OTHER)) == 0 &&
	    ((r->bits & TRACE_ONLY) != 0 ||
		sc->trace[s]->flow[r->flow].partner == FLOW_NONE))
		return unknown(why, REASON_ALIKE);
	if (sc->no_in[!s])
		return unknown(why, REASON_ONE_WAY);
	if (near_step(sc, way_from(s), fate_time(sc, s, i)))
		return unknown(why, REASON_CLOCK_STEP);
	if (was_blind(sc, s, i))
		return unknown(why, REASON_CAPTURE_BLIND);
	return FATE_LOST;
}

/* It came so late that it was another one, if the sender's capture, which
 * misses packets, could miss that. */
static bool
is_doubtful(const struct scene *sc, enum side s, uint32_t i)
{
	enum way w = way_from(s);
	const struct record *sent = &sc->trace[s]->rec[i];
	const struct record *seen = &sc->trace[!s]->rec[sc->trace[s]->mate[i]];

	return sc->blind[s].share > 0 &&
	       (sent->tie & sc->path->tie[w] & TIE_ID) == 0 &&
	       delay_of(sc->path, w, sent->time, seen->time) >
		   delay_narrow(sc->path, w);
}

/* It was not judged, as not both captures had all that passed just then. */
static enum fate
not_then(const struct scene *sc, int64_t at, enum reason *why)
{
	return outside(why, common_time_blind(sc->common, at)
				? REASON_CAPTURE_BLIND
				: REASON_CAPTURE_ENDED);
}

enum fate
fate_of_sent(const struct scene *sc, enum side s, uint32_t i, enum reason *why)
{
	const struct trace *t = sc->trace[s];
	const struct record *r = &t->rec[i];
	unsigned marks = t->flow[r->flow].marks;

	if (!trace_sends(t, marks))
		return FATE_NOT_OURS;
	if ((marks & FLOW_SHARED) == 0)
		return outside(why, REASON_ONE_SIDE);
	if (!common_time_has(sc->common, fate_time(sc, s, i), 0))
		return not_then(sc, fate_time(sc, s, i), why);
	if (t->mate[i] != TRACE_NONE && is_doubtful(sc, s, i))
		return unknown(why, REASON_CAPTURE_DROPPED);
	if (t->mate[i] != TRACE_NONE || (r->bits & TRACE_BYTES) != 0)
		return FATE_ARRIVED;
	if ((r->bits & RECORD_SHORT) != 0)
		return outside(why, REASON_CUT);
	if ((r->bits & TRACE_PROVED) != 0)
		return FATE_PROVED;
	return missing(sc, s, i, why);
}

enum fate
fate_of_seen(const struct scene *sc, enum side s, uint32_t i, enum reason *why)
{
	const struct trace *t = sc->trace[s];
	const struct record *r = &t->rec[i];
	unsigned marks = t->flow[r->flow].marks;

	if ((marks & (FLOW_THERE | FLOW_BACK)) == 0 || trace_sends(t, marks) ||
	    t->mate[i] != TRACE_NONE || (r->bits & TRACE_BYTES) != 0)
		return FATE_NOT_OURS;
	if ((marks & FLOW_SHARED) == 0)
		return outside(why, REASON_ONE_SIDE);
	if (!common_time_arrived(sc->common, fate_time(sc, s, i)))
		return not_then(sc, fate_time(sc, s, i), why);
	if ((r->bits & RECORD_SHORT) != 0)
		return outside(why, REASON_CUT);
	if ((r->bits & TRACE_ABSENT) == 0)
		return FATE_DOUBLE;
	if ((marks & FLOW_CHANGED) != 0)
		return outside(why, REASON_REWRITTEN);
	return FATE_ARRIVED;
}
