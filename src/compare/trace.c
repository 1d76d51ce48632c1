/* trace.c - one side's packets, and what the matcher learns of them.
 */
#include "compare/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* From `from` on (as the trace has it) this was added to the stamps. */
struct trace_shift {
	int64_t from, by;
};

static uint32_t *
nobody(uint32_t n)
{
	uint32_t *p = xreallocarray(NULL, (size_t)n + 1, sizeof(*p));

	memset(p, 0xff, ((size_t)n + 1) * sizeof(*p));
	return p;
}

/* A clock that was set back goes on right behind what it had shown: how long
 * the moment took is not known, and the fit of the clocks finds the step. */
static void
take_stretch(struct trace *t, const struct stretch *s, int64_t last)
{
	int64_t by = t->n_shifts == 0 ? 0 : t->shift[t->n_shifts - 1].by;
	uint32_t i;

	if (s->begin != STRETCH_FIRST && s->from + by <= last)
		by = last + 1 - s->from;
	for (i = s->first; i < s->first + s->n; i++)
		t->rec[i].time += by;
	t->shift[t->n_shifts++] = (struct trace_shift){s->from + by, by};
	if (s->begin == STRETCH_SET_BACK && t->n_spans > 0) {
		t->span[t->n_spans - 1].to = s->to + by;
		return;
	}
	t->span[t->n_spans++] = (struct trace_span){s->from + by, s->to + by};
}

struct trace *
trace_new(enum side side, struct record *rec, uint32_t n,
    const struct stretch *stretch, uint32_t n_stretches,
    struct flow_table *table)
{
	struct trace *t = xcalloc(1, sizeof(*t));
	uint32_t i;

	t->side = side;
	t->rec = rec;
	t->n = n;
	t->table = table;
	t->flow = flow_table_flows(table);
	t->n_flows = flow_table_size(table);
	t->n_hosts = flow_table_hosts(table);
	t->span = xcalloc((size_t)n_stretches + 1, sizeof(*t->span));
	t->shift = xcalloc((size_t)n_stretches + 1, sizeof(*t->shift));
	for (i = 0; i < n_stretches; i++)
		take_stretch(t, &stretch[i],
		    t->n_spans == 0 ? 0 : t->span[t->n_spans - 1].to);
	t->mate = nobody(n);
	t->twin = nobody(t->n_hosts);
	t->at = xcalloc((size_t)t->n_hosts + 1, 1);
	t->talk = nobody(t->n_flows);
	return t;
}

void
trace_free(struct trace *t)
{
	if (t == NULL)
		return;
	free(t->span);
	free(t->shift);
	free(t->key);
	free(t->mate);
	free(t->twin);
	free(t->at);
	free(t->talk);
	free(t);
}

void
trace_proof(struct trace *t, int64_t from, int64_t to)
{
	struct trace_span *first = t->span;
	struct trace_span *last = first + t->n_spans - 1;

	if (t->n_spans == 0)
		return;
	to += t->shift[t->n_shifts - 1].by;
	if (from < first->from && to >= first->from)
		first->from = from;
	if (to > last->to && from <= last->to)
		last->to = to;
}

/* One time of it becomes two, one of them, or none. */
static void
cut(struct trace *t, uint32_t i, int64_t from, int64_t to)
{
	struct trace_span all = t->span[i];

	if (all.from < from && all.to > to) {
		t->span = xreallocarray(
		    t->span, (size_t)t->n_spans + 2, sizeof(*t->span));
		memmove(&t->span[i + 1], &t->span[i],
		    (t->n_spans - i) * sizeof(*t->span));
		t->n_spans++;
		t->span[i].to = from;
		t->span[i + 1].from = to;
	} else if (all.from < from) {
		t->span[i].to = from;
	} else if (all.to > to) {
		t->span[i].from = to;
	} else {
		t->n_spans--;
		memmove(&t->span[i], &t->span[i + 1],
		    (t->n_spans - i) * sizeof(*t->span));
	}
}

/* Where its clock was set back a stamp is not one time. */
static bool
was_set_back(const struct trace *t)
{
	return t->n_shifts > 0 && t->shift[t->n_shifts - 1].by != 0;
}

void
trace_hole(struct trace *t, int64_t from, int64_t to)
{
	uint32_t i = was_set_back(t) ? 0 : t->n_spans;

	while (i-- > 0)
		if (t->span[i].from < to && t->span[i].to > from)
			cut(t, i, from, to);
}

int64_t
trace_stamp(const struct trace *t, int64_t time)
{
	uint32_t i = t->n_shifts;

	while (i > 1 && t->shift[i - 1].from > time)
		i--;
	return i == 0 ? time : time - t->shift[i - 1].by;
}

uint32_t
trace_at(const struct trace *t, int64_t time)
{
	uint32_t low = 0, high = t->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->rec[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
trace_sends(const struct trace *t, unsigned marks)
{
	return (marks & (t->side == SIDE_SERVER ? FLOW_THERE : FLOW_BACK)) != 0;
}

bool
trace_marked(const struct trace *t, uint32_t record, unsigned marks)
{
	return (t->flow[t->rec[record].flow].marks & marks) != 0;
}
