/* words.h - the words of a scenario, which make its settings.
 *
 * Beside those of feature.h:
 *   lose=KINDS/WAYS/HOW  snmp, trap, icmp, https, udp or all; there, back or
 *                        both; span, good, always, every, above, random,
 *                        bursts, one, pieces, flows, first or rate
 *   SIDE:SHAPE           server, device or both; a link type, a form of file
 *                        or a damage, by the names in words.c
 *   mixture              a choice of the dice from all of them
 */
#ifndef PAIRS_WORDS_H
#define PAIRS_WORDS_H

#include <stdbool.h>

#include "dice.h"
#include "settings.h"

/* Apply the words, with blanks between them; false if one is unknown. */
bool words_apply(struct settings *s, struct dice *d, const char *words);

#endif
