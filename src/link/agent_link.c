/* agent_link.c - requests to one agent, made reliable over UDP.
 *
 * Asks are queued until their turn; open ones have been sent and wait for their
 * answer.  How many may be open, when to repeat and when to give up follow from
 * the kind of agent.  What is peculiar to version 1.0.6 is in link/old_link.
 */
#include "link/agent_link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "link/agent_about.h"
#include "link/agent_mail.h"
#include "link/ask_open.h"
#include "link/ask_queue.h"
#include "link/old_link.h"
#include "link/old_turn.h"

/* Ours: pauses double from timeouts.repeat up to this. */
#define REPEAT_MAX_MS 4000
/* Ours: a bare answer is followed by one that tells more, unless it is lost. */
#define MORE_MS 500

struct agent_link {
	struct loop *lp;
	const struct campaign_conf *conf;
	const struct agent_entry *agent;
	struct link_counts counts;
	struct agent_mail mail;
	struct ask_queue asks;
	bool ours;
	bool heard_ever;
	struct timer pump;
	struct old_link old; /* while it is not known to be ours */
	struct agent_about about;
};

static void
pump_soon(struct agent_link *l)
{
	timer_set_first(&l->pump);
}

/* --- the rules --- */

/* May the next request be sent now? */
static bool
has_room(const struct agent_link *l)
{
	if (!l->ours)
		return TAILQ_EMPTY(&l->asks.open) &&
		       !old_agent_busy(&l->old.times);
	return ask_queue_has_room(&l->asks, l->conf->limits.requests_per_agent);
}

/* Milliseconds from this transmission to the next, or -1: none. */
static int64_t
repeat_after(const struct agent_link *l, const struct ask *a)
{
	int64_t ms = l->conf->timeouts.repeat;

	if (!l->ours)
		return old_link_repeat(&l->old, a);
	for (int i = 1; i < a->sent && ms < REPEAT_MAX_MS; i++)
		ms *= 2;
	return ms < REPEAT_MAX_MS ? ms : REPEAT_MAX_MS;
}

/* The next one, NULL: none, or none yet. */
static struct ask *
next_ask(struct agent_link *l)
{
	int64_t wait = 0;
	struct ask *a = l->ours ? ask_queue_first(&l->asks)
				: old_turn(&l->asks, l->old.devices, &wait);

	if (wait > 0)
		timer_set(&l->pump, wait);
	return a;
}

/* --- asks --- */

/* It is neither open nor queued. */
static void
ask_take_out(struct ask *a)
{
	struct agent_link *l = a->link;

	timer_clear(&a->repeat);
	timer_clear(&a->deadline);
	ask_queue_remove(&l->asks, a);
	a->sent = 0;
	pump_soon(l);
}

static void
ask_end(struct ask *a, const struct ask_end *end)
{
	ask_take_out(a);
	a->link = NULL;
	a->done(a->arg, end);
}

static void
ask_finish(struct ask *a, enum ask_outcome outcome, int code, const char *why)
{
	struct ask_end end = {.outcome = outcome, .code = code, .why = why};

	ask_end(a, &end);
}

static void
ask_transmit(struct ask *a)
{
	struct agent_link *l = a->link;
	struct agent_message m;
	int64_t next;

	a->message.wants_info = l->ours;
	a->plain = a->plain || !l->ours;
	ask_message(a, &m);
	/* Lost here is as lost on the way: the repeat comes. */
	a->error = agent_mail_send(&l->mail, &m, a->sent, a->nonce, &a->to);
	a->sent++;
	next = repeat_after(l, a);
	if (next >= 0)
		timer_set(&a->repeat, next);
}

/* Begin this step; `who` is whom to register, where it is not ASK_ITSELF. */
static void
ask_begin(struct ask *a, enum ask_step step, const char *who)
{
	struct agent_link *l = a->link;

	ask_queue_step(&l->asks, a, step, who);
	a->sent = 0;
	a->plain = false;
	a->since = loop_now(l->lp);
	if (!l->ours && !old_devices_begin(l->old.devices, ask_open_request(a),
			    ask_open_device(a)))
		ask_finish(a, ASK_WITHHELD, 0,
		    "it cannot be noted that it was sent, see the log");
	else
		ask_transmit(a);
}

static void
ask_repeat(void *arg)
{
	struct ask *a = arg;
	struct agent_link *l = a->link;

	if (a->bare != 0) {
		ask_finish(a, ASK_ANSWERED, a->bare, "");
		return;
	}
	if (l->ours || ask_open_request(a) == REQUEST_REGISTER) {
		ask_transmit(a);
		return;
	}
	/* It is down, or it was restarted, or one datagram was lost: as it does
	 * one thing at a time, the answer to this tells. */
	ask_begin(a, ASK_WHETHER,
	    old_devices_witness(l->old.devices, a->message.device));
}

/* End everything that waits in line now; what a callback asks anew stays. */
static void
finish_queue(struct agent_link *l, enum ask_outcome outcome, const char *why)
{
	size_t n = ask_queue_count(&l->asks);
	struct ask *a;

	while (n-- > 0 && (a = ask_queue_first(&l->asks)) != NULL)
		ask_finish(a, outcome, 0, why);
}

/* It does one thing at a time: who waits behind the one that found out shares
 * its fate, for asking each in turn would take hours.  One of ours answers for
 * each; only if it never said a word to anybody it is down, or its port is
 * closed. */
static bool
answers_for_all(const struct agent_link *l, const struct ask *a)
{
	if (a == &l->old.back.ask)
		return false;
	return !l->ours || (!a->trying && !l->heard_ever);
}

static void
ask_expired(void *arg)
{
	struct ask *a = arg;
	struct agent_link *l = a->link;
	bool silent = !a->trying, all = answers_for_all(l, a);
	char buf[ASK_SILENCE_MAX];
	bool key = l->mail.peer != NULL && !l->heard_ever;
	const char *hint = ask_silence(a, key, buf);

	if (a->bare != 0) {
		ask_finish(a, ASK_ANSWERED, a->bare, "");
		return;
	}
	if (silent)
		agent_place_silent(&l->mail.place, a->to);
	if (!l->ours)
		old_link_silent(&l->old, a, l->heard_ever);
	ask_finish(
	    a, silent ? ASK_SILENT : ASK_UNCONFIRMED, 0, silent ? hint : "");
	if (all)
		finish_queue(l, ASK_SILENT, hint);
}

static void
ask_open(struct ask *a)
{
	struct agent_link *l = a->link;
	const char *who = NULL;

	ask_queue_open(&l->asks, a);
	timer_set(&a->deadline,
	    a == &l->old.back.ask ? OLD_BACK_MS : l->conf->timeouts.agent);
	if (!l->ours)
		who = old_devices_first(
		    l->old.devices, a->message.request, a->message.device);
	ask_begin(a, who != NULL ? ASK_BEFORE : ASK_ITSELF, who);
}

/* --- what waits --- */

/* What must not be sent need not wait for its turn. */
static void
withhold(struct agent_link *l)
{
	const char *why;
	struct ask *a;

	while ((a = old_turn_never(&l->asks, l->old.devices, &why)) != NULL)
		ask_finish(a, ASK_WITHHELD, 0, why);
}

/* Send what may be sent; find the address first. */
static void
link_pump(void *arg)
{
	struct agent_link *l = arg;
	struct ask *a;

	loop_doing(l->lp, "requests to agents");
	if (!l->ours)
		withhold(l);
	if (ask_queue_first(&l->asks) == NULL ||
	    !agent_place_is_known(&l->mail.place))
		return;
	while (has_room(l) && (a = next_ask(l)) != NULL)
		ask_open(a);
}

static void
on_place(void *arg, const char *why)
{
	struct agent_link *l = arg;

	if (why == NULL)
		pump_soon(l);
	else
		finish_queue(l, ASK_NO_ADDRESS, why);
}

/* Who asks something finds it out as well. */
static void
look_back(void *arg)
{
	struct agent_link *l = arg;

	if (!ask_queue_is_empty(&l->asks))
		old_back_later(&l->old.back);
	else
		agent_link_ask(l, &l->old.back.ask, REQUEST_REGISTER,
		    l->old.back.device, NULL, old_back_asked, &l->old.back);
}

/* --- public --- */

struct agent_link *
agent_link_new(struct loop *lp, const struct campaign_conf *conf,
    const struct agent_entry *agent, struct resolver *resolver,
    struct old_book *book)
{
	struct agent_link *l = xcalloc(1, sizeof(*l));

	l->lp = lp;
	l->conf = conf;
	l->agent = agent;
	ask_queue_init(&l->asks);
	timer_init(&l->pump, lp, link_pump, l);
	agent_mail_init(&l->mail, lp, agent);
	agent_place_init(&l->mail.place, conf, agent, resolver, on_place, l);
	old_link_init(
	    &l->old, lp, book, agent->address, link_pump, look_back, l);
	l->ours = agent->key != NULL;
	return l;
}

void
agent_link_free(struct agent_link *l)
{
	if (l == NULL)
		return;
	ask_cancel(&l->old.back.ask);
	assert(ask_queue_is_empty(&l->asks));
	agent_mail_clear(&l->mail);
	timer_clear(&l->pump);
	old_link_clear(&l->old);
	free(l);
}

void
agent_link_use(struct agent_link *l, struct datagram *socket)
{
	l->mail.socket = socket;
}

void
agent_link_ask(struct agent_link *l, struct ask *a, enum agent_request r,
    const char *device, const char *file, ask_done *done, void *arg)
{
	assert(a->link == NULL);
	ask_init(a, l, r, device, file);
	a->done = done;
	a->arg = arg;
	timer_init(&a->repeat, l->lp, ask_repeat, a);
	timer_init(&a->deadline, l->lp, ask_expired, a);
	ask_queue_add(&l->asks, a);
	pump_soon(l);
}

void
ask_cancel(struct ask *a)
{
	struct agent_link *l = a->link;

	if (l == NULL)
		return;
	if (a->open && !l->ours)
		old_link_left(&l->old, a);
	ask_take_out(a);
	a->link = NULL;
}

bool
ask_busy(const struct ask *a)
{
	return a->link != NULL;
}

bool
agent_link_is(const struct agent_link *l, const struct addr *from)
{
	return agent_place_is(&l->mail.place, from);
}

/* --- answers --- */

/* An agent of ours said 100 Trying to a REGISTER, perhaps later than its final
 * answer arrived.  What is under way goes on in the beat for ours. */
static void
learn_ours(struct agent_link *l)
{
	struct ask *a;

	if (l->ours)
		return;
	l->ours = true;
	old_link_end(&l->old);
	TAILQ_FOREACH (a, &l->asks.open, next)
		timer_set(&a->repeat, repeat_after(l, a));
	pump_soon(l);
}

/* 100 Trying: the request arrived.  Ours goes on being asked in the same beat,
 * and at once if it was not asked for more yet; an earlier version is asked no
 * more. */
static void
heard_trying(struct agent_link *l, struct ask *a)
{
	ask_queue_trying(&l->asks, a);
	if (l->ours && a->step == ASK_ITSELF && !a->message.wants_info)
		ask_transmit(a);
	else if (!l->ours && ask_open_request(a) != REQUEST_REGISTER)
		timer_set(&a->repeat, repeat_after(l, a));
	pump_soon(l);
}

/* It is there, so what was sent before is lost, or its answer. */
static void
found_there(struct agent_link *l, struct ask *a)
{
	bool again =
	    !a->trying && !a->once_more && a->message.request != REQUEST_STOP;

	if (again) {
		a->once_more = true;
		return;
	}
	if (!l->ours)
		old_devices_unanswered(l->old.devices);
	ask_finish(a, ASK_LOST, 0, "");
}

/* The answer to a REGISTER for the sake of the request. */
static void
registered_first(struct agent_link *l, struct ask *a, int code)
{
	if (a->step == ASK_WHETHER)
		found_there(l, a);
	if (!ask_busy(a))
		return;
	if (code != AGENT_OK) {
		ask_finish(a, ASK_UNREGISTERED, code, "");
		return;
	}
	ask_take_out(a);
	ask_queue_step(&l->asks, a, ASK_ITSELF, NULL);
	ask_queue_add_first(&l->asks, a);
}

/* That to the plain one of two may be followed by another, which says more. */
static void
ask_answered(struct ask *a, int code, const struct agent_info *info)
{
	struct agent_link *l = a->link;
	struct ask_end end = {
	    .outcome = ASK_ANSWERED, .code = code, .why = "", .info = info};
	/* What it may know, too. */
	const char *secrets[] = {l->conf->snmp.auth_password,
	    l->conf->snmp.priv_password, l->agent->key, NULL};

	if (info == NULL && a->plain && a->message.wants_info) {
		if (a->bare == 0)
			timer_set(&a->repeat, MORE_MS);
		a->bare = code;
		return;
	}
	if (agent_about_learn(&l->about, info, loop_wall(l->lp),
		loop_now(l->lp) - a->since, secrets))
		log_about(loop_log(l->lp), LOGGING_INFO, l->agent->address,
		    "agent", &(struct log_facts){.agent = l->agent->address},
		    "it is of version %s", l->about.version);
	ask_end(a, &end);
}

static bool
take_answer(struct agent_link *l, const struct agent_message *m,
    const struct agent_info *info)
{
	struct ask *a;

	if (!l->ours && old_link_late(&l->old, m))
		return true;
	a = ask_queue_find(&l->asks, m);
	if (old_link_ours(&l->old, m, a))
		learn_ours(l);
	if (a == NULL && !l->ours)
		a = old_link_after_all(&l->old, &l->asks, m);
	if (a == NULL)
		return false;
	agent_place_answered(&l->mail.place, a->to, a->sent == 1);
	old_devices_heard(l->old.devices);
	old_back_end(&l->old.back);
	if (m->code == AGENT_TRYING) {
		heard_trying(l, a);
		return true;
	}
	if (!l->ours)
		old_link_answered(&l->old, a, m->code);
	if (a->step != ASK_ITSELF)
		registered_first(l, a, m->code);
	else
		ask_answered(a, m->code, info);
	return true;
}

/* The agent goes by another time: take it, and ask once more at once.  It names
 * the nonce of our last transmission, else it is an old one that somebody
 * plays back to set our clock. */
static bool
take_clock(struct agent_link *l, const struct agent_message *m,
    const struct auth_stamp *stamp)
{
	struct ask *a = ask_queue_find(&l->asks, m);

	if (a == NULL || strcmp(a->nonce, stamp->nonce) != 0)
		return false;
	agent_place_answered(&l->mail.place, a->to, true);
	auth_peer_set_clock(l->mail.peer, loop_now(l->lp), stamp->ms);
	if (a->clocked) {
		ask_finish(a, ASK_ANSWERED, AGENT_CLOCK,
		    ": the clocks of the agent and of this host differ, and "
		    "its own time, sent back to it, was refused as well");
		return true;
	}
	log_about(loop_log(l->lp), LOGGING_NOTICE, l->agent->address, "agent",
	    &(struct log_facts){.agent = l->agent->address},
	    "its clock and ours are %lld s apart: messages go by its",
	    llabs((long long)(stamp->ms - loop_wall(l->lp))) / 1000);
	a->clocked = true;
	ask_transmit(a);
	return true;
}

enum link_take
agent_link_take(struct agent_link *l, uint16_t port, const void *data,
    size_t len, const char **why)
{
	struct letter letter;
	const struct agent_message *m = &letter.answer;
	bool clock_said;
	enum mail mail =
	    agent_mail_open(&l->mail, port, data, len, &letter, why);

	if (mail == MAIL_ELSEWHERE)
		return LINK_ELSEWHERE;
	if (mail == MAIL_MALFORMED)
		return LINK_MALFORMED;
	if (mail == MAIL_UNPROVEN)
		return LINK_UNPROVEN;
	clock_said = l->mail.peer != NULL && m->code == AGENT_CLOCK;
	if (clock_said && take_clock(l, m, &letter.stamp))
		return LINK_TAKEN;
	if (mail == MAIL_CLOCK)
		return LINK_UNPROVEN;
	if (!clock_said && take_answer(l, m, letter.info))
		return LINK_TAKEN;
	log_about(loop_log(l->lp), LOGGING_DEBUG, m->device, "agent",
	    &(struct log_facts){
		.device = m->device, .agent = l->agent->address},
	    "answer %d that nobody waits for", m->code);
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
	l->counts.answered = l->counts.last;
	agent_place_heard(&l->mail.place, from);
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

bool
agent_link_is_old(const struct agent_link *l)
{
	return !l->ours && l->heard_ever;
}

bool
agent_link_takes_stop(const struct agent_link *l, const char *device)
{
	return l->ours ||
	       old_devices_never(l->old.devices, REQUEST_STOP, device) == NULL;
}

const struct agent_about *
agent_link_about(const struct agent_link *l)
{
	return &l->about;
}

const struct agent_place *
agent_link_place(const struct agent_link *l)
{
	return &l->mail.place;
}
