/* chance.h - what chance does: how many of so many, and how often.
 */
#ifndef COMPARE_CHANCE_H
#define COMPARE_CHANCE_H

#include <stdint.h>

/* The probability of `n` or more where `mean` are expected (Poisson). */
double chance_tail(double mean, uint32_t n);
/* The share behind `n` that were counted `of` so many may be so large: two
 * standard deviations above, the rule of three where none was; 1 of none. */
double chance_most(uint32_t n, uint32_t of);

#endif
