/* session.c - see session.h.
 *
 * Requests come from agent/server.  Three kinds of work go on independently:
 * the registration (agent/rule), the capture (agent/capture), and the VERIFY
 * traffic (agent/probing); each reports back here and is answered from here.
 */
#include "agent/session_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

#define REGISTER_SAME_MS 60000
#define VERIFY_SAME_MS   120000
/* No copy of a datagram arrives later than this after its original. */
#define COPY_MS 2000

static const char *const phase_names[] = {
    [PHASE_NONE] = "none",
    [PHASE_STARTING] = "starting",
    [PHASE_RUNNING] = "running",
    [PHASE_REPLACING] = "replacing",
    [PHASE_STOPPING] = "stopping",
    [PHASE_ABORTING] = "aborting",
    [PHASE_PARKING] = "parking",
};

static void begin_capture(struct session *s);

static void
answer_to(struct session *s, const struct datagram_from *to,
    enum agent_request request, int code)
{
	struct agent_message m = {.request = request, .code = code};

	str_copy(m.device, sizeof(m.device), s->device);
	s->env->answer(s->env->arg, to, &m);
}

static void
answer(struct session *s, enum agent_request request, int code)
{
	answer_to(s, &s->owner, request, code);
}

void
session_phase_goto(struct session *s, enum phase to)
{
	log_write(loop_log(s->env->lp), LOGGING_DEBUG, s->device, "session",
	    "capture %s -> %s", phase_names[s->phase], phase_names[to]);
	s->phase = to;
}

static void
changed(const struct session *s)
{
	s->env->changed(s->env->arg);
}

static void
say(const struct session *s, enum agent_request request, const char *reason)
{
	log_write(loop_log(s->env->lp), LOGGING_WARNING, s->device,
	    agent_request_name(request), "%s", reason);
}

bool
session_working(const struct session *s)
{
	return s->phase != PHASE_NONE || s->registering || s->probing != NULL;
}

/* The campaign was told, perhaps by an earlier agent, that it captures. */
static bool
in_hand(const struct session *s)
{
	return s->phase == PHASE_RUNNING ||
	       (s->phase == PHASE_STARTING && s->quiet);
}

void
session_become_idle(struct session *s)
{
	if (s->phase == PHASE_NONE && !s->leaving && !s->parking)
		timer_set(&s->idle, s->env->conf->agent.idle_rule_age);
}

static bool
is_owner(const struct session *s, const struct datagram_from *from)
{
	return s->owner.port == from->port &&
	       addr_cmp(&s->owner.addr, &from->addr) == 0;
}

/* The owner asked for something, so the capture is still wanted. */
static void
renewed(struct session *s)
{
	s->renewed_at = loop_now(s->env->lp);
	if (s->capture == NULL)
		return;
	timer_set(&s->limit, s->env->conf->agent.max_capture);
	changed(s); /* the next agent counts from this time, too */
}

/* REGISTER */

static void
registration_over(struct session *s, bool ok)
{
	s->registering = false;
	if (ok && !s->leaving) {
		s->registered = true;
		s->registered_at = loop_now(s->env->lp);
		s->armed = true;
	} else if (s->phase == PHASE_NONE) {
		s->registered = false;
	}
	changed(s);
	answer(s, REQUEST_REGISTER,
	    ok && !s->leaving ? AGENT_OK : AGENT_UNAVAILABLE);
	session_become_idle(s);
}

static void
on_rule(void *arg, const struct fail *why)
{
	struct session *s = arg;

	if (why->kind != FAIL_NONE)
		say(s, REQUEST_REGISTER, why->text);
	registration_over(s, why->kind == FAIL_NONE);
}

static void
take_ownership(struct session *s, const struct datagram_from *from)
{
	char text[ADDR_TEXT_MAX];

	if (is_owner(s, from))
		return;
	s->registered = false;
	s->verify_code = 0;
	s->last_file[0] = '\0';
	log_write(loop_log(s->env->lp), LOGGING_NOTICE, s->device, "REGISTER",
	    "from %s", addr_port_text(&from->addr, from->port, text));
}

static void
begin_registration(struct session *s)
{
	char sender[ADDR_TEXT_MAX];
	const char *to = s->env->conf->ovoc.alarm_destination;

	s->registering = true;
	if (to == NULL || to[0] == '\0')
		to = addr_text(&s->owner.addr, sender);
	rule_point(s->rule, to, s->owner.port, on_rule, s);
}

/* A new event, or a new campaign: the next CAPTURE is no copy of the last one.
 * So soon after a VERIFY the REGISTER may itself be a copy. */
static bool
begins_anew(const struct session *s, bool again)
{
	bool verified = s->verify_code != 0 &&
			loop_now(s->env->lp) - s->verify_at > COPY_MS;

	return in_hand(s) && (!again || verified);
}

static void
handle_register(struct session *s, const struct datagram_from *from)
{
	bool same = is_owner(s, from);
	bool again = same && s->registered && !s->leaving &&
		     loop_now(s->env->lp) - s->registered_at < REGISTER_SAME_MS;

	if (!same && session_working(s)) {
		say(s, REQUEST_REGISTER,
		    "refused: another campaign works with the device");
		answer_to(s, from, REQUEST_REGISTER, AGENT_UNAVAILABLE);
		return;
	}
	if (s->ending)
		return;
	take_ownership(s, from);
	s->owner = *from;
	renewed(s);
	/* Always: by this the campaign knows what kind of agent we are. */
	answer(s, REQUEST_REGISTER, AGENT_TRYING);
	if (begins_anew(s, again))
		s->renew = true;
	s->next = s->phase == PHASE_STOPPING || s->phase == PHASE_ABORTING;
	if (again) {
		s->armed = true;
		session_become_idle(s);
		answer(s, REQUEST_REGISTER, AGENT_OK);
		return;
	}
	if (s->registering)
		return;
	s->leaving = false;
	if (s->rule != NULL)
		begin_registration(s);
	else
		registration_over(s, true);
}

/* CAPTURE */

static void
on_began(void *arg)
{
	struct session *s = arg;

	if (s->phase != PHASE_STARTING)
		return; /* a STOP has overtaken it */
	session_phase_goto(s, PHASE_RUNNING);
	changed(s);
	if (!s->quiet)
		answer(s, REQUEST_CAPTURE, AGENT_OK);
}

static void
stop_over(struct session *s, const struct fail *why)
{
	bool ok = why->kind == FAIL_NONE;

	if (!ok)
		say(s, REQUEST_STOP, why->text);
	s->stop_code = ok ? AGENT_OK : AGENT_UNAVAILABLE;
	str_copy(s->last_file, sizeof(s->last_file), s->stop_file);
	/* See session.h: a campaign of the 1.0 line does not register again. */
	s->armed = s->next || !capture_name_is_utc(s->last_file);
	answer(s, REQUEST_STOP, s->stop_code);
}

static void
on_ended(void *arg, const struct fail *why)
{
	struct session *s = arg;
	enum phase was = s->phase;

	s->capture = NULL;
	timer_clear(&s->limit);
	session_phase_goto(s, PHASE_NONE);
	changed(s);
	switch (was) {
	case PHASE_NONE:
	case PHASE_PARKING:
		break;
	case PHASE_STARTING:
	case PHASE_RUNNING:
		say(s, REQUEST_CAPTURE, why->text);
		answer(s, REQUEST_CAPTURE, AGENT_UNAVAILABLE);
		break;
	case PHASE_REPLACING:
		if (why->kind != FAIL_NONE)
			say(s, REQUEST_CAPTURE, why->text);
		if (!s->ending)
			begin_capture(s);
		break;
	case PHASE_STOPPING:
		stop_over(s, why);
		break;
	case PHASE_ABORTING:
		if (why->kind != FAIL_NONE)
			say(s, REQUEST_NONE, why->text);
		break;
	}
	if (s->waiting && s->armed && !s->ending && !s->leaving)
		begin_capture(s);
	s->waiting = false;
	if (s->parking)
		timer_set(&s->idle, 0);
	else if (s->leaving)
		session_leave(s);
	else
		session_become_idle(s);
}

const struct capture_events session_capture_events = {on_began, on_ended};

static void
begin_capture(struct session *s)
{
	struct fail why;

	s->capture = capture_start(
	    &s->env->capture, s->device, &session_capture_events, s, &why);
	if (s->capture == NULL) {
		say(s, REQUEST_CAPTURE, why.text);
		answer(s, REQUEST_CAPTURE, AGENT_UNAVAILABLE);
		return;
	}
	timer_clear(&s->idle);
	renewed(s);
	s->renew = false;
	s->next = false;
	s->quiet = false;
	/* What runs or ran was for the capture before. */
	probing_cancel(s->probing);
	s->probing = NULL;
	s->verify_code = 0;
	session_phase_goto(s, PHASE_STARTING);
}

/* There is a capture: the answer is the same, or it is replaced. */
static void
repeat_capture(struct session *s)
{
	s->quiet = false;
	if (!s->renew && s->phase == PHASE_RUNNING) {
		answer(s, REQUEST_CAPTURE, AGENT_OK);
		return;
	}
	answer(s, REQUEST_CAPTURE, AGENT_TRYING);
	if (!s->renew)
		return;
	session_phase_goto(s, PHASE_REPLACING);
	capture_stop(s->capture, NULL);
}

static void
handle_capture(struct session *s)
{
	switch (s->phase) {
	case PHASE_NONE:
		if (!s->armed) {
			answer(s, REQUEST_CAPTURE, AGENT_NOT_FOUND);
			return;
		}
		answer(s, REQUEST_CAPTURE, AGENT_TRYING);
		begin_capture(s);
		return;
	case PHASE_REPLACING:
		answer(s, REQUEST_CAPTURE, AGENT_TRYING);
		return;
	case PHASE_STARTING:
	case PHASE_RUNNING:
		repeat_capture(s);
		return;
	case PHASE_STOPPING:
	case PHASE_ABORTING:
		/* The next event's begins when this one has ended. */
		s->waiting = s->next;
		answer(s, REQUEST_CAPTURE,
		    s->next ? AGENT_TRYING : AGENT_NOT_FOUND);
		return;
	case PHASE_PARKING:
		answer(s, REQUEST_CAPTURE, AGENT_NOT_FOUND);
		return;
	}
}

/* VERIFY */

static void
on_probed(void *arg, bool all_answered)
{
	struct session *s = arg;

	s->probing = NULL;
	s->verify_code = all_answered ? AGENT_OK : AGENT_FLOW_FAILED;
	s->verify_at = loop_now(s->env->lp);
	if (s->phase == PHASE_RUNNING)
		capture_verify_ended(s->capture);
	changed(s);
	answer(s, REQUEST_VERIFY, s->verify_code);
}

static void
handle_verify(struct session *s)
{
	if (s->probing != NULL) {
		answer(s, REQUEST_VERIFY, AGENT_TRYING);
		return;
	}
	if (s->verify_code != 0 &&
	    loop_now(s->env->lp) - s->verify_at < VERIFY_SAME_MS) {
		answer(s, REQUEST_VERIFY, s->verify_code);
		return;
	}
	answer(s, REQUEST_VERIFY, AGENT_TRYING);
	if (s->phase == PHASE_RUNNING)
		capture_verify_began(s->capture);
	s->probing = probing_start(&s->env->probing, s->device, on_probed, s);
}

/* STOP */

static void
refuse_stop(struct session *s, const char *reason)
{
	say(s, REQUEST_STOP, reason);
	answer(s, REQUEST_STOP, AGENT_UNAVAILABLE);
}

static void
handle_stop(struct session *s, const char *file)
{
	if (strcmp(file, s->last_file) == 0) {
		answer(s, REQUEST_STOP, s->stop_code);
		return;
	}
	switch (s->phase) {
	case PHASE_NONE:
		refuse_stop(s, "there is no capture to stop");
		return;
	case PHASE_STARTING:
	case PHASE_RUNNING:
		answer(s, REQUEST_STOP, AGENT_TRYING);
		s->next = false;
		session_phase_goto(s, PHASE_STOPPING);
		str_copy(s->stop_file, sizeof(s->stop_file), file);
		capture_stop(s->capture, file);
		return;
	case PHASE_STOPPING:
		if (strcmp(file, s->stop_file) == 0) {
			answer(s, REQUEST_STOP, AGENT_TRYING);
			return;
		}
		s->waiting = false;
		refuse_stop(s, "it is being stopped for another file");
		return;
	case PHASE_REPLACING:
		/* Nobody would stop the one that was to begin. */
		session_phase_goto(s, PHASE_ABORTING);
		refuse_stop(s, "the capture is being kept as aborted");
		return;
	case PHASE_ABORTING:
	case PHASE_PARKING:
		s->waiting = false;
		refuse_stop(s, "the capture is being kept as aborted");
		return;
	}
}

struct session *
session_new(struct session_env *env, const char *device)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->env = env;
	str_copy(s->device, sizeof(s->device), device);
	host_canonical(s->key, device);
	if (env->ovoc != NULL)
		s->rule = rule_new(env->ovoc, device);
	timer_init(&s->idle, env->lp, session_on_idle, s);
	timer_init(&s->limit, env->lp, session_on_limit, s);
	session_become_idle(s);
	return s;
}

void
session_handle(struct session *s, const struct agent_message *m,
    const struct datagram_from *from)
{
	if (m->request == REQUEST_REGISTER) {
		handle_register(s, from);
		return;
	}
	if (!s->registered || !is_owner(s, from)) {
		bool busy = s->registered && s->phase != PHASE_NONE;
		answer_to(s, from, m->request,
		    busy ? AGENT_UNAVAILABLE : AGENT_NOT_FOUND);
		return;
	}
	s->owner = *from; /* our address may be another one this time */
	renewed(s);
	switch (m->request) {
	case REQUEST_NONE:
	case REQUEST_REGISTER:
		return;
	case REQUEST_CAPTURE:
		handle_capture(s);
		return;
	case REQUEST_VERIFY:
		handle_verify(s);
		return;
	case REQUEST_STOP:
		handle_stop(s, m->file);
		return;
	}
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	timer_clear(&s->idle);
	timer_clear(&s->limit);
	probing_cancel(s->probing);
	capture_kill(s->capture);
	rule_free(s->rule);
	free(s);
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
