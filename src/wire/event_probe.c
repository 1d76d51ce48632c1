/* event_probe.c - see event_probe.h.
 */
#include "wire/event_probe.h"

#include "base/name.h"

static const char *const kinds[PROBE_KIND_COUNT] = {
    [PROBE_KIND_ICMP] = "icmp",
    [PROBE_KIND_SNMP] = "snmp",
    [PROBE_KIND_TCP] = "tcp",
};
static const char *const fates[PROBE_FATE_COUNT] = {
    [PROBE_FATE_ANSWERED] = "answered",
    [PROBE_FATE_REFUSED] = "refused",
    [PROBE_FATE_LOST] = "lost",
    [PROBE_FATE_FAILED] = "failed",
};
/* What finds a kind again, as its members are named; NULL: it has none. */
static const struct {
	const char *id, *seq, *port;
	int64_t id_max;
} identities[PROBE_KIND_COUNT] = {
    [PROBE_KIND_ICMP] = {"id", "seq", NULL, UINT16_MAX},
    [PROBE_KIND_SNMP] = {"messageId", NULL, "port", UINT32_MAX},
    [PROBE_KIND_TCP] = {NULL, NULL, "port", 0},
};

void
event_probe_put(const struct event_probe *p, struct json_out *to)
{
	json_out_object(to, NULL);
	json_out_text(to, "kind", kinds[p->kind]);
	json_out_int(to, "sentUs", p->sent_us);
	if (p->took_us >= 0)
		json_out_int(to, "tookUs", p->took_us);
	if (identities[p->kind].id != NULL)
		json_out_int(to, identities[p->kind].id, p->id);
	if (identities[p->kind].seq != NULL)
		json_out_int(to, identities[p->kind].seq, p->seq);
	if (identities[p->kind].port != NULL)
		json_out_int(to, identities[p->kind].port, p->port);
	json_out_text(to, "fate", fates[p->fate]);
	json_out_end(to);
}

/* Of a member that this kind has; 0 where it has none. */
static bool
take_number(const struct json *from, const char *key, int64_t max, int64_t *to)
{
	*to = key == NULL ? 0 : json_get_int(from, key, -1);
	return *to >= 0 && *to <= max;
}

static bool
take_identity(struct event_probe *p, const struct json *from)
{
	int64_t id, seq, port;

	if (!take_number(from, identities[p->kind].id,
		identities[p->kind].id_max, &id) ||
	    !take_number(from, identities[p->kind].seq, UINT16_MAX, &seq) ||
	    !take_number(from, identities[p->kind].port, UINT16_MAX, &port))
		return false;
	p->id = (uint32_t)id;
	p->seq = (uint16_t)seq;
	p->port = (uint16_t)port;
	return true;
}

bool
event_probe_take(struct event_probe *p, const struct json *from)
{
	int kind = NAME_FIND(kinds, json_get_text(from, "kind", ""));
	int fate = NAME_FIND(fates, json_get_text(from, "fate", ""));
	bool came, may_come;

	if (kind == PROBE_KIND_COUNT || fate == PROBE_FATE_COUNT)
		return false;
	*p = (struct event_probe){
	    .kind = (enum probe_kind)kind, .fate = (enum probe_fate)fate};
	if (!take_identity(p, from) ||
	    !take_number(from, "sentUs", EVENT_TIME_MAX_US, &p->sent_us))
		return false;
	came = fate == PROBE_FATE_ANSWERED || fate == PROBE_FATE_REFUSED;
	may_come = came || fate == PROBE_FATE_FAILED;
	if (json_get(from, "tookUs") == NULL) {
		p->took_us = -1;
		return !came;
	}
	return may_come &&
	       take_number(from, "tookUs", EVENT_TOOK_MAX_US, &p->took_us);
}
