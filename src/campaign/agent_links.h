/* agent_links.h - the links to all agents of a run, and what they leave behind.
 */
#ifndef CAMPAIGN_AGENT_LINKS_H
#define CAMPAIGN_AGENT_LINKS_H

#include "books/result.h"
#include "link/agent_link.h"

struct agent_links;

/* One for each agent of the result, which outlives them, as does the resolver.
 */
struct agent_links *agent_links_new(
    struct loop *lp, struct run_result *result, struct resolver *resolver);
/* All asks are cancelled.  NULL is accepted. */
void agent_links_free(struct agent_links *l);
/* The socket that all of them send from. */
void agent_links_use(struct agent_links *l, struct datagram *socket);

/* As many as the result has agents, in their order. */
struct agent_link *const *agent_links_all(const struct agent_links *l);
/* Whose number that is; the agent is one of the result's. */
size_t agent_links_find(
    const struct agent_links *l, const struct agent_entry *agent);
/* Write into the result what they counted and heard. */
void agent_links_settle(const struct agent_links *l);

#endif
