/* keeper.h - the state file: read at the start, written after changes.
 *
 * A change is on the disk at the end of the turn of the loop that it was told
 * in; in a burst, later: writing takes at most a fifth of the time.  An
 * error is logged and tried again; nothing else depends on it.
 */
#ifndef AGENT_KEEPER_H
#define AGENT_KEEPER_H

#include "agent/state.h"
#include "loop/loop.h"

/* What has changed is on the disk so much later at the most. */
#define KEEPER_DELAY_MS 60000

struct keeper;

/* Put what is to be known again into `to`, which is empty, its array from
 * xmem.h.  Nothing at all: the file goes. */
typedef void keeper_collect(void *arg, struct agent_state *to);

/* The file is `agent-state.json` in `folder`. */
struct keeper *keeper_new(
    struct loop *lp, const char *folder, keeper_collect *collect, void *arg);
/* What the last agent left; empty if there is nothing.  A file that is not
 * understood is said so and moved aside, to `agent-state.json.bad`. */
void keeper_read(struct keeper *k, struct agent_state *to);
/* Something changed. */
void keeper_changed(struct keeper *k);
/* Write now what has changed. */
void keeper_flush(struct keeper *k);
/* Without writing.  NULL is accepted.  The loop must not turn any more. */
void keeper_free(struct keeper *k);

#endif
