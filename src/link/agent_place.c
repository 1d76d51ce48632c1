/* agent_place.c - an agent's addresses, and which of them answers.
 */
#include "link/agent_place.h"

/* How long finding the agent's address may take. */
#define RESOLVE_MS 10000

void
agent_place_init(struct agent_place *p, const struct campaign_conf *conf,
    const struct agent_entry *agent, struct resolver *resolver,
    void (*found)(void *arg, const char *why), void *arg)
{
	p->conf = conf;
	p->agent = agent;
	p->resolver = resolver;
	p->found = found;
	p->arg = arg;
	if (addr_parse(&p->addrs[0], agent->address))
		p->n = 1;
}

void
agent_place_clear(struct agent_place *p)
{
	resolve_cancel(p->resolving);
	p->resolving = NULL;
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct agent_place *p = arg;
	const struct addr *from = &p->conf->campaign.listen_address;
	const char *text = n > 0 ? "none that campaign.listen_address can "
				   "send to; set that to \"::\""
				 : why->text;

	p->resolving = NULL;
	p->n = 0;
	for (size_t i = 0; i < n; i++)
		if (addr_can_send(from, &addrs[i]))
			p->addrs[p->n++] = addrs[i];
	p->found(p->arg, p->n > 0 ? NULL : text);
}

bool
agent_place_is_known(struct agent_place *p)
{
	if (p->n == 0 && p->resolving == NULL)
		p->resolving = resolve_start(
		    p->resolver, p->agent->address, RESOLVE_MS, on_resolved, p);
	return p->n > 0;
}

const struct addr *
agent_place_for(const struct agent_place *p, int n, size_t *to)
{
	*to = p->sure ? p->at : (p->at + (size_t)n) % p->n;
	return &p->addrs[*to];
}

void
agent_place_answered(struct agent_place *p, size_t to, bool sure)
{
	if (p->sure)
		return;
	p->at = to;
	p->sure = sure;
}

void
agent_place_silent(struct agent_place *p, size_t to)
{
	if (!p->sure)
		p->at = (to + 1) % p->n;
}

void
agent_place_heard(struct agent_place *p, const struct addr *from)
{
	for (size_t i = 0; i < p->n; i++)
		if (addr_cmp(&p->addrs[i], from) == 0) {
			p->at = i;
			p->sure = true;
		}
}

bool
agent_place_is(const struct agent_place *p, const struct addr *from)
{
	const struct agent_entry *conf = p->agent;

	for (size_t i = 0; i < p->n; i++)
		if (addr_cmp(&p->addrs[i], from) == 0)
			return true;
	for (size_t i = 0; i < conf->n_sources; i++)
		if (addr_cmp(&conf->sources[i], from) == 0)
			return true;
	return false;
}
