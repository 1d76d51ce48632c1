/* verify_plan.c - see verify_plan.h.  Both programs send by it. */
#include "verify/verify_plan.h"

#include <stddef.h>
#include <string.h>

struct verify_plan
verify_plan_of(const struct verify_section *v, const struct snmp_section *snmp)
{
	struct verify_plan p = {
	    .count = v->count,
	    .interval_ms = v->interval,
	    .timeout_ms = v->timeout,
	    .tcp_port = (uint16_t)v->tcp_port,
	    .snmp_port = (uint16_t)snmp->port,
	};

	memcpy(p.on, v->on, sizeof(p.on));
	p.on[VERIFY_SNMP] &= snmp->auth_password != NULL;
	return p;
}

struct verify_plan
verify_plan_beat(const struct verify_plan *p, uint16_t number)
{
	struct verify_plan beat = *p;

	beat.count = 1;
	beat.first = number;
	beat.light = true;
	return beat;
}

size_t
verify_descriptors(const struct verify_plan *p)
{
	int64_t open = p->timeout_ms / p->interval_ms + 1;

	if (open > p->count)
		open = p->count;
	return (p->on[VERIFY_SNMP] ? 1 : 0) +
	       (p->on[VERIFY_TCP] ? (size_t)open : 0);
}
