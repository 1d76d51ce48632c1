/* sentence.h - words that a sentence must have, and those that would be wrong.
 */
#ifndef PAIRS_SENTENCE_H
#define PAIRS_SENTENCE_H

#include <stdio.h>

#include "truth.h"

/* Write "must RE" and "mustnot RE" lines. */
void sentence_write(FILE *f, const struct truth *t, const struct settings *s);

#endif
