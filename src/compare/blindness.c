/* blindness.c - what a capture misses by itself.
 */
#include "compare/blindness.h"

#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "compare/chance.h"

/* So well it is known when a packet was sent of which the arrival is known. */
#define BLUR_NS INT64_C(1000000)
/* So many missed one behind the other, where chance would not have it ... */
#define BLIND_LEAST  3
#define BLIND_CHANCE 0.05
/* (those of a burst count once: it may have been one packet to the card) ... */
#define BURST_NS INT64_C(20000000)
/* ... and more such moments in one capture are none. */
#define BLIND_MOMENTS 64

struct search {
	struct blindness *b;
	const struct path *p;
	const struct common_time *common;
	struct trace *const *trace;
	uint32_t room[SIDE_COUNT];
};

static void
add_miss(struct search *f, enum side s, int64_t at)
{
	struct blindness *b = &f->b[s];

	b->miss = xgrow(b->miss, b->n_miss, &f->room[s], sizeof(*b->miss));
	b->miss[b->n_miss++] = at;
	b->misses++;
	b->sample++;
}

/* Did this capture run when that was sent which came at `at`?  The other one
 * may have begun just then. */
static bool
ran(const struct search *f, enum side s, int64_t at)
{
	const struct trace *t = f->trace[s];
	uint32_t i;

	if (!common_time_has(f->common, at, 0) ||
	    common_time_blind(f->common, at))
		return false;
	for (i = 0; i < t->n_spans; i++)
		if (at - f->common->guard >=
			delay_common_time(f->p, s, t->span[i].from) &&
		    at <= delay_common_time(f->p, s, t->span[i].to))
			return true;
	return false;
}

/* Side `s` as the other capture shows it: what it sent and the other has. */
static void
count_sent(struct search *f, enum side s)
{
	const struct trace *t = f->trace[!s]; /* where it arrived */
	enum way w = s == SIDE_SERVER ? WAY_THERE : WAY_BACK;
	const struct record *r;
	unsigned marks;
	int64_t at;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		r = &t->rec[i];
		marks = t->flow[r->flow].marks;
		if ((r->bits & TRACE_ONLY) == 0 || trace_sends(t, marks) ||
		    (marks & FLOW_SHARED) == 0 || (marks & FLOW_CHANGED) != 0)
			continue;
		at = delay_common_time(f->p, t->side, r->time);
		if (!common_time_arrived(f->common, at) && !ran(f, s, at))
			continue;
		at -= f->p->delay[w].usual / 2;
		if (t->mate[i] != TRACE_NONE)
			f->b[s].sample++;
		/* Anybody on the way can reset a connection in its name. */
		else if ((r->bits & TRACE_ABSENT) != 0 &&
			 (r->bits & (TRACE_BYTES | RECORD_INCOMPLETE |
					RECORD_RST)) == 0)
			add_miss(f, s,
			    s == SIDE_SERVER
				? at
				: clock_map_to_device(&f->p->clock, at));
	}
}

/* A question that was answered came in: one without a mate was missed. */
static void
count_answered(struct search *f, const struct exchanges *x)
{
	const struct exchange *e;
	const struct trace *t;
	const struct record *r;
	unsigned marks;
	int64_t at;
	uint32_t i;

	for (i = 0; i < x->n; i++) {
		e = &x->e[i];
		t = f->trace[e->of];
		r = &t->rec[e->question];
		if (e->answered[0] == 0 && e->answered[1] == 0)
			continue;
		marks = t->flow[r->flow].marks;
		/* Of a changed one, what is missing is not what was sent. */
		if (!trace_sends(t, marks) || (marks & FLOW_CHANGED) != 0)
			continue;
		at = e->asked[e->of];
		if (!common_time_has(f->common, at, 0))
			continue;
		if (t->mate[e->question] != TRACE_NONE)
			f->b[!e->of].sample++;
		else if ((r->bits & TRACE_PROVED) != 0)
			add_miss(f, (enum side) !e->of,
			    e->of == SIDE_DEVICE
				? at
				: clock_map_to_device(&f->p->clock, at));
	}
}

/* Data that was acknowledged came in, too.  Where all of a connection has its
 * mates nobody looked for that: as many of it as of others. */
static void
count_acknowledged(struct search *f, enum side s, const struct byte_gaps *gaps)
{
	const struct trace *t = f->trace[s];
	const struct record *r;
	uint32_t i, whole = 0;
	int64_t at;

	for (i = 0; i < t->n; i++) {
		r = &t->rec[i];
		if (r->what != RECORD_TCP || r->length == 0 ||
		    (t->mate[i] == TRACE_NONE &&
			(r->bits & TRACE_PROVED) == 0) ||
		    !trace_sends(t, t->flow[r->flow].marks))
			continue;
		at = delay_common_time(f->p, s, r->time);
		if (!common_time_has(f->common, at, 0))
			continue;
		if (t->mate[i] != TRACE_NONE)
			whole++;
		else
			add_miss(f, (enum side) !s,
			    s == SIDE_DEVICE
				? at
				: clock_map_to_device(&f->p->clock, at));
	}
	if (gaps->tried > 0)
		f->b[!s].sample +=
		    (uint32_t)((uint64_t)whole * gaps->would / gaps->tried);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
estimate(struct blindness *b, uint64_t packets, uint64_t dropped)
{
	double told = 0;

	b->share = b->sample > 0 ? (double)b->misses / b->sample : 0;
	b->upper = chance_most(b->misses, b->sample);
	if (dropped > 0)
		told = (double)dropped / ((double)dropped + (double)packets);
	b->share = fmax(b->share, told);
	b->upper = fmin(1, fmax(b->upper, 1.5 * told));
}

void
blindness_find(struct blindness b[SIDE_COUNT], const struct path *p,
    const struct common_time *common, struct trace *const trace[SIDE_COUNT],
    const struct exchanges *x, const struct byte_gaps gaps[SIDE_COUNT],
    const uint64_t dropped[SIDE_COUNT])
{
	struct search f = {.b = b, .p = p, .common = common, .trace = trace};
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		b[s] = (struct blindness){0};
	for (s = 0; s < SIDE_COUNT; s++)
		count_sent(&f, (enum side)s);
	count_answered(&f, x);
	for (s = 0; s < SIDE_COUNT; s++)
		count_acknowledged(&f, (enum side)s, &gaps[s]);
	for (s = 0; s < SIDE_COUNT; s++) {
		if (b[s].n_miss > 0)
			qsort(b[s].miss, b[s].n_miss, sizeof(*b[s].miss),
			    by_size);
		estimate(&b[s], trace[s]->n, dropped[s]);
	}
}

void
blindness_free(struct blindness b[SIDE_COUNT])
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		free(b[s].miss);
}

struct trace_span
blindness_silence(const struct trace *t, int64_t at)
{
	uint32_t next = trace_at(t, at);

	return (struct trace_span){
	    next == 0 ? INT64_MIN : t->rec[next - 1].time,
	    next == t->n ? INT64_MAX : t->rec[next].time};
}

bool
blindness_in(const struct blindness *b, const struct trace_span *silence)
{
	uint32_t low = 0, high = b->n_miss, middle;
	int64_t from = silence->from;

	if (from != INT64_MIN)
		from -= BLUR_NS;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (b->miss[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->n_miss && (silence->to == INT64_MAX ||
				      b->miss[low] <= silence->to + BLUR_NS);
}

/* Would chance make one silence of the capture in which so many are missed? */
static bool
is_blind(const struct blindness *b, uint32_t missed)
{
	double others = b->misses - missed + 1.0;
	double sample = b->sample - missed + 1.0;

	return missed >= BLIND_LEAST &&
	       sample * pow(others / sample, missed - 1.0) < BLIND_CHANCE;
}

/* By the server's clock; a capture's ends are none. */
static struct trace_span
on_server(const struct path *p, const struct trace *t, struct trace_span own)
{
	return (struct trace_span){delay_common_time(p, t->side, own.from),
	    delay_common_time(p, t->side, own.to)};
}

static uint32_t
cut_side(const struct blindness *b, const struct path *p,
    struct common_time *common, const struct trace *t)
{
	uint32_t i, end, cuts = 0, missed;
	struct trace_span s;
	int64_t last;

	for (i = 0; i < b->n_miss && cuts < BLIND_MOMENTS; i = end) {
		s = blindness_silence(t, b->miss[i]);
		last = b->miss[i];
		missed = 1;
		for (end = i + 1; end < b->n_miss && b->miss[end] < s.to; end++)
			if (b->miss[end] - last >= BURST_NS) {
				last = b->miss[end];
				missed++;
			}
		if (s.from == INT64_MIN || s.to == INT64_MAX ||
		    !is_blind(b, missed))
			continue;
		common_time_cut(common, on_server(p, t, s));
		cuts++;
	}
	return cuts;
}

bool
blindness_cut(const struct blindness b[SIDE_COUNT], const struct path *p,
    struct common_time *common, struct trace *const trace[SIDE_COUNT])
{
	uint32_t cuts = 0;
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		cuts += cut_side(&b[s], p, common, trace[s]);
	return cuts > 0;
}
