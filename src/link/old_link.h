/* old_link.h - what the link knows of an agent while it takes it for one of
 * version 1.0.6: its times, what it bears to be asked, and whether it is back.
 */
#ifndef LINK_OLD_LINK_H
#define LINK_OLD_LINK_H

#include "link/ask_queue.h"
#include "link/old_agent.h"
#include "link/old_back.h"
#include "link/old_devices.h"

struct old_link { /* embedded in the link */
	struct loop *lp;
	struct old_agent times;
	struct old_devices *devices;
	struct old_back back;
};

/* `free_again` and `look` as in old_agent.h and old_back.h. */
void old_link_init(struct old_link *o, struct loop *lp, struct old_book *book,
    const char *agent, void (*free_again)(void *arg), void (*look)(void *arg),
    void *arg);
/* Its own ask is not open any more. */
void old_link_clear(struct old_link *o);
/* It is none after all. */
void old_link_end(struct old_link *o);

/* Milliseconds from now to the next transmission of this, or -1: none. */
int64_t old_link_repeat(const struct old_link *o, const struct ask *a);
/* What is open of it is not waited for any more. */
void old_link_left(struct old_link *o, const struct ask *a);
/* It had no final answer, so the agent may be restarted before the next one.
 * `heard`: it ever said something. */
void old_link_silent(struct old_link *o, const struct ask *a, bool heard);
/* Is this a late answer, to what nobody waits for? */
bool old_link_late(struct old_link *o, const struct agent_message *m);
/* It answers after all the open one that a REGISTER was sent for, which is
 * answered behind it; or NULL. */
struct ask *old_link_after_all(
    struct old_link *o, struct ask_queue *q, const struct agent_message *m);
/* This is the final answer to what is open of it. */
void old_link_answered(struct old_link *o, const struct ask *a, int code);
/* Does this show an agent of ours?  Only that says 100 Trying to a REGISTER;
 * but not to one that was not sent.  `a`: what is open and answered by it. */
bool old_link_ours(const struct old_link *o, const struct agent_message *m,
    const struct ask *a);

#endif
