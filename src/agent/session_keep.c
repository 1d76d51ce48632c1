/* session_keep.c - what of a session outlives the agent.
 *
 * agent/server asks for it whenever the state file is written, gives it back
 * at the next start, and parks sessions when it ends while captures run.
 */
#include "agent/session_private.h"

#include <string.h>

#include "base/str.h"

bool
session_capturing(const struct session *s)
{
	switch (s->phase) {
	case PHASE_NONE:
	case PHASE_STOPPING:
	case PHASE_ABORTING:
		return false;
	case PHASE_STARTING:
	case PHASE_RUNNING:
	case PHASE_REPLACING:
	case PHASE_PARKING:
		return true;
	}
	return false;
}

/* A capture that is ending has told its name and gets none again: what is left
 * of it if we die now is kept as aborted. */
static void
save_capture(const struct session *s, struct capture_state *to)
{
	switch (s->phase) {
	case PHASE_NONE:
	case PHASE_PARKING:
		*to = s->parked;
		return;
	case PHASE_STARTING:
	case PHASE_RUNNING:
	case PHASE_STOPPING:
		capture_describe(s->capture, to);
		return;
	case PHASE_REPLACING:
	case PHASE_ABORTING:
		return;
	}
}

static void
save_last_stop(const struct session *s, struct stop_state *to)
{
	str_copy(to->file, sizeof(to->file), s->last_file);
	to->code = s->stop_code;
}

bool
session_save(const struct session *s, struct device_state *to)
{
	bool rule = s->rule != NULL && rule_exists(s->rule);

	if (s->owner.port == 0 || (s->leaving && !rule))
		return false;
	memset(to, 0, sizeof(*to));
	str_copy(to->device, sizeof(to->device), s->device);
	to->registration = (struct registration_state){
	    s->owner.addr, s->owner.port, s->registered, s->registered_at};
	to->lease.renewed_at = s->renewed_at;
	to->orders.armed = s->armed;
	to->orders.replace = s->renew;
	if (s->rule != NULL)
		rule_describe(s->rule, &to->rule);
	save_capture(s, &to->lease.capture);
	to->last_verify = (struct verify_state){s->verify_code, s->verify_at};
	save_last_stop(s, &to->orders.last_stop);
	return true;
}

static void
resume_capture(struct session *s, const struct capture_state *was)
{
	struct fail why;

	s->capture = capture_resume(
	    &s->env->capture, s->device, was, &session_capture_events, s, &why);
	if (s->capture == NULL) {
		log_write(loop_log(s->env->lp), LOGGING_WARNING, s->device,
		    "session", "its capture is lost: %s", why.text);
		return;
	}
	int64_t left = s->renewed_at + s->env->conf->agent.max_capture -
		       loop_now(s->env->lp);
	timer_clear(&s->idle);
	timer_set(&s->limit, left > 0 ? left : 0);
	s->quiet = true;
	session_phase_goto(s, PHASE_STARTING);
}

struct session *
session_restore(struct session_env *env, const struct device_state *was)
{
	struct session *s = session_new(env, was->device);

	s->owner.addr = was->registration.owner;
	s->owner.port = was->registration.port;
	s->registered = was->registration.registered;
	s->registered_at = was->registration.registered_at;
	s->renewed_at = was->lease.renewed_at;
	s->armed = was->orders.armed;
	s->renew = was->orders.replace;
	if (s->rule != NULL)
		rule_restore(s->rule, &was->rule);
	s->verify_code = was->last_verify.code;
	s->verify_at = was->last_verify.at;
	str_copy(
	    s->last_file, sizeof(s->last_file), was->orders.last_stop.file);
	s->stop_code = was->orders.last_stop.code;
	if (was->lease.capture.folder[0] != '\0')
		resume_capture(s, &was->lease.capture);
	return s;
}

void
session_park(struct session *s)
{
	s->ending = true;
	s->parking = true;
	probing_cancel(s->probing);
	s->probing = NULL;
	switch (s->phase) {
	case PHASE_NONE:
		timer_set(&s->idle, 0);
		return;
	case PHASE_STARTING:
	case PHASE_RUNNING:
		capture_describe(s->capture, &s->parked);
		session_phase_goto(s, PHASE_PARKING);
		capture_park(s->capture);
		return;
	case PHASE_REPLACING:
	case PHASE_STOPPING:
	case PHASE_ABORTING:
	case PHASE_PARKING:
		return;
	}
}
