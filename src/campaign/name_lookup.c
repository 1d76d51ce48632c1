/* name_lookup.c - see name_lookup.h.  For --check and --dry-run.
 */
#include "campaign/name_lookup.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "io/resolve.h"
#include "loop/timer.h"

/* One name and what became of it. */
struct lookup {
	struct name_lookup *all;
	struct resolve *resolving;
	struct strbuf text;
	bool failed;
};

struct name_lookup {
	struct loop *lp;
	const struct campaign_conf *conf;
	struct timer limit;
	size_t n, left;
	bool v4, v6;
	struct lookup *v;
};

static void
take_address(struct lookup *l, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	strbuf_addf(
	    &l->text, "%s%s", l->text.len > 0 ? ", " : "", addr_text(a, text));
	if (a->family == AF_INET)
		l->all->v4 = true;
	else
		l->all->v6 = true;
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct lookup *l = arg;

	l->resolving = NULL;
	for (size_t i = 0; i < n; i++)
		take_address(l, &addrs[i]);
	l->failed = n == 0;
	if (n == 0)
		strbuf_add(&l->text, why->text);
	if (--l->all->left == 0)
		loop_stop(l->all->lp);
}

static void
on_limit(void *arg)
{
	struct name_lookup *all = arg;

	for (size_t i = 0; i < all->n; i++) {
		struct lookup *l = &all->v[i];

		if (l->resolving == NULL)
			continue;
		resolve_cancel(l->resolving);
		l->resolving = NULL;
		l->failed = true;
		strbuf_add(&l->text, "it was not found in time");
	}
	loop_stop(all->lp);
}

static const char *
nth_name(const struct campaign_conf *conf, size_t i)
{
	return i < conf->n_devices ? conf->devices[i]->address
				   : conf->agents[i - conf->n_devices]->address;
}

static void
look_up(struct name_lookup *all)
{
	struct resolver *r = resolver_new(all->lp);

	for (size_t i = 0; i < all->n; i++) {
		struct lookup *l = &all->v[i];

		l->all = all;
		l->resolving = resolve_start(r, nth_name(all->conf, i),
		    (int)all->conf->timeouts.rest, on_resolved, l);
	}
	loop_run(all->lp);
	resolver_free(r);
}

struct name_lookup *
name_lookup_all(
    struct loop *lp, const struct campaign_conf *conf, int64_t most_ms)
{
	struct name_lookup *all = xcalloc(1, sizeof(*all));

	all->lp = lp;
	all->conf = conf;
	all->n = all->left = conf->n_devices + conf->n_agents;
	all->v = xcalloc(all->n, sizeof(*all->v));
	timer_init(&all->limit, lp, on_limit, all);
	if (most_ms > 0)
		timer_set(&all->limit, most_ms);
	look_up(all);
	timer_clear(&all->limit);
	return all;
}

void
name_lookup_free(struct name_lookup *l)
{
	for (size_t i = 0; i < l->n; i++)
		strbuf_free(&l->v[i].text);
	free(l->v);
	free(l);
}

const char *
name_lookup_text(const struct name_lookup *l, size_t i)
{
	return strbuf_text(&l->v[i].text);
}

bool
name_lookup_has(const struct name_lookup *l, sa_family_t family)
{
	return family == AF_INET ? l->v4 : l->v6;
}

static size_t
number_of_agent(const struct campaign_conf *conf, const struct agent_entry *a)
{
	size_t i = 0;

	while (conf->agents[i] != a)
		i++;
	return conf->n_devices + i;
}

size_t
name_lookup_lost(const struct name_lookup *l, struct strbuf *names)
{
	const struct campaign_conf *conf = l->conf;
	size_t lost = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].failed)
			strbuf_addf(names, "%s%s", names->len > 0 ? ", " : "",
			    nth_name(conf, i));
	for (size_t i = 0; i < conf->n_devices; i++)
		lost +=
		    l->v[i].failed ||
		    l->v[number_of_agent(conf, conf->devices[i]->agent)].failed;
	return lost;
}
