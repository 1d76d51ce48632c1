/* probing.c - see probing.h.  Used by agent/session. */
#include "agent/probing.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xmem.h"

#define RESOLVE_MS 5000

struct probing {
	const struct probing_env *env;
	char *device;
	struct resolve *resolving;
	struct verify *verify;
	probing_done *done;
	void *arg;
};

void
probing_cancel(struct probing *p)
{
	if (p == NULL)
		return;
	resolve_cancel(p->resolving);
	verify_cancel(p->verify);
	free(p->device);
	free(p);
}

static void
finish(struct probing *p, const struct verify_result *r, const char *why)
{
	probing_done *done = p->done;
	void *arg = p->arg;
	probing_cancel(p);
	done(arg, r, why);
}

static void
say_result(const struct probing *p, const struct verify_result *r, bool all)
{
	struct strbuf text = STRBUF_INIT;

	for (int k = 0; k < VERIFY_KINDS; k++) {
		if (!r->kind[k].on)
			continue;
		strbuf_addf(&text, "%s%s: ", text.len ? "; " : "",
		    verify_kind_name((enum verify_kind)k));
		verify_describe(&r->kind[k], &text);
	}
	log_write(loop_log(p->env->lp), all ? LOGGING_NOTICE : LOGGING_WARNING,
	    p->device, "verify", "%s", strbuf_text(&text));
	strbuf_free(&text);
}

static void
on_verified(void *arg, const struct verify_result *r)
{
	struct probing *p = arg;
	bool all = verify_all_answered(r);

	p->verify = NULL;
	say_result(p, r, all);
	finish(p, r, "");
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct probing *p = arg;
	const struct agent_conf *conf = p->env->conf;
	struct verify_plan plan = verify_plan_of(&conf->verify, &conf->snmp);

	p->resolving = NULL;
	if (n == 0) {
		log_write(loop_log(p->env->lp), LOGGING_WARNING, p->device,
		    "verify", "no traffic sent: %s", why->text);
		finish(p, NULL, why->text);
		return;
	}
	p->verify =
	    verify_start(p->env->verifier, &addrs[0], &plan, on_verified, p);
}

struct probing *
probing_start(const struct probing_env *env, const char *device,
    probing_done *done, void *arg)
{
	struct probing *p = xcalloc(1, sizeof(*p));

	p->env = env;
	p->device = xstrdup(device);
	p->done = done;
	p->arg = arg;
	p->resolving =
	    resolve_start(env->resolver, device, RESOLVE_MS, on_resolved, p);
	return p;
}
