/* visits.c - see visits.h.
 */
#include "campaign/visits.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "books/skipped.h"
#include "campaign/agent_links.h"
#include "campaign/inbox.h"
#include "campaign/toolbox.h"
#include "device/visit.h"

/* Whom an agent is asked for. */
struct turn {
	struct visit *first; /* NULL: nobody yet */
	bool known;          /* it had its answer, or none */
};

struct visits {
	size_t n; /* devices that take part */
	struct loop *lp;
	struct run_result *result;
	struct tools tools;
	struct datagram *socket;
	struct inbox *inbox;
	struct agent_links *links;
	struct turn *turns; /* as many as result->agents */
	struct visit *v;    /* as many as result->devices */
	size_t *agent;      /* of each, its number */
	size_t left;
	int64_t began; /* monotonic ms */
	struct timer finish;
	visits_ended *ended;
	void *arg;
};

/* --- the end --- */

static void
on_finish(void *arg)
{
	struct visits *all = arg;
	struct run_result *r = all->result;

	r->ended = loop_wall(all->lp);
	r->took = loop_now(all->lp) - all->began;
	r->dropped = datagram_dropped(all->socket);
	agent_links_settle(all->links);
	result_number(r);
	r->exit_status = run_exit_status(r);
	/* Nothing was waited for. */
	if (r->exit_status == RUN_NO_TRIGGER)
		r->exit_status = RUN_ALL_WELL;
	all->ended(all->arg);
}

/* --- agents --- */

static void
go_on(struct visits *all, struct visit *v, size_t agent)
{
	const struct agent_link *l = agent_links_all(all->links)[agent];
	const struct row *row = visit_agent_row(all->turns[agent].first);

	if (row->code == 0)
		visit_spare_agent(v, TASK_FAILURE, row->description);
	else if (agent_link_is_ours(l))
		visit_register(v);
	else
		visit_spare_agent(v, TASK_SKIPPED,
		    "not asked for this one: an agent of version 1.0.6 keeps "
		    "the rule that it makes, and has answered for another");
}

/* The first one has shown what it is: so to the others. */
static void
agent_is_known(struct visits *all, size_t agent)
{
	struct turn *t = &all->turns[agent];

	t->known = true;
	for (size_t i = 0; i < all->n; i++)
		if (all->agent[i] == agent && &all->v[i] != t->first)
			go_on(all, &all->v[i], agent);
}

static void
ask_agent(struct visits *all, size_t i)
{
	struct turn *t = &all->turns[all->agent[i]];

	if (t->first != NULL)
		return;
	t->first = &all->v[i];
	visit_register(t->first);
}

/* --- devices --- */

static void
on_part(void *arg, struct visit *v, enum visit_part part)
{
	struct visits *all = arg;
	size_t agent = all->agent[v - all->v];

	if (part == VISIT_AGENT && all->turns[agent].first == v &&
	    !all->turns[agent].known)
		agent_is_known(all, agent);
	if (!visit_is_over(v))
		return;
	if (all->result->trouble == NULL)
		all->result->trouble = xstrdup(visit_trouble(v));
	if (--all->left == 0)
		timer_set(&all->finish, 0);
}

/* --- life --- */

static bool
bind_socket(struct visits *all, struct fail *why)
{
	const struct campaign_section *c = &all->result->conf->campaign;

	all->links = agent_links_new(all->lp, all->result, all->tools.resolver);
	all->inbox =
	    inbox_new(all->lp, all->result, agent_links_all(all->links));
	all->socket = datagram_new(all->lp, &c->listen_address,
	    (uint16_t)c->listen_port, inbox_datagram, all->inbox, why);
	if (all->socket == NULL)
		return false;
	agent_links_use(all->links, all->socket);
	return true;
}

static void
make_visits(struct visits *all)
{
	struct run_result *r = all->result;

	all->turns = xcalloc(r->n_agents, sizeof(*all->turns));
	all->n = r->conf->n_devices;
	all->v = xcalloc(all->n, sizeof(*all->v));
	all->agent = xcalloc(all->n, sizeof(*all->agent));
	all->left = all->n;
	for (size_t i = 0; i < all->n; i++) {
		const struct device_books books = {.result = &r->devices[i]};

		all->agent[i] =
		    agent_links_find(all->links, r->devices[i].conf->agent);
		visit_init(&all->v[i], &all->tools, &books,
		    agent_links_all(all->links)[all->agent[i]], on_part, all);
	}
}

struct visits *
visits_new(struct loop *lp, struct run_result *result, struct fail *why)
{
	struct visits *all = xcalloc(1, sizeof(*all));

	all->lp = lp;
	all->result = result;
	timer_init(&all->finish, lp, on_finish, all);
	if (!toolbox_fill(&all->tools, lp, result->conf, why) ||
	    !bind_socket(all, why)) {
		visits_free(all);
		return NULL;
	}
	/* Its user is made by the start script: a Report is what there can be.
	 */
	all->tools.plan.reports = true;
	make_visits(all);
	return all;
}

void
visits_free(struct visits *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; all->v != NULL && i < all->n; i++)
		visit_clear(&all->v[i]);
	agent_links_free(all->links);
	datagram_free(all->socket);
	inbox_free(all->inbox);
	toolbox_empty(&all->tools);
	timer_clear(&all->finish);
	free(all->turns);
	free(all->agent);
	free(all->v);
	free(all);
}

void
visits_start(struct visits *all, visits_ended *ended, void *arg)
{
	size_t n = all->n;

	all->ended = ended;
	all->arg = arg;
	all->began = loop_now(all->lp);
	log_write(loop_log(all->lp), LOGGING_NOTICE, NULL, "probe",
	    "%s, %zu device%s, each thing once; reports in %s",
	    all->result->conf->campaign.name, n, n == 1 ? "" : "s",
	    all->result->folder);
	for (size_t i = 0; i < n; i++)
		visit_start(&all->v[i]);
	for (size_t i = 0; i < n; i++)
		ask_agent(all, i);
	skipped_told(all->result, NULL, loop_wall(all->lp), all->began);
}

void
visits_interrupt(struct visits *all)
{
	all->result->interrupted = true;
	for (size_t i = 0; i < all->n; i++)
		visit_interrupt(&all->v[i]);
	all->left = 0;
	timer_set(&all->finish, 0);
}

size_t
visits_left(const struct visits *all)
{
	return all->left;
}
