/* web_group.c - certificates and the servers that show them.
 *
 * lab.c makes as many groups as its devices need, and one for OVOC.
 */
#include "web_group.h"

#include <stdlib.h>

#include "base/xmem.h"

struct web_group {
	struct loop *lp;
	struct identity *id;
	const struct web_events *events;
	void *arg;
	struct addr addrs[WEB_GROUP_MAX];
	const char *names[WEB_GROUP_MAX];
	size_t n;
	struct web *servers[IDENTITY_VARIANTS];
};

struct web_group *
web_group_new(struct loop *lp, struct identity *id,
    const struct web_events *events, void *arg)
{
	struct web_group *g = xcalloc(1, sizeof(*g));

	g->lp = lp;
	g->id = id;
	g->events = events;
	g->arg = arg;
	return g;
}

void
web_group_add(struct web_group *g, const struct addr *at, const char *name)
{
	g->addrs[g->n] = *at;
	g->names[g->n] = name;
	g->n++;
}

bool
web_group_full(const struct web_group *g)
{
	return g->n == WEB_GROUP_MAX;
}

/* What firmware of 2010 spoke. */
#define OLD_PRIORITY                                         \
	"NORMAL:-VERS-ALL:+VERS-TLS1.0:-SIGN-ALL:+SIGN-ALL:" \
	"%VERIFY_ALLOW_SIGN_WITH_SHA1"

struct web *
web_group_server(
    struct web_group *g, enum identity_variant variant, struct fail *why)
{
	const char *priority =
	    variant == IDENTITY_OLD ? OLD_PRIORITY : "NORMAL";

	if (g->servers[variant])
		return g->servers[variant];
	char *cert =
	    identity_issue(g->id, variant, g->addrs, g->n, g->names, g->n, why);
	if (cert)
		g->servers[variant] =
		    web_new(g->lp, cert, identity_key(g->id, variant), priority,
			g->events, g->arg, why);
	free(cert);
	return g->servers[variant];
}

void
web_group_drop(struct web_group *g, const struct addr *local)
{
	for (int i = 0; i < IDENTITY_VARIANTS; i++)
		if (g->servers[i])
			web_drop(g->servers[i], local);
}

void
web_group_free(struct web_group *g)
{
	if (!g)
		return;
	for (int i = 0; i < IDENTITY_VARIANTS; i++)
		web_free(g->servers[i]);
	free(g);
}
