/* hook.h - one run of a program that the configuration names (hooks).
 *
 * Without a shell, without a capability, with these facts as its environment
 * and nothing as its input; what it says is in the log, stdout at debug and
 * stderr at warning, cut off after some lines and read to its end.  What it
 * starts and leaves behind is left to itself, unless its time is up.
 */
#ifndef CAMPAIGN_HOOK_H
#define CAMPAIGN_HOOK_H

#include <stdint.h>

#include "base/fail.h"
#include "campaign/hook_facts.h"
#include "loop/loop.h"

struct hook;

struct hook_call {
	const char *key;                /* "on_event" */
	const char *program;            /* an absolute name */
	const char *folder;             /* its argument */
	const struct hook_facts *facts; /* its environment */
	int64_t timeout;                /* ms: then it is killed */
	const char *device;             /* in the log, or NULL */
};

/* `why` is FAIL_NONE: it ended with status 0; else FAIL_LOCAL.  Runs once, from
 * the loop, never inside hook_start(); the hook is freed after it. */
typedef void hook_done(void *arg, const struct fail *why);

/* All that `call` names outlives the hook, but the facts, which are copied. */
struct hook *hook_start(
    struct loop *lp, const struct hook_call *call, hook_done *done, void *arg);
/* It has `ms` more, if it had more than that. */
void hook_hurry(struct hook *h, int64_t ms);
/* Kill it, with its process group; `done` will not run.  NULL is accepted. */
void hook_cancel(struct hook *h);

#endif
