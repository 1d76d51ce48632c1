/* verification.c - see verification.h.
 *
 * Sessions ask; agent/probing sends the traffic.
 */
#include "agent/verification.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "wire/agent_message.h"

#define SAME_MS 120000

struct verification {
	const struct probing_env *env;
	char *device;
	verification_done *done;
	void *arg;
	struct probing *probing; /* NULL: no traffic is under way */
	struct verify_state kept;
};

struct verification *
verification_new(const struct probing_env *env, const char *device,
    verification_done *done, void *arg)
{
	struct verification *v = xcalloc(1, sizeof(*v));

	v->env = env;
	v->device = xstrdup(device);
	v->done = done;
	v->arg = arg;
	return v;
}

void
verification_free(struct verification *v)
{
	if (v == NULL)
		return;
	probing_cancel(v->probing);
	free(v->device);
	free(v);
}

static void
on_probed(void *arg, const struct verify_result *r, const char *why)
{
	struct verification *v = arg;
	bool all = r != NULL && verify_all_answered(r);

	v->probing = NULL;
	v->kept.code = all ? AGENT_OK : AGENT_FLOW_FAILED;
	v->kept.at = loop_now(v->env->lp);
	v->done(v->arg, v->kept.code, r, why);
}

void
verification_begin(struct verification *v)
{
	if (v->probing == NULL)
		v->probing = probing_start(v->env, v->device, on_probed, v);
}

bool
verification_under_way(const struct verification *v)
{
	return v->probing != NULL;
}

void
verification_cancel(struct verification *v)
{
	probing_cancel(v->probing);
	v->probing = NULL;
}

void
verification_forget(struct verification *v)
{
	verification_cancel(v);
	v->kept = (struct verify_state){.code = 0};
}

int64_t
verification_age(const struct verification *v)
{
	return v->kept.code != 0 ? loop_now(v->env->lp) - v->kept.at : -1;
}

int
verification_answer(const struct verification *v)
{
	if (v->probing != NULL)
		return AGENT_TRYING;
	return verification_age(v) < SAME_MS ? v->kept.code : 0;
}

const struct verify_state *
verification_kept(const struct verification *v)
{
	return &v->kept;
}

void
verification_restore(struct verification *v, const struct verify_state *was)
{
	v->kept = *was;
}
