/* telling.c - see telling.h.  Used by agent/replies and agent/server. */
#include "agent/telling.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define ONCE_MS 1000

static const enum info_kind info_kinds[VERIFY_KINDS] = {
    [VERIFY_ICMP] = INFO_ICMP,
    [VERIFY_SNMP] = INFO_SNMP,
    [VERIFY_TCP] = INFO_TCP,
};

void
telling_asked(struct telling *t, const struct agent_message *m)
{
	/* The plain first one and the one behind it may change places. */
	if (m->wants_info)
		t->of[m->request].wanted = true;
}

void
telling_reason(struct telling *t, enum agent_request request, const char *why)
{
	free(t->of[request].reason);
	t->of[request].reason = xstrdup(why);
}

static void
note_kind(const struct verify_count *c, struct info_probes *p)
{
	p->on = c->on;
	p->answered = c->answered;
	p->sent = c->sent;
	str_copy(p->reason, sizeof(p->reason), c->reason);
	if (c->answered < c->sent && c->reason[0] == '\0')
		str_copy(p->reason, sizeof(p->reason), "no answer");
}

void
telling_probes(struct telling *t, const struct verify_result *r)
{
	free(t->probes);
	t->probes = NULL;
	if (r == NULL)
		return;
	t->probes = xcalloc(INFO_KINDS, sizeof(*t->probes));
	for (int k = 0; k < VERIFY_KINDS; k++)
		note_kind(&r->kind[k], &t->probes[info_kinds[k]]);
}

void
telling_pieces(struct telling *t, const struct info_pieces *p)
{
	free(t->pieces);
	t->pieces = NULL;
	if (p == NULL)
		return;
	t->pieces = xcalloc(1, sizeof(*p));
	*t->pieces = *p;
}

void
telling_forget(struct telling *t)
{
	for (int r = 0; r <= REQUEST_STOP; r++) {
		free(t->of[r].reason);
		t->of[r].reason = NULL;
		t->of[r].wanted = false;
	}
	telling_probes(t, NULL);
	telling_pieces(t, NULL);
}

void
telling_ended(struct telling *t, const char *why)
{
	t->ended = why;
}

/* NULL or "": there is none. */
static const char *
reason_of(const struct telling *t, enum agent_request request, int code)
{
	const char *own = t->of[request].reason;

	if ((code == AGENT_UNAVAILABLE || code == AGENT_FLOW_FAILED) &&
	    own != NULL && own[0] != '\0')
		return own;
	if ((request == REQUEST_STOP && code == AGENT_OK) ||
	    (request == REQUEST_VERIFY &&
		(code == AGENT_OK || code == AGENT_FLOW_FAILED)))
		return t->ended;
	return NULL;
}

static void
collect(const struct telling *t, struct loop *lp, const struct store *store,
    enum agent_request request, struct agent_info *i)
{
	if (request == REQUEST_REGISTER) {
		str_copy(i->version, sizeof(i->version), VERSION);
		i->clock = loop_wall(lp);
		i->free_bytes = store != NULL ? store_free_bytes(store) : -1;
	}
	if (request == REQUEST_VERIFY && t->probes != NULL)
		memcpy(i->probe, t->probes, sizeof(i->probe));
	if (request == REQUEST_STOP && t->pieces != NULL)
		i->pieces = *t->pieces;
}

const char *
telling_info(struct telling *t, struct loop *lp, const struct store *store,
    enum agent_request request, int code, char json[AGENT_INFO_MAX])
{
	struct telling_of *of = &t->of[request];
	int64_t now = loop_now(lp);
	struct agent_info i;
	const char *reason = reason_of(t, request, code);

	if (!of->wanted || code == AGENT_TRYING)
		return NULL;
	of->wanted = false;
	if (of->told && now - of->told_at < ONCE_MS)
		return NULL;
	of->told = true;
	of->told_at = now;
	agent_info_clear(&i);
	collect(t, lp, store, request, &i);
	if (reason != NULL)
		str_copy(i.reason, sizeof(i.reason), reason);
	agent_info_encode(&i, json);
	return json;
}
