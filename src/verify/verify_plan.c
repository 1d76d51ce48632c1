/* verify_plan.c - see verify_plan.h.  Both programs send by it. */
#include "verify/verify_plan.h"

#include <stddef.h>

struct verify_plan
verify_plan_of(const struct verify_section *v, const struct snmp_section *snmp)
{
	return (struct verify_plan){
	    .on = {[VERIFY_ICMP] = v->icmp,
		[VERIFY_SNMP] = v->snmp && snmp->auth_password != NULL,
		[VERIFY_TCP] = v->tcp},
	    .count = v->count,
	    .interval_ms = v->interval,
	    .timeout_ms = v->timeout,
	    .tcp_port = (uint16_t)v->tcp_port,
	    .snmp_port = (uint16_t)snmp->port,
	};
}
