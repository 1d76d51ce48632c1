/* agent_links.c - see agent_links.h.
 */
#include "campaign/agent_links.h"

#include <stdlib.h>

#include "base/xmem.h"

struct agent_links {
	struct run_result *result;
	struct old_book *old_book;
	struct agent_link **v; /* as many as result->agents */
};

struct agent_links *
agent_links_new(
    struct loop *lp, struct run_result *result, struct resolver *resolver)
{
	struct agent_links *l = xcalloc(1, sizeof(*l));
	char *parent = run_parent(result->conf);

	l->result = result;
	l->old_book = old_book_open(lp, parent);
	free(parent);
	l->v = xcalloc(result->n_agents, sizeof(*l->v));
	for (size_t i = 0; i < result->n_agents; i++)
		l->v[i] = agent_link_new(lp, result->conf,
		    result->agents[i].conf, resolver, l->old_book);
	return l;
}

void
agent_links_free(struct agent_links *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->result->n_agents; i++)
		agent_link_free(l->v[i]);
	old_book_close(l->old_book);
	free(l->v);
	free(l);
}

void
agent_links_use(struct agent_links *l, struct datagram *socket)
{
	for (size_t i = 0; i < l->result->n_agents; i++)
		agent_link_use(l->v[i], socket);
}

struct agent_link *const *
agent_links_all(const struct agent_links *l)
{
	return l->v;
}

size_t
agent_links_find(const struct agent_links *l, const struct agent_entry *agent)
{
	size_t i = 0;

	while (l->result->agents[i].conf != agent)
		i++;
	return i;
}

void
agent_links_settle(const struct agent_links *l)
{
	for (size_t i = 0; i < l->result->n_agents; i++) {
		const struct link_counts *n = agent_link_counts(l->v[i]);
		const struct agent_about *about = agent_link_about(l->v[i]);
		struct agent_result *a = &l->result->agents[i];

		if (about->version[0] != '\0') {
			a->version = xstrdup(about->version);
			a->clock = about->ahead;
		}
		a->earlier_version = !agent_link_is_ours(l->v[i]);
		a->answers = n->heard[HEARD_ANSWER];
		a->alarms = n->heard[HEARD_ALARM];
		a->refused = n->heard[HEARD_REFUSED];
		a->last = n->last;
	}
}
