/* old_link.c - an agent that is taken for one of version 1.0.6.
 */
#include "link/old_link.h"

#include "link/ask_open.h"

/* An answer counts so long after the first one. */
#define ANSWERED_MS 10000

void
old_link_init(struct old_link *o, struct loop *lp, struct old_book *book,
    const char *agent, void (*free_again)(void *arg), void (*look)(void *arg),
    void *arg)
{
	o->lp = lp;
	old_agent_init(&o->times, lp, free_again, arg);
	o->devices = old_devices_new(lp, book, agent);
	old_back_init(&o->back, lp, look, arg);
}

void
old_link_clear(struct old_link *o)
{
	old_link_end(o);
	old_devices_free(o->devices);
	o->devices = NULL;
}

void
old_link_end(struct old_link *o)
{
	old_agent_clear(&o->times);
	old_back_end(&o->back);
}

int64_t
old_link_repeat(const struct old_link *o, const struct ask *a)
{
	if (a == &o->back.ask)
		return -1;
	return old_agent_repeat(&o->times, ask_open_request(a), a->trying,
	    loop_now(o->lp) - a->since);
}

void
old_link_left(struct old_link *o, const struct ask *a)
{
	old_agent_left(
	    &o->times, ask_open_request(a), ask_open_device(a), a->sent);
}

void
old_link_silent(struct old_link *o, const struct ask *a, bool heard)
{
	old_devices_unanswered(o->devices);
	if (heard)
		old_back_begin(&o->back, a->message.device);
}

bool
old_link_late(struct old_link *o, const struct agent_message *m)
{
	if (!old_agent_late(&o->times, m))
		return false;
	old_devices_heard(o->devices);
	return true;
}

struct ask *
old_link_after_all(
    struct old_link *o, struct ask_queue *q, const struct agent_message *m)
{
	struct ask *a = TAILQ_FIRST(&q->open);

	if (a == NULL || !ask_was_open(a, m))
		return NULL;
	old_link_left(o, a);
	timer_clear(&a->repeat);
	ask_queue_step(q, a, ASK_ITSELF, NULL);
	return a;
}

void
old_link_answered(struct old_link *o, const struct ask *a, int code)
{
	enum agent_request r = ask_open_request(a);
	const char *device = ask_open_device(a);

	old_devices_answered(o->devices, r, device, code);
	if (r == REQUEST_REGISTER)
		old_agent_registered(
		    &o->times, device, a->sent, loop_now(o->lp) - a->since);
}

bool
old_link_ours(const struct old_link *o, const struct agent_message *m,
    const struct ask *a)
{
	return m->code == AGENT_TRYING && m->request == REQUEST_REGISTER &&
	       (a != NULL || old_devices_registered_within(
				 o->devices, m->device, ANSWERED_MS));
}
