/* agent_place.h - where an agent is: its addresses, and which of them answers.
 *
 * A name may have several; until it is known which one the agent is behind,
 * each is tried in its turn.
 */
#ifndef LINK_AGENT_PLACE_H
#define LINK_AGENT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/campaign_conf.h"
#include "io/resolve.h"

struct agent_place { /* embedded in the link; the fields are its own */
	const struct campaign_conf *conf;
	const struct agent_entry *agent;
	struct resolver *resolver;
	struct resolve *resolving;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n;
	size_t at; /* the one to use */
	bool sure; /* because it has answered */
	void (*found)(void *arg, const char *why);
	void *arg;
};

/* `found` runs, from the loop, with NULL, or why there is no address. */
void agent_place_init(struct agent_place *p, const struct campaign_conf *conf,
    const struct agent_entry *agent, struct resolver *resolver,
    void (*found)(void *arg, const char *why), void *arg);
void agent_place_clear(struct agent_place *p);
/* False: it is looked for, and `found` runs. */
bool agent_place_is_known(struct agent_place *p);
/* For the n-th transmission of something; which one it was is kept in `to`. */
const struct addr *agent_place_for(
    const struct agent_place *p, int n, size_t *to);
/* What went to `to` was answered, perhaps from elsewhere; or it was not. */
void agent_place_answered(struct agent_place *p, size_t to, bool sure);
void agent_place_silent(struct agent_place *p, size_t to);
/* A datagram came from there. */
void agent_place_heard(struct agent_place *p, const struct addr *from);
/* Is it one of these addresses, or of agents.sources? */
bool agent_place_is(const struct agent_place *p, const struct addr *from);

#endif
