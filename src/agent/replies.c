/* replies.c - see replies.h.  Used by agent/session. */
#include "agent/replies.h"

#include "agent/dispute.h"
#include "base/str.h"

void
replies_init(struct replies *r, const struct replies_env *env,
    const char *device, const struct registration *registration)
{
	*r = (struct replies){
	    .env = env, .device = device, .registration = registration};
}

void
replies_free(struct replies *r)
{
	telling_forget(&r->owner);
	telling_forget(&r->others);
}

static struct telling *
telling_of(struct replies *r, const struct datagram_from *who)
{
	return registration_is_by(r->registration, who) ? &r->owner
							: &r->others;
}

void
replies_asked(struct replies *r, const struct agent_message *m,
    const struct datagram_from *from)
{
	/* They need not be the same ones each time. */
	telling_forget(&r->others);
	telling_asked(telling_of(r, from), m);
}

void
replies_owner_changes(struct replies *r, const struct agent_message *m,
    const struct datagram_from *to, bool capturing)
{
	telling_forget(&r->owner);
	telling_asked(&r->owner, m);
	dispute_taken_over(r->env->complaints, r->device, to,
	    registration_kept(r->registration), capturing);
}

void
replies_complain(
    struct replies *r, enum agent_request request, const char *reason)
{
	telling_reason(&r->owner, request, reason);
	complain(r->env->complaints, COMPLAINT_REQUEST,
	    &registration_kept(r->registration)->owner, r->device,
	    agent_request_name(request), "%s", reason);
}

void
replies_answer_to(struct replies *r, const struct datagram_from *to,
    enum agent_request request, int code)
{
	struct agent_message m = {.request = request, .code = code};
	char json[AGENT_INFO_MAX];
	const char *info = telling_info(
	    telling_of(r, to), r->env->lp, r->env->store, request, code, json);

	str_copy(m.device, sizeof(m.device), r->device);
	r->env->send(r->env->arg, to, &m, info);
}

void
replies_answer(struct replies *r, enum agent_request request, int code)
{
	struct datagram_from owner = registration_owner(r->registration);

	replies_answer_to(r, &owner, request, code);
}

void
replies_refuse(struct replies *r, const struct agent_message *m,
    const struct datagram_from *from, const char *reason)
{
	dispute_refused(
	    r->env->complaints, m, from, registration_kept(r->registration));
	telling_reason(&r->others, m->request, reason);
	/* By this it knows us, and asks once more for the reason. */
	if (m->request == REQUEST_REGISTER)
		replies_answer_to(r, from, m->request, AGENT_TRYING);
	replies_answer_to(r, from, m->request, AGENT_UNAVAILABLE);
}
