/* event_probe.h - one probe as the records of an event have it: when it was
 * sent, what finds it again in a capture, and its fate.
 *
 * One object of JSON each, the same in the agent's sidecar and in the
 * campaign's record (wire/event_record.h).  Pure functions.
 */
#ifndef WIRE_EVENT_PROBE_H
#define WIRE_EVENT_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/json_out.h"

#define EVENT_TIME_MAX_US INT64_C(99999999999999999) /* the year 5138 */
#define EVENT_TOOK_MAX_US INT64_C(3600000000)        /* an hour */

enum probe_kind {
	PROBE_KIND_ICMP,
	PROBE_KIND_SNMP,
	PROBE_KIND_TCP,
	PROBE_KIND_COUNT
};
enum probe_fate {
	PROBE_FATE_ANSWERED,
	PROBE_FATE_REFUSED, /* TCP: an answer of the device */
	PROBE_FATE_LOST,    /* no answer came in the time that it was given */
	PROBE_FATE_FAILED,  /* an SNMP Report, or an unreachable, came */
	PROBE_FATE_COUNT
};

struct event_probe {
	enum probe_kind kind;
	enum probe_fate fate;
	int64_t sent_us; /* since 1970, by the clock of who sent it */
	int64_t took_us; /* to its answer; -1: none */
	uint32_t id;     /* ICMP: identifier; SNMP: message id; 0: not known */
	uint16_t seq;    /* ICMP */
	uint16_t port;   /* SNMP and TCP: ours; 0: not known */
};

/* Add it to the array that is open. */
void event_probe_put(const struct event_probe *p, struct json_out *to);
/* The other way round; false: it is no probe that put() could have written. */
bool event_probe_take(struct event_probe *p, const struct json *from);

#endif
