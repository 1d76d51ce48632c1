/* hooks.c - the program that is run for each event (hooks.on_event).
 */
#include "campaign/hooks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "campaign/hook.h"
#include "conf/device_label.h"

#define KEY "on_event"

enum {
	/* At the same time: it is no part of the work. */
	AT_ONCE = 4,
	/* For what runs when no time is left. */
	LAST_MS = 10000
};

struct called {
	struct hooks *all;
	const struct past_event *event;
	struct ticket ticket;
	struct hook *hook; /* NULL: it waits */
	struct timer soon; /* it is not run */
	int64_t wall, mono;
	char *folder;
	char label[DEVICE_LABEL_MAX];
	TAILQ_ENTRY(called) next;
};

struct hooks {
	const struct tools *tools;
	struct gate *gate;
	TAILQ_HEAD(, called) called;
	char *abandoned; /* why; NULL: it goes on */
	event_hooked *hooked;
	void *arg;
};

static void
called_free(struct called *c)
{
	TAILQ_REMOVE(&c->all->called, c, next);
	timer_clear(&c->soon);
	hook_cancel(c->hook);
	gate_leave(&c->ticket);
	free(c->folder);
	free(c);
}

static void
settle(struct called *c)
{
	struct hooks *h = c->all;
	const struct past_event *e = c->event;

	called_free(c);
	h->hooked(h->arg, e);
}

static void
write_trouble(const struct called *c, enum task_status s, const char *what,
    const char *why)
{
	const struct tools *t = c->all->tools;
	const struct device_books *books = &c->event->books;
	char *text =
	    xasprintf("%s: %s%s%s", KEY, t->conf->hooks.on_event, what, why);
	struct row row = {.task = TASK_HOOK,
	    .status = s,
	    .severity = SEVERITY_MINOR,
	    .event = c->event->round.event,
	    .started = c->wall,
	    .began = c->mono,
	    .duration = loop_now(t->lp) - c->mono,
	    .description = text};

	log_write(loop_log(t->lp), LOGGING_WARNING, c->label, "hook",
	    "event %d: %s", row.event, text);
	journal_row(books->journal, books->result, &row);
	free(text);
}

static void
on_done(void *arg, const struct fail *why)
{
	struct called *c = arg;

	c->hook = NULL;
	if (why->kind != FAIL_NONE)
		write_trouble(c, TASK_FAILURE, ": ", why->text);
	else
		log_write(loop_log(c->all->tools->lp), LOGGING_INFO, c->label,
		    "hook", "event %d: %s has run", c->event->round.event, KEY);
	settle(c);
}

static void
begin(struct called *c)
{
	c->wall = loop_wall(c->all->tools->lp);
	c->mono = loop_now(c->all->tools->lp);
}

/* The run's, which may be an earlier one. */
static char *
folder_of(const struct past_event *e)
{
	const char *captures = e->books.captures;
	const char *slash = strrchr(captures, '/');

	return xstrndup(
	    captures, slash != NULL ? (size_t)(slash - captures) : 0);
}

static void
on_turn(void *arg)
{
	struct called *c = arg;
	const struct campaign_conf *conf = c->all->tools->conf;
	struct hook_facts *facts = hook_facts_new();
	struct hook_call call = {.key = KEY,
	    .program = conf->hooks.on_event,
	    .folder = c->folder,
	    .facts = facts,
	    .timeout = conf->hooks.timeout,
	    .device = c->label};

	begin(c);
	hook_facts_of_run(facts, KEY, conf, c->folder);
	hook_facts_of_event(facts, c->event);
	c->hook = hook_start(c->all->tools->lp, &call, on_done, c);
	hook_facts_free(facts);
}

static void
on_soon(void *arg)
{
	struct called *c = arg;

	begin(c);
	write_trouble(c, TASK_SKIPPED, " was not run: ", c->all->abandoned);
	settle(c);
}

struct hooks *
hooks_new(const struct tools *t, event_hooked *hooked, void *arg)
{
	struct hooks *h = xcalloc(1, sizeof(*h));

	h->tools = t;
	h->gate = gate_new(t->lp, AT_ONCE);
	h->hooked = hooked;
	h->arg = arg;
	TAILQ_INIT(&h->called);
	return h;
}

void
hooks_free(struct hooks *h)
{
	struct called *c;

	if (h == NULL)
		return;
	while ((c = TAILQ_FIRST(&h->called)) != NULL)
		called_free(c);
	gate_free(h->gate);
	free(h->abandoned);
	free(h);
}

bool
hooks_add(struct hooks *h, const struct past_event *e)
{
	struct called *c;

	if (h->tools->conf->hooks.on_event == NULL)
		return false;
	c = xcalloc(1, sizeof(*c));
	c->all = h;
	c->event = e;
	c->folder = folder_of(e);
	device_label(e->conf, c->label);
	timer_init(&c->soon, h->tools->lp, on_soon, c);
	TAILQ_INSERT_TAIL(&h->called, c, next);
	if (h->abandoned != NULL)
		timer_set(&c->soon, 0);
	else
		gate_enter(h->gate, &c->ticket, false, on_turn, c);
	return true;
}

void
hooks_abandon(struct hooks *h, const char *why)
{
	struct called *c;

	if (h->abandoned != NULL)
		return;
	h->abandoned = xstrdup(why);
	TAILQ_FOREACH (c, &h->called, next) {
		if (c->hook != NULL) {
			hook_hurry(c->hook, LAST_MS);
			continue;
		}
		gate_leave(&c->ticket);
		timer_set(&c->soon, 0);
	}
}
