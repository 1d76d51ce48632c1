/* verify_plan.h - what a verify sends: the kinds of probes, and of each how
 * many, how often and to where.
 */
#ifndef VERIFY_VERIFY_PLAN_H
#define VERIFY_VERIFY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/shared_conf.h"

#define VERIFY_COUNT_MAX 100

struct verify_plan {
	bool on[VERIFY_KINDS];
	int count;      /* 1..VERIFY_COUNT_MAX */
	uint16_t first; /* ICMP: sequence number of the first less 1 */
	bool light;     /* SNMP: the engine's ID is asked for, no more */
	bool reports;   /* SNMP: a Report is an answer, too: it is there */
	int64_t interval_ms;
	int64_t timeout_ms;
	uint16_t tcp_port;
	uint16_t snmp_port;
};

/* As the sections of either configuration say; SNMP needs a key. */
struct verify_plan verify_plan_of(
    const struct verify_section *v, const struct snmp_section *snmp);

/* One of each kind, as light as can be, the `number`th of its device. */
struct verify_plan verify_plan_beat(
    const struct verify_plan *p, uint16_t number);

/* How many descriptors one verify needs: an SNMP session, and the connections
 * that have no answer yet. */
size_t verify_descriptors(const struct verify_plan *p);

#endif
