/* ovoc.h - the simulated OVOC: its devices and alarm forwarding rules. */
#ifndef LAB_OVOC_H
#define LAB_OVOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/json.h"
#include "device.h"
#include "web.h"

struct ovoc;

/* What the lab's devices look like from here; outlives the OVOC. */
struct fleet {
	struct device **list;
	size_t n;
};

struct ovoc_events {
	/* A rule that names this device came, went or changed. */
	void (*rule_changed)(void *arg, struct device *d);
};

struct ovoc *ovoc_new(struct loop *lp, const struct ovoc_conf *conf,
    const struct fleet *fleet, const struct ovoc_events *events, void *arg);
/* Answer one request: topology/devices and alarms/fwdRules under /ovoc/v1
 * (AudioCodes, "OVOC Northbound Interface REST API"). */
void ovoc_request(
    struct ovoc *o, const struct web_request *rq, struct web_answer *a);
/* Everything listens: is OVOC's port to be closed, and for how long (0: for
 * good)? */
bool ovoc_refuses(struct ovoc *o, int64_t *ms);
/* Is there a rule that forwards this device's alarms? */
bool ovoc_forwards(const struct ovoc *o, const struct device *d);
/* Call `to` with the destination of each such rule. */
typedef void ovoc_destination(void *arg, const struct addr *to, uint16_t port);
void ovoc_destinations(const struct ovoc *o, const struct device *d,
    ovoc_destination *to, void *arg);
/* Counters and rules, as members of `to`. */
void ovoc_stats(const struct ovoc *o, struct json *to);
void ovoc_free(struct ovoc *o);

#endif
