/* feature.h - a word of a scenario, and what it changes. */
#ifndef PAIRS_FEATURE_H
#define PAIRS_FEATURE_H

#include <stdbool.h>

#include "dice.h"
#include "settings.h"

/* An event without trouble: a span, a path and two recorders by the dice. */
void feature_plain(struct settings *s, struct dice *d);
/* Apply one word; false if it is unknown. */
bool feature_apply(struct settings *s, struct dice *d, const char *word);

#endif
