/* ovoc.h - requests to the OVOC server's REST API, a few at a time.
 *
 * A burst of REGISTERs (a campaign's start) queues here and goes out over a
 * handful of kept connections.  The server's name is resolved when it is first
 * needed and again after it could not be reached.  A wrong password must not
 * lock the account: until the login was taken one request goes out at a time,
 * and after a 401 or 403 none for a minute, then two, at last 30.
 */
#ifndef AGENT_OVOC_H
#define AGENT_OVOC_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/agent_conf.h"
#include "io/resolve.h"
#include "io/rest.h"
#include "loop/loop.h"

struct ovoc;
struct ovoc_call;

/* All three outlive it. */
struct ovoc *ovoc_new(struct loop *lp, struct resolver *resolver,
    const struct ovoc_section *conf);
/* Calls that wait are forgotten.  NULL is accepted. */
void ovoc_free(struct ovoc *o);

/* Queue a request; `path` and `json` (NULL: no body) come from malloc and
 * belong to the queue now.  `done` runs once, from the loop, never inside this
 * call; the handle is gone when it runs. */
struct ovoc_call *ovoc_ask(struct ovoc *o, const char *method, char *path,
    char *json, rest_done *done, void *arg);
/* How many requests wait or are under way. */
unsigned ovoc_waiting(const struct ovoc *o);
enum ovoc_login { OVOC_UNTRIED, OVOC_TAKEN, OVOC_REFUSED };
struct ovoc_health { /* times are wall ms, 0: never */
	enum ovoc_login login;
	int refused;       /* by this HTTP status, the last time */
	int64_t pause;     /* ms, before it is tried again */
	int64_t answered;  /* it last answered a request */
	int64_t failed;    /* one last went unanswered */
	bool reachable;    /* the last one was answered */
	char trouble[256]; /* why the last one was not; "": it was */
	unsigned waiting;
};
void ovoc_describe(const struct ovoc *o, struct ovoc_health *to);
/* `done` will not run.  NULL is accepted. */
void ovoc_cancel(struct ovoc_call *c);
/* What it says in its own words, for a sentence; "": nothing. */
void ovoc_words(
    const struct ovoc *o, const struct rest_answer *a, char *to, size_t size);

#endif
