/* registration.c - see registration.h.
 *
 * Sessions ask; agent/rule talks to OVOC.
 */
#include "agent/registration.h"

#include <stdlib.h>

#include "agent/rule.h"
#include "base/xmem.h"

#define SAME_MS 60000

struct registration {
	const struct registration_env *env;
	const struct registration_events *events;
	void *arg;
	struct rule *rule; /* NULL: rules are not ours to manage */
	bool under_way;
	struct registration_state kept;
	struct addr local; /* our address that the owner asks */
};

struct registration *
registration_new(const struct registration_env *env, const char *device,
    const struct registration_events *events, void *arg)
{
	struct registration *r = xcalloc(1, sizeof(*r));

	r->env = env;
	r->events = events;
	r->arg = arg;
	if (env->ovoc != NULL)
		r->rule = rule_new(env->lp, env->ovoc, env->complaints, device);
	return r;
}

void
registration_free(struct registration *r)
{
	if (r == NULL)
		return;
	rule_free(r->rule);
	free(r);
}

/* --- the owner --- */

bool
registration_is_by(
    const struct registration *r, const struct datagram_from *from)
{
	return r->kept.port == from->port &&
	       addr_cmp(&r->kept.owner, &from->addr) == 0;
}

bool
registration_is_of_host(
    const struct registration *r, const struct datagram_from *from)
{
	return r->kept.port != 0 && addr_cmp(&r->kept.owner, &from->addr) == 0;
}

void
registration_take(struct registration *r, const struct datagram_from *from)
{
	if (!registration_is_by(r, from))
		r->kept.registered = false;
	r->kept.owner = from->addr;
	r->kept.port = from->port;
	r->local = from->local;
}

struct datagram_from
registration_owner(const struct registration *r)
{
	return (struct datagram_from){
	    .addr = r->kept.owner, .port = r->kept.port, .local = r->local};
}

/* --- REGISTER --- */

static void
succeed(struct registration *r)
{
	r->kept.registered = true;
	r->kept.registered_at = loop_now(r->env->lp);
}

static void
on_pointed(void *arg, const struct fail *why)
{
	struct registration *r = arg;

	r->under_way = false;
	if (why->kind == FAIL_NONE)
		succeed(r);
	r->events->over(r->arg, why);
}

bool
registration_begin(struct registration *r)
{
	char owner[ADDR_TEXT_MAX];
	const char *to = r->env->conf->alarm_destination;

	if (r->rule == NULL) {
		succeed(r);
		return false;
	}
	if (r->under_way)
		return true;
	if (to == NULL || to[0] == '\0')
		to = addr_text(&r->kept.owner, owner);
	r->under_way = true;
	rule_point(r->rule, &r->kept.owner, to, r->kept.port, on_pointed, r);
	return true;
}

bool
registration_under_way(const struct registration *r)
{
	return r->under_way;
}

bool
registration_holds(const struct registration *r)
{
	return r->kept.registered;
}

bool
registration_is_recent(const struct registration *r)
{
	return r->kept.registered &&
	       loop_now(r->env->lp) - r->kept.registered_at < SAME_MS;
}

bool
registration_needs_ovoc(const struct registration *r)
{
	return r->rule != NULL && !r->under_way && !registration_is_recent(r);
}

/* --- the end --- */

void
registration_lapse(struct registration *r)
{
	r->kept.registered = false;
}

static void
on_removed(void *arg, const struct fail *why)
{
	struct registration *r = arg;

	r->events->removed(r->arg, why);
}

bool
registration_remove(struct registration *r, const char *reason)
{
	if (r->rule == NULL || (!r->under_way && !rule_exists(r->rule)))
		return false;
	rule_delete(r->rule, reason, on_removed, r);
	return true;
}

/* --- what is kept --- */

const struct registration_state *
registration_kept(const struct registration *r)
{
	return &r->kept;
}

void
registration_rule(const struct registration *r, struct rule_state *to)
{
	*to = (struct rule_state){.exists = false};
	if (r->rule != NULL)
		rule_describe(r->rule, to);
}

void
registration_restore(struct registration *r,
    const struct registration_state *was, const struct rule_state *rule)
{
	r->kept = *was;
	if (r->rule != NULL)
		rule_restore(r->rule, rule);
}
