/* verdict.c - how sure it is that packets were lost.
 */
#include "compare/verdict.h"

#include <math.h>

#include "compare/chance.h"

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
/* Who has too much to do to see a packet may not answer it either: of one in
 * ten nothing tells, whatever is known of the others. */
#define SILENT_LEAST 0.1
/* Fewer misses do not tell how many there are ... */
#define CALM_MISSES 3
/* ... nor so many missing, or such a run of them, that chance has them so
 * seldom. */
#define CALM_CHANCE 0.1
#define CALM_RUN    0.05
/* If all that are missing were lost, so many others would have been. */
#define CALM_OTHERS 3

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
	    (chance_tail(upper * c->sent, c->lost) < CERTAIN ||
		run_below(c, upper, CERTAIN)))
		return GRADE_CERTAIN;
	if (chance_tail(share * c->sent, c->lost) < likely ||
	    run_below(c, share, likely))
		return GRADE_LIKELY;
	return GRADE_UNKNOWN;
}

/* Is it more than the capture can have missed without anybody telling? */
static enum grade
by_proof(const struct verdict_case *c, const struct blindness *r)
{
	enum grade best = GRADE_UNKNOWN;
	const struct proof *p = c->proof;
	uint32_t missing = 0;
	double mean;
	int n;

	if (p == NULL || c->pieces > 0 || r->sample < SAMPLE_MIN)
		return GRADE_UNKNOWN;
	for (n = 1; n <= PROOF_COUNT; n++) {
		missing += p[n - 1].missing;
		mean = r->upper * proof_silent_most(p, n, SILENT_LEAST);
		if (missing > 1 && chance_tail(mean, missing) < CERTAIN)
			return GRADE_CERTAIN;
		mean = r->upper * proof_silent_most(p, n, 0);
		if (chance_tail(mean, missing) < DOUBTFUL)
			best = GRADE_LIKELY;
	}
	return best;
}

static enum grade
lower(enum grade g)
{
	return g == GRADE_CERTAIN ? GRADE_LIKELY : GRADE_UNKNOWN;
}

enum grade
verdict_grade(const struct verdict_case *c, const struct blindness *receiver)
{
	enum grade g = by_chance(c, receiver), proved = by_proof(c, receiver);

	if (proved < g)
		g = proved;

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
	if (c->proof != NULL && c->pieces == 0)
		mean = receiver->upper *
		       proof_silent_most(c->proof, PROOF_COUNT, SILENT_LEAST);
	most = mean + 3 * sqrt(mean) + 1;
	return most >= c->lost ? 1 : c->lost - (uint32_t)most;
}

/* Those of which an answer or an acknowledgment may tell. */
static double
telling(const struct proof *p)
{
	return p[PROOF_ANSWER].n + p[PROOF_ACK].n -
	       proof_silent(p, PROOF_NOTHING);
}

/* Nothing of them is missing but what was missed without anybody telling. */
static bool
tells_of_no_loss(const struct proof *p, const struct blindness *r, double share)
{
	uint32_t missing = p[PROOF_ANSWER].missing + p[PROOF_ANSWER].blind +
			   p[PROOF_ACK].missing + p[PROOF_ACK].blind;

	return telling(p) * share >= CALM_OTHERS &&
	       chance_tail(r->share * proof_silent(p, PROOF_NOTHING),
		   missing) >= CALM_CHANCE;
}

bool
verdict_only_missed(
    const struct verdict_missing *c, const struct blindness *receiver)
{
	double share = receiver->share, mean;

	mean = share * proof_silent(c->own, PROOF_COUNT);
	if (receiver->misses < CALM_MISSES || c->sent == 0 ||
	    chance_tail(mean, c->missing) < CALM_CHANCE)
		return false;
	if (c->run > 1 && c->sent * pow(share, c->run) < CALM_RUN)
		return false;
	/* Others tell nothing of those who talk: a filter may know them. */
	return tells_of_no_loss(
	    c->talks || telling(c->own) > 0 ? c->own : c->way, receiver,
	    (double)c->missing / c->sent);
}
