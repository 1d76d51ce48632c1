/* registration.h - who has a device registered, and the rule that comes of it.
 *
 * The device belongs to the address and port that registered it last.  While
 * it is registered, OVOC has a rule that sends the device's alarms there, if
 * rules are ours to manage.
 */
#ifndef AGENT_REGISTRATION_H
#define AGENT_REGISTRATION_H

#include <stdbool.h>

#include "agent/ovoc.h"
#include "agent/state.h"
#include "base/fail.h"
#include "conf/agent_conf.h"
#include "io/datagram.h"
#include "loop/loop.h"

struct registration;

struct registration_env { /* outlives all */
	struct loop *lp;
	const struct ovoc_section *conf;
	struct ovoc *ovoc; /* NULL: rules are not ours to manage */
	struct complaints *complaints;
};

struct registration_events { /* from the loop */
	/* What registration_begin() began is over: FAIL_NONE if the device is
	 * registered now; else it stays what it was. */
	void (*over)(void *arg, const struct fail *why);
	/* The rule is deleted, or why not. */
	void (*removed)(void *arg, const struct fail *why);
};

/* Nobody's yet.  `events` outlives it. */
struct registration *registration_new(const struct registration_env *env,
    const char *device, const struct registration_events *events, void *arg);
/* Nothing runs any more; a rule in OVOC stays.  NULL is accepted. */
void registration_free(struct registration *r);

/* Is it the owner who asks? */
bool registration_is_by(
    const struct registration *r, const struct datagram_from *from);
/* ... or somebody at its host: a campaign that was started again? */
bool registration_is_of_host(
    const struct registration *r, const struct datagram_from *from);
/* Make it the owner; somebody else's registration is over then. */
void registration_take(
    struct registration *r, const struct datagram_from *from);
/* Whom to answer. */
struct datagram_from registration_owner(const struct registration *r);

/* Register the device for its owner: the rule is made or checked.  True: that
 * is under way, and `over` follows; false: it is done already. */
bool registration_begin(struct registration *r);
/* Would registration_begin() have OVOC asked? */
bool registration_needs_ovoc(const struct registration *r);
bool registration_under_way(const struct registration *r);
bool registration_holds(const struct registration *r);
/* So lately that a REGISTER is a repeat: OVOC need not be asked again. */
bool registration_is_recent(const struct registration *r);
/* The device is registered no more. */
void registration_lapse(struct registration *r);
/* Delete the rule, for a reason that outlives it.  True: that is under way, and
 * `removed` follows; false: there is none. */
bool registration_remove(struct registration *r, const char *reason);

/* What an agent that is started again has to know, and back. */
const struct registration_state *registration_kept(
    const struct registration *r);
void registration_rule(const struct registration *r, struct rule_state *to);
void registration_restore(struct registration *r,
    const struct registration_state *was, const struct rule_state *rule);

#endif
