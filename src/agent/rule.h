/* rule.h - one device's alarm forwarding rule in OVOC.
 *
 * The rule makes OVOC send the device's "connection lost" alarm to whoever
 * registered the device.  It is found by its name, so one that an earlier
 * agent left is taken over.  One job at a time; a new one replaces what has
 * not begun and waits for a request that is under way.
 */
#ifndef AGENT_RULE_H
#define AGENT_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/complaints.h"
#include "agent/ovoc.h"
#include "agent/state.h"
#include "base/addr.h"
#include "base/fail.h"

struct rule;

/* FAIL_NONE: as asked.  A device that OVOC does not manage is FAIL_FINAL. */
typedef void rule_done(void *arg, const struct fail *why);

/* `o` and `c`, which bounds what the log says, outlive the rule. */
struct rule *rule_new(
    struct loop *lp, struct ovoc *o, struct complaints *c, const char *device);
/* A request under way is forgotten, `done` will not run; a rule in OVOC stays.
 * NULL is accepted. */
void rule_free(struct rule *r);

/* Find the device in OVOC and make its rule point at `destination` (numeric),
 * as `by` wants it.  `done` runs once, from the loop; only when no other job is
 * pending. */
void rule_point(struct rule *r, const struct addr *by, const char *destination,
    uint16_t port, rule_done *done, void *arg);
/* Delete the rule, for a reason that outlives it.  `done` as above; one that is
 * gone already is success. */
void rule_delete(
    struct rule *r, const char *reason, rule_done *done, void *arg);
/* What an agent that is started again has to know, and back. */
void rule_describe(const struct rule *r, struct rule_state *to);
void rule_restore(struct rule *r, const struct rule_state *was);
/* There is, or may be, a rule in OVOC because of us. */
bool rule_exists(const struct rule *r);

#endif
