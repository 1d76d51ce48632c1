/* outage.c - see outage.h.
 */
#include "compare/outage.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "compare/host_twin.h"
#include "compare/record_order.h"
#include "compare/witness.h"

#define MS_NS INT64_C(1000000)
#define S_NS  INT64_C(1000000000)
/* Crystals drift apart by less, from when the clocks were asked to the end. */
#define DRIFT_NS     S_NS
#define DRIFT_ERROR  1e-3
#define ERROR_MAX_NS (60 * S_NS)
/* The stop itself, and what asks for it, is in the device's capture. */
#define STOP_NS (5 * S_NS)
/* Stamps and what a record says of them are of the same clock. */
#define SAME_NS S_NS

/* --- may the two lack what they lack? --- */

static bool
ran_through(const struct judge_wish *wish)
{
	const struct event_record *r = wish->record, *s = wish->sidecar;

	return r != NULL && s != NULL && r->ran.n == 1 && r->stopped > 0 &&
	       s->ran.n == 1 && r->agent_clock.known &&
	       r->all_interfaces == 1 && !s->disk_was_full &&
	       !wish->partial[SIDE_SERVER] && !wish->partial[SIDE_DEVICE];
}

/* One packet that is as one of the other's is no outage. */
static bool
share_nothing(struct trace *const trace[SIDE_COUNT])
{
	struct key_walk w = {{0, 0}, false};
	struct key_group g;

	while (key_walk_next(&w, trace, &g))
		if (g.n[SIDE_SERVER] > 0 && g.n[SIDE_DEVICE] > 0)
			return false;
	return true;
}

/* All that is in the server's capture went to the device; errors may have come
 * from anywhere. */
static bool
only_asks(const struct trace *server, uint32_t device)
{
	bool asks = false;
	uint32_t i;

	for (i = 0; i < server->n; i++) {
		if (server->rec[i].what == RECORD_ICMP_ERROR)
			continue;
		if (server->flow[server->rec[i].flow].to != device)
			return false;
		asks = true;
	}
	return asks;
}

static bool
is_campaigns(const struct trace *t, uint32_t host, const struct event_addrs *of)
{
	size_t i;

	for (i = 0; i < of->n; i++)
		if (addr_cmp(flow_table_host(t->table, host), &of->at[i]) == 0)
			return true;
	return false;
}

/* Does the server's capture have something to the same service? */
static bool
is_asked_for(const struct trace *server, const struct flow *f)
{
	const struct flow *g;
	uint32_t i;

	for (i = 0; i < server->n_flows; i++) {
		g = &server->flow[i];
		if (g->packets > 0 && g->protocol == f->protocol &&
		    g->to_port == f->to_port)
			return true;
	}
	return false;
}

/* Nothing of the server's came to the device, under whatever name. */
static bool
hears_none(struct trace *const trace[SIDE_COUNT], uint32_t device,
    const struct event_addrs *campaign)
{
	const struct trace *t = trace[SIDE_DEVICE];
	const struct flow *f;
	uint32_t i;

	for (i = 0; i < t->n_flows; i++) {
		f = &t->flow[i];
		if (f->packets == 0 || is_campaigns(t, f->from, campaign))
			continue;
		if (t->twin[f->from] != TRACE_NONE && f->from != device)
			return false;
		if (f->to == device && is_asked_for(trace[SIDE_SERVER], f))
			return false;
	}
	return true;
}

static bool
is_cut_off(struct trace *const trace[SIDE_COUNT], const struct judge_wish *wish)
{
	uint32_t server = host_twin_find(trace[SIDE_SERVER], &wish->device);
	uint32_t device = host_twin_find(trace[SIDE_DEVICE], &wish->device);

	return server != TRACE_NONE && device != TRACE_NONE &&
	       only_asks(trace[SIDE_SERVER], server) &&
	       hears_none(trace, device, &wish->record->campaign_at) &&
	       share_nothing(trace);
}

/* --- the clocks --- */

/* The clock never was set back, and this is when the capture ran by it. */
static bool
is_steady(const struct trace *t, struct trace_span *ran)
{
	if (t->n_spans == 0 || t->n == 0)
		return false;
	*ran = (struct trace_span){t->rec[0].time, t->rec[t->n - 1].time};
	return trace_stamp(t, ran->to) == ran->to;
}

/* By its own account, which may be of another clock than its capture's: then
 * the capture does not end where it was stopped. */
static bool
as_told(const struct event_record *r, const struct trace_span *ran,
    int64_t *ahead, int64_t *error)
{
	*ahead = r->device_clock.ahead * MS_NS;
	*error = r->device_clock.error * MS_NS;
	return r->device_clock.known && *error <= ERROR_MAX_NS &&
	       llabs(ran->to - *ahead - r->stopped * MS_NS) <= *error + STOP_NS;
}

/* Neither capture has packets of when it was off, by its record. */
static bool
fits(const struct trace_span *ran, const struct event_span *by, int64_t ahead,
    int64_t error)
{
	return ran->to - ahead >= by->from * MS_NS - error &&
	       ran->to - ahead <= by->to * MS_NS + error;
}

/* The device's clock less the campaign's. */
static bool
find_ahead(const struct trace *device, const struct judge_wish *wish,
    const struct trace_span *ran, int64_t *ahead, int64_t *error)
{
	const struct event_record *r = wish->record;
	struct event_span on = {r->ran.at[0].from, r->stopped};
	uint32_t host = host_twin_find(device, &wish->campaign);

	if (!witness_clock(device, r, host, ahead, error) &&
	    !as_told(r, ran, ahead, error))
		return false;
	return *error <= ERROR_MAX_NS &&
	       fits(ran, &on, *ahead, *error + STOP_NS);
}

bool
outage_clock(struct clock_map *m, struct trace *const trace[SIDE_COUNT],
    const struct judge_wish *wish)
{
	struct trace_span server, device;
	int64_t ahead, error;

	if (!ran_through(wish) || !is_steady(trace[SIDE_SERVER], &server) ||
	    !is_steady(trace[SIDE_DEVICE], &device) ||
	    !is_cut_off(trace, wish) ||
	    !fits(&server, &wish->sidecar->ran.at[0], 0, SAME_NS) ||
	    !find_ahead(trace[SIDE_DEVICE], wish, &device, &ahead, &error))
		return false;
	error += wish->record->agent_clock.error * MS_NS + DRIFT_NS;
	if (error > ERROR_MAX_NS)
		return false;
	m->n = 1;
	m->in_order = true;
	m->piece[0] = (struct clock_piece){.from = server.from,
	    .to = server.to,
	    .middle = server.from,
	    .offset = ahead - wish->record->agent_clock.ahead * MS_NS,
	    .error = error,
	    .drift_error = DRIFT_ERROR};
	return true;
}

bool
outage_hears(const struct judge_wish *wish)
{
	return strcmp(wish->sidecar->interface[0], "any") == 0;
}
