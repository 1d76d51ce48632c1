/* conversation.c - who asks whom, over both ways and both captures.
 */
#include "compare/conversation.h"

#include <netinet/in.h>

#include "compare/flow_index.h"

static uint32_t
own_number(const struct trace *t, uint32_t i)
{
	uint32_t reverse = t->flow[i].reverse;

	return reverse != FLOW_NONE && reverse < i ? reverse : i;
}

/* The server has the one way, the device's capture the other one only. */
static uint32_t
met_backwards(const struct flow_index *x, const struct trace *d, uint32_t i)
{
	const struct flow *f = &d->flow[i];
	struct flow like = *f;

	like.from = d->twin[f->to];
	like.to = d->twin[f->from];
	like.from_port = f->to_port;
	like.to_port = f->from_port;
	if (like.from == TRACE_NONE || like.to == TRACE_NONE)
		return FLOW_NONE;
	return flow_index_find(x, &like);
}

/* Either way of it may have one. */
static uint32_t
partner_of(const struct trace *t, uint32_t i)
{
	uint32_t reverse = t->flow[i].reverse;

	if (t->flow[i].partner != FLOW_NONE || reverse == FLOW_NONE)
		return t->flow[i].partner;
	return t->flow[reverse].partner;
}

/* Where both ways have one, both have the number of the same one: it may be
 * known by several names. */
static uint32_t
number_at_device(struct trace *const trace[SIDE_COUNT],
    const struct flow_index *servers, uint32_t i)
{
	const struct trace *s = trace[SIDE_SERVER], *d = trace[SIDE_DEVICE];
	uint32_t met = partner_of(d, own_number(d, i));

	if (met == FLOW_NONE)
		met = met_backwards(servers, d, i);
	return met != FLOW_NONE ? s->talk[met] : s->n_flows + own_number(d, i);
}

/* Is any connection known by several names? */
static bool
has_several(const struct trace *t)
{
	uint32_t i;

	for (i = 0; i < t->n_flows; i++)
		if ((t->flow[i].marks & FLOW_SEVERAL) != 0)
			return true;
	return false;
}

void
conversation_number(struct trace *const trace[SIDE_COUNT])
{
	struct trace *s = trace[SIDE_SERVER], *d = trace[SIDE_DEVICE];
	struct flow_index *x = flow_index_new(s);
	bool several = has_several(s);
	uint32_t i, met;

	for (i = 0; i < s->n_flows; i++)
		s->talk[i] = own_number(s, i);
	for (i = 0; i < d->n_flows; i++)
		d->talk[i] = number_at_device(trace, x, i);
	flow_index_free(x);
	/* By whatever name the server's capture has it. */
	for (i = 0; i < s->n_flows && several; i++) {
		met = partner_of(s, i);
		if (met != FLOW_NONE)
			s->talk[i] = d->talk[met];
	}
}

/* UDP, of the ports of either end.  Keepalives of AudioCodes' devices go to a
 * port of their own. */
static const struct {
	uint16_t port;
	enum traffic traffic;
} services[] = {
    {161, TRAFFIC_SNMP},
    {162, TRAFFIC_TRAP},
    {1161, TRAFFIC_TRAP},
};

static enum traffic
by_port(const struct flow *f)
{
	size_t i;

	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (f->protocol == IPPROTO_UDP &&
		    (services[i].port == f->from_port ||
			services[i].port == f->to_port))
			return services[i].traffic;
	if (f->tunnel)
		return TRAFFIC_TUNNEL;
	if (f->protocol == IPPROTO_TCP)
		return TRAFFIC_TCP;
	return f->protocol == IPPROTO_UDP ? TRAFFIC_UDP : TRAFFIC_OTHER;
}

/* What the packet itself says; TRAFFIC_COUNT: nothing. */
static enum traffic
by_packet(enum record_what what)
{
	switch (what) {
	case RECORD_ECHO:
	case RECORD_ECHO_ANSWER:
		return TRAFFIC_ICMP;
	case RECORD_ICMP_ERROR:
		return TRAFFIC_ICMP_ERROR;
	case RECORD_SNMP_REQUEST:
		return TRAFFIC_SNMP;
	case RECORD_SNMP_TRAP:
	case RECORD_SNMP_INFORM:
		return TRAFFIC_TRAP;
	case RECORD_TUNNEL:
		return TRAFFIC_TUNNEL;
	case RECORD_OTHER:
	case RECORD_UDP:
	case RECORD_TCP:
	case RECORD_ICMP_OTHER:
	case RECORD_SNMP_RESPONSE:
	case RECORD_SNMP_REPORT:
	case RECORD_SNMP_HIDDEN:
	case RECORD_WHAT_COUNT:
		break;
	}
	return TRAFFIC_COUNT;
}

/* Answers say no more than that they are SNMP: of what, the questions do. */
static void
classify(struct trace *t)
{
	enum traffic told;
	struct flow *f;
	uint32_t i;

	for (i = 0; i < t->n_flows; i++)
		t->flow[i].class = (uint16_t)by_port(&t->flow[i]);
	for (i = 0; i < t->n; i++) {
		f = &t->flow[t->rec[i].flow];
		told = by_packet((enum record_what)t->rec[i].what);
		if (t->rec[i].what == RECORD_UDP)
			f->marks |= FLOW_HIDDEN;
		if (told == TRAFFIC_COUNT || f->class == told)
			continue;
		f->class = (uint16_t)told;
		if (f->reverse != FLOW_NONE && told != TRAFFIC_ICMP_ERROR)
			t->flow[f->reverse].class = (uint16_t)told;
	}
}

static bool
is_vague(unsigned traffic)
{
	return traffic == TRAFFIC_UDP || traffic == TRAFFIC_TCP ||
	       traffic == TRAFFIC_OTHER;
}

void
conversation_classify(struct trace *const trace[SIDE_COUNT])
{
	struct trace *s = trace[SIDE_SERVER], *d = trace[SIDE_DEVICE];
	bool several = has_several(d);
	struct flow *f, *g;
	uint32_t i;

	classify(s);
	classify(d);
	for (i = 0; i < s->n_flows; i++) {
		f = &s->flow[i];
		if (f->partner == FLOW_NONE)
			continue;
		g = &d->flow[f->partner];
		if (is_vague(f->class))
			f->class = g->class;
		else
			g->class = f->class;
	}
	for (i = 0; i < d->n_flows && several; i++) {
		g = &d->flow[i];
		if (g->partner != FLOW_NONE && is_vague(g->class))
			g->class = s->flow[g->partner].class;
	}
	/* A service on another port, behind a translation that only one way
	 * told of. */
	for (i = 0; i < s->n_flows; i++) {
		f = &s->flow[i];
		if (is_vague(f->class) && f->reverse != FLOW_NONE)
			f->class = s->flow[f->reverse].class;
	}
}
