/* probing.h - the VERIFY traffic to one device, its name resolved first. */
#ifndef AGENT_PROBING_H
#define AGENT_PROBING_H

#include "conf/agent_conf.h"
#include "io/resolve.h"
#include "loop/loop.h"
#include "verify/verify.h"

struct probing;

struct probing_env { /* outlives all */
	struct loop *lp;
	const struct agent_conf *conf;
	struct resolver *resolver;
	struct verifier *verifier;
};

/* What became of each probe; NULL: none was sent, and `why` says why.  Runs
 * once, from the loop; the handle is gone then.  It is in the log as well. */
typedef void probing_done(
    void *arg, const struct verify_result *r, const char *why);

struct probing *probing_start(const struct probing_env *env, const char *device,
    probing_done *done, void *arg);
/* `done` will not run.  NULL is accepted. */
void probing_cancel(struct probing *p);

#endif
