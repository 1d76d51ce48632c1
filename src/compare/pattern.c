/* pattern.c - which packets were lost, when some were.
 */
#include "compare/pattern.h"

#include <stdlib.h>

#include "base/xmem.h"

#define FEW       3
#define EVERY_MIN 5
#define EVERY_MAX 64 /* longer periods are nothing that people know */
#define BURST_MAX 50
/* "A bad line" is for shares between these, of 1000. */
#define SPREAD_MIN 1
#define SPREAD_MAX 200
#define SECOND_NS  INT64_C(1000000000)
/* Of more traffic so many times more is lost, in so many seconds. */
#define GROWS_TIMES 3
#define GROWS_BINS  5
#define GROWS_LOST  20
#define PHASES      10 /* nobody knows when a limit's second begins */

struct sums {
	uint32_t lost, first, last;             /* indices */
	uint32_t runs;                          /* of lost ones */
	uint32_t passed;                        /* from first to last */
	uint32_t smallest_lost, largest_passed; /* passed: of those, too */
};

static void
sum_up(const struct pattern_packet *p, uint32_t n, struct sums *s)
{
	uint32_t i;

	*s = (struct sums){.smallest_lost = UINT32_MAX};
	for (i = 0; i < n; i++) {
		if (!p[i].lost)
			continue;
		if (s->lost++ == 0)
			s->first = i;
		s->last = i;
		s->runs += i == 0 || !p[i - 1].lost;
		if (p[i].size < s->smallest_lost)
			s->smallest_lost = p[i].size;
	}
	s->passed = s->lost == 0 ? 0 : s->last - s->first + 1 - s->lost;
	/* What passed before or behind the trouble says nothing of it. */
	for (i = s->first; s->lost > 0 && i <= s->last; i++)
		if (!p[i].lost && p[i].size > s->largest_passed)
			s->largest_passed = p[i].size;
}

/* 80 of 100 distances between two lost ones are the same; 0: they are not. */
static uint32_t
period(const struct pattern_packet *p, uint32_t n)
{
	uint32_t count[EVERY_MAX + 1] = {0}, all = 0, i, last = 0, k, best = 0;
	bool any = false;

	for (i = 0; i < n; i++) {
		if (!p[i].lost)
			continue;
		if (any) {
			all++;
			if (i - last <= EVERY_MAX)
				count[i - last]++;
		}
		any = true;
		last = i;
	}
	for (k = 2; k <= EVERY_MAX; k++)
		if (count[k] > count[best])
			best = k;
	return all + 1 >= EVERY_MIN && 5 * count[best] >= 4 * all ? best : 0;
}

struct talk_sum {
	uint32_t talk, index;
	bool lost;
};

static int
by_talk(const void *a, const void *b)
{
	const struct talk_sum *x = a, *y = b;

	if (x->talk != y->talk)
		return x->talk < y->talk ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

struct talk_counts {
	uint32_t dead, well, mixed;
	uint32_t firsts, first_lost; /* first packets */
};

/* What passed before the trouble is no part of it. */
static void
count_talk(
    const struct talk_sum *t, uint32_t n, uint32_t from, struct talk_counts *c)
{
	uint32_t i, lost = 0, of = 0;

	for (i = 0; i < n; i++) {
		of += t[i].index >= from;
		lost += t[i].lost;
	}
	/* One packet is no connection: it is lost or not. */
	if (of > 1 && lost == 0)
		c->well++;
	else if (of > 1 && lost == of)
		c->dead++;
	else if (of > 1)
		c->mixed++;
	if (of < n)
		return;
	c->firsts++;
	c->first_lost += t[0].lost;
}

static void
count_talks(
    const struct pattern_packet *p, const struct sums *s, struct talk_counts *c)
{
	uint32_t i, end, n = s->last + 1;
	struct talk_sum *t = xcalloc(n, sizeof(*t));

	*c = (struct talk_counts){0};
	for (i = 0; i < n; i++)
		t[i] = (struct talk_sum){p[i].talk, i, p[i].lost};
	qsort(t, n, sizeof(*t), by_talk);
	for (i = 0; i < n; i = end) {
		for (end = i; end < n && t[end].talk == t[i].talk; end++)
			;
		count_talk(&t[i], end - i, s->first, c);
	}
	free(t);
}

/* `sure`: there is no other way to read it. */
static enum pattern
by_talks(const struct pattern_packet *p, const struct sums *s, uint32_t *of,
    bool *sure)
{
	struct talk_counts c;

	count_talks(p, s, &c);
	*sure = true;
	if (c.dead >= FEW && c.well >= FEW && c.mixed == 0) {
		*of = c.dead;
		return PATTERN_FLOWS;
	}
	/* Most of the first ones, and next to none of the others. */
	if (c.first_lost >= FEW && 2 * c.first_lost >= c.firsts &&
	    10 * c.first_lost >= 9 * s->lost) {
		*of = c.first_lost;
		*sure = 10 * c.first_lost >= 9 * c.firsts;
		return PATTERN_NEW_FLOW;
	}
	return PATTERN_NONE;
}

/* By numbers alone: bursts, or independent of each other. */
static enum pattern
by_share(const struct sums *s, uint32_t *of)
{
	uint32_t among = s->lost + s->passed;

	*of = (s->lost + s->runs / 2) / s->runs;
	if (s->runs > 1 && s->lost >= 2 * s->runs && *of <= BURST_MAX)
		return PATTERN_BURSTS;
	*of = (uint32_t)(UINT64_C(1000) * s->lost / among);
	if (s->runs > FEW && *of >= SPREAD_MIN && *of <= SPREAD_MAX)
		return PATTERN_SPREAD;
	*of = 0;
	return PATTERN_NONE;
}

/* One second of one direction. */
struct second {
	uint32_t sent, lost;
};

struct seconds {
	struct second *s;
	uint32_t n;
};

/* Those in which something was sent; they begin at this ns. */
static void
cut(const struct pattern_packet *p, uint32_t n, int64_t phase,
    struct seconds *to)
{
	int64_t now, last = 0;
	uint32_t i;

	to->n = 0;
	for (i = 0; i < n; i++) {
		now = (p[i].time - phase) / SECOND_NS;
		if (i == 0 || now != last)
			to->s[to->n++] = (struct second){0, 0};
		last = now;
		to->s[to->n - 1].sent++;
		to->s[to->n - 1].lost += p[i].lost;
	}
}

/* The same number passes in each in which some are lost, and more was sent than
 * in any other. */
static bool
is_limit(const struct seconds *s, uint32_t *of)
{
	uint32_t i, passed, bins = 0, least = UINT32_MAX, most = 0, whole = 0;
	uint32_t sent = UINT32_MAX, wholes = 0;

	for (i = 0; i < s->n; i++) {
		passed = s->s[i].sent - s->s[i].lost;
		if (s->s[i].lost == 0) {
			wholes++;
			whole = passed > whole ? passed : whole;
			continue;
		}
		bins++;
		sent = s->s[i].sent < sent ? s->s[i].sent : sent;
		least = passed < least ? passed : least;
		most = passed > most ? passed : most;
	}
	*of = most;
	return bins >= FEW && least >= FEW && wholes >= FEW &&
	       4 * whole >= most && whole <= most && whole < sent &&
	       4 * most <= 5 * least + 4;
}

/* Where more than the average was sent, so many times more of it was lost. */
static bool
grows(const struct seconds *s, uint32_t *of)
{
	uint64_t sent[2] = {0, 0}, lost[2] = {0, 0}, all = 0;
	uint32_t i, busy, bins = 0;

	for (i = 0; i < s->n; i++)
		all += s->s[i].sent;
	*of = s->n == 0 ? 0 : (uint32_t)(all / s->n);
	for (i = 0; i < s->n; i++) {
		busy = s->s[i].sent > *of;
		sent[busy] += s->s[i].sent;
		lost[busy] += s->s[i].lost;
		bins += busy && s->s[i].lost > 0;
	}
	/* As much would be lost of the rest that none of it is no chance. */
	if (lost[1] * sent[0] < GROWS_LOST * sent[1])
		return false;
	return bins >= GROWS_BINS && lost[1] >= GROWS_LOST &&
	       lost[1] * sent[0] >= GROWS_TIMES * lost[0] * sent[1];
}

static bool
is_rate(const struct pattern_packet *p, uint32_t n, uint32_t *of)
{
	struct seconds s = {xcalloc((size_t)n + 1, sizeof(*s.s)), 0};
	bool found = false;
	int i;

	for (i = 0; i < PHASES && !found; i++) {
		cut(p, n, i * SECOND_NS / PHASES, &s);
		found = is_limit(&s, of);
	}
	found = found || grows(&s, of);
	free(s.s);
	return found;
}

enum pattern
pattern_of_all(const struct pattern_packet *p, uint32_t n, uint32_t *of)
{
	*of = period(p, n);
	if (*of > 0)
		return PATTERN_EVERY;
	if (is_rate(p, n, of))
		return PATTERN_RATE;
	*of = 0;
	return PATTERN_NONE;
}

enum pattern
pattern_find(const struct pattern_packet *p, uint32_t n, uint32_t *of)
{
	enum pattern found;
	struct sums s;
	uint32_t every;
	bool sure;

	*of = 0;
	sum_up(p, n, &s);
	if (s.lost == 0)
		return PATTERN_NONE;
	if (s.runs == 1 && s.lost >= FEW)
		return s.last == n - 1 ? PATTERN_ONWARD : PATTERN_ALL;
	if (s.lost >= FEW && s.passed >= FEW &&
	    s.smallest_lost > s.largest_passed) {
		*of = s.largest_passed;
		return PATTERN_SIZE;
	}
	/* Connections that take turns, and those that ask twice: it is each
	 * second packet, too. */
	found = by_talks(p, &s, of, &sure);
	if (found != PATTERN_NONE && sure)
		return found;
	every = period(p, n);
	if (every > 0) {
		*of = every;
		return PATTERN_EVERY;
	}
	return found != PATTERN_NONE ? found : by_share(&s, of);
}
