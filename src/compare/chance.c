/* chance.c - what chance does: how many of so many, and how often.
 */
#include "compare/chance.h"

#include <math.h>

#define SUM_MAX 100000

double
chance_tail(double mean, uint32_t n)
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

double
chance_most(uint32_t n, uint32_t of)
{
	if (of == 0)
		return 1;
	if (n == 0)
		return fmin(1, 3.0 / of);
	return fmin(1, (n + 1 + 2 * sqrt(n)) / of);
}
