/* snmp_talk.h - SNMP of the event: who asks, who answers, and the traps. */
#ifndef PAIRS_SNMP_TALK_H
#define PAIRS_SNMP_TALK_H

#include "world.h"

/* OVOC asks again and again, small and large answers in turn. */
void snmp_talk_polls(struct world *w);
/* A probe each `every`: from a port of its own, an engine to be found and one
 * question; of the campaign host if `third`. */
void snmp_talk_probes(struct world *w, int64_t every, bool third);
/* The device's own: alarms, and that it is alive, to 162 and 1161. */
void snmp_talk_traps(struct world *w);

#endif
