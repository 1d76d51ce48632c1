/* beside.c - see beside.h.
 */
#include "compare/beside.h"

#include <string.h>

#include "compare/host_twin.h"

#define US_NS INT64_C(1000)
#define MS_NS INT64_C(1000000)
/* An agent remembers so many holes: of older ones it knows nothing. */
#define HOLES_TOLD 8

/* --- who is who --- */

/* The first of these addresses that a capture has. */
static void
find(struct addr *to, const struct event_addrs *from,
    struct trace *const trace[SIDE_COUNT])
{
	size_t i;
	int s;

	if (to->family != AF_UNSPEC)
		return;
	for (i = 0; i < from->n; i++) {
		for (s = 0; s < SIDE_COUNT; s++) {
			if (host_twin_find(trace[s], &from->at[i]) ==
			    TRACE_NONE)
				continue;
			*to = from->at[i];
			return;
		}
	}
}

/* --- the server's pieces --- */

static bool
is_here(const struct compare_files *files, const struct event_piece *p)
{
	const char *name;
	unsigned number;
	size_t i;

	for (i = 0; i < files->n_paths; i++) {
		name = strrchr(files->path[i], '/');
		name = name == NULL ? files->path[i] : name + 1;
		if (capture_name_number(&number, name) && number == p->number &&
		    capture_name_is_aborted(name) == p->aborted)
			return true;
	}
	return false;
}

/* What was not brought here was not captured, for all that is known. */
static void
leave_out_pieces(struct trace *t, const struct compare_files *files,
    const struct event_record *sidecar)
{
	const struct event_piece *p, *before = NULL;
	bool gap = false;
	size_t i;

	for (i = 0; i < sidecar->n_pieces; i++) {
		p = &sidecar->piece[i];
		if (!is_here(files, p)) {
			gap = true;
			continue;
		}
		if (gap && before != NULL)
			trace_hole(
			    t, before->last_us * US_NS, p->first_us * US_NS);
		gap = false;
		before = p;
	}
	if (gap || before == NULL || sidecar->ran.n == 0 ||
	    sidecar->disk_was_full)
		return;
	trace_proof(t, before->first_us * US_NS,
	    sidecar->ran.at[sidecar->ran.n - 1].to * MS_NS);
}

static void
leave_out_holes(struct trace *t, const struct event_record *sidecar)
{
	const struct event_spans *h = &sidecar->holes;
	size_t i;

	for (i = 0; i < h->n; i++)
		trace_hole(t, h->at[i].from * MS_NS, h->at[i].to * MS_NS);
	if (h->n >= HOLES_TOLD)
		trace_hole(t, INT64_MIN, h->at[0].from * MS_NS);
}

void
beside_apply(const struct compare_input *in,
    struct trace *const trace[SIDE_COUNT], struct judge_wish *wish)
{
	const struct event_record *sidecar = in->sidecar, *record = in->record;

	wish->sidecar = sidecar;
	wish->record = record;
	if (record != NULL) {
		find(&wish->device, &record->device_at, trace);
		find(&wish->ovoc, &record->ovoc_at, trace);
		find(&wish->campaign, &record->campaign_at, trace);
	}
	if (sidecar == NULL)
		return;
	if (wish->dropped[SIDE_SERVER] == 0 && sidecar->dropped > 0)
		wish->dropped[SIDE_SERVER] = (uint64_t)sidecar->dropped;
	leave_out_pieces(trace[SIDE_SERVER], &in->side[SIDE_SERVER], sidecar);
	leave_out_holes(trace[SIDE_SERVER], sidecar);
}

/* --- the device's --- */

/* What show confirmed is by the campaign's clock; by the agent's, which is the
 * server's, and the fit of the captures that is a time of the device's, but for
 * both errors.  Its own account of its clock is not used: it may tell another
 * one than its capture stamps with. */
void
beside_device(const struct event_record *record, struct trace *device,
    const struct path *path)
{
	const struct clock_map *m = &path->clock;
	const struct clock_piece *last = &m->piece[m->n > 0 ? m->n - 1 : 0];
	int64_t at, doubt;

	if (record == NULL || record->ran.n == 0 ||
	    !record->agent_clock.known || m->n == 0 ||
	    last->error == INT64_MAX || device->n_spans == 0)
		return;
	doubt = record->agent_clock.error * MS_NS + last->error;
	at = record->ran.at[record->ran.n - 1].to + record->agent_clock.ahead;
	at = clock_map_to_device(m, at * MS_NS) - doubt;
	trace_proof(device, device->span[device->n_spans - 1].to,
	    trace_stamp(device, at));
}
