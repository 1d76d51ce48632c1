/* change_feature.h - the words of feature.h that concern changes of the way.
 * They look at when packets are lost, so they stand behind that.
 */
#ifndef PAIRS_CHANGE_FEATURE_H
#define PAIRS_CHANGE_FEATURE_H

#include <stdbool.h>

#include "dice.h"
#include "settings.h"

/* Apply one word; false if it is unknown. */
bool change_feature_apply(struct settings *s, struct dice *d, const char *word);

#endif
