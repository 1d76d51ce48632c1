/* agent_link.c - requests to one agent, made reliable over UDP.
 *
 * Two lists: `queued` waits for its turn, `open` has been sent and waits for
 * its answer.  How many may be open, when to repeat and when to give up follow
 * from the kind of agent; those rules are the functions at the top, and what is
 * peculiar to version 1.0.6 is in link/old_agent.
 */
#include "link/agent_link.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "link/old_agent.h"
#include "wire/auth_peer.h"

/* Ours: pauses double from timeouts.repeat up to this. */
#define REPEAT_MAX_MS 4000
/* Ours: a bare answer is followed by one that tells more, unless it is lost. */
#define MORE_MS 500
/* How long finding the agent's address may take. */
#define RESOLVE_MS 10000

TAILQ_HEAD(ask_list, ask);

struct agent_link {
	struct loop *lp;
	const struct campaign_conf *conf;
	const struct agent_entry *agent;
	struct link_counts counts;
	struct resolver *resolver;
	struct datagram *socket;
	struct auth_peer *peer; /* NULL: no key, nothing is signed */
	struct resolve *resolving;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n_addrs;
	size_t at; /* the one to use */
	bool sure; /* because it has answered */
	struct ask_list queued;
	struct ask_list open;
	int unheard; /* of the open ones, those without any answer yet */
	bool ours;
	bool heard_ever;
	struct timer pump;
	struct old_agent old; /* while it is not known to be ours */
	struct agent_about about;
};

/* --- the rules --- */

/* May one more request be sent now? */
static bool
has_room(const struct agent_link *l)
{
	if (!l->ours)
		return TAILQ_EMPTY(&l->open) && !old_agent_busy(&l->old);
	return l->unheard < l->conf->limits.requests_per_agent;
}

/* Milliseconds from this transmission to the next, or -1: none. */
static int64_t
repeat_after(const struct agent_link *l, const struct ask *a)
{
	int64_t ms = l->conf->timeouts.repeat;

	if (!l->ours)
		return old_agent_repeat(&l->old, a->message.request, a->trying,
		    loop_now(l->lp) - a->since);
	for (int i = 1; i < a->sent && ms < REPEAT_MAX_MS; i++)
		ms *= 2;
	return ms < REPEAT_MAX_MS ? ms : REPEAT_MAX_MS;
}

/* --- asks --- */

static void
ask_close(struct ask *a)
{
	struct agent_link *l = a->link;

	timer_clear(&a->repeat);
	timer_clear(&a->deadline);
	if (a->open) {
		TAILQ_REMOVE(&l->open, a, next);
		if (!a->trying)
			l->unheard--;
	} else {
		TAILQ_REMOVE(&l->queued, a, next);
	}
	a->link = NULL;
	a->open = false;
	if (!TAILQ_EMPTY(&l->queued) && !timer_is_set(&l->pump))
		timer_set(&l->pump, 0);
}

static void
ask_end(struct ask *a, struct ask_end *end)
{
	end->sent = a->sent;
	ask_close(a);
	a->done(a->arg, end);
}

static void
ask_finish(struct ask *a, enum ask_outcome outcome, int code, const char *why)
{
	struct ask_end end = {.outcome = outcome, .code = code, .why = why};

	ask_end(a, &end);
}

/* Until it is known which one answers each is tried in its turn. */
static const struct addr *
address_for(const struct agent_link *l, struct ask *a)
{
	a->to = l->sure ? l->at : (l->at + (size_t)a->sent) % l->n_addrs;
	return &l->addrs[a->to];
}

/* `a` is answered, perhaps from one of agents.sources: to the last of its
 * transmissions, if nothing says otherwise. */
static void
settle_address(struct agent_link *l, const struct ask *a, bool sure)
{
	if (l->sure)
		return;
	l->at = a->to;
	l->sure = sure;
}

static void
ask_transmit(struct ask *a)
{
	struct agent_link *l = a->link;
	char text[AGENT_MESSAGE_MAX], sealed[AGENT_SIGNED_MAX];
	const char *data = text;
	static const struct addr any = {.family = AF_UNSPEC};
	size_t len;
	int64_t next;

	a->message.wants_info = l->ours;
	a->plain = a->plain || !l->ours;
	len = agent_message_format_request(text, &a->message);
	if (l->peer != NULL) {
		secret_nonce(a->nonce);
		len = auth_peer_seal(
		    l->peer, loop_now(l->lp), a->nonce, sealed, text, len);
		data = sealed;
	}
	/* Lost here is as lost on the way: the repeat comes. */
	a->error = datagram_send(l->socket, data, len, address_for(l, a),
		       (uint16_t)l->agent->port, &any)
		       ? 0
		       : errno;
	a->sent++;
	log_write(loop_log(l->lp), LOGGING_DEBUG, a->message.device, "agent",
	    "sent %s to %s (%d)", agent_request_name(a->message.request),
	    l->agent->address, a->sent);
	next = repeat_after(l, a);
	if (next >= 0)
		timer_set(&a->repeat, next);
}

static void
ask_repeat(void *arg)
{
	struct ask *a = arg;

	if (a->bare != 0)
		ask_finish(a, ASK_ANSWERED, a->bare, "");
	else
		ask_transmit(a);
}

/* End everything that waits in line now; what a callback asks anew stays. */
static void
finish_queue(struct agent_link *l, enum ask_outcome outcome, const char *why)
{
	struct ask *a;
	size_t n = 0;

	TAILQ_FOREACH (a, &l->queued, next)
		n++;
	while (n-- > 0 && (a = TAILQ_FIRST(&l->queued)) != NULL)
		ask_finish(a, outcome, 0, why);
}

/* Why nothing was heard, as far as it can be known here. */
static const char *
hint_of(const struct ask *a, char buf[128])
{
	if (a->error == 0)
		return a->link->peer != NULL
			   ? " Is its key the one that is set here?"
			   : "";
	snprintf(buf, 128, " This host could not even send it: %s",
	    strerror(a->error));
	return buf;
}

static void
ask_expired(void *arg)
{
	struct ask *a = arg;
	struct agent_link *l = a->link;
	bool silent = !a->trying;
	char buf[128];
	const char *hint = hint_of(a, buf);

	if (a->bare != 0) {
		ask_finish(a, ASK_ANSWERED, a->bare, "");
		return;
	}
	if (silent && !l->sure)
		l->at = (a->to + 1) % l->n_addrs;
	ask_finish(
	    a, silent ? ASK_SILENT : ASK_UNCONFIRMED, 0, silent ? hint : "");
	/* An agent that never said a word to anybody is down or behind a closed
	 * port: who waits behind the one that found out shares its fate, for
	 * asking each in turn would take hours. */
	if (silent && !l->heard_ever)
		finish_queue(l, ASK_SILENT, hint);
}

static void
ask_open(struct ask *a)
{
	struct agent_link *l = a->link;

	TAILQ_REMOVE(&l->queued, a, next);
	TAILQ_INSERT_TAIL(&l->open, a, next);
	a->open = true;
	a->since = loop_now(l->lp);
	l->unheard++;
	timer_set(&a->deadline, l->conf->timeouts.agent);
	ask_transmit(a);
}

/* --- the agent's address --- */

static void
link_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct agent_link *l = arg;
	const struct addr *from = &l->conf->campaign.listen_address;

	l->resolving = NULL;
	l->n_addrs = 0;
	for (size_t i = 0; i < n; i++)
		if (addr_can_send(from, &addrs[i]))
			l->addrs[l->n_addrs++] = addrs[i];
	if (l->n_addrs > 0)
		timer_set(&l->pump, 0);
	else if (n > 0)
		finish_queue(l, ASK_NO_ADDRESS,
		    "none that campaign.listen_address can send to; set that "
		    "to \"::\"");
	else
		finish_queue(l, ASK_NO_ADDRESS, why->text);
}

/* Send what may be sent; find the address first. */
static void
link_pump(void *arg)
{
	struct agent_link *l = arg;
	struct ask *a;

	if (TAILQ_EMPTY(&l->queued))
		return;
	if (l->n_addrs == 0) {
		if (l->resolving == NULL)
			l->resolving = resolve_start(l->resolver,
			    l->agent->address, RESOLVE_MS, link_resolved, l);
		return;
	}
	while (has_room(l) && (a = TAILQ_FIRST(&l->queued)) != NULL)
		ask_open(a);
}

/* --- public --- */

struct agent_link *
agent_link_new(struct loop *lp, const struct campaign_conf *conf,
    const struct agent_entry *agent, struct resolver *resolver)
{
	struct agent_link *l = xcalloc(1, sizeof(*l));

	l->lp = lp;
	l->conf = conf;
	l->agent = agent;
	l->resolver = resolver;
	TAILQ_INIT(&l->queued);
	TAILQ_INIT(&l->open);
	timer_init(&l->pump, lp, link_pump, l);
	old_agent_init(&l->old, lp, link_pump, l);
	if (agent->key != NULL) {
		l->peer = auth_peer_new(
		    agent->key, AUTH_REQUEST, loop_now(lp), loop_wall(lp));
		l->ours = true;
	}
	if (addr_parse(&l->addrs[0], agent->address))
		l->n_addrs = 1;
	return l;
}

void
agent_link_free(struct agent_link *l)
{
	if (l == NULL)
		return;
	assert(TAILQ_EMPTY(&l->queued) && TAILQ_EMPTY(&l->open));
	resolve_cancel(l->resolving);
	timer_clear(&l->pump);
	old_agent_clear(&l->old);
	auth_peer_free(l->peer);
	free(l);
}

void
agent_link_use(struct agent_link *l, struct datagram *socket)
{
	l->socket = socket;
}

/* Devices that are registered go first: theirs is the alarm that happens. */
static void
queue_ask(struct agent_link *l, struct ask *a)
{
	struct ask *other = NULL;

	if (a->message.request != REQUEST_REGISTER) {
		TAILQ_FOREACH (other, &l->queued, next) {
			if (other->message.request == REQUEST_REGISTER)
				break;
		}
	}
	if (other != NULL)
		TAILQ_INSERT_BEFORE(other, a, next);
	else
		TAILQ_INSERT_TAIL(&l->queued, a, next);
}

void
agent_link_ask(struct agent_link *l, struct ask *a, enum agent_request r,
    const char *device, const char *file, ask_done *done, void *arg)
{
	assert(a->link == NULL);
	*a = (struct ask){.link = l, .done = done, .arg = arg};
	a->message.request = r;
	str_copy(a->message.device, sizeof(a->message.device), device);
	if (file != NULL)
		str_copy(a->message.file, sizeof(a->message.file), file);
	timer_init(&a->repeat, l->lp, ask_repeat, a);
	timer_init(&a->deadline, l->lp, ask_expired, a);
	queue_ask(l, a);
	if (!timer_is_set(&l->pump))
		timer_set(&l->pump, 0);
}

void
ask_cancel(struct ask *a)
{
	if (a->link != NULL)
		ask_close(a);
}

bool
ask_busy(const struct ask *a)
{
	return a->link != NULL;
}

bool
agent_link_is(const struct agent_link *l, const struct addr *from)
{
	const struct agent_entry *conf = l->agent;

	for (size_t i = 0; i < l->n_addrs; i++)
		if (addr_cmp(&l->addrs[i], from) == 0)
			return true;
	for (size_t i = 0; i < conf->n_sources; i++)
		if (addr_cmp(&conf->sources[i], from) == 0)
			return true;
	return false;
}

static struct ask *
find_open(struct agent_link *l, const struct agent_message *m)
{
	struct ask *a;

	TAILQ_FOREACH (a, &l->open, next) {
		if (strcmp(a->message.device, m->device) == 0 &&
		    (m->request == REQUEST_NONE ||
			m->request == a->message.request))
			return a;
	}
	return NULL;
}

/* An agent of ours said 100 Trying to a REGISTER, perhaps later than its final
 * answer arrived.  What is under way goes on in the beat for ours. */
static void
learn_ours(struct agent_link *l)
{
	struct ask *a;

	if (l->ours)
		return;
	l->ours = true;
	old_agent_clear(&l->old);
	TAILQ_FOREACH (a, &l->open, next)
		timer_set(&a->repeat, repeat_after(l, a));
	timer_set(&l->pump, 0);
}

/* 100 Trying: the request arrived.  Ours goes on being asked in the same beat,
 * and at once if it was not asked for more yet; an earlier version is asked no
 * more. */
static void
heard_trying(struct agent_link *l, struct ask *a)
{
	if (!a->trying)
		l->unheard--;
	a->trying = true;
	if (a->message.request == REQUEST_REGISTER)
		learn_ours(l);
	if (l->ours && !a->message.wants_info)
		ask_transmit(a);
	else if (!l->ours)
		timer_clear(&a->repeat);
	if (!timer_is_set(&l->pump))
		timer_set(&l->pump, 0);
}

static void
learn_about(struct agent_link *l, const struct agent_info *i)
{
	struct agent_about *about = &l->about;

	if (i == NULL || i->version[0] == '\0' || i->clock < 0)
		return;
	str_copy(about->version, sizeof(about->version), i->version);
	about->ahead = i->clock - loop_wall(l->lp);
	about->free_bytes = i->free_bytes;
}

/* The final answer.  That to the plain one of two may be followed by another
 * one, which says more. */
static void
answered(struct ask *a, int code, const struct agent_info *info)
{
	struct ask_end end = {
	    .outcome = ASK_ANSWERED, .code = code, .why = "", .info = info};

	if (info != NULL || !a->plain || !a->message.wants_info) {
		ask_end(a, &end);
	} else if (a->bare == 0) {
		a->bare = code;
		timer_set(&a->repeat, MORE_MS);
	}
}

static bool
take_answer(struct agent_link *l, const struct agent_message *m,
    const struct agent_info *info)
{
	struct ask *a;

	if (!l->ours && old_agent_late(&l->old, m))
		return true;
	if (m->code == AGENT_TRYING && m->request == REQUEST_REGISTER)
		learn_ours(l);
	a = find_open(l, m);
	if (a == NULL)
		return false;
	settle_address(l, a, a->sent == 1);
	if (m->code == AGENT_TRYING) {
		heard_trying(l, a);
		return true;
	}
	if (!l->ours && a->message.request == REQUEST_REGISTER)
		old_agent_registered(&l->old, a->message.device, a->sent,
		    loop_now(l->lp) - a->since);
	answered(a, m->code, info);
	return true;
}

/* The agent goes by another time: take it, and ask once more at once.  It names
 * the nonce of our last transmission, else it is an old one that somebody
 * plays back to set our clock. */
static bool
take_clock(struct agent_link *l, const struct agent_message *m,
    const struct auth_stamp *stamp)
{
	struct ask *a = find_open(l, m);

	if (a == NULL || strcmp(a->nonce, stamp->nonce) != 0)
		return false;
	settle_address(l, a, true);
	auth_peer_set_clock(l->peer, loop_now(l->lp), stamp->ms);
	if (a->clocked) {
		ask_finish(a, ASK_ANSWERED, AGENT_CLOCK,
		    ": the clocks of the agent and of this host differ, and "
		    "its own time, sent back to it, was refused as well");
		return true;
	}
	log_write(loop_log(l->lp), LOGGING_NOTICE, l->agent->address, "agent",
	    "its clock and ours are %lld s apart: messages go by its",
	    llabs((long long)(stamp->ms - loop_wall(l->lp))) / 1000);
	a->clocked = true;
	ask_transmit(a);
	return true;
}

enum link_take
agent_link_take(
    struct agent_link *l, const void *data, size_t len, const char **why)
{
	enum auth_opened how = OPENED_RIGHT;
	struct auth_stamp stamp;
	struct agent_message m;
	const char *clock = "", *json;
	bool clock_said;
	struct agent_info told, *info = NULL;
	size_t json_len;

	if (l->peer != NULL)
		how = auth_peer_open(
		    l->peer, loop_now(l->lp), data, len, &stamp, &len, &clock);
	*why = clock;
	if (how == OPENED_REFUSED || how == OPENED_REPLAYED)
		return LINK_UNPROVEN;
	if (!agent_message_parse_answer(data, len, &m, why))
		return LINK_MALFORMED;
	*why = clock;
	clock_said = l->peer != NULL && m.code == AGENT_CLOCK;
	if (clock_said && take_clock(l, &m, &stamp))
		return LINK_TAKEN;
	if (how == OPENED_CLOCK)
		return LINK_UNPROVEN;
	json = agent_message_info(data, len, &json_len);
	if (json != NULL && agent_info_decode(json, json_len, &told))
		info = &told;
	learn_about(l, info);
	if (!clock_said && take_answer(l, &m, info))
		return LINK_TAKEN;
	log_write(loop_log(l->lp), LOGGING_DEBUG, m.device, "agent",
	    "answer %d that nobody waits for", m.code);
	return LINK_LATE;
}

void
agent_link_heard(
    struct agent_link *l, const struct addr *from, enum link_heard what)
{
	l->counts.last = loop_wall(l->lp);
	l->counts.heard[what]++;
	/* Alarms come from OVOC, also while its agent is down. */
	if (what != HEARD_ANSWER)
		return;
	l->heard_ever = true;
	for (size_t i = 0; i < l->n_addrs; i++)
		if (addr_cmp(&l->addrs[i], from) == 0) {
			l->at = i;
			l->sure = true;
		}
}

const struct link_counts *
agent_link_counts(const struct agent_link *l)
{
	return &l->counts;
}

bool
agent_link_is_ours(const struct agent_link *l)
{
	return l->ours;
}

const struct agent_about *
agent_link_about(const struct agent_link *l)
{
	return &l->about;
}
