/* letters.c - what became of the questions: rows of letters, and a ladder.
 */
#include "compare/letters.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/verdict.h"
#include "compare/witness.h"

/* So many of ten have to agree. */
#define AGREE 8
/* Fewer than these are no event. */
#define UNANSWERED_MIN 3
/* One Report begins a session, and another one may set its time right. */
#define BAD_USER_MIN 3
/* Of fewer polls nothing follows. */
#define CALM_MIN 10
#define US_NS    INT64_C(1000)
#define MS_NS    INT64_C(1000000)

struct fill {
	struct compare_result *r;
	const struct scene *sc;
	const struct letters_wish *wish;
	struct probe_index agents, campaigns;
	/* OVOC's own: before the agent's probes, server's clock; 0: when? */
	int64_t probes_at;
	uint32_t before, before_answered;
};

static const struct record *
question(const struct fill *f, const struct exchange *e)
{
	return &f->sc->trace[e->of]->rec[e->question];
}

static const struct flow *
flow_of(const struct fill *f, const struct exchange *e)
{
	return &f->sc->trace[e->of]->flow[question(f, e)->flow];
}

/* The answer left the device and was lost. */
static bool
answer_was_lost(const struct fill *f, const struct exchange *e)
{
	enum reason why;

	return e->answer != TRACE_NONE &&
	       fate_of_sent(f->sc, SIDE_DEVICE, e->answer, &why) == FATE_LOST;
}

/* May an answer be among packets that cannot be read? */
static bool
answers_hidden(const struct fill *f, const struct exchange *e)
{
	const struct flow *flow = flow_of(f, e), *far;
	const struct trace *t = f->sc->trace[e->of];
	const struct trace *other = f->sc->trace[!e->of];

	if (flow->reverse != FLOW_NONE &&
	    (t->flow[flow->reverse].marks & FLOW_HIDDEN) != 0)
		return true;
	if (flow->partner == FLOW_NONE)
		return false;
	far = &other->flow[flow->partner];
	return far->reverse != FLOW_NONE &&
	       (other->flow[far->reverse].marks & FLOW_HIDDEN) != 0;
}

static bool
question_was_lost(const struct fill *f, const struct exchange *e)
{
	enum reason why;

	return fate_of_sent(f->sc, (enum side)e->of, e->question, &why) ==
	       FATE_LOST;
}

/* No answer left the device: its capture would have it, if it is awake. */
static bool
was_ignored(const struct fill *f, const struct exchange *e)
{
	const struct blindness *b = &f->sc->blind[SIDE_DEVICE];
	int64_t at = e->asked[SIDE_DEVICE];
	struct trace_span silence;

	if (at == 0 || answers_hidden(f, e))
		return false;
	at = clock_map_to_device(&f->sc->path->clock, at);
	silence = blindness_silence(f->sc->trace[SIDE_DEVICE], at + 1);
	return !f->sc->no_out[SIDE_DEVICE] &&
	       common_time_has(
		   f->sc->common, e->asked[SIDE_DEVICE], f->wish->patience) &&
	       !blindness_in(b, &silence);
}

/* What the captures show, unless they cannot be trusted there. */
static enum letter
trusted(const struct fill *f, const struct exchange *e)
{
	enum letter l = question_letter(e, f->wish->patience);
	bool sure = true;

	if ((flow_of(f, e)->marks & FLOW_CHANGED) != 0 && l != LETTER_ANSWERED)
		return LETTER_UNKNOWN;
	if (l == LETTER_LOST_THERE)
		sure = question_was_lost(f, e);
	else if (l == LETTER_LOST_BACK)
		sure = answer_was_lost(f, e);
	else if (l == LETTER_UNANSWERED)
		sure = was_ignored(f, e);
	return sure ? l : LETTER_UNKNOWN;
}

/* Of whose record is this question of the server's capture? */
static const struct event_probe *
found_in(const struct fill *f, const struct probe_index *ix,
    const struct event_record *record, const struct exchange *e)
{
	const struct record *r = question(f, e);
	int64_t at =
	    trace_stamp(f->sc->trace[SIDE_SERVER], e->asked[SIDE_SERVER]);

	if (record == NULL || e->of != SIDE_SERVER)
		return NULL;
	if (record->agent_clock.known)
		at -= record->agent_clock.ahead * MS_NS;
	return probe_index_find(ix, (enum ask_kind)e->kind,
	    e->kind == ASK_TCP ? flow_of(f, e)->from_port : r->exchange, at);
}

static bool
is_campaigns(const struct fill *f, const struct exchange *e)
{
	return found_in(f, &f->campaigns, f->wish->record, e) != NULL;
}

/* The agent asked, and says that no answer came: its own capture has it. */
static enum letter
told(const struct fill *f, const struct exchange *e, enum letter l)
{
	const struct event_record *sidecar = f->wish->sidecar;
	const struct event_probe *p = found_in(f, &f->agents, sidecar, e);
	int64_t at = e->asked[SIDE_SERVER], came = e->answered[SIDE_SERVER];

	if (l != LETTER_ANSWERED || p == NULL || p->fate != PROBE_FATE_LOST ||
	    sidecar->probe_timeout == 0 || came == 0)
		return l;
	return came - at > sidecar->probe_timeout * MS_NS ? LETTER_LATE
							  : LETTER_NOT_TAKEN;
}

static bool
is_judged(const struct fill *f, const struct exchange *e)
{
	return (flow_of(f, e)->marks & FLOW_SHARED) != 0 &&
	       common_time_has(f->sc->common, e->asked[e->of], 0);
}

static int64_t
when(const struct exchange *e, enum letter l)
{
	if (l == LETTER_LOST_BACK && e->answered[SIDE_DEVICE] != 0)
		return e->answered[SIDE_DEVICE];
	return e->asked[e->of];
}

static void
add(struct letter_row *row, enum letter l, int64_t at)
{
	if (row->n++ == 0)
		row->first = at;
	row->last = at;
	row->by[l]++;
}

static void
add_rung(
    struct fill *f, const struct exchange *e, enum asker asker, enum letter l)
{
	struct compare_result *r = f->r;

	if (r->n_ladder == RESULT_LADDER_MAX)
		return;
	r->ladder[r->n_ladder++] = (struct ladder_row){.asker = asker,
	    .kind = (enum ask_kind)e->kind,
	    .letter = l,
	    .s1 = e->asked[SIDE_SERVER],
	    .d1 = e->asked[SIDE_DEVICE],
	    .d2 = e->answered[SIDE_DEVICE],
	    .s2 = e->answered[SIDE_SERVER]};
}

static void
count_before(struct fill *f, const struct exchange *e, enum letter l)
{
	int64_t at = trace_stamp(f->sc->trace[SIDE_SERVER], e->asked[e->of]);

	f->before += at < f->probes_at;
	f->before_answered += at < f->probes_at && l == LETTER_ANSWERED;
}

static void
take_server(struct fill *f, const struct exchange *e)
{
	const struct letters_wish *w = f->wish;
	enum letter l;
	int64_t at;

	/* The campaign host may be at the server's end. */
	if (!is_judged(f, e) || is_campaigns(f, e))
		return;
	l = told(f, e, trusted(f, e));
	at = when(e, l);
	if (e->kind == ASK_SNMP) {
		add(&f->r->polls, l, at);
		count_before(f, e, l);
	}
	if (at < w->from || at > w->to)
		return;
	add(&f->r->letter[ASKER_OVOC][e->kind], l, at);
	add_rung(f, e, ASKER_OVOC, l);
}

/* Only the device's capture has these: what it heard and whether it answered;
 * what came of the answer is not known. */
static void
take_campaign(struct fill *f, const struct exchange *e)
{
	int64_t at = e->asked[SIDE_DEVICE];
	enum letter l = LETTER_UNKNOWN;

	if (e->answered[SIDE_DEVICE] == 0) {
		if (!was_ignored(f, e))
			return;
		l = LETTER_UNANSWERED;
	}
	if (at < f->wish->from || at > f->wish->to)
		return;
	add(&f->r->letter[ASKER_CAMPAIGN][e->kind], l, at);
	add_rung(f, e, ASKER_CAMPAIGN, l);
}

/* Heartbeats go back to long before the capture, which cannot show them. */
static bool
is_outside(const struct fill *f, const struct testimony *t)
{
	const struct trace *d = f->sc->trace[SIDE_DEVICE];

	return t->letter == LETTER_UNKNOWN &&
	       (d->n_spans == 0 ||
		   t->s1 < delay_common_time(
			       f->sc->path, SIDE_DEVICE, d->span[0].from) ||
		   t->s1 > delay_common_time(f->sc->path, SIDE_DEVICE,
			       d->span[d->n_spans - 1].to));
}

/* By its own record: what became of each of its probes. */
static void
take_witness(struct fill *f)
{
	const struct letters_wish *wish = f->wish;
	struct compare_result *r = f->r;
	const struct testimony *t;
	struct witness w;
	uint32_t i;

	witness_hear(&w, f->sc, wish->record, wish->campaign, wish->patience);
	r->witness = w.n > 0;
	for (i = 0; i < w.n; i++) {
		t = &w.said[i];
		if (t->s1 < wish->from || t->s1 > wish->to || is_outside(f, t))
			continue;
		add(&r->letter[ASKER_CAMPAIGN][t->kind], t->letter, t->s1);
		if (r->n_ladder < RESULT_LADDER_MAX)
			r->ladder[r->n_ladder++] =
			    (struct ladder_row){ASKER_CAMPAIGN, t->kind,
				t->letter, t->s1, t->d1, t->d2, t->s2};
	}
	witness_free(&w);
}

static void
settle(struct fill *f, struct letter_row *row)
{
	const struct blindness *b = &f->sc->blind[SIDE_DEVICE];
	struct verdict_case v = {.sent = row->n};
	int l, most = LETTER_UNKNOWN;
	uint32_t known;

	row->grade = GRADE_UNKNOWN;
	row->letter = LETTER_UNKNOWN;
	if (row->n == 0)
		return;
	for (l = 0; l < LETTER_COUNT; l++)
		if (row->by[l] > row->by[most])
			most = l;
	row->agree = row->by[most];
	row->letter = (enum letter)most;
	known = row->n - row->by[LETTER_UNKNOWN];
	if ((uint64_t)row->agree * 10 <
	    (uint64_t)(2 * known >= row->n ? known : row->n) * AGREE) {
		row->letter = LETTER_MIXED;
		row->grade = GRADE_LIKELY;
		return;
	}
	if (most == LETTER_UNKNOWN)
		return;
	row->grade = GRADE_CERTAIN;
	if (most == LETTER_ANSWERED || most == LETTER_LATE ||
	    most == LETTER_NOT_TAKEN)
		return;
	v.lost = v.run = v.witnessed = row->agree;
	v.silences = row->agree;
	v.asks = true;
	row->grade = verdict_grade(&v, b);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* How late: of those in the ladder. */
static void
measure_late(struct compare_result *r, enum ask_kind kind)
{
	int64_t late[RESULT_LADDER_MAX];
	const struct ladder_row *rung;
	int i, n = 0;

	for (i = 0; i < r->n_ladder; i++) {
		rung = &r->ladder[i];
		if (rung->asker == ASKER_OVOC && rung->kind == kind &&
		    rung->letter == LETTER_LATE)
			late[n++] = rung->s2 - rung->s1;
	}
	if (n == 0)
		return;
	qsort(late, (size_t)n, sizeof(*late), by_size);
	r->letter[ASKER_OVOC][kind].late = late[n / 2];
}

/* When the alarm had come, by the agent's clock. */
static int64_t
first_probe(const struct event_record *sidecar)
{
	int64_t at = 0;
	size_t i;

	for (i = 0; sidecar != NULL && i < sidecar->n_probes; i++)
		if (at == 0 || sidecar->probe[i].sent_us < at)
			at = sidecar->probe[i].sent_us;
	return at * US_NS;
}

/* An SNMPv3 session begins with a Report; one that brings nothing but Reports
 * has a user or a time window that the device refuses. */
static void
count_bad_user(struct fill *f, const struct exchanges *x)
{
	const struct trace *t = f->sc->trace[SIDE_SERVER];
	uint32_t *reports = xcalloc((size_t)t->n_flows + 1, sizeof(*reports));
	bool *well = xcalloc((size_t)t->n_flows + 1, sizeof(*well));
	const struct exchange *e;
	uint32_t i, flow;

	for (i = 0; i < x->n; i++) {
		e = &x->e[i];
		if (e->kind != ASK_SNMP || e->way != WAY_THERE ||
		    e->of != SIDE_SERVER || e->answered[SIDE_SERVER] == 0)
			continue;
		flow = question(f, e)->flow;
		reports[flow] += e->report;
		well[flow] |= !e->report;
	}
	for (i = 0; i < t->n_flows; i++)
		if (!well[i] && reports[i] >= BAD_USER_MIN)
			f->r->bad_user += reports[i];
	free(reports);
	free(well);
}

/* Heartbeats are of before the event, where there are probes: when it began by
 * the captures, nobody knows. */
void
letters_of_witness(struct compare_result *r, const struct scene *sc,
    const struct letters_wish *wish)
{
	struct event_record record = *wish->record;
	struct fill f = {.r = r, .sc = sc};
	const struct testimony *t;
	struct witness w;
	uint32_t i;
	int k;

	if (record.n_probes > 0)
		record.n_heartbeats = 0;
	witness_hear(&w, sc, &record, wish->campaign, wish->patience);
	r->witness = w.n > 0;
	for (i = 0; i < w.n; i++) {
		t = &w.said[i];
		if (t->within || t->letter != LETTER_UNKNOWN)
			add(&r->letter[ASKER_CAMPAIGN][t->kind], t->letter,
			    t->s1);
	}
	for (k = 0; k < ASK_KIND_COUNT; k++)
		settle(&f, &r->letter[ASKER_CAMPAIGN][k]);
	witness_free(&w);
}

void
letters_unanswered(const struct scene *sc, const struct exchanges *x,
    struct letters_wish *wish)
{
	struct fill f = {.sc = sc, .wish = wish};
	int64_t first = 0, last = 0;
	const struct exchange *e;
	uint32_t i, n = 0;

	for (i = 0; i < x->n; i++) {
		e = &x->e[i];
		if (e->kind == ASK_KIND_COUNT || e->way != WAY_THERE ||
		    !is_judged(&f, e) || trusted(&f, e) != LETTER_UNANSWERED)
			continue;
		last = e->asked[e->of];
		if (n++ == 0)
			first = last;
	}
	if (n < UNANSWERED_MIN)
		return;
	wish->from = first;
	wish->to = last;
}

void
letters_fill(struct compare_result *r, const struct scene *sc,
    const struct exchanges *x, const struct letters_wish *wish)
{
	struct fill f = {.r = r, .sc = sc, .wish = wish};
	const struct exchange *e;
	uint32_t i;
	int a, k;

	f.probes_at = first_probe(wish->sidecar);
	probe_index_make(&f.agents, wish->sidecar);
	probe_index_make(&f.campaigns, wish->record);
	for (i = 0; i < x->n; i++) {
		e = &x->e[i];
		if (e->kind == ASK_KIND_COUNT)
			continue;
		if (e->of == SIDE_DEVICE &&
		    flow_of(&f, e)->from == wish->campaign) {
			if (wish->record == NULL)
				take_campaign(&f, e);
		} else if (e->way == WAY_THERE)
			take_server(&f, e);
	}
	if (f.before >= CALM_MIN && f.before == f.before_answered)
		r->calm = f.before;
	count_bad_user(&f, x);
	if (wish->record != NULL)
		take_witness(&f);
	for (a = 0; a < ASKER_COUNT; a++)
		for (k = 0; k < ASK_KIND_COUNT; k++)
			settle(&f, &r->letter[a][k]);
	settle(&f, &r->polls);
	for (k = 0; k < ASK_KIND_COUNT; k++)
		measure_late(r, (enum ask_kind)k);
	probe_index_free(&f.agents);
	probe_index_free(&f.campaigns);
}
