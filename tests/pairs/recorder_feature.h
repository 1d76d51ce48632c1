/* recorder_feature.h - the words of feature.h that concern a recorder. */
#ifndef PAIRS_RECORDER_FEATURE_H
#define PAIRS_RECORDER_FEATURE_H

#include <stdbool.h>

#include "dice.h"
#include "settings.h"

/* Apply one word; false if it is unknown. */
bool recorder_feature_apply(
    struct settings *s, struct dice *d, const char *word);

#endif
