/* session.c - see session.h.
 *
 * Three kinds of work go on independently: the registration, the lease of a
 * capture, and the verification; each reports back here and is answered from
 * here.  What a CAPTURE or a STOP means now is asked of agent/orders.
 */
#include "agent/session.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lease.h"
#include "agent/orders.h"
#include "agent/registration.h"
#include "agent/replies.h"
#include "agent/verification.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define COPY_MS       2000   /* later no copy of a datagram arrives */
#define RULE_RETRY_MS 300000 /* when OVOC would not delete a rule */

enum going {
	GOING_NOT,
	GOING_LEAVING, /* idle: the rule goes, then the session */
	GOING_ENDING,  /* the same, with the whole agent */
	GOING_PARKING  /* with the whole agent, for the next one to go on */
};

struct session {
	struct session_env *env;
	char device[HOST_TEXT_MAX];
	char key[HOST_TEXT_MAX]; /* the same, canonical */
	struct registration *registration;
	struct verification *verification;
	struct lease *lease; /* NULL: no capture */
	bool confirmed;      /* it could be registered, some time */
	enum going going;
	const char *reason;        /* why it goes */
	struct timer idle;         /* until it goes, or is gone */
	struct lease_state parked; /* for the next agent */
	struct orders orders;
	struct replies replies;
};

static void on_began(void *arg, bool awaited);
static void on_ended(
    void *arg, const struct fail *why, const struct info_pieces *pieces);

static const struct lease_events lease_events = {on_began, on_ended};

static void
answer(struct session *s, enum agent_request request, int code)
{
	replies_answer(&s->replies, request, code);
}

static void
changed(const struct session *s)
{
	if (s->confirmed)
		s->env->changed(s->env->arg);
}

/* Something is wrong: for the log, and for who wants to be told. */
static void
say(struct session *s, enum agent_request request, const char *reason)
{
	replies_complain(&s->replies, request, reason);
}

static bool
working(const struct session *s)
{
	return s->lease != NULL || registration_under_way(s->registration) ||
	       verification_under_way(s->verification);
}

static bool
leaving(const struct session *s)
{
	return s->going == GOING_LEAVING || s->going == GOING_ENDING;
}

/* --- what comes next --- */

static void
rest(struct session *s)
{
	if (s->lease == NULL && s->going == GOING_NOT)
		timer_set(&s->idle, s->env->conf->agent.idle_rule_age);
}

static void
begin_capture(struct session *s)
{
	struct fail why;

	s->lease = lease_start(&s->env->capture, s->device,
	    &registration_kept(s->registration)->owner, &lease_events, s, &why);
	if (s->lease == NULL) {
		say(s, REQUEST_CAPTURE, why.text);
		answer(s, REQUEST_CAPTURE, AGENT_UNAVAILABLE);
		rest(s); /* its campaign may still wait for the alarm */
		return;
	}
	timer_clear(&s->idle);
	orders_begun(&s->orders);
	/* What runs or ran was for the capture before. */
	verification_forget(s->verification);
	changed(s);
}

/* There is no capture, or no more: the next one begins, the next step of going
 * is taken, or nothing is left but to wait. */
static void
go_on(struct session *s)
{
	bool due = orders_take_next(&s->orders);

	switch (s->going) {
	case GOING_NOT:
		if (due)
			begin_capture(s);
		rest(s);
		return;
	case GOING_LEAVING:
	case GOING_ENDING:
		if (!registration_remove(s->registration, s->reason))
			timer_set(&s->idle, 0);
		return;
	case GOING_PARKING:
		timer_set(&s->idle, 0);
		return;
	}
}

/* The capture is ended first, then the rule deleted, then the server told. */
static void
leave(struct session *s, enum going how, const char *reason)
{
	s->going = how;
	s->reason = reason;
	orders_lapse(&s->orders);
	registration_lapse(s->registration);
	verification_cancel(s->verification);
	if (s->lease != NULL)
		lease_abort(s->lease);
	else
		go_on(s);
}

static void
on_removed(void *arg, const struct fail *why)
{
	struct session *s = arg;

	/* Registered again meanwhile, or left to the next agent. */
	if (!leaving(s))
		return;
	if (why->kind != FAIL_NONE && s->going == GOING_LEAVING) {
		s->going = GOING_NOT;
		timer_set(&s->idle, RULE_RETRY_MS);
		return;
	}
	timer_set(&s->idle, 0);
}

static void
on_idle(void *arg)
{
	struct session *s = arg;

	if (s->going != GOING_NOT)
		s->env->over(s->env->arg, s);
	else if (working(s))
		rest(s);
	else
		leave(s, GOING_LEAVING, "unused for agent.idle_rule_age");
}

/* --- REGISTER --- */

static void
on_registered(void *arg, const struct fail *why)
{
	struct session *s = arg;
	bool ok = why->kind == FAIL_NONE && !leaving(s);

	if (why->kind != FAIL_NONE)
		say(s, REQUEST_REGISTER, why->text);
	if (ok)
		orders_arm(&s->orders);
	else if (s->lease == NULL || leaving(s))
		registration_lapse(s->registration);
	s->confirmed = s->confirmed || ok;
	changed(s);
	answer(s, REQUEST_REGISTER, ok ? AGENT_OK : AGENT_UNAVAILABLE);
	rest(s);
	if (!s->confirmed && s->going == GOING_NOT)
		leave(s, GOING_LEAVING, "it could not be registered");
}

static const struct registration_events registration_events = {
    on_registered, on_removed};

static void
change_owner(struct session *s, const struct agent_message *m,
    const struct datagram_from *to)
{
	verification_forget(s->verification);
	orders_forget_stop(&s->orders);
	replies_owner_changes(&s->replies, m, to, s->lease != NULL);
}

/* The owner asks for something, so the capture is still wanted. */
static void
owner_asks(struct session *s, const struct datagram_from *from)
{
	/* Our address may be another one this time. */
	registration_take(s->registration, from);
	if (s->lease == NULL)
		return;
	lease_renew(s->lease);
	changed(s); /* the next agent counts from this time, too */
}

/* A new event or campaign: the next CAPTURE is no copy of the last one.  So
 * soon after a VERIFY the REGISTER may itself be a copy. */
static bool
begins_anew(const struct session *s, bool again)
{
	return lease_in_hand(s->lease) &&
	       (!again || verification_age(s->verification) > COPY_MS);
}

static void
begin_registration(struct session *s)
{
	struct fail none;

	s->going = GOING_NOT;
	if (registration_begin(s->registration))
		return;
	fail_clear(&none);
	on_registered(s, &none);
}

static void
refuse(struct session *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	replies_refuse(&s->replies, m, from,
	    s->lease != NULL ? "another campaign captures the device"
			     : "another campaign works with the device");
}

static void
handle_register(struct session *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	bool same = registration_is_by(s->registration, from);
	bool ours = registration_is_of_host(s->registration, from);
	bool again = same && registration_is_recent(s->registration);

	if (!same && working(s) &&
	    (!ours || registration_under_way(s->registration))) {
		if (ours)
			replies_answer_to(
			    &s->replies, from, REQUEST_REGISTER, AGENT_TRYING);
		else
			refuse(s, m, from);
		return;
	}
	if (s->going == GOING_ENDING || s->going == GOING_PARKING)
		return;
	if (!same)
		change_owner(s, m, from);
	owner_asks(s, from);
	/* Always: by this the campaign knows what kind of agent we are. */
	answer(s, REQUEST_REGISTER, AGENT_TRYING);
	orders_register(
	    &s->orders, lease_phase(s->lease), begins_anew(s, again));
	if (again) {
		orders_arm(&s->orders);
		rest(s);
		answer(s, REQUEST_REGISTER, AGENT_OK);
	} else if (!registration_under_way(s->registration)) {
		begin_registration(s);
	}
}

/* --- CAPTURE and STOP --- */

static void
on_began(void *arg, bool awaited)
{
	struct session *s = arg;

	changed(s);
	if (awaited)
		answer(s, REQUEST_CAPTURE, AGENT_OK);
}

static void
stop_over(struct session *s, const char *file, const struct fail *why,
    const struct info_pieces *pieces)
{
	int code = why->kind == FAIL_NONE ? AGENT_OK : AGENT_UNAVAILABLE;

	telling_pieces(&s->replies.owner, pieces);
	if (why->kind != FAIL_NONE)
		say(s, REQUEST_STOP, why->text);
	orders_stopped(&s->orders, file, code);
	answer(s, REQUEST_STOP, code);
}

static void
on_ended(void *arg, const struct fail *why, const struct info_pieces *pieces)
{
	struct session *s = arg;

	orders_ended_why(&s->orders, lease_ended_why(s->lease));
	switch (lease_phase(s->lease)) {
	case LEASE_STARTING:
	case LEASE_RUNNING:
		say(s, REQUEST_CAPTURE, why->text);
		answer(s, REQUEST_CAPTURE, AGENT_UNAVAILABLE);
		break;
	case LEASE_STOPPING:
		stop_over(s, lease_file(s->lease), why, pieces);
		break;
	case LEASE_ABORTING:
		if (why->kind != FAIL_NONE)
			say(s, REQUEST_CAPTURE, why->text);
		else if (s->going == GOING_NOT)
			orders_ended(&s->orders, lease_folder(s->lease));
		break;
	case LEASE_NONE:
	case LEASE_PARKING:
		break;
	}
	s->lease = NULL;
	changed(s);
	go_on(s);
}

/* It ended before its STOP. */
static void
name_ended(struct session *s, const char *file)
{
	struct info_pieces pieces;
	struct fail why;

	lease_name_ended(&s->env->capture, s->device, s->orders.kept.ended,
	    file, &pieces, &why);
	if (pieces.told && s->orders.kept.ended_why[0] == '\0')
		orders_ended_why(
		    &s->orders, "the capture ended before its STOP");
	stop_over(s, file, &why, pieces.told ? &pieces : NULL);
}

static void
act(struct session *s, enum deed deed, const char *file)
{
	switch (deed) {
	case DEED_NONE:
		return;
	case DEED_BEGIN:
		begin_capture(s);
		return;
	case DEED_AWAIT:
		lease_await(s->lease);
		return;
	case DEED_REPLACE:
		lease_abort(s->lease);
		return;
	case DEED_STOP:
		lease_stop(s->lease, file);
		return;
	case DEED_NAME:
		name_ended(s, file);
		changed(s);
		return;
	}
}

static void
handle_order(struct session *s, const struct agent_message *m)
{
	const struct order order = orders_ask(
	    &s->orders, lease_phase(s->lease), lease_file(s->lease), m);

	if (order.refusal != NULL)
		say(s, m->request, order.refusal);
	answer(s, m->request, order.code);
	act(s, order.deed, m->file);
}

/* --- VERIFY --- */

static void
on_verified(void *arg, int code, const struct verify_result *r, const char *why)
{
	struct session *s = arg;

	telling_probes(&s->replies.owner, r);
	telling_reason(&s->replies.owner, REQUEST_VERIFY, why);
	lease_verify_ended(s->lease, r);
	changed(s);
	answer(s, REQUEST_VERIFY, code);
}

static void
handle_verify(struct session *s)
{
	int repeated = verification_answer(s->verification);

	if (repeated != 0) {
		answer(s, REQUEST_VERIFY, repeated);
		return;
	}
	answer(s, REQUEST_VERIFY, AGENT_TRYING);
	lease_verify_began(s->lease);
	verification_begin(s->verification);
}

/* --- its life --- */

struct session *
session_new(struct session_env *env, const char *device)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->env = env;
	str_copy(s->device, sizeof(s->device), device);
	host_canonical(s->key, device);
	s->registration = registration_new(
	    &env->registration, device, &registration_events, s);
	replies_init(&s->replies, &env->replies, s->device, s->registration);
	telling_ended(&s->replies.owner, s->orders.kept.ended_why);
	s->verification =
	    verification_new(&env->probing, device, on_verified, s);
	timer_init(&s->idle, env->lp, on_idle, s);
	rest(s);
	return s;
}

void
session_handle(struct session *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	bool by_owner = registration_is_by(s->registration, from);

	replies_asked(&s->replies, m, from);
	if (m->request == REQUEST_REGISTER) {
		handle_register(s, m, from);
		return;
	}
	/* 404 would have who lost it register it again. */
	if (!by_owner && s->lease != NULL) {
		refuse(s, m, from);
		return;
	}
	if (!by_owner || !registration_holds(s->registration)) {
		replies_answer_to(
		    &s->replies, from, m->request, AGENT_NOT_FOUND);
		return;
	}
	owner_asks(s, from);
	if (m->request == REQUEST_VERIFY)
		handle_verify(s);
	else if (m->request != REQUEST_NONE)
		handle_order(s, m);
	if (m->wants_info && s->lease != NULL)
		lease_modern(s->lease);
}

bool
session_dismiss(struct session *s)
{
	if (!working(s) && !leaving(s))
		leave(s, GOING_LEAVING, "another device needs its place");
	return leaving(s);
}

enum session_use
session_use(const struct session *s)
{
	if (working(s) || s->going != GOING_NOT)
		return SESSION_BUSY;
	return orders_had_one(&s->orders) ? SESSION_USED : SESSION_NEVER_USED;
}

const struct registration *
session_registration(const struct session *s)
{
	return s->registration;
}

void
session_end(struct session *s)
{
	leave(s, GOING_ENDING, "the agent ends");
}

bool
session_capturing(const struct session *s)
{
	return lease_goes_on(s->lease) ||
	       lease_phase(s->lease) == LEASE_PARKING ||
	       orders_replaced(&s->orders);
}

void
session_park(struct session *s)
{
	s->going = GOING_PARKING;
	verification_cancel(s->verification);
	if (s->lease == NULL) {
		go_on(s);
		return;
	}
	if (lease_goes_on(s->lease))
		lease_keep(s->lease, &s->parked);
	lease_park(s->lease);
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	timer_clear(&s->idle);
	lease_kill(s->lease);
	verification_free(s->verification);
	registration_free(s->registration);
	replies_free(&s->replies);
	free(s);
}

/* --- what is kept --- */

bool
session_save(const struct session *s, struct device_state *to)
{
	*to = (struct device_state){
	    .registration = *registration_kept(s->registration),
	    .lease = s->parked,
	    .last_verify = *verification_kept(s->verification),
	    .orders = s->orders.kept};
	str_copy(to->device, sizeof(to->device), s->device);
	registration_rule(s->registration, &to->rule);
	if (s->lease != NULL)
		lease_keep(s->lease, &to->lease);
	return to->registration.port != 0 &&
	       (to->rule.exists || (s->confirmed && !leaving(s)));
}

static void
resume_capture(struct session *s, const struct lease_state *was)
{
	struct fail why;

	s->lease = lease_resume(
	    &s->env->capture, s->device, was, &lease_events, s, &why);
	if (s->lease == NULL)
		orders_ended(&s->orders, was->capture.folder);
	else
		timer_clear(&s->idle);
	lease_own(s->lease, &registration_kept(s->registration)->owner);
}

struct session *
session_restore(struct session_env *env, const struct device_state *was)
{
	struct session *s = session_new(env, was->device);

	registration_restore(s->registration, &was->registration, &was->rule);
	verification_restore(s->verification, &was->last_verify);
	s->orders.kept = was->orders;
	s->confirmed = true;
	if (was->lease.capture.folder[0] != '\0')
		resume_capture(s, &was->lease);
	return s;
}

const char *
session_device(const struct session *s)
{
	return s->device;
}

const char *
session_key(const struct session *s)
{
	return s->key;
}
