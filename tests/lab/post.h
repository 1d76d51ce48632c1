/* post.h - the way from a thread to the loop: a call that runs there later. */
#ifndef LAB_POST_H
#define LAB_POST_H

#include "base/fail.h"
#include "loop/loop.h"

struct post;

typedef void post_fn(void *arg);

/* NULL and FAIL_LOCAL in `why` if there is no descriptor left. */
struct post *post_new(struct loop *lp, struct fail *why);
/* `fn(arg)` runs in the loop, in the order of the calls.  Any thread. */
void post_send(struct post *p, post_fn *fn, void *arg);
/* Runs what is still waiting.  No thread may send any more. */
void post_free(struct post *p);

#endif
