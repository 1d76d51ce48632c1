/* scenario.h - scenarios by name. */
#ifndef PAIRS_SCENARIO_H
#define PAIRS_SCENARIO_H

struct scenario {
	const char *name, *words;
};

extern const struct scenario scenarios[];
extern const unsigned n_scenarios;

#endif
