/* inbox.c - sorts what arrives on the campaign's UDP socket.
 *
 * Devices are found in two search trees: by what OVOC knows them by, which is
 * unique for an agent, and by their own name and addresses.
 */
#include "campaign/inbox.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/excerpt.h"
#include "base/tally.h"
#include "base/xmem.h"

/* Why a datagram is ignored, as far as each is told for itself. */
enum refusal {
	REFUSED_SENDER,    /* no answer may come from there */
	REFUSED_SOURCE,    /* an alarm of ours, from a wrong address */
	REFUSED_DEVICE,    /* an alarm of a device that is not ours */
	REFUSED_MALFORMED, /* neither an answer nor an alarm */
	REFUSED_UNPROVEN,  /* not signed as it should be */
	REFUSAL_KINDS
};
/* How often an hour: what names one of our devices may need a few. */
static const unsigned most[REFUSAL_KINDS] = {1, 4, 1, 1, 1};

/* Devices that are called so: an address or a name, in its one spelling. */
struct found {
	char key[HOST_TEXT_MAX];
	struct device **devices;
	size_t n;
};

struct inbox {
	struct loop *lp;
	struct run_result *result;
	struct agent_link *const *links;
	void *by_told; /* trees of struct found, tsearch(3) */
	void *by_own;
	struct tally *told;
	struct excerpts *hidden; /* what no log may show */
};

/* A datagram. */
struct parcel {
	const void *data;
	size_t len;
	const struct datagram_from *from;
};

/* All that the configuration has: nobody knows what a stranger sends. */
static struct excerpts *
secrets_of(const struct campaign_conf *conf)
{
	struct excerpts *e = excerpts_new();

	excerpts_hide(e, conf->snmp.auth_password);
	excerpts_hide(e, conf->snmp.priv_password);
	for (size_t i = 0; i < conf->n_agents; i++)
		excerpts_hide(e, conf->agents[i]->key);
	for (size_t i = 0; i < conf->n_devices; i++)
		excerpts_hide(e, conf->devices[i]->password);
	return e;
}

struct inbox *
inbox_new(
    struct loop *lp, struct run_result *result, struct agent_link *const *links)
{
	struct inbox *b = xcalloc(1, sizeof(*b));

	b->lp = lp;
	b->result = result;
	b->links = links;
	b->told = tally_new(most, REFUSAL_KINDS);
	b->hidden = secrets_of(result->conf);
	return b;
}

static void
found_free(void *node)
{
	struct found *f = node;

	free(f->devices);
	free(f);
}

void
inbox_free(struct inbox *b)
{
	if (b == NULL)
		return;
	tdestroy(b->by_told, found_free);
	tdestroy(b->by_own, found_free);
	tally_free(b->told);
	excerpts_free(b->hidden);
	free(b);
}

static int
found_cmp(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
tree_add(void **tree, const char *name, struct device *d)
{
	struct found *f = xcalloc(1, sizeof(*f));
	struct found *at;

	host_canonical(f->key, name);
	at = *(struct found **)tsearch(f, tree, found_cmp);
	if (at != f)
		found_free(f);
	for (size_t i = 0; i < at->n; i++)
		if (at->devices[i] == d)
			return;
	at->devices =
	    xreallocarray(at->devices, at->n + 1, sizeof(struct device *));
	at->devices[at->n++] = d;
}

void
inbox_add_device(struct inbox *b, struct device *d)
{
	char text[ADDR_TEXT_MAX];
	size_t n;
	const struct addr *addrs = device_addrs(d, &n);

	tree_add(&b->by_told, device_conf(d)->told, d);
	tree_add(&b->by_own, device_conf(d)->address, d);
	for (size_t i = 0; i < n; i++)
		tree_add(&b->by_own, addr_text(&addrs[i], text), d);
}

/* The device of this name whose agent the sender is; NULL: of any agent. */
static struct device *
tree_find(void *const *tree, const char *name, const struct addr *from)
{
	struct found key, **at;

	host_canonical(key.key, name);
	at = tfind(&key, tree, found_cmp);

	for (size_t i = 0; at != NULL && i < (*at)->n; i++)
		if (from == NULL ||
		    agent_link_is(device_link((*at)->devices[i]), from))
			return (*at)->devices[i];
	return NULL;
}

static struct device *
find(const struct inbox *b, const char *name, const struct addr *from)
{
	struct device *d = tree_find(&b->by_told, name, from);

	return d != NULL ? d : tree_find(&b->by_own, name, from);
}

/* The agent whose address this is, the first from `i` on; else their number.
 * More than one may have it. */
static size_t
agent_at(const struct inbox *b, const struct addr *from, size_t i)
{
	while (i < b->result->n_agents && !agent_link_is(b->links[i], from))
		i++;
	return i;
}

/* --- what arrives --- */

static void
trace(const struct inbox *b, const struct parcel *p)
{
	const struct run_result *r = b->result;
	char who[ADDR_TEXT_MAX], *text;
	struct log_facts facts = {.from = who};
	size_t i;

	if (!log_wants(loop_log(b->lp), LOGGING_DEBUG))
		return;
	i = agent_at(b, &p->from->addr, 0);
	if (i < r->n_agents)
		facts.agent = r->agents[i].conf->address;
	text = excerpt(b->hidden, p->data, p->len, EXCERPT_TRACE);
	log_about(loop_log(b->lp), LOGGING_DEBUG,
	    addr_port_text(&p->from->addr, p->from->port, who), "inbox", &facts,
	    "received from %s%s: %s", i < r->n_agents ? "agent " : "",
	    i < r->n_agents ? facts.agent : "a stranger", text);
	free(text);
}

static void
say_refused(struct inbox *b, enum refusal kind, const struct parcel *p,
    const char *why, const char *hint)
{
	char who[ADDR_TEXT_MAX], more[TALLY_MORE_MAX], *text;
	const struct log_facts facts = {.from = who};
	struct log *lg = loop_log(b->lp);

	addr_port_text(&p->from->addr, p->from->port, who);
	if (!tally_add(b->told, kind, &p->from->addr, loop_now(b->lp), more)) {
		log_about(lg, LOGGING_DEBUG, who, "inbox", &facts,
		    "ignored: %s", why);
		return;
	}
	text = excerpt(b->hidden, p->data, p->len, EXCERPT_REFUSED);
	log_about(lg, LOGGING_WARNING, who, "inbox", &facts,
	    "datagram ignored: %s%s: %s%s", why, hint, text, more);
	free(text);
}

static void
refuse(
    struct inbox *b, enum refusal kind, const struct parcel *p, const char *why)
{
	const struct addr *from = &p->from->addr;
	bool stranger = true;

	b->result->refused++;
	/* A blocked port would not have let it through. */
	for (size_t i = agent_at(b, from, 0); i < b->result->n_agents;
	     i = agent_at(b, from, i + 1)) {
		agent_link_heard(b->links[i], from, HEARD_REFUSED);
		stranger = false;
	}
	if (kind != REFUSED_SENDER && kind != REFUSED_DEVICE)
		stranger = false; /* it is wrong whoever sent it */
	say_refused(b, kind, p, why,
	    stranger ? "; if an OVOC server sends from there, add the address "
		       "to its agents.sources"
		     : "");
}

static void
take_answer(struct inbox *b, const struct parcel *p)
{
	enum refusal kind = REFUSED_SENDER;
	const struct addr *from = &p->from->addr;
	const char *why = "it is not from an agent", *said;
	bool late = false;

	for (size_t i = agent_at(b, from, 0); i < b->result->n_agents;
	     i = agent_at(b, from, i + 1)) {
		switch (agent_link_take(
		    b->links[i], p->from->port, p->data, p->len, &said)) {
		case LINK_TAKEN:
			agent_link_heard(b->links[i], from, HEARD_ANSWER);
			return;
		case LINK_LATE: /* or a second one: repeats make these */
			late = true;
			break;
		case LINK_ELSEWHERE:
			why = said;
			break;
		case LINK_MALFORMED:
			kind = REFUSED_MALFORMED;
			why = said;
			break;
		case LINK_UNPROVEN:
			kind = REFUSED_UNPROVEN;
			why = said;
			break;
		}
	}
	if (!late)
		refuse(b, kind, p, why);
}

/* Nobody was found whose alarm it is from there. */
static void
refuse_alarm(struct inbox *b, const char *device, const struct parcel *p)
{
	struct device *d = find(b, device, NULL);
	char why[2 * HOST_TEXT_MAX + 200];

	if (d == NULL) {
		snprintf(why, sizeof(why),
		    "no device %s of this sender is in the campaign", device);
		refuse(b, REFUSED_DEVICE, p, why);
		return;
	}
	snprintf(why, sizeof(why),
	    "it is an alarm of %s, but not from its agent %s: if that OVOC "
	    "server sends from there, add the address to its agents.sources",
	    device, device_conf(d)->agent->address);
	refuse(b, REFUSED_SOURCE, p, why);
}

static void
take_alarm(struct inbox *b, const struct alarm *a, const struct parcel *p)
{
	struct device *d = find(b, a->device, &p->from->addr);

	if (d == NULL) {
		refuse_alarm(b, a->device, p);
		return;
	}
	agent_link_heard(device_link(d), &p->from->addr, HEARD_ALARM);
	device_alarm(d, a);
}

void
inbox_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	const struct parcel p = {.data = data, .len = len, .from = from};
	struct inbox *b = arg;
	struct alarm a;

	loop_doing(b->lp, "alarms and answers");
	b->result->datagrams++;
	trace(b, &p);
	if (agent_message_is_answer(data, len)) {
		take_answer(b, &p);
		return;
	}
	switch (alarm_parse(data, len, &a)) {
	case ALARM_OK:
		take_alarm(b, &a, &p);
		return;
	case ALARM_EMPTY:
		refuse(b, REFUSED_MALFORMED, &p, "it is empty");
		return;
	case ALARM_AMBIGUOUS:
		refuse(b, REFUSED_MALFORMED, &p,
		    "it is an alarm that names two devices");
		return;
	case ALARM_MALFORMED:
		refuse(b, REFUSED_MALFORMED, &p,
		    "it is neither an answer nor an alarm");
		return;
	}
}
