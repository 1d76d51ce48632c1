/* session_end.c - how a session goes: idle for too long, or with the agent; and
 * how a capture goes that nobody renews.
 *
 * The capture is ended first, then the rule deleted, then the server told.
 */
#include "agent/session_private.h"

#include "base/clock.h"

#define RULE_RETRY_MS 300000 /* when OVOC would not delete a rule */

static void
on_removed(void *arg, const struct fail *why)
{
	struct session *s = arg;

	/* Registered again meanwhile, or left to the next agent. */
	if (!s->leaving || s->parking)
		return;
	if (why->kind != FAIL_NONE)
		log_write(loop_log(s->env->lp), LOGGING_WARNING, s->device,
		    "rule", "not deleted: %s", why->text);
	if (why->kind != FAIL_NONE && !s->ending) {
		s->leaving = false;
		timer_set(&s->idle, RULE_RETRY_MS);
		return;
	}
	timer_set(&s->idle, 0);
}

void
session_leave(struct session *s)
{
	s->leaving = true;
	s->registered = false;
	s->armed = false;
	probing_cancel(s->probing);
	s->probing = NULL;
	if (s->capture != NULL) {
		if (s->phase != PHASE_STOPPING)
			session_phase_goto(s, PHASE_ABORTING);
		capture_stop(s->capture, NULL);
		return;
	}
	if (s->rule != NULL && (s->registering || rule_exists(s->rule)))
		rule_delete(s->rule, on_removed, s);
	else
		timer_set(&s->idle, 0);
}

void
session_on_idle(void *arg)
{
	struct session *s = arg;

	if (s->leaving || s->parking)
		s->env->over(s->env->arg, s);
	else if (session_working(s))
		session_become_idle(s);
	else
		session_leave(s);
}

/* The campaign is gone and never came back for its capture. */
void
session_on_limit(void *arg)
{
	struct session *s = arg;
	char span[CLOCK_TEXT_MAX];

	if (!session_capturing(s) || s->parking)
		return;
	log_write(loop_log(s->env->lp), LOGGING_WARNING, s->device, "session",
	    "the campaign has asked for nothing in %s (agent.max_capture): the "
	    "capture is ended",
	    clock_span(s->env->conf->agent.max_capture, span));
	session_phase_goto(s, PHASE_ABORTING);
	capture_stop(s->capture, NULL);
}

bool
session_dismiss(struct session *s)
{
	if (!session_working(s) && !s->leaving)
		session_leave(s);
	return s->leaving;
}

void
session_end(struct session *s)
{
	s->ending = true;
	session_leave(s);
}
