/* server.c - see server.h.
 *
 * Owns everything that the sessions share: resolver, verifier, OVOC's queue,
 * the captures folder.  Sessions stand in one array, sorted by device, so a
 * burst from thousands of devices costs a binary search each.
 */
#include "agent/server.h"

#include <stdlib.h>
#include <string.h>

#include "agent/host_check.h"
#include "agent/keeper.h"
#include "agent/mailbox.h"
#include "agent/retention.h"
#include "agent/session_list.h"
#include "agent/shared_capture.h"
#include "agent/state_clock.h"
#include "agent/status_socket.h"
#include "agent/telling.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define LEAVING_MAX   256 /* beside max_devices, while their rules go */
#define WAITING_MAX   256 /* for OVOC: it serves people, too */
#define UNTIL_IDLE_MS 600000
/* For an orderly end beyond `settle`: tcpdump's own end, then the rules. */
#define END_TCPDUMP_MS 6000
#define END_RULES_MS   10000

struct server {
	struct loop *lp;
	const struct agent_conf *conf;
	struct store *store;
	struct resolver *resolver;
	struct verifier *verifier;
	struct ovoc *ovoc;
	struct mailbox *mailbox;
	struct keeper *keeper;
	struct retention *retention;
	struct room *room;
	struct status_socket *status; /* NULL: nobody can ask */
	struct session_env env;
	struct session_list sessions;
	struct timer idle; /* until-idle: runs out when nobody asks */
	struct timer last; /* the end's deadline */
	bool ending;
	bool parking; /* that is, for the next agent to go on */
	size_t n_parked;
	unsigned rules_left;
	bool ended;
	int64_t promised; /* the state's `newest` */
	struct complaints *complaints;
	struct telling telling; /* of what has no session */
};

static void
all_over(struct server *s)
{
	s->ended = true;
	loop_stop(s->lp);
}

static bool
has_rule(const struct session *s)
{
	struct rule_state rule;

	registration_rule(session_registration(s), &rule);
	return rule.exists;
}

static void
on_over(void *arg, struct session *session)
{
	struct server *s = arg;
	bool found;
	size_t at =
	    session_list_place(&s->sessions, session_device(session), &found);

	if (s->parking) {
		if (++s->n_parked == s->sessions.n)
			all_over(s);
		return;
	}
	keeper_changed(s->keeper);
	s->rules_left += has_rule(session);
	session_free(session);
	session_list_remove(&s->sessions, at);
	if (s->ending && s->sessions.n == 0)
		all_over(s);
}

static void
on_changed(void *arg)
{
	const struct server *s = arg;

	keeper_changed(s->keeper);
	retention_soon(s->retention);
}

/* What is obeyed until the next save is covered, too. */
static void
promise_newest(struct server *s, struct agent_state *to)
{
	int64_t newest = mailbox_newest(s->mailbox);

	if (newest > s->promised)
		s->promised = newest + KEEPER_DELAY_MS;
	to->newest = s->promised;
}

static void
collect(void *arg, struct agent_state *to)
{
	struct server *s = arg;

	promise_newest(s, to);
	if (s->sessions.n == 0)
		return;
	to->devices = xcalloc(s->sessions.n, sizeof(*to->devices));
	for (size_t i = 0; i < s->sessions.n; i++)
		to->n += session_save(s->sessions.v[i], &to->devices[to->n]);
	agent_state_to_wall(to, loop_now(s->lp), loop_wall(s->lp));
}

static void
send_answer(void *arg, const struct datagram_from *to,
    const struct agent_message *m, const char *info)
{
	const struct server *s = arg;

	mailbox_answer(s->mailbox, to, m, info);
}

/* `reason` NULL: the code says it all. */
static void
answer_unknown(struct server *s, const struct agent_message *m,
    const struct datagram_from *from, int code, const char *reason)
{
	struct agent_message a = *m;
	char json[AGENT_INFO_MAX];
	const char *info = NULL;

	/* By this it knows us, and asks once more for the reason. */
	if (m->request == REQUEST_REGISTER && code != AGENT_TRYING) {
		a.code = AGENT_TRYING;
		send_answer(s, from, &a, NULL);
	}
	a.code = code;
	if (reason != NULL) {
		telling_asked(&s->telling, m);
		telling_reason(&s->telling, m->request, reason);
		info = telling_info(
		    &s->telling, s->lp, s->store, m->request, code, json);
	}
	send_answer(s, from, &a, info);
}

/* Under each of its spellings a device could be sent probes of its own.  One
 * that is idle makes room, and a repeat finds it gone: the configuration was
 * changed. */
static void
refuse_spelling(struct server *s, struct session *session,
    const struct agent_message *m, const struct datagram_from *from)
{
	if (m->request == REQUEST_REGISTER && session_dismiss(session)) {
		answer_unknown(s, m, from, AGENT_TRYING, NULL);
		return;
	}
	complain(s->complaints, COMPLAINT_SPELLING, &from->addr, m->device,
	    "server", "refused: it is registered as %s already",
	    session_device(session));
	answer_unknown(s, m, from, AGENT_UNAVAILABLE,
	    "it is registered in another spelling already");
}

static int64_t
registered_at(const struct session *one)
{
	return registration_kept(session_registration(one))->registered_at;
}

/* Idle, best without a capture: the one that was registered first. */
static struct session *
spare(const struct server *s)
{
	struct session *best = NULL;

	for (size_t i = 0; i < s->sessions.n; i++) {
		struct session *one = s->sessions.v[i];
		enum session_use use = session_use(one);

		if (use == SESSION_BUSY)
			continue;
		if (best == NULL || use > session_use(best) ||
		    (use == session_use(best) &&
			registered_at(one) < registered_at(best)))
			best = one;
	}
	return best;
}

/* For a device that is not known, and that OVOC may not know either. */
static bool
has_place(struct server *s)
{
	size_t most = (size_t)s->conf->agent.max_devices;
	struct session *one;

	if (s->sessions.n < most)
		return true;
	if (s->sessions.n >= most + LEAVING_MAX)
		return false;
	one = spare(s);
	return one != NULL && session_dismiss(one);
}

static void
admit(struct server *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	bool found;
	size_t at;

	if (!has_place(s)) {
		complain(s->complaints, COMPLAINT_CROWD, &from->addr, m->device,
		    "server",
		    "refused: %d devices are registered already, which is "
		    "agent.max_devices",
		    s->conf->agent.max_devices);
		answer_unknown(s, m, from, AGENT_UNAVAILABLE,
		    "too many devices are registered already");
		return;
	}
	at = session_list_place(&s->sessions, m->device, &found);
	session_list_insert(&s->sessions, session_new(&s->env, m->device), at);
	session_handle(s->sessions.v[at], m, from);
}

/* It would have to wait too long for OVOC: repeats get their turn. */
static bool
is_too_much(struct server *s, const struct session *session,
    const struct agent_message *m, const struct datagram_from *from)
{
	if (m->request != REQUEST_REGISTER || s->ovoc == NULL ||
	    ovoc_waiting(s->ovoc) < WAITING_MAX ||
	    (session != NULL &&
		!registration_needs_ovoc(session_registration(session))))
		return false;
	complain(s->complaints, COMPLAINT_CROWD, &from->addr, m->device,
	    "server", "not answered: %d REGISTERs wait for OVOC already",
	    WAITING_MAX);
	return true;
}

static void
dispatch(struct server *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	bool found;
	size_t at = session_list_place(&s->sessions, m->device, &found);

	if (is_too_much(s, found ? s->sessions.v[at] : NULL, m, from))
		return;
	if (found &&
	    strcmp(session_device(s->sessions.v[at]), m->device) == 0) {
		session_handle(s->sessions.v[at], m, from);
		return;
	}
	if (found) {
		refuse_spelling(s, s->sessions.v[at], m, from);
		return;
	}
	if (m->request != REQUEST_REGISTER) {
		answer_unknown(s, m, from, AGENT_NOT_FOUND, NULL);
		return;
	}
	admit(s, m, from);
}

static void
on_request(
    void *arg, const struct agent_message *m, const struct datagram_from *from)
{
	struct server *s = arg;

	if (s->ending)
		return;
	if (s->conf->agent.until_idle)
		timer_set(&s->idle, UNTIL_IDLE_MS);
	if (mailbox_newest(s->mailbox) > s->promised)
		keeper_changed(s->keeper);
	dispatch(s, m, from);
}

static void
on_idle(void *arg)
{
	struct server *s = arg;

	if (s->env.capture.begun > 0 && s->env.capture.running == 0) {
		log_write(loop_log(s->lp), LOGGING_NOTICE, NULL, "server",
		    "idle for 10 minutes, ending");
		server_end(s);
		return;
	}
	timer_set(&s->idle, UNTIL_IDLE_MS);
}

static void
on_last(void *arg)
{
	struct server *s = arg;

	for (size_t i = 0; i < s->sessions.n; i++)
		log_write(loop_log(s->lp), LOGGING_WARNING,
		    session_device(s->sessions.v[i]), "server",
		    s->parking
			? "not ended in time; its tcpdump is killed"
			: "not ended in time; its rule may still be in OVOC");
	loop_stop(s->lp);
}

/* Everything of this host that can be in the way. */
static bool
open_all(struct server *s, struct fail *why)
{
	const struct agent_conf *c = s->conf;
	const struct snmp_section *snmp = &c->snmp;
	struct verify_plan plan = verify_plan_of(&c->verify, snmp);

	if (!host_check_program(&c->agent, why))
		return false;
	s->store = store_open(c->agent.captures, loop_log(s->lp), why);
	if (s->store == NULL)
		return false;
	s->verifier =
	    verifier_new(s->lp, plan.on[VERIFY_SNMP] ? snmp->user : NULL,
		snmp->auth_password, snmp->priv_password, why);
	if (s->verifier == NULL)
		return false;
	s->mailbox = mailbox_new(s->lp, c, on_request, s, why);
	return s->mailbox != NULL;
}

static void
make_room(void *arg, int64_t bytes)
{
	const struct server *s = arg;

	retention_make_room(s->retention, bytes);
}

static void
share(struct server *s)
{
	struct session_env *e = &s->env;

	e->lp = s->lp;
	e->conf = s->conf;
	e->capture.lp = s->lp;
	e->capture.conf = &s->conf->agent;
	e->capture.store = s->store;
	e->capture.room = s->room;
	e->capture.resolver = s->resolver;
	e->capture.shared = shared_capture_new(s->lp, e->capture.conf, NULL);
	shared_capture_begin(e->capture.shared);
	e->probing.lp = s->lp;
	e->probing.conf = s->conf;
	e->probing.resolver = s->resolver;
	e->probing.verifier = s->verifier;
	e->registration.lp = s->lp;
	e->registration.conf = &s->conf->ovoc;
	e->registration.ovoc = s->ovoc;
	e->registration.complaints = s->complaints;
	e->replies.lp = s->lp;
	e->replies.store = s->store;
	e->replies.complaints = s->complaints;
	e->replies.send = send_answer;
	e->replies.arg = s;
	e->over = on_over;
	e->changed = on_changed;
	e->arg = s;
}

static void
open_status(struct server *s)
{
	const struct status_source source = {.lp = s->lp,
	    .conf = s->conf,
	    .store = s->store,
	    .room = s->room,
	    .retention = s->retention,
	    .ovoc = s->ovoc,
	    .mailbox = s->mailbox,
	    .sessions = &s->sessions,
	    .capture = &s->env.capture,
	    .ending = &s->ending,
	    .began = loop_now(s->lp)};

	s->status = status_socket_new(s->lp, &source);
}

/* Go on with what the last agent did; what nobody goes on with is kept. */
static void
take_over(struct server *s)
{
	struct agent_state was;
	unsigned going_on = 0, kept;

	keeper_read(s->keeper, &was);
	s->promised = was.newest;
	mailbox_not_before(s->mailbox, was.newest);
	agent_state_to_mono(&was, loop_now(s->lp), loop_wall(s->lp));
	for (size_t i = 0; i < was.n; i++) {
		bool twice; /* in two spellings: one must do */
		size_t at = session_list_place(
		    &s->sessions, was.devices[i].device, &twice);

		if (twice)
			continue;
		session_list_insert(&s->sessions,
		    session_restore(&s->env, &was.devices[i]), at);
		going_on += session_capturing(s->sessions.v[at]);
	}
	if (was.n > 0)
		log_write(loop_log(s->lp), LOGGING_NOTICE, NULL, "server",
		    "goes on with %zu device%s and %u capture%s of the last "
		    "agent",
		    was.n, was.n == 1 ? "" : "s", going_on,
		    going_on == 1 ? "" : "s");
	kept = store_keep_leftovers(s->store);
	if (kept > 0)
		log_write(loop_log(s->lp), LOGGING_WARNING, NULL, "server",
		    "%u file%s of captures that were cut off kept as "
		    "ABORTED_device_...",
		    kept, kept == 1 ? "" : "s");
	keeper_changed(s->keeper);
	if (was.n > 0 && s->conf->agent.until_idle)
		timer_set(&s->idle, UNTIL_IDLE_MS);
	agent_state_free(&was);
}

struct server *
server_new(struct loop *lp, const struct agent_conf *conf, struct fail *why)
{
	struct server *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->conf = conf;
	timer_init(&s->idle, lp, on_idle, s);
	timer_init(&s->last, lp, on_last, s);
	if (!open_all(s, why)) {
		server_free(s);
		return NULL;
	}
	s->resolver = resolver_new(lp);
	if (conf->ovoc.manage_rules)
		s->ovoc = ovoc_new(lp, s->resolver, &conf->ovoc);
	s->retention = retention_new(lp, &conf->agent);
	s->room = room_new(lp, &conf->agent, s->store, make_room, s);
	s->complaints = complaints_new(lp);
	share(s);
	s->keeper = keeper_new(lp, conf->agent.captures, collect, s);
	take_over(s);
	open_status(s);
	return s;
}

uint16_t
server_port(const struct server *s)
{
	return mailbox_port(s->mailbox);
}

static void
say_end(const struct server *s)
{
	struct strbuf counts = STRBUF_INIT;

	mailbox_say_counts(s->mailbox, &counts);
	log_write(loop_log(s->lp), LOGGING_NOTICE, NULL, "server",
	    "%sending: %s",
	    s->parking ? "captures run, the next start goes on with them; "
		       : "",
	    counts.s);
	strbuf_free(&counts);
}

/* A session goes only from the loop, so the array stands still. */
static void
end_all(struct server *s)
{
	s->ending = true;
	timer_clear(&s->idle);
	timer_set(
	    &s->last, s->conf->agent.settle + END_TCPDUMP_MS + END_RULES_MS);
	say_end(s);
	for (size_t i = 0; i < s->sessions.n; i++) {
		if (s->parking)
			session_park(s->sessions.v[i]);
		else
			session_end(s->sessions.v[i]);
	}
	if (s->sessions.n == 0)
		all_over(s);
}

void
server_end(struct server *s)
{
	if (s->ending)
		return;
	for (size_t i = 0; i < s->sessions.n; i++)
		s->parking = s->parking || session_capturing(s->sessions.v[i]);
	end_all(s);
}

void
server_clear(struct server *s)
{
	if (!s->ending)
		end_all(s);
}

void
server_status(const struct server *s, struct strbuf *to)
{
	unsigned n = session_list_capturing(&s->sessions);

	strbuf_addf(to, "%zu device%s, %u capture%s", s->sessions.n,
	    s->sessions.n == 1 ? "" : "s", n, n == 1 ? "" : "s");
}

void
server_show(const struct server *s)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < s->sessions.n; i++) {
		const struct session *one = s->sessions.v[i];
		const struct registration_state *r =
		    registration_kept(session_registration(one));
		char owner[ADDR_TEXT_MAX];

		log_answer(loop_log(s->lp), session_device(one), "state",
		    "%s, for %s",
		    session_capturing(one) ? "captures"
		    : r->registered        ? "registered"
					   : "not registered",
		    addr_port_text(&r->owner, r->port, owner));
	}
	server_status(s, &text);
	strbuf_add(&text, "; ");
	mailbox_say_counts(s->mailbox, &text);
	log_answer(loop_log(s->lp), NULL, "state", "%s", strbuf_text(&text));
	strbuf_free(&text);
}

bool
server_ended(const struct server *s)
{
	return s->ended;
}

unsigned
server_rules_left(const struct server *s)
{
	return s->rules_left;
}

void
server_free(struct server *s)
{
	if (s == NULL)
		return;
	timer_clear(&s->idle);
	timer_clear(&s->last);
	status_socket_free(s->status);
	if (s->keeper != NULL)
		keeper_flush(s->keeper);
	for (size_t i = 0; i < s->sessions.n; i++)
		session_free(s->sessions.v[i]);
	free(s->sessions.v);
	shared_capture_free(s->env.capture.shared);
	room_free(s->room);
	complaints_free(s->complaints);
	keeper_free(s->keeper);
	retention_free(s->retention);
	ovoc_free(s->ovoc);
	mailbox_free(s->mailbox);
	telling_forget(&s->telling);
	verifier_free(s->verifier);
	if (s->resolver != NULL)
		resolver_free(s->resolver);
	store_close(s->store);
	free(s);
}
