/* delay.c - how long packets are on the way.
 */
#include "compare/delay.h"

#include <stdlib.h>

#include "base/xmem.h"

/* A part of the tie survives if so many of so many say so. */
#define TIE_SAMPLE 4
/* A packet may come so much later and earlier than the clocks say. */
#define NARROW_NS INT64_C(50000000)
#define EARLY_NS  INT64_C(5000000)
/* Fewer delays say little of how much they differ. */
#define SPREAD_OF 100
#define NEVER_NS  INT64_C(10000000000)
/* One of so many may be no delay, but of what was sent again and not seen to
 * be: it is by so much longer than all others. */
#define ODD_SHARE 100
#define ODD_NS    INT64_C(250000000)

static const uint32_t tie_parts[] = {TIE_ID, ~TIE_ID};
/* One of so many may differ. */
static const uint32_t tie_share[] = {50, 50};

int64_t
delay_common_time(const struct path *p, enum side s, int64_t time)
{
	return s == SIDE_SERVER ? time : clock_map_to_server(&p->clock, time);
}

int64_t
delay_of(const struct path *p, enum way w, int64_t sent, int64_t seen)
{
	if (w == WAY_THERE)
		return clock_map_to_server(&p->clock, seen) - sent;
	return seen - clock_map_to_server(&p->clock, sent);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

int64_t
delay_median_of(int64_t *value, uint32_t n)
{
	if (n == 0)
		return 0;
	qsort(value, n, sizeof(*value), by_size);
	return value[n / 2];
}

int64_t
delay_median(int64_t *value, uint32_t n)
{
	int64_t median = delay_median_of(value, n);

	if (n == 0)
		return -1;
	return median < 0 ? 0 : median;
}

static const struct record *
record_of(
    struct trace *const trace[SIDE_COUNT], const struct certain_pair *p, int s)
{
	return &trace[s]->rec[p->record[s]];
}

static unsigned
marks_of(struct trace *const trace[SIDE_COUNT], const struct certain_pair *p)
{
	return trace[0]->flow[record_of(trace, p, 0)->flow].marks;
}

/* Where ids survive, it is another packet. */
static bool
is_another(const struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pair)
{
	bool there = (marks_of(trace, pair) & FLOW_THERE) != 0;
	uint32_t differ =
	    record_of(trace, pair, 0)->tie ^ record_of(trace, pair, 1)->tie;

	return (differ & p->tie[there ? WAY_THERE : WAY_BACK] & TIE_ID) != 0;
}

static void
fit(struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n)
{
	struct clock_pair *c = xcalloc((size_t)n + 1, sizeof(*c));
	unsigned marks;
	uint32_t i;

	for (i = 0; i < n; i++) {
		c[i].at = record_of(trace, &pairs[i], 0)->time;
		c[i].more = record_of(trace, &pairs[i], 1)->time - c[i].at;
		marks = marks_of(trace, &pairs[i]);
		c[i].way = (marks & FLOW_THERE) != 0  ? CLOCK_THERE
			   : (marks & FLOW_BACK) != 0 ? CLOCK_BACK
						      : CLOCK_LEFT_OUT;
		if (is_another(p, trace, &pairs[i]))
			c[i].way = CLOCK_LEFT_OUT;
	}
	clock_map_fit(&p->clock, c, n);
	free(c);
}

/* The longest of these, which are in order. */
static int64_t
longest(const int64_t *delay, uint32_t n)
{
	uint32_t i = n - 1, least = n - 1 - n / ODD_SHARE;

	for (; i > least; i--)
		if (delay[i] - delay[i - 1] > delay[i - 1] / 2 + ODD_NS)
			return delay[i - 1];
	return delay[n - 1];
}

/* Did the sender's capture run when it came?  If not, it may have been sent
 * again, and that was not seen. */
static bool
ran(const struct path *p, const struct trace *sender, enum side seer,
    int64_t seen)
{
	int64_t at = delay_common_time(p, seer, seen);
	uint32_t i;

	for (i = 0; i < sender->n_spans; i++)
		if (at >= delay_common_time(
			      p, sender->side, sender->span[i].from) &&
		    at <=
			delay_common_time(p, sender->side, sender->span[i].to))
			return true;
	return false;
}

static void
learn_way(struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n, enum way w)
{
	unsigned mark = w == WAY_THERE ? FLOW_THERE : FLOW_BACK;
	enum side from = w == WAY_THERE ? SIDE_SERVER : SIDE_DEVICE;
	int64_t *delay = xcalloc((size_t)n + 1, sizeof(*delay)), d;
	uint32_t i, of = 0;

	for (i = 0; i < n; i++) {
		/* Between two lines nobody knows which one is right. */
		if ((marks_of(trace, &pairs[i]) & mark) == 0 ||
		    is_another(p, trace, &pairs[i]) ||
		    !ran(p, trace[from], (enum side) !from,
			record_of(trace, &pairs[i], !from)->time) ||
		    clock_map_step_near(&p->clock,
			record_of(trace, &pairs[i], SIDE_SERVER)->time, 0))
			continue;
		d = delay_of(p, w, record_of(trace, &pairs[i], from)->time,
		    record_of(trace, &pairs[i], !from)->time);
		delay[of++] = d < 0 ? 0 : d;
	}
	qsort(delay, of, sizeof(*delay), by_size);
	p->delay[w] = (struct delay_range){.n = of};
	if (of > 0) {
		p->delay[w].least = delay[of / 100];
		p->delay[w].usual = delay[of - 1 - of / 100];
		p->delay[w].most = longest(delay, of);
	}
	free(delay);
}

static uint32_t
surviving(struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n, unsigned mark)
{
	uint32_t i, a, b, part, of, differ, mask = 0;

	for (part = 0; part < 2; part++) {
		of = differ = 0;
		for (i = 0; i < n; i++) {
			a = record_of(trace, &pairs[i], 0)->tie;
			b = record_of(trace, &pairs[i], 1)->tie;
			a &= tie_parts[part];
			b &= tie_parts[part];
			if ((marks_of(trace, &pairs[i]) & mark) == 0 ||
			    (a == 0 && b == 0))
				continue;
			of++;
			differ += a != b;
		}
		if (of >= TIE_SAMPLE && differ <= of / tie_share[part])
			mask |= tie_parts[part];
	}
	return mask;
}

void
delay_learn(struct path *p, struct trace *const trace[SIDE_COUNT],
    const struct certain_pair *pairs, uint32_t n)
{
	p->tie[WAY_THERE] = surviving(trace, pairs, n, FLOW_THERE);
	p->tie[WAY_BACK] = surviving(trace, pairs, n, FLOW_BACK);
	fit(p, trace, pairs, n);
	if (p->clock.n == 0)
		return;
	learn_way(p, trace, pairs, n, WAY_THERE);
	learn_way(p, trace, pairs, n, WAY_BACK);
	/* Nothing takes so long: these are no clocks. */
	if (p->delay[WAY_THERE].usual > NEVER_NS ||
	    p->delay[WAY_BACK].usual > NEVER_NS)
		p->clock.n = 0;
}

int64_t
delay_narrow(const struct path *p, enum way w)
{
	const struct delay_range *d = &p->delay[w];
	int64_t spread = d->n < SPREAD_OF ? d->usual : d->usual - d->least;

	return d->usual + 2 * spread + NARROW_NS;
}

int64_t
delay_early(const struct path *p, enum way w)
{
	return EARLY_NS + p->delay[w].usual / 4;
}
