/* refusal.h - a router that says what it throws away (RFC 1812, 5.2.7.1). */
#ifndef PAIRS_REFUSAL_H
#define PAIRS_REFUSAL_H

#include "world.h"

/* From now on, "administratively prohibited" to OVOC for each that is lost. */
void refusal_begin(struct world *w);

#endif
