/* session_keep.c - what of a session outlives the agent.
 *
 * agent/server asks for it whenever the state file is written, gives it back
 * at the next start, and parks sessions when it ends while captures run.
 * Times on the monotonic clock do not survive a reboot: they are kept as
 * wall-clock times, and one that lies ahead is taken for now.
 */
#include "agent/session_private.h"

#include <string.h>

#include "base/str.h"

static int64_t
to_wall(const struct session *s, int64_t mono)
{
	return loop_wall(s->env->lp) - (loop_now(s->env->lp) - mono);
}

static int64_t
to_mono(const struct session *s, int64_t wall)
{
	int64_t ago = loop_wall(s->env->lp) - wall;

	return loop_now(s->env->lp) - (ago > 0 ? ago : 0);
}

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

bool
session_save(const struct session *s, struct device_state *to)
{
	bool rule = s->rule != NULL && rule_exists(s->rule);

	if (s->owner.port == 0 || (s->leaving && !rule))
		return false;
	memset(to, 0, sizeof(*to));
	str_copy(to->device, sizeof(to->device), s->device);
	to->owner = s->owner.addr;
	to->port = s->owner.port;
	to->registered = s->registered;
	if (s->registered)
		to->registered_at = to_wall(s, s->registered_at);
	to->renewed_at = s->renewed_at;
	to->armed = s->armed;
	to->renew = s->renew;
	if (s->rule != NULL)
		rule_describe(s->rule, &to->rule);
	save_capture(s, &to->capture);
	to->verify_code = s->verify_code;
	if (s->verify_code != 0)
		to->verify_at = to_wall(s, s->verify_at);
	str_copy(to->stop_file, sizeof(to->stop_file), s->last_file);
	to->stop_code = s->last_file[0] != '\0' ? s->stop_code : 0;
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
		       loop_wall(s->env->lp);
	timer_clear(&s->idle);
	timer_set(&s->limit, left > 0 ? left : 0);
	s->quiet = true;
	session_phase_goto(s, PHASE_STARTING);
}

struct session *
session_restore(struct session_env *env, const struct device_state *was)
{
	struct session *s = session_new(env, was->device);

	s->owner.addr = was->owner;
	s->owner.port = was->port;
	s->registered = was->registered;
	s->registered_at = to_mono(s, was->registered_at);
	s->renewed_at = was->renewed_at;
	s->armed = was->armed;
	s->renew = was->renew;
	if (s->rule != NULL)
		rule_restore(s->rule, &was->rule);
	s->verify_code = was->verify_code;
	s->verify_at = to_mono(s, was->verify_at);
	str_copy(s->last_file, sizeof(s->last_file), was->stop_file);
	s->stop_code = was->stop_code;
	if (was->capture.folder[0] != '\0')
		resume_capture(s, &was->capture);
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
