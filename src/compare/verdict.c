/* verdict.c - how sure it is that packets were lost.
 */
#include "compare/verdict.h"

#include <math.h>

#define CERTAIN 1e-4
#define LIKELY  0.02
/* Of a dozen kinds of traffic one is always unlucky. */
#define DOUBTFUL 1e-3
/* With fewer packets to judge a capture by, nothing is certain ... */
#define SAMPLE_MIN 8
/* ... and it is taken to miss so many. */
#define SHARE_UNKNOWN 0.5
#define RUN_MIN       3
/* A capture that showed something so often meanwhile did not sleep. */
#define AWAKE_MIN 3
#define SUM_MAX   100000

double
verdict_tail(double mean, uint32_t n)
{
	double log_term = -mean, ratio;
	uint32_t k;

	if (n == 0 || (double)n <= mean)
		return 1;
	if (mean <= 0)
		return 0;
	if (n > SUM_MAX)
		return 0;
	for (k = 1; k <= n; k++)
		log_term += log(mean / k);
	/* The terms behind it fall at least as fast as this ratio. */
	ratio = mean / (n + 1.0);
	return fmin(1, exp(log_term) / (1 - ratio));
}

static bool
run_below(const struct verdict_case *c, double share, double limit)
{
	/* One that comes in pieces is missed with any of them. */
	if (c->pieces > 0 && c->pieces < c->sent)
		share = fmin(1, share * c->sent / (c->sent - c->pieces));
	return c->run >= RUN_MIN && c->sent * pow(share, c->run) < limit;
}

static enum grade
by_chance(const struct verdict_case *c, const struct blindness *r)
{
	bool known = r->sample >= SAMPLE_MIN;
	double upper = known ? r->upper : SHARE_UNKNOWN;
	double share = known ? r->share : SHARE_UNKNOWN;
	double likely = LIKELY;

	/* Where a capture misses packets, how many is not known so well. */
	if (known && (c->doubt || r->share > 0)) {
		share = upper;
		likely = DOUBTFUL;
	}

	if (known && c->lost > 1 &&
	    (verdict_tail(upper * c->sent, c->lost) < CERTAIN ||
		run_below(c, upper, CERTAIN)))
		return GRADE_CERTAIN;
	if (verdict_tail(share * c->sent, c->lost) < likely ||
	    run_below(c, share, likely))
		return GRADE_LIKELY;
	return GRADE_UNKNOWN;
}

static enum grade
lower(enum grade g)
{
	return g == GRADE_CERTAIN ? GRADE_LIKELY : GRADE_UNKNOWN;
}

enum grade
verdict_grade(const struct verdict_case *c, const struct blindness *receiver)
{
	enum grade g = by_chance(c, receiver);

	/* All in one silence of the capture: it may have slept, but not for so
	 * short a time if it never did else. */
	if (c->silences < 2 && c->lost > 1 && c->brief && receiver->misses == 0)
		return g == GRADE_CERTAIN ? lower(g) : g;
	if (c->silences < 2 && c->lost > 1 && !c->asks)
		return lower(lower(g));
	if ((c->silences < 2 && c->lost > 1) ||
	    (c->silences < AWAKE_MIN && 2 * c->witnessed < c->lost))
		return lower(g);
	return g;
}

uint32_t
verdict_at_least(const struct verdict_case *c, const struct blindness *receiver)
{
	double mean = receiver->upper * c->sent, most;

	if (receiver->share <= 0)
		return c->lost;
	most = mean + 3 * sqrt(mean) + 1;
	return most >= c->lost ? 1 : c->lost - (uint32_t)most;
}
