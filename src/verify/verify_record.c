/* verify_record.c - see verify_record.h.
 */
#include "verify/verify_record.h"

#include "verify/verify_plan.h"
#include "wire/event_facts.h"
#include "wire/event_probe.h"

_Static_assert(VERIFY_KINDS *VERIFY_COUNT_MAX <= EVENT_PROBES_MAX, "too many");

static const enum probe_kind kinds[VERIFY_KINDS] = {
    [VERIFY_ICMP] = PROBE_KIND_ICMP,
    [VERIFY_SNMP] = PROBE_KIND_SNMP,
    [VERIFY_TCP] = PROBE_KIND_TCP,
};
static const enum probe_fate fates[] = {
    [VERIFY_ANSWERED] = PROBE_FATE_ANSWERED,
    [VERIFY_REFUSED] = PROBE_FATE_REFUSED,
    [VERIFY_LOST] = PROBE_FATE_LOST,
    [VERIFY_BAD] = PROBE_FATE_FAILED,
};

void
verify_record_probe(enum verify_kind k, const struct verify_probe *v,
    int64_t began_us, struct json_out *to)
{
	struct event_probe p = {.kind = kinds[k],
	    .fate = fates[v->fate],
	    .sent_us = began_us + v->sent_us,
	    .took_us = v->took_us,
	    .id = v->id,
	    .seq = v->seq,
	    .port = v->port};

	if (v->fate != VERIFY_NOT_SENT)
		event_probe_put(&p, to);
}

static void
put_kind(const struct verify_result *r, enum verify_kind k, struct json_out *to)
{
	const struct verify_count *c = &r->kind[k];

	for (int i = 0; i < c->n; i++)
		verify_record_probe(k, &c->probe[i], r->began_us, to);
}

void
verify_record_put(const struct verify_result *r, struct json_out *to)
{
	if (r->timeout_ms > 0)
		json_out_int(to, "probeTimeoutMs", r->timeout_ms);
	json_out_array(to, "probes");
	for (int k = 0; k < VERIFY_KINDS; k++)
		put_kind(r, (enum verify_kind)k, to);
	json_out_end(to);
}
