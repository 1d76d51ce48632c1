/* event_list.c - see event_list.h.
 */
#include "report/event_list.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/result_facts.h"
#include "report/verdicts.h"

/* --- what is kept of a result --- */

static void
take_losses(struct event_entry *e, const struct compare_result *r)
{
	for (int i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++) {
		const struct loss_tally *t = &r->tally[0][0] + i;

		e->lost += t->lost;
		if (t->lost == 0 || t->first == 0)
			continue;
		if (e->span.from == 0 || t->first < e->span.from)
			e->span.from = t->first;
		if (t->last > e->span.to)
			e->span.to = t->last;
	}
}

static void
extract(struct event_entry *e, const struct run_result *run)
{
	struct compare_result *r = NULL;
	struct fail why;
	int n;

	e->mark = MARK_DOUBT;
	if (e->row != NULL)
		r = verdict_read(run, e->row, &why);
	if (r == NULL)
		return;
	e->judged = true;
	e->mark = mark_of_compare(r);
	take_losses(e, r);
	n = result_held(r->n_common, RESULT_COMMON_MAX);
	if (n > 0)
		e->watched = (struct result_span){
		    r->common[0].from, r->common[n - 1].to};
	free(r);
}

/* --- the events of a device --- */

struct gather {
	struct event_list *l;
	uint32_t room;
	const struct device_result *device;
	size_t index;
	size_t first; /* of this device's */
};

static struct event_entry *
entry_for(struct gather *g, int event)
{
	struct event_list *l = g->l;

	for (size_t i = g->first; i < l->n; i++)
		if (l->e[i].event == event)
			return &l->e[i];
	l->e = xgrow(l->e, (uint32_t)l->n, &g->room, sizeof(*l->e));
	l->e[l->n] = (struct event_entry){
	    .device = g->device, .index = g->index, .event = event};
	return &l->e[l->n++];
}

static void
take_alarms(struct gather *g)
{
	const struct row *row;

	TAILQ_FOREACH (row, &g->device->rows, next)
		for (size_t i = g->first; i < g->l->n; i++)
			if (row->task == TASK_ALARM &&
			    row->event == g->l->e[i].event &&
			    g->l->e[i].alarm == 0)
				g->l->e[i].alarm = row->started;
}

static void
take_device(struct gather *g)
{
	const struct row *row;

	g->first = g->l->n;
	TAILQ_FOREACH (row, &g->device->rows, next) {
		if (row->task == TASK_RETRIEVE && row->status == TASK_SUCCESS &&
		    row->file != NULL)
			entry_for(g, row->event)->file = row;
		else if (row->task == TASK_COMPARE)
			entry_for(g, row->event)->row = row;
	}
	take_alarms(g);
}

static int64_t
begin_of(const struct event_entry *e)
{
	if (e->alarm != 0)
		return e->alarm;
	return e->file != NULL ? e->file->started : e->row->started;
}

static int
worse_first(const void *one, const void *other)
{
	const struct event_entry *a = one, *b = other;

	if (a->judged != b->judged)
		return a->judged ? -1 : 1;
	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (begin_of(a) != begin_of(b))
		return begin_of(a) < begin_of(b) ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

void
event_list_of(struct event_list *l, const struct run_result *r)
{
	struct gather g = {.l = l};

	*l = (struct event_list){0};
	for (g.index = 0; g.index < r->n_devices; g.index++) {
		g.device = &r->devices[g.index];
		take_device(&g);
	}
	for (size_t i = 0; i < l->n; i++) {
		extract(&l->e[i], r);
		if (!l->e[i].judged)
			continue;
		l->n_judged++;
		l->n_marked[l->e[i].mark]++;
	}
	if (l->n > 0)
		qsort(l->e, l->n, sizeof(*l->e), worse_first);
	l->worst = xcalloc(r->n_devices + 1, sizeof(*l->worst));
	for (size_t i = 0; i < r->n_devices; i++)
		l->worst[i] = SIZE_MAX;
	for (size_t i = l->n; i-- > 0;)
		l->worst[l->e[i].index] = i;
}

void
event_list_free(struct event_list *l)
{
	free(l->e);
	free(l->worst);
}
